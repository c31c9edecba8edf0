"""Keypads that are USB keyboards: arrows, digits, 确认 / 更正 / 取消, help, volume; PIN pads in their open mode.

Grabbed, so that no key reaches the window system: a citizen with a keyboard gets exactly these keys, and no others.

Source: linux/input-event-codes.h (KEY_…, from memory of the stable numbers, checked against the kernel's header).
What makers print on their keys and which codes they send differs: `keys` in the settings says otherwise, key by key.
Proven on: emulator only.
"""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.keypad import Key, KeyPress
from devices.keypad.taps import SHIFTED, SHIFTS, KeyLine, Taps
from devices.status import Capabilities, State, Status
from ground.clock import Clock

_LOOK_S = 0.04  # how long one look waits for keys; `pressed` must return within 50 ms

_TAB: Final = 15

#: KEY_… → what it means
CODES: Final[dict[int, Key]] = {
    103: Key.UP,
    108: Key.DOWN,
    105: Key.LEFT,
    106: Key.RIGHT,
    _TAB: Key.NEXT,
    28: Key.ENTER,  # KEY_ENTER
    96: Key.ENTER,  # KEY_KPENTER
    57: Key.ENTER,  # KEY_SPACE
    352: Key.ENTER,  # KEY_OK
    353: Key.ENTER,  # KEY_SELECT
    1: Key.BACK,  # KEY_ESC
    158: Key.BACK,  # KEY_BACK
    223: Key.BACK,  # KEY_CANCEL
    14: Key.CORRECT,  # KEY_BACKSPACE
    111: Key.CORRECT,  # KEY_DELETE
    355: Key.CORRECT,  # KEY_CLEAR
    107: Key.MAIN,  # KEY_END
    139: Key.MAIN,  # KEY_MENU
    523: Key.MAIN,  # KEY_NUMERIC_POUND
    102: Key.HOME,  # KEY_HOME
    172: Key.HOME,  # KEY_HOMEPAGE
    138: Key.HELP,  # KEY_HELP
    59: Key.HELP,  # KEY_F1
    115: Key.LOUDER,  # KEY_VOLUMEUP
    114: Key.SOFTER,  # KEY_VOLUMEDOWN
    78: Key.LOUDER,  # KEY_KPPLUS
    74: Key.SOFTER,  # KEY_KPMINUS
}
#: KEY_1 …, KEY_KP1 …, KEY_NUMERIC_1 …, and the X of identity numbers
DIGITS: Final[dict[int, str]] = (
    {2 + at: digit for at, digit in enumerate("1234567890")}
    | {71: "7", 72: "8", 73: "9", 75: "4", 76: "5", 77: "6", 79: "1", 80: "2", 81: "3", 82: "0"}
    | {512 + digit: str(digit) for digit in range(10)}
    | {45: "X"}
)
#: on pads without arrows, as the digits lie
_ARROWS: Final = {"2": Key.UP, "4": Key.LEFT, "6": Key.RIGHT, "8": Key.DOWN, "5": Key.MAIN}

Code = Annotated[int, Field(ge=1, le=0x2FF)]
Meaning = Annotated[str, Field(pattern="^([0-9X]|" + "|".join(sorted(k.value for k in Key)) + ")$")]


class InputKeypadSettings(BaseModel):
    """Which keyboard the keypad is and what its keys mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["input_keypad"] = "input_keypad"
    url: str  #: `input:///dev/input/by-id/…-event-kbd`
    keys: dict[Code, Meaning] = Field(default_factory=dict)  #: key codes that mean something else; digits, X
    digits_move: bool = False  #: 2 4 6 8 are arrows where no number is written: pads that have none
    debounce_s: float = Field(default=0.15, ge=0, le=2)  #: the same key within this time is the same press
    hold_s: float = Field(default=0.0, ge=0, le=2)  #: keys must be held so long; for hands that brush others


class InputKeypad:
    """A keypad that types."""

    def __init__(self, settings: InputKeypadSettings, clock: Clock) -> None:
        self._settings = settings
        self._line = KeyLine(settings.url, Taps(settings.debounce_s, settings.hold_s), clock)
        self._waiting: list[KeyPress] = []
        self._unknown = 0

    def open(self) -> None:
        self._line.open()

    def close(self) -> None:
        self._line.close()
        self._waiting.clear()

    def identity(self) -> str:
        return self._settings.url

    def status(self) -> Status:
        """On line while the port is there; a key that never comes up needs a technician."""
        self._listen(0.0)
        state = State.HARDWARE_ERROR if self._line.stuck() else State.ONLINE
        return Status(state, readings={"unknown_keys": self._unknown})

    def capabilities(self) -> Capabilities:
        return {"scans": False, "digits_move": self._settings.digits_move}

    def pressed(self) -> tuple[KeyPress, ...]:
        if not self._waiting:
            self._listen(_LOOK_S)
        presses, self._waiting = tuple(self._waiting), []
        return presses

    def _listen(self, timeout_s: float) -> None:
        for code in self._line.codes(timeout_s):
            press = self._meant(code)
            if press is not None:
                self._waiting.append(press)
            elif code % SHIFTED not in SHIFTS:
                self._unknown += 1

    def _meant(self, code: int) -> KeyPress | None:
        shifted, code = divmod(code, SHIFTED)
        said = self._settings.keys.get(code) or DIGITS.get(code) or CODES.get(code)
        if said is None:
            return None
        if len(said) == 1:
            moves = _ARROWS.get(said) if self._settings.digits_move else None
            return KeyPress(Key.CHARACTER, said, moves)
        return KeyPress(Key.PREVIOUS if shifted and code == _TAB else Key(said))
