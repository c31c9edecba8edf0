"""What a terminal asks about pictures from a phone: begin, look, take, end."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.api.callers import ThePlatform, TheTerminal, refusals
from backend.phone_uploads import PhoneUpload, State, kind_of
from backend.platform import Platform

router = APIRouter(prefix="/v1/phone-uploads", tags=["pictures from a phone"])

UploadId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
Number = Annotated[int, Path(ge=1, le=1000)]


class BeginBody(BaseModel):
    """A slot that waits for pictures. Nothing here may name the citizen."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] = Field(
        description="the material's name, shown on the phone"
    )
    most_pages: int = Field(ge=1, le=100)
    minutes: int = Field(
        default=5, ge=1, le=60, description="how long the code lives; the platform may give less"
    )


class Begun(BaseModel):
    """What the terminal shows as a QR code."""

    upload_id: str
    code: str = Field(description="opens this slot for pictures and nothing else; told this once")
    url: str = Field(description="the upload page")
    expires_at: datetime
    lasts_s: int = Field(description="seconds until then, for a terminal whose clock is wrong")


class PictureView(BaseModel):
    """A picture that waits to be taken."""

    n: int
    length: int
    kind: str = Field(description="media type, by its first bytes")


class UploadView(BaseModel):
    """How far a phone upload is."""

    upload_id: str
    state: State
    arrived: int = Field(description="pictures that ever came")
    pages: list[PictureView] = Field(description="those that were not taken yet, in order")
    expires_at: datetime
    left_s: int


def _address(request: Request, platform: Platform) -> str:
    return (platform.settings.public_url or str(request.base_url)).rstrip("/")


@router.post("", status_code=201, responses=refusals(s429="B429: asked too often"))
def begin(said: BeginBody, request: Request, caller: TheTerminal, platform: ThePlatform) -> Begun:
    """Wait for pictures from a phone. A terminal waits for one slot at a time: the former one is closed."""
    upload, code = platform.phones.begin(caller.terminal_id, said.label, said.most_pages, said.minutes)
    return Begun(
        upload_id=upload.upload_id,
        code=code,
        url=f"{_address(request, platform)}/u/{code}",
        expires_at=upload.expires_at,
        lasts_s=platform.phones.seconds_left(upload),
    )


def _mine(upload_id: UploadId, caller: TheTerminal, platform: ThePlatform) -> PhoneUpload:
    return platform.phones.of(caller.terminal_id, upload_id)


_GONE = refusals(s403="B403: another terminal's", s404="B404: ended, expired or never there")


@router.get("/{upload_id}", responses=_GONE)
def look(upload_id: UploadId, caller: TheTerminal, platform: ThePlatform) -> UploadView:
    """How far it is: waiting, opened (the phone shows the page), arrived, over (no more pictures can come)."""
    phones, upload = platform.phones, _mine(upload_id, caller, platform)
    waiting = [
        PictureView(n=number, length=len(content), kind=str(kind_of(content) or ""))
        for number, content in sorted(upload.pictures.items())
    ]
    return UploadView(
        upload_id=upload.upload_id,
        state=phones.state(upload),
        arrived=upload.arrived,
        pages=waiting,
        expires_at=upload.expires_at,
        left_s=phones.seconds_left(upload),
    )


@router.get("/{upload_id}/pages/{number}", responses=_GONE, response_class=Response)
def picture(upload_id: UploadId, number: Number, caller: TheTerminal, platform: ThePlatform) -> Response:
    """The bytes of a picture, as the phone sent them. `DELETE` it as soon as they are there."""
    content = platform.phones.picture(_mine(upload_id, caller, platform), number)
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.delete("/{upload_id}/pages/{number}", status_code=204, responses=_GONE)
def taken(upload_id: UploadId, number: Number, caller: TheTerminal, platform: ThePlatform) -> Response:
    """The terminal has this picture: it is forgotten here."""
    platform.phones.taken(_mine(upload_id, caller, platform), number)
    return Response(status_code=204)


@router.delete("/{upload_id}", status_code=204, responses=_GONE)
def end(upload_id: UploadId, caller: TheTerminal, platform: ThePlatform) -> Response:
    """Wait no more: the code is void, and whatever was not taken is forgotten."""
    platform.phones.end(_mine(upload_id, caller, platform))
    return Response(status_code=204)
