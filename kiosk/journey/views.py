"""What there is to see. A screen is given one frozen view and draws it; it decides nothing.

Texts that come from the catalogue are in the view; every other sentence is looked up in `kiosk.words` by the screen.
"""

from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from typing import Literal

from devices.evaluator import Level
from kiosk.catalogue.messages import CityMessage
from kiosk.catalogue.model import Field, Question
from kiosk.catalogue.nearby import Nearby
from kiosk.catalogue.secrets import veiled
from kiosk.journey.arranged import EarlierState, Proof
from kiosk.journey.events import SheetState
from kiosk.journey.look import USUAL, Look, LookPage
from kiosk.service import Ability, Limit, OutReason
from kiosk.setup.views import SetupList as SetupList
from kiosk.setup.views import SetupTouch as SetupTouch
from kiosk.setup.views import SetupWork as SetupWork
from kiosk.tending.views import Bundling as Bundling
from kiosk.tending.views import DeviceTest as DeviceTest
from kiosk.tending.views import Handover as Handover
from kiosk.tending.views import Refilling as Refilling
from kiosk.tending.views import TendingDoor as TendingDoor
from kiosk.tending.views import TendingList as TendingList
from kiosk.tending.views import TouchTest as TouchTest
from kiosk.tending.views import VersionProof as VersionProof
from kiosk.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Chrome:
    """What surrounds every view: bar, step bar, patience."""

    title: str = ""  #: the matter's short name
    who: str = ""  #: masked, "王* · 429***********0021"
    steps: tuple[str, ...] = ()  #: keys of the steps; words `steps.<key>` are two characters long
    step: int = -1  #: index of the current step; -1 draws no bar
    minutes_left: int = 0  #: honest estimate; 0 says nothing
    patience_left_s: int | None = None  #: None outside a visit
    sample: bool = False  #: the matter's form and materials are ours: show 示例
    offline: bool = False  #: the backend does not answer now
    can_go_back: bool = False
    can_leave: bool = False
    look: Look = USUAL
    languages: tuple[Language, ...] = ()  #: between which she may choose; none where there is only one
    on_battery: bool = False  #: the mains failed; there is some time left
    can_speak: bool = True  #: screens can be read aloud here
    headphones: bool = False  #: only she hears what is said
    caption: str = ""  #: what is being said now; "" while nothing is
    tended: bool = False  #: somebody looks after the terminal: no help, no look, its own way out
    training: bool = False  #: nothing of it is real: every screen says so


@dataclass(frozen=True, slots=True)
class Window:
    """Whether somebody is behind the place's window now, and when next; words `window.…`."""

    open: bool
    opens: datetime | None = None  #: local; None while it is open, or when nobody knows
    days: int = 0  #: until then: 0 today, 1 tomorrow
    keeps: bool = False  #: this terminal takes matters only while it is open


@dataclass(frozen=True, slots=True)
class MatterCard:
    """A matter in a list."""

    code: str
    name: str
    short_name: str
    lead: str
    complete: bool  #: can be handed in here; else only its notice is shown
    blocked: str = ""  #: `kiosk.service.Step` that no device can do now; words `service.<step>`


@dataclass(frozen=True, slots=True)
class MaterialCard:
    """A material as the citizen sees it."""

    slot: str
    name: str
    hint: str
    source: str
    picture: str  #: icon name
    min_pages: int
    ticked: bool = False
    max_pages: int = 0
    card: bool = False  #: of the size of a card, else A4 or as it is
    copy: bool = False  #: a copy will do; else the original is wanted
    licence: bool = False  #: an electronic licence may take its place
    promise: bool = False  #: a promise may


@dataclass(frozen=True, slots=True)
class PageCard:
    """A page that was kept."""

    thumbnail: bytes = field(repr=False)  #: JPEG, longest side 320 px
    flagged: bool = False  #: kept although a verdict advised against it


# --- before the visit ---


