"""A visit that a power cut ended: what she had told and photographed, sealed to her card."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from kiosk.capture.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a visit has gathered besides its pages. Without it nobody could tell whose the pages are."""

    matter: str  #: code
    version: str  #: of the matter: another one may ask for other things
    who: str = field(repr=False)  #: kind and number of her card
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    filled: Mapping[str, str] = field(default_factory=dict, repr=False)
    form_seen: bool = False
    case_id: str = ""  #: drawn when she came to sign: what is handed in under it twice, is one case
    pages: tuple[str, ...] = ()  #: SHA-256 of the pages that were hers when this was written
    proofs: Mapping[str, str] = field(default_factory=dict)  #: slot → paper, licence or promise, as she chose
    delivery: Mapping[str, str] = field(default_factory=dict, repr=False)  #: how the result is to reach her

    def written(self, place: int) -> bytes:
        """As bytes. `place`: of the last page that was confirmed before."""
        return json.dumps(asdict(self) | {"place": place}).encode("ascii")

    @classmethod
    def read(cls, content: bytes) -> "tuple[Note, int]":
        """The note and its place. Raises ValueError for anything else."""
        try:
            told = json.loads(content)
            place = int(told.pop("place"))
            return cls(**told | {"pages": tuple(told["pages"])}), place
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"no note of a visit: {type(error).__name__}") from None

    def same_errand(self, other: "Note") -> bool:
        """Whether both are of one person at one matter, as it reads today."""
        return (self.who, self.matter, self.version) == (other.who, other.matter, other.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVisit:
    """What is left of it."""

    visit: str  #: its id
    at: datetime  #: of the note, by the terminal's wall clock
    note: Note
    last_place: int  #: of its drafts
    pages: tuple[tuple[str, Page], ...] = field(repr=False)  #: slot and page, as she confirmed them
    draft_id: str = ""  #: under which the platform keeps it; "": a power cut ended it here


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftToSave:
    """A visit that she wants to go on with another time, on its way to the platform."""

    draft_id: str
    note: Note
    pages: tuple[tuple[str, Page], ...] = field(repr=False)  #: slot and page

    @property
    def number(self) -> str:
        """Hers, as her card says."""
        return self.note.who.partition(" ")[2]
