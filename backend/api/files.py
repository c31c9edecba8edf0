"""Resumable upload of sealed parts: tus 1.0.0 with creation and termination (https://tus.io/protocols).

Why not a library: docs/adr/0009. The offset is the file's size, flushed to the disk before it is told.
"""

import errno
from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect

from backend.api.callers import REFUSALS, ThePlatform, TheTerminal, refusals
from backend.envelope import CaseId, PartName, Sha256
from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import Upload
from backend.turns import Stopped, Turn
from backend.uploads import Announced, begin, forget, owned, present, settle, settle_later

VERSION = "1.0.0"
EXTENSIONS = "creation,termination"
_RESUMABLE = {"Tus-Resumable": VERSION}
_PROGRESS = "Upload-Progress"  # ours: where a terminal that sends a file can listen how far it got
_METADATA_MAX = 2048  # characters; chosen: ours has about 200
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def _speaks_tus(tus_resumable: Annotated[str, Header()] = "") -> None:
    if tus_resumable != VERSION:
        raise Refusal(412, "B412", "this is tus 1.0.0", headers={"Tus-Version": VERSION, **_RESUMABLE})


router = APIRouter(prefix="/v1/files", tags=["files (tus 1.0.0)"])
_TUS = [Depends(_speaks_tus)]


class FileView(BaseModel):
    """What is here of one part."""

    part: str
    sha256: str = Field(description="as announced, of the sealed bytes")
    complete: bool = Field(description="all bytes are here and the platform found their SHA-256 right")
    offset: int = Field(description="bytes that are durable here")
    length: int
    location: str = Field(description="where to continue it")


class FilesView(BaseModel):
    """What is here of one case."""

    files: list[FileView]


def _location(upload_id: str) -> str:
    return f"/v1/files/{upload_id}"


@router.get("", responses=REFUSALS)
def files_of_case(
    case: Annotated[CaseId, Query(description="the case's id")], caller: TheTerminal, platform: ThePlatform
) -> FilesView:
    """What the calling terminal has sent of a case, so that nothing is sent twice. Not part of tus."""
    here = present(platform, caller.terminal_id, case)
    views = [
        FileView(
            part=file.part,
            sha256=file.sha256,
            complete=file.complete,
            offset=file.offset,
            length=file.length,
            location=_location(file.upload_id),
        )
        for file in here
    ]
    return FilesView(files=views)


@router.options("", status_code=204, responses=REFUSALS)
def options(_caller: TheTerminal, platform: ThePlatform) -> Response:
    """What this tus server can do."""
    said = {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS}
    said["Tus-Max-Size"] = str(platform.settings.part_max_bytes)
    return Response(status_code=204, headers=_RESUMABLE | said)


def _announced(length: str, metadata: str) -> Announced:
    """What `Upload-Length` and `Upload-Metadata` announce; 400 when they do not."""
    try:
        if not length.isascii() or not length.isdigit() or len(length) > 15 or int(length) == 0:
            raise ValueError("length")
        if len(metadata) > _METADATA_MAX:
            raise ValueError("metadata")
        pairs = [pair.strip().split(" ") for pair in metadata.split(",")]
        said = {name: b64decode(value, validate=True).decode("utf-8") for name, value in pairs}
        if len(said) != len(pairs):
            raise ValueError("a name stands twice")
        return Announced(
            case_id=TypeAdapter(CaseId).validate_python(said["case"]),
            part=TypeAdapter(PartName).validate_python(said["part"]),
            sha256=TypeAdapter(Sha256).validate_python(said["sha256"]),
            length=int(length),
        )
    except (ValueError, KeyError, ValidationError) as error:
        detail = "Upload-Length (1 or more) and Upload-Metadata (case, part, sha256) are needed, as described"
        raise Refusal(400, "B400", detail, headers=_RESUMABLE) from error


@router.post(
    "", status_code=201, dependencies=_TUS, responses=refusals(s400="B400", s412="B412", s413="B413")
)
def create(
    caller: TheTerminal,
    platform: ThePlatform,
    upload_length: Annotated[str, Header(description="bytes of the sealed part")] = "",
    upload_metadata: Annotated[str, Header(description="`case <b64>, part <b64>, sha256 <b64 of hex>`")] = "",
) -> Response:
    """Announce a sealed part. `Location` is a path: resolve it against the address that was asked."""
    upload_id = begin(platform, caller.terminal_id, _announced(upload_length, upload_metadata))
    said = {"Location": _location(upload_id), _PROGRESS: f"{_location(upload_id)}/progress"}
    return Response(status_code=201, headers=_RESUMABLE | said)


def _mine(upload_id: str, caller: TheTerminal, platform: ThePlatform) -> Upload:
    """The upload of this address, if it is the caller's."""
    return owned(platform, caller.terminal_id, upload_id)


Mine = Annotated[Upload, Depends(_mine)]


