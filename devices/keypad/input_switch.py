"""One or two switches (sip and puff, a large button, a foot pedal) behind a USB switch interface.

Such an interface is a keyboard, a mouse or a joystick to the system; a switch is one of its keys or buttons. With two,
the first leads on and the second activates. With one, the focus moves on by itself and the switch activates; the pace
is the face's (`face.scan_s`).

Source: linux/input-event-codes.h (KEY_…, BTN_…). Common interfaces send Space and Enter, the mouse's buttons or the
joystick's first two; all of these are taken unless `first` and `second` say otherwise.
Proven on: emulator only.
"""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.keypad import Key, KeyPress
from devices.keypad.input_keypad import Code
from devices.keypad.taps import SHIFTED, KeyLine, Taps
from devices.status import Capabilities, State, Status
from ground.clock import Clock

_LOOK_S = 0.04

#: KEY_SPACE, KEY_1, KEY_F1, BTN_LEFT, BTN_TRIGGER, BTN_SOUTH
FIRST: Final = (57, 2, 59, 0x110, 0x120, 0x130)
#: KEY_ENTER, KEY_2, KEY_F2, BTN_RIGHT, BTN_THUMB, BTN_EAST
SECOND: Final = (28, 3, 60, 0x111, 0x121, 0x131)


class InputSwitchSettings(BaseModel):
    """Which interface it is, how many switches are plugged in, and how a hand that trembles is heard."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["input_switch"] = "input_switch"
    url: str  #: `input:///dev/input/by-id/…-event-kbd`
    switches: Literal[1, 2] = 1
    first: tuple[Code, ...] = Field(default=FIRST, min_length=1)  #: codes of the first switch
    second: tuple[Code, ...] = SECOND  #: with one switch, both do the same
    debounce_s: float = Field(default=0.4, ge=0, le=5)  #: the same switch within this time is the same press
    hold_s: float = Field(default=0.0, ge=0, le=5)  #: a switch must be held so long to count


class InputSwitch:
    """Switches that type."""

    def __init__(self, settings: InputSwitchSettings, clock: Clock) -> None:
        self._settings = settings
        self._line = KeyLine(settings.url, Taps(settings.debounce_s, settings.hold_s), clock)
        self._waiting: list[KeyPress] = []

    def open(self) -> None:
        self._line.open()

    def close(self) -> None:
        self._line.close()
        self._waiting.clear()

    def identity(self) -> str:
        return self._settings.url

    def status(self) -> Status:
        """On line while the port is there; a switch that never comes up needs somebody who looks after it."""
        self._listen(0.0)
        return Status(State.HARDWARE_ERROR if self._line.stuck() else State.ONLINE)

    def capabilities(self) -> Capabilities:
        return {"scans": self._settings.switches == 1, "digits_move": False}

    def pressed(self) -> tuple[KeyPress, ...]:
        if not self._waiting:
            self._listen(_LOOK_S)
        presses, self._waiting = tuple(self._waiting), []
        return presses

    def _listen(self, timeout_s: float) -> None:
        settings = self._settings
        for code in (tap % SHIFTED for tap in self._line.codes(timeout_s)):
            if code not in (*settings.first, *settings.second):
                continue
            if settings.switches == 1:
                self._waiting.append(KeyPress(Key.SWITCH))
            else:
                self._waiting.append(KeyPress(Key.NEXT if code in settings.first else Key.ENTER))
