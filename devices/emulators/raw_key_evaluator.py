"""A keypad that sends its keys and knows nothing else, on a serial line or as a keyboard.

Source: shared protocol notes, evaluator.md §8 (single characters with CR; USB keypads are keyboards, from memory).
"""

from typing import ClassVar

from devices.emulators.base import SerialEmulator
from devices.evaluator.raw_key_evaluator import format_key
from devices.wire.key_text import format_held, format_typing
from ground.clock import Clock

_KEYS = range(1, 6)
_HELD_REPEATS = 30  # a second of a keyboard's auto-repeat
_NOISE = b"\x9f3\x00\xff"  # with a byte in it that would be a key
_CHATTER_S = 0.008  # between two contacts of a worn key


class RawKeyEvaluatorEmulator(SerialEmulator):
    """Keys 1 to 5. Set `press` to a key to press it; it answers to nobody and is always awake."""

    knobs: ClassVar[tuple[str, ...]] = (
        "press",
        "keyboard",
        "terminator",
        "chatter",
        "stuck",
        "noise",
        "char_delay_s",
        "mute",
    )

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.keyboard = False  #: speaks as a USB keyboard: input events
        self.terminator = True  #: ends a key with CR (Enter, on a keyboard)
        self.chatter = 0  #: how often a worn key makes contact again
        self.stuck = False  #: the next key is wedged down: it repeats for as long as a keypad repeats
        self.noise = 0  #: bytes of noise before the next key, once
        self.char_delay_s = 0.0  #: between a key and its end
        self._press = 0

    @property
    def press(self) -> int:
        """The key that was pressed last, 0 for none. Setting it presses a key."""
        return self._press

    @press.setter
    def press(self, key: int) -> None:
        if key not in _KEYS:
            return
        self._press = key
        if self.noise:
            self.say((_NOISE * self.noise)[: self.noise])
            self.noise = 0
        if self.stuck:
            self._hold(str(key))
            return
        for contact in range(1 + self.chatter):
            self._stroke(str(key), contact * _CHATTER_S)

    def receive(self, data: bytes) -> None:
        """A keypad has no ears."""

    def _stroke(self, key: str, after_s: float) -> None:
        parts = format_typing(key + "\r") if self.keyboard else [format_key(key)[:1], format_key(key)[1:]]
        for place, part in enumerate(parts if self.terminator else parts[:1]):
            self.say(part, after_s + place * self.char_delay_s)

    def _hold(self, key: str) -> None:
        if self.keyboard:
            self.say(format_held(key, _HELD_REPEATS))
            return
        for place in range(_HELD_REPEATS):
            self.say(format_key(key), place * 0.033)
