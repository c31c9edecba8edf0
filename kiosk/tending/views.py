"""What whoever looks after the terminal sees. Frozen, as all views are; lines are told ready to be shown."""

from dataclasses import dataclass, field
from typing import Final, Literal

from kiosk.tending.events import Bundled, BundleStage, Line
from kiosk.tending.roles import Role
from kiosk.tending.stage import BundleTo

NOTHING_YET: Final = Bundled()


@dataclass(frozen=True, slots=True)
class TendingDoor:
    """Number and PIN, or a card, or a stick. Digits are never in a view."""

    field: Literal["person", "pin"]
    person: str
    length: int  #: digits of the PIN so far
    ways: tuple[str, ...]
    state: Literal["asking", "open", "checking", "refused", "waiting", "closed"]
    why: str = ""  #: words `tending.door.<why>`
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class TendingList:
    """A page of lines: the acts, health, tests, supplies, the log. Words `tending.page.<page>.sentence`, `.quiet`."""

    page: Literal["acts", "health", "mend", "tests", "refill", "log", "bundle", "adjust", "training"]
    lines: tuple[Line, ...]
    loading: bool = False
    title: str = ""  #: of what a line was opened
    code: str = ""  #: of what went wrong while it was looked for
    main: str = ""  #: words of the main action; "" for none


@dataclass(frozen=True, slots=True)
class Refilling:
    """One step of a refill, with its drawing. Words `refill.<supply>.<number>`."""

    supply: str
    number: int
    of: int
    state: Literal["do", "trying", "asking", "done", "failed"] = "do"
    code: str = ""
    told: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class DeviceTest:
    """A device does what it is for, and a person says whether it did."""

    name: str  #: words `trial.kind.<name>`
    told: tuple[str, ...]
    question: str
    state: Literal["running", "asking", "pass", "fail", "error"]
    code: str = ""
    hint: str = ""
    picture: bytes = field(default=b"", repr=False)  #: JPEG of a self-test sheet; b"" for none


@dataclass(frozen=True, slots=True)
class TouchTest:
    """Every field of the glass wants to be hit once."""

    hit: frozenset[int]
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class VersionProof:
    """What runs, as a code that the terminal's key signed."""

    text: str
    version: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Bundling:
    """A support bundle is made and handed over. Words `bundling.…`."""

    to: BundleTo
    state: Literal["working", "done", "failed"] = "working"
    stage: BundleStage = "gather"  #: the one that goes on, or that failed
    done: int = 0
    of: int = 0
    came_to: Bundled = NOTHING_YET


@dataclass(frozen=True, slots=True)
class Handover:
    """The citizens' side lets go of the devices."""


@dataclass(frozen=True, slots=True)
class Tender:
    """Who is in, for the bar."""

    person: str
    role: Role


TendingView = (
    TendingDoor | TendingList | Refilling | DeviceTest | TouchTest | VersionProof | Handover | Bundling
)
