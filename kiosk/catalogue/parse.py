"""The catalogue's files as pydantic sees them: the border at which a clerk's YAML is checked, value by value.

Only shapes are checked here; whether names refer to something that exists is `check`'s work.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic import Field as Value
from pydantic_core import PydanticCustomError

from kiosk.catalogue.model import Check
from kiosk.reading.values import Kind

Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
MatterCode = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z][0-9]{2,3}$")]
Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]*$")]
Slot = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{2}$")]
Rules = dict[Name, Annotated[tuple[Name, ...], Value(min_length=1)]]
_SOURCE = r"^(card|answer)\.[a-z][a-z0-9_]*$|^ocr\.[a-z-]+\.[a-z_]+$|^$"
Prefill = Annotated[str, StringConstraints(strict=True, pattern=_SOURCE)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemFacts(_Part):
    """An item as the city published it."""

    code: Text
    name: Text
    department: Text
    level: Literal["town", "city", "province"] = "city"
    note: str = ""
    online: bool = True


class MatterFacts(_Part):
    """A matter as the city published it."""

    code: MatterCode
    name: Text
    aliases: tuple[Text, ...] = ()
    origin: Literal["consolidated", "new"]
    lead: Text
    partners: tuple[Text, ...] = ()
    open_ended: bool = False
    items: tuple[ItemFacts, ...] = ()


class Topics(_Part):
    """topics.yaml"""

    matters: tuple[MatterFacts, ...]


class Synonyms(_Part):
    """synonyms.yaml"""

    synonyms: dict[MatterCode, tuple[Text, ...]]


class ChoiceEntry(_Part):
    """An answer or a value."""

    value: Name
    label: Text
    explanation: str = ""


class FieldEntry(_Part):
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
    longest: Annotated[int, Value(ge=1, le=500)] = 60


class Dictionary(_Part):
    """dictionary.yaml"""

    fields: tuple[FieldEntry, ...]


class NoticeEntry(_Part):
    """一次告知"""

    what: Text
    who_for: Text
    who_decides: Text
    how_long: Text
    fee: Text
    not_here: tuple[Text, ...]
    next_steps: Annotated[tuple[Text, ...], Value(min_length=1)]
    ask: Text


class QuestionEntry(_Part):
    """A situation question."""

    name: Name
    text: Text
    choices: Annotated[tuple[ChoiceEntry, ...], Value(min_length=2, max_length=5)]
    when: Rules = {}


def _named(entry: Any) -> Any:
    return {"name": entry} if isinstance(entry, str) else entry


class FormField(_Part):
    """A field's place in the form: a bare name, or a name with rules."""

    name: Name
    when: Rules = {}


class FormSection(_Part):
    """Fields that are asked together."""

    section: Text
    fields: Annotated[tuple[Annotated[FormField, BeforeValidator(_named)], ...], Value(min_length=1)]


def _pages_in_order(entry: "MaterialEntry") -> "MaterialEntry":
    if entry.min_pages > entry.max_pages:
        raise PydanticCustomError("pages_in_order", "min_pages is greater than max_pages")
    return entry


class BudgetEntry(_Part):
    """What a material's PDF may cost; what is not said is `kiosk.capture.budget`'s default."""

    most_kb: Annotated[int, Value(ge=100, le=100_000, description="kilobytes of 1000 bytes")] | None = None
    least_dpi: Annotated[int, Value(ge=100, le=300)] | None = None


def _each(entry: Any) -> Any:
    return [entry] if isinstance(entry, str) else entry


class MaterialEntry(_Part):
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


def _slotted(entry: Any) -> Any:
    return {"slot": entry} if isinstance(entry, str) else entry


class ItemMaterial(_Part):
    """A material that an item needs: a bare slot, or a slot with rules."""

    slot: Slot
    when: Rules = {}


class ItemNeeds(_Part):
    """What an item needs, beside what was published of it."""

    when: Rules = {}
    fields: tuple[Name, ...] = ()
    materials: tuple[Annotated[ItemMaterial, BeforeValidator(_slotted)], ...] = ()


class Package(_Part):
    """A matter's own file: everything that makes it possible to hand it in here."""

    matter: MatterCode
    version: Text
    sample: bool
    effective_from: date | None = None
    short_name: Text | None = None
    minutes: Annotated[int, Value(ge=1, le=120)]
    by_hand: bool = False
    notice: NoticeEntry
    questions: tuple[QuestionEntry, ...] = ()
    form: Annotated[tuple[FormSection, ...], Value(min_length=1)]
    materials: tuple[Annotated[MaterialEntry, AfterValidator(_pages_in_order)], ...]
    items: Annotated[dict[Text, ItemNeeds], Value(min_length=1)]
