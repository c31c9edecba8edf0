"""The catalogue's files as pydantic sees them: the border at which a clerk's YAML is checked, value by value.

Only shapes are checked here; whether names refer to something that exists is `check`'s work.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic import Field as Value
from pydantic_core import PydanticCustomError

from kiosk.catalogue.model import Check
from kiosk.catalogue.parse_terms import (
    ActingEntry,
    CheckedDays,
    InPersonEntry,
    Name,
    Part,
    PromiseEntry,
    PublishedFacts,
    RepeatEntry,
    Text,
)
from kiosk.catalogue.terms import ALONE, JOINT, Delivery, Paper, Step, Trust
from kiosk.reading.values import Kind

MatterCode = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z][0-9]{2,3}$")]
Slot = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{2}$")]
Rules = dict[Name, Annotated[tuple[Name, ...], Value(min_length=1)]]
_SOURCE = r"^(card|answer|delivery)\.[a-z][a-z0-9_]*$|^ocr\.[a-z-]+\.[a-z_]+$|^$"
Prefill = Annotated[str, StringConstraints(strict=True, pattern=_SOURCE)]


class ItemFacts(Part):
    """An item as the city published it."""

    code: Text
    name: Text
    department: Text
    level: Literal["town", "city", "province"] = "city"
    note: str = ""
    online: bool = True
    aliases: tuple[Text, ...] = ()


class MatterFacts(Part):
    """A matter as the city published it."""

    code: MatterCode
    name: Text
    aliases: tuple[Text, ...] = ()
    origin: Literal["consolidated", "new", "licence"]
    lead: Text
    partners: tuple[Text, ...] = ()
    open_ended: bool = False
    items: tuple[ItemFacts, ...] = ()
    published: PublishedFacts | None = None


class Topics(Part):
    """topics.yaml"""

    matters: tuple[MatterFacts, ...]


class Synonyms(Part):
    """synonyms.yaml"""

    synonyms: dict[MatterCode, tuple[Text, ...]]


class ChoiceEntry(Part):
    """An answer or a value."""

    value: Name
    label: Text
    explanation: str = ""


class FieldEntry(Part):
    """A field of the data dictionary."""

    name: Name
    label: Text
    check: Check
    hint: str = ""
    required: bool = True
    choices: tuple[ChoiceEntry, ...] = ()
    prefill: Prefill = ""
    otherwise: Prefill = ""
    locked: bool = False
    secret: Literal["", "none", "name", "number", "phone", "bank", "address", "whole"] = ""
    longest: Annotated[int, Value(ge=1, le=500)] = 60


class Dictionary(Part):
    """dictionary.yaml"""

    fields: tuple[FieldEntry, ...]


class NoticeEntry(Part):
    """一次告知"""

    what: Text
    who_for: Text
    who_decides: Text
    how_long: Text
    fee: Text
    not_here: tuple[Text, ...]
    next_steps: Annotated[tuple[Text, ...], Value(min_length=1)]
    ask: Text


class QuestionEntry(Part):
    """A situation question."""

    name: Name
    text: Text
    choices: Annotated[tuple[ChoiceEntry, ...], Value(min_length=2, max_length=5)]
    when: Rules = {}


def _named(entry: Any) -> Any:
    return {"name": entry} if isinstance(entry, str) else entry


class FormField(Part):
    """A field's place in the form: a bare name, or a name with rules."""

    name: Name
    when: Rules = {}


class FormSection(Part):
    """Fields that are asked together."""

    section: Text
    repeat: RepeatEntry | None = None
    fields: Annotated[tuple[Annotated[FormField, BeforeValidator(_named)], ...], Value(min_length=1)]


def _pages_in_order(entry: "MaterialEntry") -> "MaterialEntry":
    if entry.min_pages > entry.max_pages:
        raise PydanticCustomError("pages_in_order", "min_pages is greater than max_pages")
    return entry


class BudgetEntry(Part):
    """What a material's PDF may cost; what is not said is `kiosk.capture.budget`'s default."""

    most_kb: Annotated[int, Value(ge=100, le=100_000, description="kilobytes of 1000 bytes")] | None = None
    least_dpi: Annotated[int, Value(ge=100, le=300)] | None = None


def _each(entry: Any) -> Any:
    return [entry] if isinstance(entry, str) else entry


class MaterialEntry(Part):
    """A material slot."""

    slot: Slot
    name: Text
    min_pages: Annotated[int, Value(ge=1, le=50)] = 1
    max_pages: Annotated[int, Value(ge=1, le=50)]
    hint: Text
    source: Text
    size: Literal["A4", "card"] = "A4"
    picture: Text = "file-document-outline"
    reads: Annotated[tuple[Kind, ...], BeforeValidator(_each)] = ()
    reads_when: Rules = {}
    form_code: Annotated[str, StringConstraints(strict=True, pattern=r"^[!-~]{4,40}$|^$")] = ""
    layout: Literal["each", "both_sides"] | None = None
    budget: BudgetEntry = BudgetEntry()
    watermark: bool = True
    trust: Trust = Trust.C
    paper: Paper = Paper.ORIGINAL
    licence: str = ""
    promise: str = ""
    valid_months: Annotated[int, Value(ge=1, le=240)] | None = None


def _slotted(entry: Any) -> Any:
    return {"slot": entry} if isinstance(entry, str) else entry


class ItemMaterial(Part):
    """A material that an item needs: a bare slot, or a slot with rules."""

    slot: Slot
    when: Rules = {}
    insists: bool = False


class ItemNeeds(Part):
    """What an item needs, beside what was published of it. Its name and department stand here where nobody did."""

    name: Text | None = None
    department: Text | None = None
    level: Literal["town", "city", "province"] = "city"
    online: bool = True
    note: str = ""
    aliases: tuple[Text, ...] = ()
    when: Rules = {}
    fields: tuple[Name, ...] = ()
    materials: tuple[Annotated[ItemMaterial, BeforeValidator(_slotted)], ...] = ()
    after: tuple[Text, ...] = ()
    days: CheckedDays | None = None
    in_person: InPersonEntry | None = None
    forms: Annotated[int, Value(ge=0, le=9)] = 1
    visits: Annotated[int, Value(ge=0, le=9)] = 1
    steps: tuple[Step, ...] = ALONE
    basis: str = ""
    conditions: str = ""
    fee: str = ""
    result: str = ""
    delivery: tuple[Delivery, ...] = ()


class Package(Part):
    """A matter's own file: everything that makes it possible to hand it in here."""

    matter: MatterCode
    version: Text
    sample: bool
    effective_from: date | None = None
    effective_until: date | None = None
    short_name: Text | None = None
    minutes: Annotated[int, Value(ge=1, le=120)]
    by_hand: bool = False
    staff: Literal["none", "later", "needed"] = "none"
    applicants: Annotated[tuple[Literal["person", "enterprise"], ...], Value(min_length=1)] = ("person",)
    delivery: tuple[Delivery, ...] = ()
    joint_steps: tuple[Step, ...] = JOINT
    acting: ActingEntry | None = None
    notice: NoticeEntry
    questions: tuple[QuestionEntry, ...] = ()
    form: Annotated[tuple[FormSection, ...], Value(min_length=1)]
    promises: tuple[PromiseEntry, ...] = ()
    materials: tuple[Annotated[MaterialEntry, AfterValidator(_pages_in_order)], ...]
    items: Annotated[dict[Text, ItemNeeds], Value(min_length=1)]
