"""Pictures from a citizen's phone, as the platform hands them on (docs/backend-api.md). Nothing touches the disk."""

import json
import re
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import BaseModel, Field, StringConstraints

from offline_cache.answers import accepted, parsed
from offline_cache.errors import Garbled, Portal
from offline_cache.link import Link
from offline_cache.said import SAID

_PLACE = "/v1/phone-uploads"
#: what a page of the platform's own may be long; a QR code of it stays readable from a metre
_PAGE = re.compile(r"https?://[A-Za-z0-9.:\-\[\]]+(/[A-Za-z0-9._~\-]+)*/u/[0-9A-Za-z_\-]{8,64}")
LONGEST_PICTURE_BYTES = 20 * 1024 * 1024  # of the contract; the platform refuses longer ones

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
State = Literal["waiting", "opened", "arrived", "over"]


class _Said(BaseModel):
    model_config = SAID


class PhoneUpload(_Said):
    """A slot that waits for a phone."""

    upload_id: Id
    url: Annotated[str, StringConstraints(max_length=200)]  #: of the upload page, for the QR code
    lasts_s: Annotated[int, Field(ge=0, le=86_400)]


class PhonePicture(_Said):
    """A picture that waits to be fetched."""

    n: Annotated[int, Field(ge=1, le=1000)]
    length: Annotated[int, Field(ge=1)]


class PhoneState(_Said):
    """How far a phone upload is."""

    state: State
    arrived: Annotated[int, Field(ge=0)]  #: pictures that ever came
    pages: Annotated[tuple[PhonePicture, ...], Field(max_length=100)]


class PhoneUploads:
    """The calls of `/v1/phone-uploads`; each raises `UploadError` and nothing else."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def begin(self, label: str, most_pages: int, minutes: int) -> PhoneUpload:
        """Wait for at most `most_pages` pictures; `label` names the material and never a person."""
        body = json.dumps({"label": label[:60], "most_pages": most_pages, "minutes": minutes}).encode("ascii")
        headers = {"Content-Type": "application/json"}
        reply = accepted(self._link.ask("POST", _PLACE, headers=headers, body=body), {201})
        begun = parsed(reply, PhoneUpload)
        if not _PAGE.fullmatch(begun.url):  # it is going to be scanned by somebody who trusts this screen
            raise Garbled(what="PhoneUpload", field="url")
        return begun

    def look(self, upload_id: str) -> PhoneState:
        """How far it is. Raises `Garbled` (404) once the platform has forgotten it."""
        return parsed(accepted(self._link.ask("GET", _at(upload_id)), {200}), PhoneState)

    def picture(self, upload_id: str, number: int) -> bytes:
        """The bytes of a picture, as the phone sent them: not to be trusted."""
        place = f"{_at(upload_id)}/pages/{number}"
        reply = accepted(self._link.ask("GET", place, longest_reply=LONGEST_PICTURE_BYTES), {200})
        if reply.media_type != "application/octet-stream":
            raise Portal(why="not_ours", status=reply.status)
        return reply.body

    def taken(self, upload_id: str, number: int) -> None:
        """The picture is here; the platform forgets it."""
        accepted(self._link.ask("DELETE", f"{_at(upload_id)}/pages/{number}"), {204})

    def end(self, upload_id: str) -> None:
        """Nobody waits any more; what is left there is forgotten. One that is gone already is no error."""
        reply = self._link.ask("DELETE", _at(upload_id))
        if reply.status != 404:
            accepted(reply, {204})


def _at(upload_id: str) -> str:
    return f"{_PLACE}/{quote(upload_id, safe='')}"
