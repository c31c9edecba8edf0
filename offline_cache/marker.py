"""The marker: a small clear file beside the sealed ones that says "these together were handed in".

It is durable before the commit in the database, and names every sealed file of its unit by hash, so a unit is
complete or visibly not. Its name is the SHA-256 of what it says. ADR 0028 tells what a marker without a row means.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from offline_cache.errors import Corrupt
from offline_cache.said import SAID

SUFFIX = ".case"

_Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class MarkedPart(BaseModel):
    """One sealed file of the unit."""

    model_config = SAID

    part: Annotated[str, Field(pattern=r"^p[0-9]{2}$")]
    sha256: _Hex  #: of the age bytes; with `.age` behind it, the file's name
    bytes: Annotated[int, Field(ge=1)]

    @property
    def file(self) -> str:
        """Its name in the spool."""
        return f"{self.sha256}.age"


class Marker(BaseModel):
    """What was handed in, without a word about whom it concerns."""

    model_config = SAID

    version: Literal[1] = 1
    unit: Literal["case", "message"] = "case"
    id: Annotated[str, Field(min_length=36, max_length=36)]
    order: int  #: rises with each hand-in of this terminal
    at: str  #: handed in; wall clock
    parts: tuple[MarkedPart, ...]
    local_number: str | None = None  #: of a case
    matter_code: str | None = None  #: of a case
    kind: str | None = None  #: of a message
    about: str | None = None  #: of a message: the id of the case to which it belongs
    body: dict[str, Any] | None = None  #: of a message, in clear

    def content(self) -> bytes:
        """As it stands in its file."""
        said = self.model_dump(mode="json", exclude_none=True)
        return json.dumps(said, sort_keys=True).encode("ascii") + b"\n"


@dataclass(frozen=True, slots=True)
class Mark:
    """What `Spool.keep_unit` needs to label the files of a unit."""

    marker: Marker  #: without parts; they are known once they are sealed
    names: tuple[str, ...]  #: of the parts, in order


def marker_name(content: bytes) -> str:
    """The name under which a marker of this content lies in the spool."""
    return hashlib.sha256(content).hexdigest() + SUFFIX


def parse_marker(content: bytes) -> Marker:
    """The marker in a file. Raises `Corrupt`; its facts hold no content."""
    try:
        return Marker.model_validate_json(content)
    except ValidationError:
        raise Corrupt(why="marker") from None
