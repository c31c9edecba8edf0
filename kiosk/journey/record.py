"""What one visit has gathered so far. Held in memory only; wiping is replacing it by a new one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from devices.evaluator import Level
from kiosk.capture.fingerprint import Seen
from kiosk.capture.page import Page
from kiosk.catalogue.checks import Prefilled, prefill, problem
from kiosk.catalogue.combine import combine, holds, questions, valid_answers
from kiosk.catalogue.model import CasePlan, Check, Field, Material, Matter, Question
from kiosk.domain.case import Agent, Applicant
from kiosk.journey import acting, delivery
from kiosk.journey.arranged import Arranged, taken_up
from kiosk.journey.beside import Beside, restricted
from kiosk.journey.brought import Brought
from kiosk.journey.confirming import Reason
from kiosk.journey.events import SheetState
from kiosk.journey.papers_read import PapersRead
from kiosk.kept_visit import KeptVisit, Note
from offline_cache.drafts import OwnKey

#: what she types when no card can be read; the labels are words `by_hand.<name>`
BY_HAND = (
    Field(name="name", label="", check=Check.NAME, section="", longest=30),
    Field(name="number", label="", check=Check.ID_NUMBER, section="", longest=18),
)

#: source of a value that is not hers yet → words key of what she is asked about it, until she confirms it
PROPOSED = {"ocr": "ocr.confirm", "earlier": "form.from.confirm"}

SlipState = Literal["printing", "printed", "failed"]
Strokes = tuple[tuple[tuple[float, float], ...], ...]


@dataclass(slots=True)
class Record:
    """The visit so far."""

    matter: Matter | None = None
    card_key: OwnKey | None = field(default=None, repr=False)  #: only the card that was read has it
    kept_visit: KeptVisit | None = field(default=None, repr=False)  #: an earlier one, until she chose
    query: str = ""
    listed: bool = False  #: the matter was chosen from the list, not from the home screen
    ticks: set[str] = field(default_factory=set)
    consented_at: datetime | None = None
    applicant: Applicant | None = field(default=None, repr=False)
    identified: str = field(default="", repr=False)  #: whose card was read last in this visit
    typed: dict[str, str] = field(
        default_factory=dict, repr=False
    )  #: name and number, while no card can be read
    answers: dict[str, str] = field(default_factory=dict)
    asking: int = 0  #: index of the question on the screen
    filled: dict[str, str] = field(default_factory=dict, repr=False)
    form_seen: bool = False
    show_problems: bool = False
    question: str = ""  #: in simple mode the field that is asked now; "": the first
    pages: dict[str, list[Page]] = field(default_factory=dict, repr=False)
    slot: str = ""
    pending: Page | None = field(default=None, repr=False)
    brought: Brought = field(
        default_factory=Brought, repr=False
    )  #: by phone or stick, for the slot that is open
    read: PapersRead = field(default_factory=PapersRead, repr=False)
    arranged: Arranged = field(default_factory=Arranged, repr=False)
    draft: Literal["", "saving", "saved", "failed", "cut"] = (
        ""  #: she wanted to go on another time; cut: had to
    )
    sheet: SheetState = "none"
    taking: bool = False
    picture_failed: str = ""  #: code of the last picture that she asked for and did not get
    trouble: str = ""
    slow: bool = False  #: the platform has not answered within `Delays.slow_after_s`; it is asked on
    strokes: Strokes = field(default=(), repr=False)  #: her signature, while its case is not sealed
    signed_at: datetime | None = None
    instead: Reason = ""  #: why she confirmed by key and did not write
    case_id: str = ""
    digest: str = ""
    local_number: str = ""
    case_number: str = ""
    slip: SlipState = "printing"
    slip_trouble: str = ""
    level: Level | None = None
    reasons: set[str] = field(default_factory=set)
    indicators: set[str] = field(default_factory=set)
    reference: str = ""
    beside: Beside = field(
        default_factory=Beside, repr=False
    )  #: looking for cases, and what is done about one
    to_go: Literal["", "printing", "printed", "failed"] = ""  #: the notice that she takes home
    revealed: str = ""  #: what of hers is seen unmasked for some seconds: "review", "field.<name>"
    sent: Literal["", "correction", "withdrawal"] = ""  #: what `local_number` is of, when it is no new case
    lying: frozenset[str] = frozenset()  #: "card", "papers": what was laid down here and not seen taken away

    @property
    def chosen(self) -> Matter:
        """The matter; only asked after one was chosen."""
        if self.matter is None:
            raise LookupError("no matter was chosen yet")
        return self.matter

    @property
    def known_applicant(self) -> Applicant:
        """The applicant; only asked after she identified herself."""
        if self.applicant is None:
            raise LookupError("nobody identified herself yet")
        return self.applicant

    # --- who ---

    def identify(self, applicant: Applicant, key: OwnKey | None = None) -> None:
        """Take `applicant` in, and the key of the card. What another person told before does not become hers."""
        who = f"{applicant.kind} {applicant.number}"
        if self.identified not in ("", who):
            self.answers, self.filled, self.pages = {}, {}, {}
            self.form_seen, self.case_id, self.digest = False, "", ""
            self.read, self.arranged = PapersRead(), Arranged()
        self.kept_visit, self.card_key = None, key
        self.applicant, self.identified = applicant, who

    # --- situation ---

    def asked(self) -> tuple[Question, ...]:
        """The questions that this case asks, given the answers so far."""
        return () if self.beside.correction else questions(self.chosen, self.answers)

    def first_unanswered(self) -> int | None:
        """The index of the first question without an answer."""
        return next((i for i, asked in enumerate(self.asked()) if asked.name not in self.answers), None)

    def plan(self) -> CasePlan:
        """One form and one set of materials; in a correction what was sent back, and nothing else."""
        if self.beside.correction is not None:
            return restricted(self.chosen, self.beside.correction)
        return combine(self.chosen, self.answers, self.arranged.instead(self.chosen))

    def people(self) -> tuple[Applicant, Agent | None]:
        """Whom the case is for, and who acts for her."""
        return acting.people(self.chosen, self.answers, self.known_applicant, self.confirmed())

    # --- a visit that a power cut ended ---

    def note(self) -> Note | None:
        """What is kept of this visit besides its pages. None without her card: anybody can type a number."""
        if self.card_key is None or self.matter is None or self.beside.doing:
            return None
        return Note(
            matter=self.matter.code,
            version=self.matter.version,
            who=self.identified,
            answers=dict(self.answers),
            filled=dict(self.filled),
            form_seen=self.form_seen,
            case_id=self.case_id,
            pages=tuple(page.sha256 for pages in self.pages.values() for page in pages),
            proofs=dict(self.arranged.proofs),
            delivery=dict(self.arranged.delivery),
        )

    def take_up(self, kept: KeptVisit) -> None:
        """She goes on with an earlier visit: what she had told and photographed is hers again."""
        self.answers, self.filled = dict(kept.note.answers), dict(kept.note.filled)
        self.form_seen, self.case_id = kept.note.form_seen, kept.note.case_id
        self.arranged = taken_up(kept.note.proofs, kept.note.delivery, kept.draft_id)
        if self.form_seen:
            self.arranged.overview_of = tuple(item.code for item in self.plan().items)
        self.pages = {}
        for slot, page in kept.pages:
            self.kept(slot).append(page)
        self.drop_unneeded_pages()

    # --- by hand ---

    def typed_problems(self, today: datetime) -> dict[str, str]:
        """ "name", "number" → words key, for what is missing or wrong of what she types instead of her card."""
        found = {
            asked.name: problem(asked, self.typed.get(asked.name, ""), today.date()) for asked in BY_HAND
        }
        return {name: key for name, key in found.items() if key is not None}

    # --- form ---

    def fields(self) -> tuple[Field, ...]:
        """The fields of the plan, but for what is asked when it comes to the result.

        What only a card could have told is hers to fill in when she has none read.
        """
        plan = self.plan()
        fields = plan.fields
        if delivery.ways(self.chosen, plan, prints=True):
            fields = tuple(f for f in fields if not f.prefill.startswith(delivery.ANSWERED))
        if self.applicant is None or self.applicant.entered == "card":
            return fields
        known = self.applicant.card_values()
        return tuple(replace(f, locked=f.locked and f.prefill in known) for f in fields)

    def values(self) -> Mapping[str, Prefilled]:
        """Every field's value and where it came from. What was read from a page or told earlier is not hers yet."""
        proposed = self.read.values(page for pages in self.pages.values() for page in pages)
        known = dict(self.confirmed())
        for field_ in self.fields():
            value = proposed.get(field_.read_from, "") if field_.read_from else ""
            earlier = self.arranged.values.get(field_.name)
            if field_.locked or field_.name in known or field_.name in self.filled:
                continue
            if value:
                known[field_.name] = Prefilled(value, "ocr")
            elif earlier is not None:
                known[field_.name] = Prefilled(earlier.value, "earlier")
        return known

    def confirm_proposed(self) -> None:
        """She looked at what was found of her, and all is right. What was read from a page she opens one by one."""
        for name, known in self.values().items():
            if known.source == "earlier":
                self.filled[name] = known.value

    def confirmed(self) -> Mapping[str, Prefilled]:
        """What the card told, what follows from her answers, and what she filled in or confirmed."""
        card = self.applicant.card_values() if self.applicant else {}
        known = dict(prefill(self.plan(), card, self.answers))
        for field_ in self.fields():
            if not field_.locked and field_.name in self.filled:
                known[field_.name] = Prefilled(self.filled[field_.name], "citizen")
        return known

    def form_problems(self, today: datetime) -> dict[str, str]:
        """Field name → words key, for every field that is missing or wrong."""
        values = self.values()
        found = {}
        for field_ in self.fields():
            known = values.get(field_.name)
            wrong = problem(field_, known.value if known else "", today.date())
            if known is not None and known.source in PROPOSED:
                wrong = wrong or PROPOSED[known.source]
            elif known is None and self.to_be_read(field_):
                wrong = None
            if wrong is not None and not field_.locked:
                found[field_.name] = wrong
        if self.applicant is not None and acting.same_person(
            self.chosen, self.answers, self.applicant, values
        ):
            found[acting.whose_fields(self.chosen)[1]] = "form.problem.same_person"
        return found

    # --- what papers tell ---

    def to_be_read(self, asked: Field) -> bool:
        """Whether a paper that is not photographed yet will tell this field: she need not write it down first."""
        if asked.read_from is None:
            return False
        kind, given = asked.read_from[0], self._given()
        return any(
            kind in m.reads and holds(m.reads_when, given) and len(self.kept(m.slot)) < m.min_pages
            for m in self.plan().materials
        )

    def wanted_kind(self, slot: str, page: int) -> str:
        """The kind of document that is wanted as a material's page (from 0); "" when any paper will do."""
        material = next(m for m in self.plan().materials if m.slot == slot)
        return material.wanted(page) if holds(material.reads_when, self._given()) else ""

    def other_slot(self, page: Page) -> str:
        """The other material of this case that a page belongs to by its printed code, while it has room; or ""."""
        slot = self.read.belongs.get(page.sha256, "")
        other = next((m for m in self.plan().materials if m.slot == slot != self.slot), None)
        return slot if other is not None and len(self.kept(slot)) < other.max_pages else ""

    def _given(self) -> Mapping[str, str]:
        return valid_answers(self.chosen, self.answers)

    # --- materials ---

    def material(self) -> Material:
        """The material that is being photographed."""
        return next(m for m in self.plan().materials if m.slot == self.slot)

    def kept(self, slot: str) -> list[Page]:
        """The pages of `slot` that were kept."""
        return self.pages.setdefault(slot, [])

    def keep(self, page: Page) -> str:
        """She confirmed `page`: it is hers now, and the untouched picture of it goes. Gives the slot it went to."""
        slot = self.other_slot(page) or self.slot
        self.kept(slot).append(replace(page, original=None))
        return slot

    def seen(self) -> Seen:
        """What the pages look like that were kept, so that none is taken twice."""
        return Seen(page.fingerprint for pages in self.pages.values() for page in pages)

    def lacking(self) -> tuple[str, ...]:
        """The slots that have fewer pages than they need, in order."""
        return tuple(m.slot for m in self.plan().materials if len(self.kept(m.slot)) < m.min_pages)

    def drop_unneeded_pages(self) -> None:
        """A changed answer can make a material needless; its pages must not travel along."""
        needed = {m.slot for m in self.plan().materials}
        for slot in [slot for slot in self.pages if slot not in needed]:
            del self.pages[slot]

    def page_count(self) -> int:
        """All pages that were kept."""
        return sum(len(pages) for pages in self.pages.values())
