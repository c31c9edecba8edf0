"""Receipt printers: what a slip consists of, and what a printer can say of itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from devices.errors import Condition, DeviceError
from devices.status import Capabilities, State, Status, Supply, state_of


@dataclass(frozen=True, slots=True)
class Sensors:
    """What the four real-time status bytes say. None is "the printer did not tell"."""

    online: bool | None
    paper: Supply
    cover_open: bool | None = None
    cutter_error: bool | None = None
    overheated: bool | None = None
    unrecoverable: bool | None = None
    ticket_waits: bool | None = None  #: a slip stands in the presenter; None also where there is no presenter

    @property
    def ready(self) -> bool:
        """Whether a slip can be started now. A silent printer is not ready."""
        faults = (
            self.cover_open,
            self.cutter_error,
            self.overheated,
            self.unrecoverable,
            self.ticket_waits,
        )
        return self.online is True and self.paper in (Supply.FULL, Supply.LOW) and not any(faults)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What keeps it from printing, the gravest first. With the cover open the sensor sees no paper."""
        holds = {
            Condition.COVER_OPEN: self.cover_open,
            Condition.PAPER_OUT: self.paper is Supply.OUT,
            Condition.PAPER_JAM: self.paper is Supply.JAMMED,
            Condition.CUTTER: self.cutter_error,
            Condition.UNRECOVERABLE: self.unrecoverable,
            Condition.OVERHEATED: self.overheated,
            Condition.OFFLINE: self.online is False,
            Condition.TICKET_WAITS: self.ticket_waits,
        }
        return tuple(condition for condition, held in holds.items() if held)

    @property
    def status(self) -> Status:
        """The same in the words that all devices share."""
        supplies = {"paper": self.paper}
        if self.conditions:
            return Status(state_of(self.conditions[0]), self.conditions[0], supplies)
        return Status(State.ONLINE if self.online else State.POWER_OFF, None, supplies)


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; wraps at the paper's width."""

    text: str
    align: Literal["left", "center", "right"] = "left"
    size: Literal[1, 2] = 1  #: 1 = 24-dot characters, 2 = twice as wide and high
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and a value on one line; the value wraps under itself."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across the paper."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code in the middle of the paper."""

    content: str
    module_dots: int = 6  #: side of one module in printer dots, 3 to 10


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty lines."""

    lines: int = 1


Element = Text | Pair | Rule | Qr | Feed


@dataclass(frozen=True, slots=True)
class Slip:
    """One receipt, top to bottom; the driver cuts at its end."""

    elements: tuple[Element, ...]
    document: str = ""  #: names what this is a print of, the same for each print of it; not printed


#: what came out of the slot when a slip failed: nothing at all, a part (perhaps all but the last cut), all of it,
#: or nobody can say
CameOut = Literal["nothing", "part", "all", "unknown"]


def note_came_out(error: DeviceError, what: CameOut) -> None:
    """Write into `error` what came out before it happened (the fact `printed`)."""
    error.facts["printed"] = what


def came_out(error: DeviceError) -> CameOut:
    """What the driver noted in `error`; "unknown" where it noted nothing."""
    match error.facts.get("printed"):
        case "nothing" | "part" | "all" as noted:
            return noted
        case _:
            return "unknown"


def nobody_asks() -> None:
    """For a slip of which nobody keeps a record."""


class ReceiptPrinter(Protocol):
    """A printer that can be asked before it is used and believed after."""

    def open(self) -> None:
        """Take the port and make sure that a printer answers. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Let go of the port. May be called twice."""
        ...

    def identity(self) -> str:
        """Maker and model as the printer tells them, or the URL when it does not."""
        ...

    def status(self) -> Status:
        """How the printer fares, with the supply "paper"; within 0.5 s. Raises `TimedOut` on silence, `DeviceError`."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can do: width_dots, qr, encoding, cut."""
        ...

    def sensors(self) -> Sensors:
        """Asked now, answered within 0.5 s. Silence gives `online=None, paper=UNKNOWN`."""
        ...

    def clear(self) -> None:
        """Throw away what it still holds of a slip that stopped; what hangs from it is cut off before the next."""
        ...

    def print(self, slip: Slip, begin: Callable[[], None] = nobody_asks) -> None:
        """Print and cut; returns when the printer says that it is idle and still has paper.

        `begin` is called right before the first byte of the slip; what it raises ends the print with nothing
        sent. Raises `Refused` (PAPER_OUT, COVER_OPEN, CUTTER, OFFLINE, …) when the printer stopped before or in
        mid-slip. `came_out` tells of every `DeviceError` raised here whether there is paper in the slot.
        """
        ...
