"""What a device says of itself, in the words of XFS4IoT: state, supplies, readings.

The words are those of the standard's `Common.Status` (device) and of its supply schemas, letter for letter, so
that a report reads the same as one of any other self-service terminal; see docs/adr/0016.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from devices.errors import Condition, DeviceError, Garbled, Refused, TimedOut, Unreachable

#: A single fact, as JSON knows it.
Reading = str | int | float | bool | None
#: What a device can do; JSON-able. Keys are lower_snake, units stand in them.
Capabilities = Mapping[str, Reading | Sequence[Reading]]


class State(enum.StrEnum):
    """How a device fares (XFS4IoT, `Common.Status.device`)."""

    ONLINE = "online"  #: works
    OFFLINE = "offline"  #: is there, and says that it is not on line
    POWER_OFF = "powerOff"  #: its port is there and nobody answers
    NO_DEVICE = "noDevice"  #: nothing is connected
    HARDWARE_ERROR = "hardwareError"  #: needs a technician
    USER_ERROR = "userError"  #: somebody who stands there can mend it: paper, cover, jam
    DEVICE_BUSY = "deviceBusy"  #: works for somebody else, or cools down
    STARTING = "starting"  #: is being opened


class Supply(enum.StrEnum):
    """How much there is of what a device uses up (XFS4IoT, paper and toner supplies)."""

    FULL = "full"
    LOW = "low"
    OUT = "out"
    JAMMED = "jammed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Status:
    """How a device fares, asked at one moment."""

    state: State
    condition: Condition | None = None  #: why it is not on line, where it says so
    supplies: Mapping[str, Supply] = field(default_factory=dict)  #: "paper", "toner", "battery" …
    readings: Mapping[str, Reading] = field(default_factory=dict)  #: what it measures, e.g. "charge_percent"

    @property
    def ready(self) -> bool:
        """Whether it can be used now."""
        return self.state is State.ONLINE


_STATES: Mapping[Condition, State] = {
    Condition.PAPER_OUT: State.USER_ERROR,
    Condition.PAPER_JAM: State.USER_ERROR,
    Condition.FEEDER_EMPTY: State.USER_ERROR,
    Condition.OUTPUT_FULL: State.USER_ERROR,
    Condition.TICKET_WAITS: State.USER_ERROR,
    Condition.TRAY_MISSING: State.USER_ERROR,
    Condition.TONER_OUT: State.USER_ERROR,
    Condition.COVER_OPEN: State.USER_ERROR,
    Condition.CARD_UNREADABLE: State.USER_ERROR,
    Condition.NOT_AN_ID_CARD: State.USER_ERROR,
    Condition.SUSPECT_CARD: State.USER_ERROR,
    Condition.CARD_MUTE: State.USER_ERROR,
    Condition.WRONG_CARD: State.USER_ERROR,
    Condition.BUSY: State.DEVICE_BUSY,
    Condition.OVERHEATED: State.DEVICE_BUSY,
    Condition.OFFLINE: State.OFFLINE,
    Condition.QUEUE_STOPPED: State.OFFLINE,
}


def state_of(condition: Condition) -> State:
    """The state that `condition` puts a device in; what is not known to be mendable needs a technician."""
    return _STATES.get(condition, State.HARDWARE_ERROR)


def status_of(error: DeviceError) -> Status:
    """The status that a failed call amounts to."""
    match error:
        case Refused(condition=condition):
            return Status(state_of(condition), condition)
        case Unreachable():
            return Status(State.NO_DEVICE)
        case TimedOut():
            return Status(State.POWER_OFF)
        case Garbled():
            return Status(State.HARDWARE_ERROR)
        case _:
            return Status(State.HARDWARE_ERROR)
