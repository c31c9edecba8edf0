"""What somebody who looks after the terminal does, and what the terminal answers. Answers bear their ticket."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from kiosk.tending.knock import Corner
from kiosk.tending.roles import Role

if TYPE_CHECKING:
    from kiosk.tending.adjusting import Adjusting  # it shows scenes, and scenes show what is here

BundleStage = Literal["gather", "look", "hand"]  #: made, looked at for personal data, handed over

# --- what they do (posted by screens) ---


@dataclass(frozen=True, slots=True)
class Knock:
    """A corner of the idle screen was touched."""

    corner: Corner


@dataclass(frozen=True, slots=True)
class Digit:
    """A key of the number pad; "" takes the last one away."""

    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Choose:
    """A row of a list was touched."""

    key: str


@dataclass(frozen=True, slots=True)
class Proceed:
    """The main action of a screen for whoever looks after the terminal."""


@dataclass(frozen=True, slots=True)
class Judge:
    """What a person saw: the device did as it should, or not."""

    passed: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A field of the touch test was hit."""

    number: int


@dataclass(frozen=True, slots=True)
class Quit:
    """Through: everything goes back to the citizens."""


@dataclass(frozen=True, slots=True)
class EndTraining:
    """The strip above every screen of a training was touched: the real terminal comes back."""


TendingEvent = EndTraining | Knock | Digit | Choose | Proceed | Judge | Dot | Quit

# --- what the terminal answers ---


@dataclass(frozen=True, slots=True)
class DoorSeen:
    """Whether anybody could enter, and how long nobody may try."""

    ticket: int
    ways: tuple[str, ...]  #: of pin, card, stick; none: nobody was ever set up
    wait_s: float


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody is known."""

    ticket: int
    person: str
    role: Role
    way: str  #: pin, card, stick


@dataclass(frozen=True, slots=True)
class Rejected:
    """Nobody enters. Words `tending.door.<why>`."""

    ticket: int
    why: str
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Released:
    """Every device has answered: it was let go of, or did not let go."""

    ticket: int
    stuck: tuple[str, ...] = ()  #: kinds whose thread did not come back


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: what, how it stands, what to do."""

    key: str
    name: str
    note: str = ""
    mood: str = "plain"  #: good, notice, wrong, plain
    group: str = ""  #: words `tending.group.<group>` stand above the first of each
    more: tuple[str, ...] = ()  #: steps to mend it, one sentence each; none: the line cannot be opened


@dataclass(frozen=True, slots=True)
class PageSeen:
    """What a page has to show."""

    ticket: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A device under test says something."""

    ticket: int
    line: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The camera under test saw a self-test sheet; a small JPEG that nobody keeps."""

    ticket: int
    picture: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A person shall say whether it happened."""

    ticket: int
    question: str


@dataclass(frozen=True, slots=True)
class Tested:
    """A test is over, its dated result kept. `result`: pass, fail, error."""

    ticket: int
    result: str
    code: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class BundleGoes:
    """A support bundle is being made."""

    ticket: int
    stage: BundleStage
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Bundled:
    """What a support bundle came to; `code`: it was not handed over."""

    code: str = ""
    name: str = ""  #: of the file on the stick
    kb: int = 0
    withheld: int = 0  #: texts that were left out


@dataclass(frozen=True, slots=True)
class BundleEnded:
    """It was handed over, or not."""

    ticket: int
    came_to: Bundled


@dataclass(frozen=True, slots=True)
class AdjustReady:
    """An act of setting up can begin; with a code it cannot."""

    ticket: int
    adjusting: "Adjusting | None" = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """The signed statement of what runs; "" and a code when there is none."""

    ticket: int
    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class TendingFailed:
    """What was asked could not be done."""

    ticket: int
    code: str


TendingAnswer = (
    DoorSeen
    | Admitted
    | Rejected
    | Released
    | PageSeen
    | Told
    | Asked
    | Shown
    | Tested
    | Signed
    | TendingFailed
    | BundleGoes
    | BundleEnded
    | AdjustReady
)
