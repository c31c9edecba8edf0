"""A keypad as the kernel shows it: `struct input_event`s of keys that go down and come up.

Source: linux/input-event-codes.h, as of `devices.keypad.input_keypad`.
"""

from typing import ClassVar, Final

from devices.emulators.base import SerialEmulator
from devices.keypad import Key
from devices.keypad.input_keypad import CODES, DIGITS
from devices.wire.input_events import DOWN, EV_KEY, EV_SYN, SYN_REPORT, UP, InputEvent, format_event
from devices.wire.key_text import format_loss
from ground.clock import Clock

_SHIFT_TAB: Final = (42, 15)
_CHATTER_S = 0.008  # between two contacts of a worn key
#: what may be pressed, by its meaning → the codes that go down together
KEYS: Final[dict[str, tuple[int, ...]]] = (
    {meaning.value: (code,) for code, meaning in reversed(CODES.items())}
    | {digit: (code,) for code, digit in reversed(DIGITS.items())}
    | {Key.PREVIOUS.value: _SHIFT_TAB}
)


class InputKeypadEmulator(SerialEmulator):
    """Set `press` to what is pressed, several with spaces between: "down down enter", "1 3 8". Always awake."""

    knobs: ClassVar[tuple[str, ...]] = ("press", "char_delay_s", "chatter", "stuck", "noise", "mute")
    keys: ClassVar[dict[str, tuple[int, ...]]] = KEYS

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.char_delay_s = 0.0  #: between two keys
        self.chatter = 0  #: how often a worn key makes contact again
        self.stuck = False  #: the last key is wedged down
        self.noise = 0  #: so often the kernel drops events before the next key, once
        self._press = ""
        self._free_at = 0.0

    @property
    def press(self) -> str:
        """What was pressed last. Setting it presses; names that are not keys are passed over."""
        return self._press

    @press.setter
    def press(self, names: str) -> None:
        self._press = names
        pressed = [self.keys[name] for name in names.split() if name in self.keys]
        begin = max(0.0, self._free_at - self.clock.instant())  # a hand presses one key after the other
        if self.noise:
            self.say(format_loss() * self.noise, begin)
            self.noise = 0
        for at, codes in enumerate(pressed):
            up = not (self.stuck and at == len(pressed) - 1)
            for contact in range(1 + self.chatter):
                self.say(_stroke(codes, up), begin + at * self.char_delay_s + contact * _CHATTER_S)
        self._free_at = self.clock.after(begin + len(pressed) * self.char_delay_s)

    def receive(self, data: bytes) -> None:
        """A keypad has no ears."""


def _stroke(codes: tuple[int, ...], up: bool) -> bytes:
    """These keys go down together, and come up the other way round."""
    down = b"".join(_change(code, DOWN) for code in codes)
    return down + (b"".join(_change(code, UP) for code in reversed(codes)) if up else b"")


def _change(code: int, value: int) -> bytes:
    return format_event(InputEvent(EV_KEY, code, value)) + format_event(InputEvent(EV_SYN, SYN_REPORT, 0))