@dataclass(frozen=True, slots=True)
class Idle:
    """Teaches the first step; a touch starts."""

    place: str
    hours: str
    phone: str
    online: bool
    printer_ready: bool
    shows: Literal["steps", "can", "message", "limits"] = "steps"  #: the page that is turned up now
    message: CityMessage | None = None  #: of the page "message"
    can: tuple[Ability, ...] = ()  #: what this machine can do now
    limits: tuple[Limit, ...] = ()  #: what it cannot do now while all else goes on, the worst first
    page: int = 0  #: from 0
    of: int = 1  #: how many pages there are
    window: Window | None = None  #: None: its hours are not known
    dim: bool = False  #: after hours, and nobody has been here for a while


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Nothing can be done here now: what is broken, since when, and where else it works."""

    code: str
    since: datetime | None
    place: str
    hours: str
    phone: str
    reason: OutReason = "other"
    hotline: str = ""  #: the city's; "" when it is the same as `phone`
    nearby: tuple[Nearby, ...] = ()  #: other terminals, the nearest first
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class CleanQuestion:
    """A corner was held for long: shall the glass be wiped? For who looks after the zone."""

    seconds: int  #: how long touches would be off


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The glass is being wiped: touches mean nothing until it is over."""

    seconds: int  #: left
    of: int


# --- choosing ---


@dataclass(frozen=True, slots=True)
class Home:
    """Greeting, search, what people often do."""

    place: str
    at: datetime  #: local time, to the minute
    popular: tuple[MatterCard, ...]
    total: int
    tip: str = ""  #: words key of what is to be said of a code that was held before the scanner
    window: Window | None = None
    safe: bool = False  #: the program failed lately and does without what is optional


