"""Around every request: no endless JSON body, and no unforeseen error that tells what was in it."""

import asyncio
from contextlib import suppress
from pathlib import PurePath

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.journal import Event
from backend.platform import Platform
from backend.refusals import TOO_LONG, refused

#: Longest body of any request but a tus PATCH; chosen: an envelope of 100 parts has 14 kB.
BODY_MAX_BYTES = 256 * 1024
#: How much of a refused body is read out, and for how long; chosen: more than a terminal sends in one PATCH.
READ_OUT_BYTES = 16 * 1024 * 1024
READ_OUT_S = 10
#: The status of a PATCH that was ended because its caller fell silent or came back: nobody is heard out here.
ENDED = 423
_FILES = "/v1/files/"
_PHONES = "/u/"
#: a support bundle is signed as a whole, so all of it is read first (backend/bundles.py says how large)
_BUNDLES = "/v1/terminal/bundles/"
_BUNDLE_MAX_BYTES = 20 * 1024 * 1024


def _brings_files(scope: Scope) -> bool:
    """Whether its own handler counts the body: a tus PATCH, and pictures from a phone."""
    method, path = str(scope["method"]), str(scope["path"])
    return (method == "PATCH" and path.startswith(_FILES)) or (method == "POST" and path.startswith(_PHONES))


def _most(scope: Scope) -> int:
    bundle = str(scope["method"]) == "PUT" and str(scope["path"]).startswith(_BUNDLES)
    return _BUNDLE_MAX_BYTES if bundle else BODY_MAX_BYTES


class SmallBodies:
    """Refuses (413) a body that is too long (`_most`), counted as it comes, but for files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _brings_files(scope):
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        came, most = 0, _most(scope)

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise HTTPException(413)  # the one error that FastAPI lets through while it reads a body
            return message

        if declared.isdigit() and int(declared) <= most:
            await self._app(scope, counted, send)
        else:
            await refused(413, "B413", TOO_LONG, headers={"Connection": "close"})(scope, receive, send)


class Courtesy:
    """Reads out what a refused caller is still sending, within limits, so that it hears the refusal.

    A server that answers and closes while bytes arrive resets the connection, and the caller sees a broken link
    instead of, say, "wrong offset".
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or b"expect" in dict(scope["headers"]):  # who asks first sends nothing yet
            await self._app(scope, receive, send)
            return
        more = True

        async def read() -> Message:
            nonlocal more
            message = await receive()
            more = message["type"] == "http.request" and message.get("more_body", False)
            return message

        async def read_out() -> None:
            left = READ_OUT_BYTES
            with suppress(TimeoutError):
                async with asyncio.timeout(READ_OUT_S):
                    while more and left > 0:
                        left -= len((await read()).get("body", b""))

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and 400 <= message["status"] != ENDED:
                await read_out()
            await send(message)

        await self._app(scope, read, answer)


class Shield:
    """The outermost loop: whatever nobody foresaw becomes a 500, noted by its type and place alone.

    Its message and its traceback are not noted: a library's error likes to quote the value it choked on.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answered = False

        async def watched(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # the outermost loop of a request
            if scope["type"] != "http":
                raise
            platform: Platform = scope["app"].state.platform
            platform.journal.write(Event.REQUEST_FAILED, error=type(error).__name__, place=_place(error))
            if not answered:
                said = refused(500, "B500", "the platform failed; it noted where")
                await said(scope, receive, send)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    return f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
