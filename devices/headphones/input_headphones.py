"""A headphone jack that the kernel shows as an input device with the switch SW_HEADPHONE_INSERT.

So do the jacks of HDA codecs ("HDA Intel PCH Headphone") and many USB sound cards. An input device tells changes
only: how the switch stands at the start is asked by the wire (`?switches=1`) and comes as its first events.

Source: linux/input-event-codes.h (EV_SW 5, SW_HEADPHONE_INSERT 2, SW_MICROPHONE_INSERT 4, SW_LINEOUT_INSERT 6; from
memory of the stable numbers). Proven on: emulator only.
"""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from devices.errors import Garbled, Unreachable
from devices.status import Capabilities, State, Status
from devices.wire import Wire, open_wire
from devices.wire.input_events import (
    EV_SW,
    EV_SYN,
    EVENT_SIZE,
    SYN_DROPPED,
    InputEvent,
    parse_events,
)
from ground.clock import Clock

SW_HEADPHONE_INSERT: Final = 2
_LOOK_S = 0.1  # how long one look waits for a change
_CHUNK = 64 * EVENT_SIZE
_MOST_CHUNKS = 64  # a line that never falls silent must not hold the driver


class InputHeadphonesSettings(BaseModel):
    """Which input device the jack is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["input_headphones"] = "input_headphones"
    url: str  #: `input:///dev/input/by-path/…-event?grab=0&switches=1`
    #: the jack's contact is open while something is plugged in: some front panels are wired so
    inverted: bool = False


def is_jack(event: InputEvent) -> bool:
    """Whether it is about headphones."""
    return event.type == EV_SW and event.code == SW_HEADPHONE_INSERT


def parse_switch(events: list[InputEvent], before: bool | None) -> bool | None:
    """How the switch stands after `events`; None: it has not been told. Raises `Garbled` where events were lost."""
    for event in events:
        if event.type == EV_SYN and event.code == SYN_DROPPED:
            raise Garbled(reason="the kernel dropped events")
        if is_jack(event):
            before = event.value == 1
    return before


class InputHeadphones:
    """The jack."""

    def __init__(self, settings: InputHeadphonesSettings, clock: Clock) -> None:
        self._settings = settings
        self._wire: Wire | None = None
        self._held = b""
        self._closed: bool | None = None  #: the switch; None: not told yet
        self._changes = 0  #: that were told, since it was built: a worn contact tells many

    def open(self) -> None:
        if self._wire is None:
            self._wire = open_wire(self._settings.url)
            self._held, self._closed = b"", None

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire, self._held, self._closed = None, b"", None

    def identity(self) -> str:
        return self._settings.url

    def status(self) -> Status:
        self._listen(0.0)
        return Status(State.ONLINE, readings={"plugged": self._in, "changes": self._changes})

    def capabilities(self) -> Capabilities:
        return {"inverted": self._settings.inverted}

    def plugged(self) -> bool:
        self._listen(_LOOK_S)
        return self._in

    @property
    def _in(self) -> bool:
        return self._closed is not None and self._closed != self._settings.inverted

    def _listen(self, timeout_s: float) -> None:
        if self._wire is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        for _ in range(_MOST_CHUNKS):
            data = self._wire.read(1, timeout_s)
            if not data:
                if timeout_s > 0:
                    self._held = b""  # the kernel gives whole events; a line that was cut begins anew
                return
            timeout_s = 0.0
            events, self._held = parse_events(self._held + data + self._wire.read(_CHUNK, 0.0))
            self._changes += sum(is_jack(event) for event in events)
            self._closed = parse_switch(events, self._closed)