@dataclass(frozen=True, slots=True)
class Matters:
    """Search results, or all matters when `query` is empty."""

    query: str
    cards: tuple[MatterCard, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Notice:
    """一次告知."""

    name: str
    lead: str
    partners: tuple[str, ...]
    items: tuple[str, ...]
    complete: bool  #: False: honest "please go to the window", no main action but back
    sample: bool
    what: str
    who_for: str
    who_decides: str
    how_long: str
    fee: str
    not_here: tuple[str, ...]
    ask: str
    minutes: int
    blocked: str = ""  #: as in `MatterCard`; the main action is not offered
    window: Window | None = None
    later: bool = False  #: it is taken now, and looked at once the window opens


@dataclass(frozen=True, slots=True)
class Readiness:
    """带齐了吗: what everybody needs, and what depends on the situation."""

    always: tuple[MaterialCard, ...]
    depends: tuple[tuple[str, tuple[MaterialCard, ...]], ...]  #: (situation's label, its materials)


# --- who ---


@dataclass(frozen=True, slots=True)
class Consent:
    """Four plain lines (words `consent.purpose`, `.items`, `.kept`, `.refuse`), agreed before the card is read."""

    matter: str
    cut_days: int = 0  #: how long what a power cut interrupts is kept


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """The reader waits for a card."""

    trouble: str = ""  #: "" or the code of what went wrong with the last card or with the reader
    by_hand: bool = False  #: the reader is dead and name and number may be typed
    purpose: Literal["", "progress"] = (
        ""  #: what the card is read for, said here; "": she agreed to it before
    )


@dataclass(frozen=True, slots=True)
class ConfirmIdentity:
    """Is this you?"""

    name: str  #: masked
    number: str  #: masked
    kind: str  #: CardKind value
    doubts: tuple[str, ...]  #: codes; words `identity.doubt.<code>`
    typed: bool = False  #: not read from a card: the window will look at it


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A power cut ended her last visit at this matter: go on with it, or begin anew?"""

    at: datetime  #: local time at which it was interrupted or saved, to the minute
    pages: int  #: that were photographed and are still there
    saved: bool = False  #: she had it kept at the platform; else a power cut ended it here


# --- what ---


@dataclass(frozen=True, slots=True)
class Situation:
    """One question a screen."""

    question: Question
    number: int  #: from 1
    of: int
    chosen: str  #: "" when not answered yet


@dataclass(frozen=True, slots=True)
class FormEntry:
    """One field with its value."""

    field: Field
    value: str
    source: str  #: "card", "answer", "citizen", "" when empty; "ocr", "earlier" (to be confirmed)
    problem: str = ""  #: words key of what is wrong, "" when nothing is
    from_matter: str = ""  #: of "earlier": what it comes from …
    from_at: datetime | None = None  #: … and when that was
    revealed: bool = (
        False  #: seen as it is: she touched it, for some seconds, or she must say whether it is right
    )

    @property
    def shown(self) -> str:
        """What of the value may be seen."""
        return self.value if self.revealed else veiled(self.field, self.value)


@dataclass(frozen=True, slots=True)
class Form:
    """One form: what is known is folded away, only what is missing is asked."""

    known: tuple[FormEntry, ...]
    asked: tuple[FormEntry, ...]
    show_problems: bool  #: she touched 下一步 and something is missing or wrong
    by_hand: bool = False  #: name and number instead of a card, not the matter's form
    about: Literal["", "case_number", "hardship", "callback"] = ""  #: another form than the matter's
    delivery: bool = False  #: how the result reaches her, not the matter's form
    proposed: int = 0  #: values from earlier cases; she may say of all that they are right
    _: KW_ONLY
    number: int = 0  #: in simple mode: which question, from 1; 0: all of them stand on one screen
    of: int = 0
    today: datetime  #: local midnight, for date fields; to the day, so that the view does not change with the clock


@dataclass(frozen=True, slots=True)
class SetupForm(Form):
    """A step of setting up: its questions."""

    _: KW_ONLY
    sentence: str  #: what the step is about
    progress: str  #: which step of how many
    typed: frozenset[str] = frozenset()  #: names of fields that are written with an address keyboard
    can_scan: bool = False  #: a QR code may be held there instead
    may_skip: bool = False


# --- inside a case: put together, spared, promised, delivered ---


@dataclass(frozen=True, slots=True)
class EarlierCases:
    """May the platform be asked for what she wrote and was given before? Who asks, why, what; she may refuse."""

    matter: str
    licences: tuple[str, ...]  #: kinds that would spare her a paper
    asking: bool  #: she agreed, the answer is on its way
    slow: bool = False  #: it does not come: the line is slow or gone


@dataclass(frozen=True, slots=True)
class Saved:
    """One of the reductions, in pieces."""

    kind: Literal["forms", "materials", "visits"]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class OverviewOffice:
    """What one department does."""

    department: str
    items: tuple[tuple[str, bool], ...]  #: (name, whether it goes there online; else with a paper list)
    days: int | None  #: working days that it promises; None when it has not said


@dataclass(frozen=True, slots=True)
class OverviewStage:
    """Departments that work beside each other; the next stage waits for this one."""

    number: int
    offices: tuple[OverviewOffice, ...]


@dataclass(frozen=True, slots=True)
class InPersonPoint:
    """Where she must be seen herself."""

    items: tuple[str, ...]
    why: str
    where: str
    address: str
    hours: str
    phone: str  #: whom to ask, where the address is not known


@dataclass(frozen=True, slots=True)
class ProofChoice:
    """A material for which something else may stand."""

    slot: str
    name: str
    ways: tuple[Proof, ...]
    chosen: Proof
    licence: str  #: name of her licence that was found, "" for none
    issuer: str
    promise: str  #: title of the promise, "" for none


@dataclass(frozen=True, slots=True)
class Overview:
    """为您合并办理: items by department, what she saves, what she may leave at home."""

    saved: tuple[Saved, ...]
    stages: tuple[OverviewStage, ...]
    promised_days: int
    unknown_days: int  #: items of which nobody has said how long they take
    points: tuple[InPersonPoint, ...]
    choices: tuple[ProofChoice, ...]
    earlier: EarlierState
    found: int  #: values that were found and are proposed in the form


@dataclass(frozen=True, slots=True)
class PromiseText:
    """告知承诺: read whole, ticked, and confirmed; signed with the case."""

    title: str
    text: str
    false_means: str
    instead_of: tuple[str, ...]
    ticked: bool
    number: int
    of: int


# --- materials ---


@dataclass(frozen=True, slots=True)
class Capture:
    """The camera's live picture and what to put under it. The picture itself comes through the preview slot."""

    material: MaterialCard
    number: int  #: which material, from 1
    of: int
    page: int  #: which page of it, from 1
    max_pages: int
    taken: tuple[PageCard, ...]
    sheet: SheetState
    taking: bool  #: the still is being made
    trouble: str = ""  #: verdict or error code of the last try
    enough: bool = False  #: min_pages are there: the main action is to go on
    scanner: bool = False  #: the document scanner can take all sheets in one go
    phone: bool = False  #: her own phone can take the pictures instead
    stick: bool = False  #: a USB stick is in and may be looked into


@dataclass(frozen=True, slots=True)
class Phone:
    """Her phone takes the pictures: a code to scan, and what the phone has done so far."""

    material: MaterialCard
    state: Literal["asking", "waiting", "opened", "over"]
    url: str = ""  #: for the QR code; "" while there is none
    minutes_left: int = 0
    arrived: int = 0  #: pictures that came through this code
    working: bool = False  #: a page is being made of what came
    kept: int = 0  #: pages of this material
    max_pages: int = 1
    enough: bool = False  #: min_pages are there: she may go on
    trouble: str = ""  #: code of what went wrong with the last picture, or with the way to the platform
    slow: bool = False  #: while asking: the line is slow or gone


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file on the stick."""

    number: int
    name: str = field(repr=False)  #: shortened; it may name a person
    pdf: bool
    picture: bytes = field(default=b"", repr=False)  #: JPEG; b"" while it is being made
    code: str = ""  #: why it cannot be used


@dataclass(frozen=True, slots=True)
class Stick:
    """The pictures and PDFs on her USB stick."""

    material: MaterialCard
    state: Literal["looking", "in", "out"]
    files: tuple[FileCard, ...] = ()
    kept: int = 0
    max_pages: int = 1
    enough: bool = False
    working: bool = False  #: pages are being made of the file that she chose
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The page just taken, large: keep it or take it again."""

    material: MaterialCard
    page: int
    picture: bytes = field(repr=False)  #: JPEG of the flattened page, longest side about 1400 px
    verdicts: tuple[str, ...] = ()  #: empty: it is fine; words `verdict.<name>.said` and `.do`
    warnings: tuple[str, ...] = ()  #: of what was read on it; words `ocr.warning.<name>`
    brought: bool = (
        False  #: it was taken elsewhere: no lamp and no desk of ours; words `verdict.<name>.do_brought`
    )
    goes_to: str = ""  #: the material that it belongs to by its printed code; "": the one that is open


# --- hand in ---


@dataclass(frozen=True, slots=True)
class ReviewMaterial:
    """A material with its pages."""

    slot: str
    name: str
    pages: tuple[PageCard, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """The case as a sheet of paper; touch a part to change it."""

    matter: str
    items: tuple[str, ...]
    situations: tuple[tuple[str, str], ...]  #: (question, answer)
    fields: tuple[tuple[str, str], ...]  #: (label, value); what is secret masked
    materials: tuple[ReviewMaterial, ...]
    replaced: tuple[tuple[str, Proof], ...] = ()  #: (material, what stands for it)
    secrets: Literal["", "masked", "seen"] = ""  #: whether something is masked that she may have shown
    delivery: tuple[tuple[str, str], ...] = ()  #: (label, value) of how the result reaches her
    acts_for: str = ""  #: masked name of whom it is for, when she who stands here is not the applicant


@dataclass(frozen=True, slots=True)
class SignView:
    """The text that is signed above the line."""

    matter: str
    pages: int
    digest: (
        str  #: first 16 hex digits of the SHA-256 that the signature is bound to; "" while it is worked out
    )
    promises: tuple[str, ...] = ()  #: titles of what she promises with this signature
    acts_for: str = ""  #: as in `Review`


@dataclass(frozen=True, slots=True)
class HandingIn:
    """Real progress: sealing → saved → sending."""

    stage: Literal["sealing", "saved"]
    local_number: str = ""


@dataclass(frozen=True, slots=True)
class NotSaved:
    """The case could not be stored. Nothing was promised; she may try again or leave."""

    code: str


@dataclass(frozen=True, slots=True)
class Done:
    """已收件 with the case number, or 已暂存 with the local number; and the receipt's progress."""

    received: bool
    number: str  #: case number when received, else the local number
    receipt: Literal["printing", "printed", "failed"]
    receipt_trouble: str  #: code, "" unless failed
    qr: str  #: content of the receipt's QR code, shown when there is no paper or none is wanted
    next_steps: tuple[str, ...]
    pages: int
    saved: tuple[Saved, ...] = ()  #: what she was spared
    tips: bool = False  #: she may ask what else may concern her; whether anything does is not known yet


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that may be given with a level."""

    code: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Five official levels, equal in size, none preselected."""

    level: Level | None
    reasons: tuple[Reason, ...]  #: for the chosen level; empty while none is chosen
    keypad: bool  #: an evaluation device waits for a key, too
    indicators: tuple[Reason, ...] = ()  #: the national ones, to be marked or not
    offer_report: bool = False  #: it was not good: somebody may be told why


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Your data is gone from this machine; take your card, papers, slip."""

    handed_in: bool
    slip: bool  #: a slip came out
    stick: bool = False  #: a USB stick is still in
    draft: Literal["", "saving", "saved", "failed", "cut"] = (
        ""  #: she wanted to go on another time; cut: had to
    )
    draft_days: int = 0  #: how long the platform keeps it, or this terminal does
    card: bool = False  #: her card was laid down and not seen taken away
    papers: bool = False  #: the same of papers
    sent: Literal["", "correction", "withdrawal"] = ""  #: what was handed in, when it is no new case

    @property
    def thanks(self) -> str:
        """Words `goodbye.<…>`."""
        if not self.handed_in:
            return "left"
        return f"thanks_{self.sent}" if self.sent else "thanks"

    @property
    def lying(self) -> tuple[str, ...]:
        """What may still lie here; words `goodbye.take.<…>`."""
        there = {"card": self.card, "papers": self.papers, "slip": self.slip, "stick": self.stick}
        return tuple(thing for thing, lies in there.items() if lies)


# --- beside a case ---


@dataclass(frozen=True, slots=True)
class Finding:
    """How shall her cases be found: by card, by number, by the code on her receipt?"""

    scanner: bool  #: a code scanner looks
    camera: bool  #: the document camera looks in its place
    offline: bool  #: nothing can be told now
    trouble: str = ""  #: words key of what is to be said of a code


@dataclass(frozen=True, slots=True)
class CaseCard:
    """One of her cases in a list."""

    case_id: str
    matter: str
    state: str  #: words `standing.state.<state>`
    received_at: datetime | None  #: local
    number: str
    correction: bool  #: something is to be put right


@dataclass(frozen=True, slots=True)
class Cases:
    """Her cases, or why there are none to be seen."""

    state: Literal["asking", "list", "nothing", "failed"]
    by_card: bool
    cases: tuple[CaseCard, ...] = ()
    #: "offline", "late", "waits", "unknown", or the code of an error; with "asking": "slow" or "offline" once it lasts
    code: str = ""


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """What one department does, and how far it is."""

    department: str
    items: tuple[str, ...]
    state: str
    what: str
    at: datetime  #: local


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """What is to be put right."""

    department: str
    reason: str
    fields: tuple[str, ...]  #: labels
    materials: tuple[str, ...]  #: names


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """How far one case is, department by department."""

    matter: str
    number: str
    state: str
    received_at: datetime | None
    departments: tuple[DepartmentLine, ...]
    asked_again: AskedAgain | None
    mendable: bool  #: what is to be put right can be put right here
    can_withdraw: bool
    by_card: bool  #: else her card is needed before anything can be changed


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take the case back? Asked twice."""

    matter: str
    number: str
    sure: bool  #: she said yes once


@dataclass(frozen=True, slots=True)
class Noted:
    """What was told is durable here, with its ticket number; or it is not, and nothing was promised."""

    kind: Literal["correction", "withdrawal", "hardship", "callback"]
    number: str  #: "" when it could not be kept
    trouble: str = ""
    receipt: Literal["printing", "printed", "failed"] = "printing"
    receipt_trouble: str = ""
    offline: bool = False
    phone: str = ""
    hotline: str = ""
    goes_back: bool = False  #: a visit goes on beneath it


@dataclass(frozen=True, slots=True)
class NoticeToGo:
    """The notice as a QR code and, if she likes, on paper."""

    name: str
    qr: str
    online: bool  #: the code holds an address, not the text
    paper: Literal["sheet", "slip", ""]  #: what it can be printed on now
    printing: Literal["", "printing", "printed", "failed"] = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Tip:
    """A matter that may concern her."""

    name: str
    reason: str  #: one sentence: what it goes by
    complete: bool  #: can be done here
    sample: bool  #: the rule is ours: show 示例


@dataclass(frozen=True, slots=True)
class Tips:
    """政策找人: what else may concern her; looked for because she asked, and kept nowhere."""

    tips: tuple[Tip, ...]  #: at most two; none is an answer, too


@dataclass(frozen=True, slots=True)
class Hardship:
    """办不成事: what went wrong? Large reasons, as many as she likes."""

    reasons: tuple[Reason, ...]
    matter: str = ""  #: short name of the matter that she is in


# --- questions that take the whole screen ---


@dataclass(frozen=True, slots=True)
class LeaveQuestion:
    """Leave and wipe, or stay?"""

    handed_in: bool  #: the case is already safe
    can_save: bool = False  #: she may have it kept and go on another time
    draft_days: int = 0  #: how long the platform keeps it
    about: Literal["case", "correction", "withdrawal", "looking"] = "case"  #: looking: nothing was begun

    @property
    def means(self) -> str:
        """Words `leave_question.<…>`: what leaving means now."""
        if self.about == "looking":
            return "looking"
        if not self.handed_in:
            return "lost"
        return "safe" if self.about == "case" else f"safe_{self.about}"


@dataclass(frozen=True, slots=True)
class StillThere:
    """Are you still there? The number counts down."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Away:
    """Nobody stands here: what is hers is covered until she comes back, by a touch or as the sensor sees her."""

    seconds: int  #: until the visit ends; they run faster than usual


@dataclass(frozen=True, slots=True)
class Help:
    """Who helps, and how to reach them."""

    place: str
    hours: str
    phone: str
    hotline: str = ""  #: the city's; "" when it is the same


@dataclass(frozen=True, slots=True)
class LookChoice:
    """How large, which colours, how low, how long, how loud: shown at once on this very screen."""

    look: Look
    page: LookPage = "see"  #: where what she changed last stands; she turns to the others herself


@dataclass(frozen=True, slots=True)
class Sorry:
    """Something failed that nobody foresaw; the visit was ended safely."""

    reference: str


View = (
    TendingDoor
    | TendingList
    | Refilling
    | DeviceTest
    | TouchTest
    | VersionProof
    | Handover
    | Bundling
    | Idle
    | OutOfService
    | Home
    | Matters
    | Notice
    | Readiness
    | Consent
    | PlaceCard
    | ConfirmIdentity
    | Unfinished
    | Situation
    | EarlierCases
    | Overview
    | PromiseText
    | Form
    | Capture
    | Phone
    | Stick
    | CheckPage
    | Review
    | SignView
    | HandingIn
    | NotSaved
    | Done
    | Evaluate
    | Goodbye
    | LeaveQuestion
    | StillThere
    | Help
    | LookChoice
    | Sorry
    | Away
    | CleanQuestion
    | Cleaning
    | Finding
    | Cases
    | CaseStanding
    | Withdraw
    | Noted
    | NoticeToGo
    | Hardship
    | Tips
    | SetupForm
    | SetupList
    | SetupWork
    | SetupTouch
)


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the face needs at one moment."""

    number: int  #: grows with each change of state; a touch meant for an older scene is dropped
    view: View
    chrome: Chrome