@router.head("/{upload_id}", dependencies=_TUS, responses=refusals(s404="B404", s412="B412", s423="B423"))
async def tell_offset(
    upload: Mine,
    platform: ThePlatform,
    upload_take_over: Annotated[
        str, Header(description="`1` ends a PATCH that still runs; ours, not tus")
    ] = "",
) -> Response:
    """How much of a part is durable here.

    A terminal that lost its link takes over: then no older PATCH moves the offset any more after it was told.
    """
    try:
        if upload_take_over == "1":
            async with platform.turns.take(upload.upload_id):
                size = await run_in_threadpool(_durable, platform, upload)
        else:
            size = await run_in_threadpool(_durable, platform, upload)
    except Stopped as error:
        raise _ended() from error
    except FileNotFoundError as error:
        raise _gone() from error
    said = {"Upload-Offset": str(size), "Upload-Length": str(upload.length), "Cache-Control": "no-store"}
    said[_PROGRESS] = f"{_location(upload.upload_id)}/progress"
    return Response(status_code=200, headers=_RESUMABLE | said)


def _durable(platform: Platform, upload: Upload) -> int:
    """Raises FileNotFoundError, also for one that is whole and not what was announced."""
    size = platform.store.durable_size(upload.upload_id)
    if size == upload.length and not settle(platform, upload):
        raise FileNotFoundError
    return size


@router.get("/{upload_id}/progress", responses=refusals(s404="B404"), response_class=StreamingResponse)
async def tell_progress(upload: Mine, platform: ThePlatform) -> StreamingResponse:
    """How far the next PATCH gets, a line for each size, as it gets on; it ends with that PATCH. Not part of tus.

    What is told here survives a cut link and a killed platform, so a terminal that lets only so much be on its way
    has only so much to send again.
    """

    async def lines() -> AsyncIterator[bytes]:
        with platform.turns.listening(upload.upload_id) as listener:
            yield b"listening\n"
            async for size in listener.sizes(platform.settings.patch_idle_s):
                yield b"%d\n" % size

    return StreamingResponse(lines(), media_type="text/plain", headers={"Cache-Control": "no-store"})


@router.delete(
    "/{upload_id}", status_code=204, dependencies=_TUS, responses=refusals(s403="B403", s404="B404")
)
def terminate(upload: Mine, platform: ThePlatform) -> Response:
    """Give a part up. One that belongs to an accepted case stays."""
    forget(platform, upload)
    return Response(status_code=204, headers=_RESUMABLE)


def _gone() -> Refusal:
    return Refusal(404, "B404", "no such file", headers=_RESUMABLE)


def _ended() -> Refusal:
    return Refusal(423, "B423", "ended: ask HEAD how much is here", headers=_RESUMABLE)


def _claimed_offset(request: Request) -> int:
    """The offset that a PATCH continues from, once its other headers are in order."""
    if request.headers.get("content-type") != "application/offset+octet-stream":
        raise Refusal(
            415, "B415", "the body of a PATCH is application/offset+octet-stream", headers=_RESUMABLE
        )
    offset = request.headers.get("upload-offset", "")
    if not offset.isascii() or not offset.isdigit() or len(offset) > 15:
        raise Refusal(400, "B400", "Upload-Offset is needed", headers=_RESUMABLE)
    return int(offset)


@router.patch(
    "/{upload_id}",
    status_code=204,
    dependencies=_TUS,
    responses=refusals(
        s400="B400",
        s404="B404",
        s409="B409: wrong offset",
        s413="B413",
        s415="B415",
        s423="B423",
        s507="B507",
    ),
)
async def continue_part(request: Request, upload: Mine, platform: ThePlatform) -> Response:
    """Append the body to a part. What came is kept however the request ends; ask HEAD how much that is.

    A second PATCH of the same part ends the first: a terminal that lost its link need not wait for the old
    connection to die.
    """
    offset = _claimed_offset(request)
    try:
        async with platform.turns.take(upload.upload_id) as turn:
            try:
                size = await _append(platform, upload, offset, turn, request)
            finally:
                platform.turns.tell(upload.upload_id, -1)
    except (Stopped, ClientDisconnect) as error:
        raise _ended() from error
    except FileNotFoundError as error:
        raise _gone() from error
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise Refusal(507, "B507", "the platform's disk is full", headers=_RESUMABLE) from error
    # Answered before the SHA-256 is known, so that the next part need not wait for it; whoever asks for this one does.
    settling = BackgroundTask(settle_later, platform, upload) if size == upload.length else None
    return Response(status_code=204, headers=_RESUMABLE | {"Upload-Offset": str(size)}, background=settling)


async def _append(platform: Platform, upload: Upload, offset: int, turn: Turn, request: Request) -> int:
    """Write what the request brings; the durable size afterwards."""
    with platform.store.appending(upload.upload_id) as file:
        size = file.size()
        if size != offset:
            raise Refusal(409, "B409", "Upload-Offset is not where this file ends", headers=_RESUMABLE)
        declared = request.headers.get("content-length", "0")
        _check_room(upload, offset + int(declared))
        try:
            async for batch in turn.batches(request.stream(), platform.settings.patch_idle_s):
                size += sum(map(len, batch))
                _check_room(upload, size)
                await run_in_threadpool(file.write, *batch)
                platform.turns.tell(upload.upload_id, size)
        finally:
            await run_in_threadpool(file.sync)
        return file.size()


def _check_room(upload: Upload, size: int) -> None:
    if size > upload.length:
        raise Refusal(413, "B413", "this is more than Upload-Length announced", headers=_RESUMABLE)
