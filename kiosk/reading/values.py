"""What a reader of documents is asked, and what it answers."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Kind(enum.StrEnum):
    """The documents that can be read. A material slot names the one it wants (`Material.reads`)."""

    ID_FRONT = "id-front"
    ID_BACK = "id-back"
    BUSINESS_LICENCE = "business-licence"
    HOUSEHOLD = "household"


class Warning(enum.StrEnum):
    """What a citizen is told before she keeps the page. Each has its sentence in words `ocr.warning.<value>`."""

    EXPIRED = "expired"  #: the document's last day is past
    WRONG_SIDE = "wrong_side"  #: the other side of the card that was asked for
    NOT_THIS_KIND = "not_this_kind"  #: another document, or none


#: the names of the fields of each kind, in the order in which they stand on the document
FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ID_FRONT: ("name", "sex", "ethnicity", "birth", "address", "number"),
    Kind.ID_BACK: ("authority", "valid_from", "valid_to"),
    Kind.BUSINESS_LICENCE: (
        "uscc",
        "name",
        "type",
        "legal_person",
        "capital",
        "established",
        "address",
        "scope",
    ),
    Kind.HOUSEHOLD: ("head", "name", "relation", "sex", "birth", "number", "address"),
}

LONG_TERM = "长期"  #: `valid_to` of a card that never expires, as it is printed


@dataclass(frozen=True, slots=True)
class Field:
    """One value that was read."""

    value: str = field(repr=False)  #: dates as YYYY-MM-DD; numbers without spaces; never empty
    confidence: float  #: 0…1, how often such a value is right; at most 0.5 when it fails its check


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page says. Fields that were not found are missing."""

    kind: Kind  #: what was asked for
    fields: Mapping[str, Field] = field(repr=False)
    kind_matches: bool
    warnings: tuple[Warning, ...] = ()


class ReadingFailed(Exception):
    """The page was not read. The code says why; no fact of it names what stood on the page."""

    code = "R100"

    def __init__(self, code: str, **facts: str | int) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


#: code → what happened; each has its sentences in words `errors.<code>`
CODES: Mapping[str, str] = {
    "R100": "The reading process failed.",
    "R101": "The reading process does not start.",
    "R102": "Reading took too long and was given up.",
    "R103": "The reading process ended in the middle of a page, perhaps at its memory cap.",
    "R104": "The page is no picture that can be read.",
}
