"""What a citizen's phone is shown: the upload page, without cookies, names or anything of her case."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from starlette.requests import ClientDisconnect

from backend.api.callers import ThePlatform, address_of
from backend.form_data import NotFormData, boundary_of, files_in
from backend.journal import Event
from backend.phone_page import HEADERS, kind_page, upload_page
from backend.phone_uploads import PhoneUpload, TooMuch, Void, kind_of
from backend.platform import Platform
from backend.refusals import Refusal

router = APIRouter(include_in_schema=False)

Code = Annotated[str, Path(max_length=64)]
_MB = 1024 * 1024
_FORM_BYTES = 64 * 1024  # what a form needs besides its pictures; chosen
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
#: what is wrong with what was sent → status
_STATUS = {
    "nothing": 422,
    "broken": 400,
    "too_large": 413,
    "too_many": 413,
    "not_a_picture": 415,
    "heic": 415,
    "busy": 503,
}


class _NotTaken(Exception):
    """What was sent is not taken; the key of phone_words.toml says why."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def _html(page: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(page, status, dict(HEADERS))


def _page(platform: Platform, upload: PhoneUpload, trouble: str = "") -> str:
    return upload_page(
        upload.label,
        room=upload.room,
        count=upload.arrived,
        minutes=max(1, -(-platform.phones.seconds_left(upload) // 60)),
        trouble=trouble,
        most=platform.settings.phone_picture_max_bytes // _MB,
    )


def _closed(error: Void | Refusal) -> HTMLResponse:
    """The kind page for a code that opens nothing."""
    if isinstance(error, Refusal):
        answer = _html(kind_page("often"), error.status)
        answer.headers.update(error.headers or {})
        return answer
    return _html(kind_page("ended" if error.ended else "wrong"), 410 if error.ended else 404)


@router.get("/u/{code}")
def show(code: Code, request: Request, platform: ThePlatform) -> Response:
    """The upload page of a slot."""
    try:
        upload = platform.phones.opened(code, address_of(request))
    except (Void, Refusal) as error:
        return _closed(error)
    platform.phones.looked_at(upload)
    return _html(_page(platform, upload))


@router.post("/u/{code}")
async def send(code: Code, request: Request, platform: ThePlatform) -> Response:
    """Pictures for a slot; then the page again, which says thank you."""
    try:
        upload = platform.phones.opened(code, address_of(request))
    except (Void, Refusal) as error:
        return _closed(error)
    try:
        contents = await _received(request, platform, upload)
        platform.phones.add(upload, contents)
    except Void as error:
        return _closed(error)
    except (TooMuch, _NotTaken) as error:
        why = error.why if isinstance(error, _NotTaken) else "too_many"
        facts = {"terminal": upload.terminal_id, "upload": upload.upload_id, "why": why}
        platform.journal.write(Event.PHONE_PICTURES_REFUSED, **facts)
        return _html(_page(platform, upload, why), _STATUS[why])
    # See other: a page that is loaded again must not send the pictures again
    return Response(status_code=303, headers={**HEADERS, "Location": request.url.path.rpartition("/")[2]})


async def _received(request: Request, platform: Platform, upload: PhoneUpload) -> list[bytes]:
    """The pictures in the body, each known to be one by its first bytes. Raises `_NotTaken`."""
    settings = platform.settings
    most = (
        min(settings.phone_body_max_bytes, max(upload.room, 1) * settings.phone_picture_max_bytes)
        + _FORM_BYTES
    )
    declared = request.headers.get("content-length", "")
    length = int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 16 else most
    if length > most:
        raise _NotTaken("too_large")
    try:
        boundary = boundary_of(request.headers.get("content-type", ""))
        with platform.phones.coming(length):
            body = await _body(request, length, settings.phone_idle_s)
            contents = await run_in_threadpool(files_in, body, boundary, max(upload.room, 0))
    except NotFormData as error:
        raise _NotTaken("broken") from error
    except TooMuch as error:
        raise _NotTaken("busy") from error
    _check(contents, upload.room, settings.phone_picture_max_bytes)
    return contents


async def _body(request: Request, most: int, idle_s: float) -> bytes:
    """The body, if it has at most `most` bytes and keeps coming. Raises `_NotTaken`."""
    body, stream = bytearray(), request.stream()
    try:
        while (piece := await asyncio.wait_for(anext(stream, None), idle_s)) is not None:
            body += piece
            if len(body) > most:
                raise _NotTaken("too_large")
    except (TimeoutError, ClientDisconnect) as error:
        raise _NotTaken("broken") from error
    return bytes(body)


def _check(contents: list[bytes], room: int, most_bytes: int) -> None:
    if not contents:
        raise _NotTaken("nothing")
    if len(contents) > room:
        raise _NotTaken("too_many")
    for content in contents:
        if len(content) > most_bytes:
            raise _NotTaken("too_large")
        if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
            raise _NotTaken("heic")
        if kind_of(content) is None:
            raise _NotTaken("not_a_picture")
