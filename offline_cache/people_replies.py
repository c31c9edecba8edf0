"""What the platform tells of one person, checked at the border (docs/backend-api.md, *People*).

Unknown members are left alone. Nothing here is ever written to the disk or to the log; what names a person or tells
of her stays out of every `repr`.
"""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, JsonValue, StringConstraints

from offline_cache.said import SAID

Short = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
PartName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{1,15}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Said(BaseModel):
    model_config = SAID


class DepartmentItem(_Said):
    """One item (事项) that a department does for a case."""

    code: str
    name: str


class DepartmentStanding(_Said):
    """Where the part of a case stands that one department does."""

    department: str
    items: tuple[DepartmentItem, ...] = ()
    state: str  #: waiting (for another department's), or a state of a case
    what: str  #: the same in words, or the department's own
    at: datetime  #: since when


class AskedMaterial(_Said):
    """A material that is to be brought again."""

    slot: Short
    name: Short


class AskedCorrection(_Said):
    """What a department wants put right (补正), and nothing else."""

    correction_id: Id
    department: str
    reason: str
    fields: tuple[str, ...] = ()  #: names of fields to be asked again
    materials: tuple[AskedMaterial, ...] = ()
    asked_at: datetime


class Standing(_Said):
    """How far one of her cases is, department by department."""

    case_id: Id
    acceptance_number: Short
    matter_code: str
    matter: str
    state: str
    received_at: datetime
    departments: tuple[DepartmentStanding, ...] = ()
    correction: AskedCorrection | None = None  #: the oldest that waits for her answer
    can_withdraw: bool = False


class StandingList(_Said):
    """Her cases."""

    cases: Annotated[tuple[Standing, ...], Field(max_length=50)]  #: newest first


class EarlierValue(_Said):
    """What she wrote into a field of an earlier case."""

    field: Short  #: the field's name
    value: JsonValue = Field(repr=False)
    matter: str  #: name of the matter it comes from
    at: datetime  #: when that case was handed in


class Licence(_Said):
    """An e-licence (电子证照) of hers that the platform's library holds."""

    kind: Short
    name: str
    licence_number: str = Field(repr=False)
    issuer: str
    valid_until: date | None = None  #: None: without end
    sample: bool


class Earlier(_Said):
    """What she need not write or bring again."""

    values: tuple[EarlierValue, ...] = ()
    licences: tuple[Licence, ...] = ()


class DraftThere(_Said):
    """A draft of hers that waits at the platform."""

    draft_id: Id
    matter: str  #: its code
    version: str
    saved_at: datetime
    expires_at: datetime
    pages: Annotated[int, Field(ge=0)]


class DraftList(_Said):
    """Her drafts."""

    drafts: tuple[DraftThere, ...]  #: newest first


class DraftPart(_Said):
    """One page of a draft."""

    part: PartName
    sha256: Sha256  #: of the page, opened
    length: int = Field(alias="bytes", ge=0)  #: of the same


class DraftContent(_Said):
    """A draft as the terminal that saved it noted it."""

    note: dict[str, Any] = Field(repr=False)
    parts: tuple[DraftPart, ...] = ()
