"""What stands around the matters, as pydantic sees it: recommend.yaml, offices.yaml and messages.yaml."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Value
from pydantic_core import PydanticCustomError

from kiosk.catalogue.parse import MatterCode, Rules
from kiosk.catalogue.parse_terms import Part, Text

Years = Annotated[int, Value(ge=0, le=120)]
# Digits, spaces, dashes and brackets: what stands on a door. Chosen; 12345 is the shortest.
Number = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9][0-9 ()-]{2,19}$|^$")]

# Where on the globe, WGS 84, degrees; wide enough for the province and narrow enough to notice two that changed places.
Latitude = Annotated[float, Value(ge=20, le=54)]
Longitude = Annotated[float, Value(ge=73, le=136)]
# What a large page of the idle screen can hold.
ShortText = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=20)]
LongText = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=90)]


class AgeEntry(Part):
    """From and to, in full years, both included."""

    least: Years = 0
    most: Years = 120


def _in_order(entry: AgeEntry) -> AgeEntry:
    if entry.least > entry.most:
        raise PydanticCustomError("ages_in_order", "least is greater than most")
    return entry


class RecommendEntry(Part):
    """One rule: everything that it names must hold."""

    matter: MatterCode
    reason: Text
    sample: bool
    age: Annotated[AgeEntry, AfterValidator(_in_order)] | None = None
    sex: Literal["男", "女"] | None = None
    home: Literal["here", "elsewhere"] | None = None
    earlier: tuple[MatterCode, ...] = ()
    answers: Rules = {}
    again: bool = False


def _goes_by_something(entry: RecommendEntry) -> RecommendEntry:
    if not (entry.age or entry.sex or entry.home or entry.earlier or entry.answers):
        raise PydanticCustomError("goes_by_nothing", "the rule goes by nothing")
    return entry


class Recommend(Part):
    """recommend.yaml"""

    city: tuple[Text, ...] = ()
    recommendations: tuple[Annotated[RecommendEntry, AfterValidator(_goes_by_something)], ...] = ()


class HotlineEntry(Part):
    """The one number for everything."""

    name: Text
    number: Annotated[Number, StringConstraints(min_length=3)]


class ContactEntry(Part):
    """A department's published number."""

    department: Text
    number: Number
    sample: bool = False


class PointEntry(Part):
    """A place to go to; what is not published stays blank."""

    name: Text
    serves: tuple[Text, ...] = ()
    matters: tuple[MatterCode, ...] = ()
    township: str = ""
    address: str = ""
    hours: str = ""
    phone: Number = ""
    sample: bool = False


class TerminalEntry(Part):
    """A place where another terminal stands; what is not published stays blank."""

    name: Text
    township: str = ""
    address: str = ""
    hours: str = ""
    phone: Number = ""
    way: str = ""
    at: tuple[Latitude, Longitude] | None = None
    sample: bool = False


class OfficesFile(Part):
    """offices.yaml"""

    hotline: HotlineEntry
    contacts: tuple[ContactEntry, ...] = ()
    points: tuple[PointEntry, ...] = ()
    terminals: tuple[TerminalEntry, ...] = ()


class MessageEntry(Part):
    """What the city wants to be read in passing."""

    title: ShortText
    text: LongText
    source: Text
    icon: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$")] = "bullhorn-outline"
    since: date | None = None
    until: date | None = None
    sample: bool = False


def _begins_before_it_ends(entry: MessageEntry) -> MessageEntry:
    if entry.since and entry.until and entry.since > entry.until:
        raise PydanticCustomError("dates_in_order", "since is later than until")
    return entry


class MessagesFile(Part):
    """messages.yaml"""

    messages: Annotated[
        tuple[Annotated[MessageEntry, AfterValidator(_begins_before_it_ends)], ...], Value(max_length=12)
    ] = ()
