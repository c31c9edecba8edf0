"""What the platform says, checked at the border (docs/backend-api.md). Unknown fields are left alone."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from offline_cache.people_replies import AskedCorrection, DepartmentStanding
from offline_cache.said import SAID

Short = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Said(BaseModel):
    model_config = SAID


class Health(_Said):
    """The platform answers for itself; `service` tells it from a captive portal."""

    service: Literal["joint-service"]
    status: Short
    version: Short
    time: datetime


class Terminal(_Said):
    """Who this terminal is to the platform."""

    terminal_id: Short
    name: str
    recipients: tuple[str, ...]  #: public keys, age1…
    time: datetime


class Enrolment(_Said):
    """What a terminal gets for its one-time code, once."""

    terminal_id: Short
    token: Short
    recipients: tuple[str, ...]
    publishers: tuple[str, ...] = ()  #: public keys (base64) that sign what the platform hands out
    key_id: str | None = None  #: of this terminal's public key, when the platform took it


class GivenKey(_Said):
    """The platform took this terminal's public key."""

    key_id: Short
    publishers: tuple[str, ...] = ()  #: as of `Enrolment`


class FileThere(_Said):
    """A sealed file that is at the platform, wholly or in part."""

    part: Short
    sha256: str
    complete: bool
    location: str | None = None  #: where it can be continued; a platform need not say


class FilesThere(_Said):
    """What of a case is at the platform."""

    files: tuple[FileThere, ...]


class Acceptance(_Said):
    """The platform has the case."""

    case_id: Short
    acceptance_number: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    received_at: datetime


class ProgressStep(_Said):
    """One thing that happened to a case."""

    at: datetime
    department: str
    what: str


class Progress(_Said):
    """How far a case is. What an older platform does not tell has its default."""

    acceptance_number: Short
    matter: str
    state: str
    timeline: tuple[ProgressStep, ...]
    case_id: str = ""
    matter_code: str = ""
    received_at: datetime | None = None
    departments: tuple[DepartmentStanding, ...] = ()
    correction: AskedCorrection | None = None
    can_withdraw: bool = False
