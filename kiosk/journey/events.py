"""What can happen in a visit. Two closed unions: what a citizen does, and what the world answers.

Answers bear the `ticket` of the request they answer; a late reply is thus never taken for the next one's.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from devices.evaluator import Level
from devices.id_card import IdCard
from kiosk.capture.bind import Document
from kiosk.capture.page import Page
from kiosk.domain.standing import Standing
from kiosk.intake.stick import StickFile
from kiosk.journey.arranged import EarlierValue, HeldLicence, Proof
from kiosk.journey.confirming import Reason
from kiosk.journey.look import Look
from kiosk.kept_visit import KeptVisit
from kiosk.reading.values import Reading
from kiosk.setup.events import SetupEvent
from kiosk.tending.events import TendingAnswer, TendingEvent

# --- what a citizen does (posted by screens) ---


@dataclass(frozen=True, slots=True)
class Touched:
    """The glass was touched, wherever: she is still there. Posted by the face at each touch, before anything else."""


@dataclass(frozen=True, slots=True)
class Start:
    """The idle screen was touched."""


@dataclass(frozen=True, slots=True)
class Search:
    """The search text changed; empty: all matters."""

    text: str


@dataclass(frozen=True, slots=True)
class ShowAll:
    """All matters are wanted."""


@dataclass(frozen=True, slots=True)
class ChooseMatter:
    """A matter was chosen."""

    code: str


@dataclass(frozen=True, slots=True)
class Continue:
    """The one main action of the screen: next, agree, this is me, keep this page, hand in …"""


@dataclass(frozen=True, slots=True)
class Back:
    """One step back."""


@dataclass(frozen=True, slots=True)
class AskLeave:
    """退出并清除我的信息 was touched."""


@dataclass(frozen=True, slots=True)
class Leave:
    """She really leaves."""


@dataclass(frozen=True, slots=True)
class Stay:
    """She goes on: answer to the leave question, to "are you still there", and way out of help."""


@dataclass(frozen=True, slots=True)
class AskHelp:
    """Help is wanted."""


@dataclass(frozen=True, slots=True)
class StartOver:
    """The earlier visit that a power cut ended is not to be gone on with."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A material was ticked as brought, or unticked."""

    slot: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A situation question was answered."""

    question: str
    choice: str


@dataclass(frozen=True, slots=True)
class Fill:
    """A form field was filled."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class TakePicture:
    """拍下这一页 was touched."""


@dataclass(frozen=True, slots=True)
class Retake:
    """The page just taken is not good enough."""


@dataclass(frozen=True, slots=True)
class DeletePage:
    """A page that was kept is to go."""

    slot: str
    index: int


@dataclass(frozen=True, slots=True)
class GoTo:
    """From the review: change this part. `part` is situation, form, or a material slot as "material:01"."""

    part: str


@dataclass(frozen=True, slots=True)
class Sign:
    """The signature: strokes as points in the pad's own units (0..1 of its width; y with the same scale).

    Without any, `instead` says why she confirmed by key what she would have signed.
    """

    strokes: tuple[tuple[tuple[float, float], ...], ...] = field(repr=False)
    instead: Reason = ""


@dataclass(frozen=True, slots=True)
class EnterByHand:
    """No card can be read: she wants to type her name and number."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The sheets in the document scanner are wanted, all in one go."""


@dataclass(frozen=True, slots=True)
class UsePhone:
    """用手机拍: her own phone shall take the pictures of this material."""


@dataclass(frozen=True, slots=True)
class UseStick:
    """用U盘: the pages of this material lie on her USB stick."""


@dataclass(frozen=True, slots=True)
class ChooseFile:
    """A file on the stick was chosen."""

    number: int


@dataclass(frozen=True, slots=True)
class Rate:
    """A level was chosen (or taken back with None)."""

    level: Level | None


@dataclass(frozen=True, slots=True)
class ToggleReason:
    """A reason under the level was chosen or taken back."""

    code: str


@dataclass(frozen=True, slots=True)
class Skip:
    """No evaluation is wanted."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The device that failed is to be tried again."""


# --- beside a case ---


@dataclass(frozen=True, slots=True)
class FindCases:
    """查进度: she wants to know how far her cases are."""


@dataclass(frozen=True, slots=True)
class LayCard:
    """Her cases shall be found by her card."""


@dataclass(frozen=True, slots=True)
class TypeNumber:
    """A case shall be found by its acceptance number."""


@dataclass(frozen=True, slots=True)
class ChooseCase:
    """One of her cases was chosen."""

    case_id: str


@dataclass(frozen=True, slots=True)
class Mend:
    """去补正: what a department sent back shall be put right now."""


@dataclass(frozen=True, slots=True)
class AskWithdraw:
    """The case is to be withdrawn. It is asked twice."""


@dataclass(frozen=True, slots=True)
class TakeHome:
    """带回去看: the notice shall be printed, or taken along on a phone."""


@dataclass(frozen=True, slots=True)
class PrintNotice:
    """The notice shall be printed."""


