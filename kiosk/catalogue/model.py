"""What a matter consists of. Frozen values; `load` parses them from YAML, `combine` makes a case of them."""

import enum
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kiosk.catalogue.terms import (
    ALONE,
    JOINT,
    Acting,
    Days,
    Delivery,
    InPerson,
    Instead,
    Paper,
    Promise,
    Published,
    Repeat,
    Step,
    Trust,
)


class Check(enum.StrEnum):
    """How a field's value is validated; each has its rule in `kiosk.catalogue.checks`."""

    TEXT = "text"
    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    DATE = "date"
    ADDRESS = "address"
    CHOICE = "choice"
    CREDIT_CODE = "credit_code"
    BANK_CARD = "bank_card"
    WHOLE_NUMBER = "whole_number"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a question, or one value of a choice field."""

    value: str
    label: str
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A rule: true when the answer to `question` is one of `among`. No rule is always true."""

    question: str
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A situation (情形): one question a screen, two to five answers."""

    name: str
    text: str
    choices: tuple[Choice, ...]
    when: tuple[When, ...] = ()  #: all must hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of the data dictionary: one name, one type, one check, one label, wherever it is asked."""

    name: str
    label: str
    check: Check
    section: str
    hint: str = ""
    required: bool = True
    choices: tuple[Choice, ...] = ()
    prefill: str = ""  #: "card.name", "answer.QUESTION", "delivery.way" …; "" when only the citizen knows
    otherwise: str = ""  #: where the value comes from when `prefill` knows none: "ocr.id-front.sex"
    #: what may be seen of it: see `kiosk.catalogue.secrets`; "": as its check says
    secret: Literal["", "none", "name", "number", "phone", "bank", "address", "whole"] = ""
    locked: bool = False  #: prefilled from the card and not to be changed by hand
    longest: int = 60  #: characters
    when: tuple[When, ...] = ()  #: asked only when all hold
    repeat: Repeat | None = None  #: asked once for each of several, such as the members of a household

    @property
    def read_from(self) -> tuple[str, str] | None:
        """The kind of document and its field that a page tells this value by; None when none does."""
        for source in (self.prefill, self.otherwise):
            origin, _, place = source.partition(".")
            if origin == "ocr":
                kind, _, name = place.partition(".")
                return kind, name
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialBudget:
    """What a material's PDF may cost; None: the terminal's default."""

    most_kb: int | None = None  #: of 1000 bytes
    least_dpi: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A material slot (材料): what is photographed, how many pages, where people find it."""

    slot: str  #: "00" … unique within the matter
    name: str
    min_pages: int
    max_pages: int
    hint: str  #: one line: which sheet, which side
    reads: tuple[str, ...] = ()  #: `kiosk.reading.Kind` of each page in turn; the last for all that follow
    reads_when: tuple[When, ...] = ()  #: only then; else any paper will do
    form_code: str = ""  #: how the code that is printed on this form begins; "": none is printed
    source: str  #: where one gets it
    size: str = "A4"  #: A4 or card
    picture: str = "file-document-outline"  #: icon name
    layout: str | None = None  #: each or both_sides; None: as its size and number of pages suggest
    budget: MaterialBudget = MaterialBudget()
    watermark: bool = True  #: False: never marked, such as a photograph that will be printed on a permit
    sample: bool = True
    trust: Trust = Trust.C
    paper: Paper = Paper.ORIGINAL
    licence: str = ""  #: the electronic licence that may take its place (免提交); "": none
    promise: str = ""  #: name of the promise that may take its place (告知承诺); "": none
    valid_months: int | None = None  #: how long after its date it is accepted

    @property
    def instead(self) -> tuple[Instead, ...]:
        """What may take its place, the less troublesome first."""
        allowed: tuple[tuple[Instead, str], ...] = (("licence", self.licence), ("promise", self.promise))
        return tuple(way for way, name in allowed if name)

    @property
    def both_sides(self) -> bool:
        """Whether the two sides of a card go onto one A4: said so, or a card with exactly two pages."""
        two_sides = self.size == "card" and self.min_pages == self.max_pages == 2
        return self.layout == "both_sides" or (self.layout is None and two_sides)

    def wanted(self, page: int) -> str:
        """The kind of document that is wanted as this page (from 0); "" when any paper will do."""
        return self.reads[min(page, len(self.reads) - 1)] if self.reads else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item (事项) of the matter, with the fields and materials that it needs and when it applies."""

    code: str
    name: str
    department: str
    level: str  #: town, city, province
    fields: tuple[str, ...] = ()
    materials: tuple[tuple[str, tuple[When, ...]], ...] = ()  #: (slot, rules), all rules must hold
    when: tuple[When, ...] = ()
    note: str = ""
    online: bool = True  #: the province's item system knows it; False: handed over with a paper list
    aliases: tuple[str, ...] = ()  #: what the province's item system and others call it
    sample: bool = False  #: the item itself is ours: nobody published it
    insists: tuple[str, ...] = ()  #: slots of which this item accepts nothing but the paper
    after: tuple[str, ...] = ()  #: codes of items whose results it waits for
    days: Days | None = None
    in_person: InPerson | None = None
    forms: int = 1  #: forms of its own that it has when it is done alone
    visits: int = 1  #: ways that it costs when it is done alone
    steps: tuple[Step, ...] = ALONE
    basis: str = ""  #: 设定依据; "" as long as the department has not said
    conditions: str = ""  #: 受理条件
    fee: str = ""  #: 收费; "" as long as the department has not said
    result: str = ""  #: what she gets in the end
    delivery: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """一次告知: what a citizen must know before she starts."""

    what: str
    who_for: str
    who_decides: str
    how_long: str
    fee: str
    not_here: tuple[str, ...]  #: what cannot be done at the terminal
    next_steps: tuple[str, ...]  #: what happens after the hand-in; printed on the receipt
    ask: str  #: whom to ask, telephone


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A joint-service matter (主题)."""

    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    lead: str
    partners: tuple[str, ...]
    items: tuple[Item, ...]
    origin: str  #: "consolidated" (54) or "new" (10)
    complete: bool  #: has form and materials and can be handed in here
    sample: bool  #: form and materials are ours, not the city's
    version: str = "1"
    effective_from: date | None = None
    minutes: int = 0  #: an honest estimate for one visit
    notice: Notice | None = None
    questions: tuple[Question, ...] = ()
    fields: tuple[Field, ...] = ()
    materials: tuple[Material, ...] = ()
    synonyms: tuple[str, ...] = ()  #: what people call it; ours, for the search only, never shown as a name
    by_hand: bool = False  #: name and number may be typed while no card can be read; looked at at the window
    #: whether somebody must be behind the window: needed, to take it; later, to look at it once the window opens
    staff: Literal["none", "later", "needed"] = "none"
    open_ended: bool = False  #: the published list of partners ends in 等
    effective_until: date | None = None  #: the last day
    applicants: tuple[str, ...] = ("person",)  #: person, enterprise
    promises: tuple[Promise, ...] = ()
    acting: Acting | None = None
    joint_steps: tuple[Step, ...] = JOINT
    delivery: tuple[Delivery, ...] = ()
    published: Published | None = None

    def __hash__(self) -> int:
        """Quick: code and version tell matters apart almost always; equality still compares everything."""
        return hash((self.code, self.version))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields that are asked together."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A material that need not be handed in: an electronic licence or a signed promise stands for it."""

    material: Material
    by: Instead
    promise: Promise | None = None  #: with its text, when it is a promise


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlan:
    """One form and one set of materials for one set of answers."""

    items: tuple[Item, ...]
    sections: tuple[Section, ...]
    materials: tuple[Material, ...]  #: to be handed in
    replaced: tuple[Replaced, ...] = ()
    feeds: tuple[tuple[str, tuple[str, ...]], ...] = ()  #: slot → codes of the items that need it

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields, in the order in which they are asked."""
        return tuple(field for section in self.sections for field in section.fields)

    @property
    def promises(self) -> tuple[Promise, ...]:
        """The promises to be read and signed, each once."""
        return tuple(dict.fromkeys(r.promise for r in self.replaced if r.promise is not None))
