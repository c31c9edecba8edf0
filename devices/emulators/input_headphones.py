"""A headphone jack as the kernel shows it: switch events, the first of which says how it stands.

Source: as of `devices.headphones.input_headphones`.
"""

from typing import ClassVar

from devices.emulators.base import SerialEmulator
from devices.headphones.input_headphones import SW_HEADPHONE_INSERT
from devices.wire.input_events import EV_SW, EV_SYN, SYN_REPORT, InputEvent, format_event
from devices.wire.key_text import format_loss
from ground.clock import Clock


class InputHeadphonesEmulator(SerialEmulator):
    """Set `headphones_in` to plug in and to pull out."""

    knobs: ClassVar[tuple[str, ...]] = ("headphones_in", "bounces", "noise", "mute")

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.bounces = 0  #: so often the contact opens again before it stays
        self.noise = 0  #: so often the kernel drops events before the next change, once
        self._in = False

    @property
    def headphones_in(self) -> bool:
        """Whether they are plugged in."""
        return self._in

    @headphones_in.setter
    def headphones_in(self, plugged: bool) -> None:
        self._in = bool(plugged)
        if self.noise:
            self.say(format_loss() * self.noise)
            self.noise = 0
        for _ in range(self.bounces):
            self.say(_switch(self._in) + _switch(not self._in))
        self.say(_switch(self._in))

    def connected(self) -> None:
        super().connected()
        self.say(_switch(self._in))

    def receive(self, data: bytes) -> None:
        """A jack has no ears."""


def _switch(closed: bool) -> bytes:
    change = format_event(InputEvent(EV_SW, SW_HEADPHONE_INSERT, int(closed)))
    return change + format_event(InputEvent(EV_SYN, SYN_REPORT, 0))