@dataclass(frozen=True, slots=True)
class Report:
    """办不成事 or 预约回电, from wherever she is; the visit goes on beneath it."""

    kind: Literal["hardship", "callback"]


@dataclass(frozen=True, slots=True)
class Reprint:
    """补打: the slip that did not come out shall be printed now."""


@dataclass(frozen=True, slots=True)
class ShowTips:
    """She wants to see what else may concern her; only then is it looked for."""


@dataclass(frozen=True, slots=True)
class ToggleIndicator:
    """One of the national indicators was marked, or not any more."""

    code: str


@dataclass(frozen=True, slots=True)
class AskLook:
    """How the screens look is to be chosen: size, colours, reach."""


@dataclass(frozen=True, slots=True)
class SayAgain:
    """She wants this screen read to her, and every one after it."""


@dataclass(frozen=True, slots=True)
class ChangeLook:
    """So they shall look from now on."""

    look: Look


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """She wants to be spoken to in this language; on the idle screen her visit begins with it."""

    language: str  #: BCP 47


# --- inside a case ---


@dataclass(frozen=True, slots=True)
class Refuse:
    """The platform is not to be asked for her earlier cases and licences, or is not waited for."""


@dataclass(frozen=True, slots=True)
class ChooseProof:
    """By what a material is proved: the paper, an electronic licence, or a promise."""

    slot: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class TickPromise:
    """She has read the promise on the screen; or takes that back."""


@dataclass(frozen=True, slots=True)
class RatherPaper:
    """She does not promise: the paper is handed in."""


@dataclass(frozen=True, slots=True)
class AllRight:
    """She looked at all that was found of her, and it is right."""


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """She leaves, and wants to go on another time, here or elsewhere."""


@dataclass(frozen=True, slots=True)
class Reveal:
    """What is masked shall be seen for some seconds: "review", or "field.<name>"; seen already, it is hidden again."""

    part: str


# --- who looks after the zone ---


@dataclass(frozen=True, slots=True)
class AskClean:
    """A corner of the idle screen was held for long: the glass is perhaps to be wiped."""


@dataclass(frozen=True, slots=True)
class Clean:
    """The glass is wiped now: touches mean nothing for a while. From the question, or from the staff's menu."""


CitizenEvent = (
    SetupEvent
    | TendingEvent
    | Touched
    | Reveal
    | AskClean
    | Clean
    | AskLook
    | ChangeLook
    | SayAgain
    | ChooseLanguage
    | Start
    | Search
    | ShowAll
    | ChooseMatter
    | Continue
    | Back
    | AskLeave
    | Leave
    | Stay
    | AskHelp
    | StartOver
    | Tick
    | Answer
    | Fill
    | TakePicture
    | Retake
    | DeletePage
    | GoTo
    | Sign
    | Rate
    | ToggleReason
    | Skip
    | TryAgain
    | EnterByHand
    | Scan
    | UsePhone
    | UseStick
    | ChooseFile
    | FindCases
    | LayCard
    | TypeNumber
    | ChooseCase
    | Mend
    | AskWithdraw
    | TakeHome
    | PrintNotice
    | Report
    | Reprint
    | ToggleIndicator
    | Refuse
    | ChooseProof
    | TickPromise
    | RatherPaper
    | AllRight
    | SaveDraft
    | ShowTips
)

# --- what the world answers (posted by workers) ---

#: where the stick is
StickState = Literal["out", "in"]
#: taken: the sheet that lies there was photographed already
SheetState = Literal["none", "moving", "steady", "taken"]


@dataclass(frozen=True, slots=True)
class CardRead:
    """A card was read."""

    ticket: int
    card: IdCard = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardFailed:
    """The card could not be read, or the reader failed. Polling goes on by itself; a code of "" says: it is back."""

    ticket: int
    code: str  #: error code, "condition.<name>" for a condition that she can mend, or ""


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """What lies under the camera changed."""

    ticket: int
    sheet: SheetState


@dataclass(frozen=True, slots=True)
class SheetReady:
    """A sheet lay still for the whole countdown: take it."""

    ticket: int


@dataclass(frozen=True, slots=True)
class CameraFailed:
    """The live picture stopped. The camera is reopened by itself; a code of "" says: it is back."""

    ticket: int
    code: str


@dataclass(frozen=True, slots=True)
class PageTaken:
    """A page was photographed, flattened and judged."""

    ticket: int
    page: Page = field(repr=False)


@dataclass(frozen=True, slots=True)
class PagesScanned:
    """The scanner took these sheets in; what it took before a jam is in it, too."""

    ticket: int
    pages: tuple[Page, ...] = field(repr=False)
    code: str = ""  #: what stopped it early; "" when the feeder ran empty or enough was there


@dataclass(frozen=True, slots=True)
class PageRead:
    """What a page says, and the codes on it."""

    ticket: int
    sha256: str  #: of the page
    reading: Reading | None = field(repr=False)  #: None: only its codes were asked for
    codes: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ReadFailed:
    """The page could not be read: she writes herself what stands on it."""

    ticket: int
    sha256: str
    code: str


