"""Around every request: no endless JSON body, and no unforeseen error that tells what was in it."""

from pathlib import PurePath

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.journal import Event
from backend.platform import Platform
from backend.refusals import Refusal, refused

#: Longest body of any request but a tus PATCH; chosen: an envelope of 64 parts has 9 kB.
BODY_MAX_BYTES = 256 * 1024
_FILES = "/v1/files/"


class SmallBodies:
    """Refuses (413) a body that is longer than `BODY_MAX_BYTES`, counted as it comes, except that of a tus PATCH."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"] == "PATCH" and scope["path"].startswith(_FILES)):
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > BODY_MAX_BYTES:
                raise _too_long()
            return message

        try:
            if not declared.isdigit() or int(declared) > BODY_MAX_BYTES:
                raise _too_long()
            await self._app(scope, counted, send)
        except Refusal as refusal:
            await refusal.response()(scope, receive, send)


def _too_long() -> Refusal:
    return Refusal(
        413, "B413", f"a body may have at most {BODY_MAX_BYTES} bytes", headers={"Connection": "close"}
    )


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
