"""The parts of a package that speak of trust, time, place and promises, as pydantic sees them."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Value
from pydantic_core import PydanticCustomError

Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]*$")]
PerCent = Annotated[float, Value(ge=0, le=100)]
Counts = tuple[Annotated[int, Value(ge=1)], Annotated[int, Value(ge=0)]]


class Part(BaseModel):
    """Nothing but what is foreseen, and never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class InPersonEntry(Part):
    """A step for which the citizen must be seen."""

    why: Text
    where: Text
    address: str = ""
    hours: str = ""


def _in_time(entry: "DaysEntry") -> "DaysEntry":
    if entry.promised > entry.statutory:
        raise PydanticCustomError("days_in_order", "promised is greater than statutory")
    return entry


class DaysEntry(Part):
    """Working days."""

    statutory: Annotated[int, Value(ge=0, le=400)]
    promised: Annotated[int, Value(ge=0, le=400)]


CheckedDays = Annotated[DaysEntry, AfterValidator(_in_time)]


class PromiseEntry(Part):
    """告知承诺"""

    name: Name
    title: Text
    text: Text
    false_means: Text


def _numbered(label: str) -> str:
    if label.count("{n}") != 1 or label.count("{") != 1 or label.count("}") != 1:
        raise PydanticCustomError("number_in_label", "the label must contain {n} once")
    return label


class RepeatEntry(Part):
    """A section that is asked several times."""

    question: Name
    times: Annotated[dict[Name, Annotated[int, Value(ge=0, le=12)]], Value(min_length=1)]
    label: Annotated[Text, AfterValidator(_numbered)]


class ActingEntry(Part):
    """Which answers mean that somebody acts for another."""

    question: Name
    agent: tuple[Name, ...] = ()
    guardian: tuple[Name, ...] = ()
    fields: tuple[Name, ...] = ()
    applicant: tuple[()] | tuple[Name, Name] = ()


class PublishedFacts(Part):
    """Results that the city published, to hold a package's arithmetic against."""

    items: int | None = None
    departments: int | None = None
    steps: PerCent | None = None
    materials: PerCent | None = None
    visits: PerCent | None = None
    materials_counts: Counts | None = None
    forms_counts: Counts | None = None


class DepartmentFacts(Part):
    """An office and the names that lists give it."""

    name: Text
    aliases: tuple[Text, ...] = ()
    formerly: tuple[Text, ...] = ()


class Departments(Part):
    """departments.yaml"""

    departments: tuple[DepartmentFacts, ...]