@dataclass(frozen=True, slots=True)
class PageFailed:
    """No page came out of the picture or the scanner: a verdict ("no_sheet") or an error code."""

    ticket: int
    code: str


@dataclass(frozen=True, slots=True)
class KeptFound:
    """A power cut ended an earlier visit of hers at this matter, and it can be gone on with."""

    ticket: int
    kept: KeptVisit


@dataclass(frozen=True, slots=True)
class Bound:
    """Each material's pages became a PDF."""

    ticket: int
    documents: tuple[Document, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class BindFailed:
    """The pages could not be bound. They are all still there."""

    ticket: int
    code: str


@dataclass(frozen=True, slots=True)
class PhoneReady:
    """The platform waits for pictures from a phone."""

    ticket: int
    url: str  #: of the upload page; holds a code that opens this one slot and nothing else
    lasts_s: float


@dataclass(frozen=True, slots=True)
class PhoneOpened:
    """A phone shows the upload page."""

    ticket: int


@dataclass(frozen=True, slots=True)
class PhoneArrived:
    """So many pictures have arrived from the phone in all; pages of them follow."""

    ticket: int
    count: int


@dataclass(frozen=True, slots=True)
class PhoneOver:
    """No more pictures can come: the time is over (a code of ""), or it could not even begin."""

    ticket: int
    code: str


@dataclass(frozen=True, slots=True)
class StickSeen:
    """A stick is in with these files, or none is; a code says why one that is in cannot be read."""

    ticket: int
    stick: StickState
    files: tuple[StickFile, ...] = field(default=(), repr=False)
    code: str = ""


@dataclass(frozen=True, slots=True)
class FilePictured:
    """The small picture of a file on the stick is there, or the code of what is wrong with the file."""

    ticket: int
    number: int
    picture: bytes = field(repr=False)
    code: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The case is sealed and durable on this terminal."""

    ticket: int
    local_number: str


@dataclass(frozen=True, slots=True)
class SealFailed:
    """The case could not be made durable. Nothing was promised."""

    ticket: int
    code: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The backend took the case."""

    ticket: int
    case_number: str


@dataclass(frozen=True, slots=True)
class Printed:
    """The slip came out."""

    ticket: int


@dataclass(frozen=True, slots=True)
class PrintFailed:
    """The slip did not come out, or only half."""

    ticket: int
    code: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key of the evaluation device was pressed."""

    ticket: int
    level: Level


# --- beside a case ---


@dataclass(frozen=True, slots=True)
class CasesFound:
    """The platform told which cases are hers."""

    ticket: int
    cases: tuple[Standing, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProgressFound:
    """The platform told how far a case is; None: it knows none by this number and these last four."""

    ticket: int
    case: Standing | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskFailed:
    """The platform did not tell."""

    ticket: int
    code: str  #: of the error; "waits" for a case that lies here and was not sent yet


@dataclass(frozen=True, slots=True)
class MessageKept:
    """What she wrote, or put right, is durable on this terminal and will be sent."""

    ticket: int
    number: str  #: its ticket number, T-000123-7


@dataclass(frozen=True, slots=True)
class MessageFailed:
    """It could not be made durable. Nothing was promised."""

    ticket: int
    code: str


@dataclass(frozen=True, slots=True)
class CodeScanned:
    """Somebody held a code before the scanner. What it says is a stranger's text."""

    ticket: int
    text: str = field(repr=False)  #: "" for one that could not be accepted as text


# --- inside a case ---


@dataclass(frozen=True, slots=True)
class EarlierFound:
    """What the platform knows of her; nothing is an answer, too."""

    ticket: int
    values: tuple[EarlierValue, ...] = field(default=(), repr=False)
    licences: tuple[HeldLicence, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class EarlierFailed:
    """The platform did not say."""

    ticket: int
    code: str


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """What she wants to go on with is durable here and on its way to the platform."""

    ticket: int


@dataclass(frozen=True, slots=True)
class DraftFailed:
    """It could not be made durable."""

    ticket: int
    code: str


@dataclass(frozen=True, slots=True)
class PresenceSeen:
    """What the sensor says of the place before the glass changed. Answers nothing: it comes when it comes."""

    there: bool


WorldEvent = (
    TendingAnswer
    | PresenceSeen
    | CardRead
    | CardFailed
    | SheetSeen
    | SheetReady
    | CameraFailed
    | PageTaken
    | PageRead
    | ReadFailed
    | PagesScanned
    | PageFailed
    | PhoneReady
    | PhoneOpened
    | PhoneArrived
    | PhoneOver
    | StickSeen
    | FilePictured
    | KeptFound
    | Bound
    | BindFailed
    | Sealed
    | SealFailed
    | Delivered
    | Printed
    | PrintFailed
    | Pressed
    | CasesFound
    | ProgressFound
    | AskFailed
    | MessageKept
    | MessageFailed
    | CodeScanned
    | EarlierFound
    | EarlierFailed
    | DraftSaved
    | DraftFailed
)

Event = CitizenEvent | WorldEvent

#: how a screen posts what the citizen did
Post = Callable[[CitizenEvent], None]
