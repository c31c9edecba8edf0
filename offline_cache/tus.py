"""Uploading a file so that a cut costs little: a small client of tus 1.0.0 (core protocol and creation).

Source: tus.io, "resumable upload protocol 1.0.x". What is at the server is asked for (HEAD) and never sent
again. Our own platform keeps what came of a PATCH that is cut and tells meanwhile how much that is
(docs/backend-api.md, "While it comes in"): then one PATCH carries all the rest, and no more than a window of it is on
its way. To any other server the PATCHes are as long as the line takes in two seconds.
"""

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO
from urllib.parse import urlsplit

from offline_cache.answers import accepted
from offline_cache.errors import Garbled, Portal, Unreachable
from offline_cache.link import Link, Listening, Pieces, Reply
from offline_cache.pace import Pace
from offline_cache.pace_chunk import Chunks
from offline_cache.pace_window import Window

VERSION = "1.0.0"
WATCH_S = 1.0  # so often the caller hears of a long PATCH; chosen far below any lease

_GONE = {404, 410}
_MOVED = 409  # the offset is not where we thought
_PROGRESS = "Upload-Progress"  # ours: where the platform tells how far a PATCH got
_TAKE_OVER = {
    "Upload-Take-Over": "1"
}  # ours: end what is left of a PATCH that broke, before the offset is told

Watch = Callable[[int], None]


class Tus:
    """Uploads to one collection of a platform."""

    def __init__(
        self, link: Link, path: str, chunk_bytes: int | None = None, pace: Pace | None = None
    ) -> None:
        """`chunk_bytes`: the length of every PATCH; None: as the line and the platform allow."""
        self._link = link
        self._path = path
        self._pace = pace or Pace.free(link.clock)
        self._listens = chunk_bytes is None
        self._heard_at: dict[str, str] = {}  #: upload → where its progress is told
        self.chunks = Chunks(chunk_bytes)
        self.window = Window()

    def create(self, length: int, metadata: Mapping[str, str]) -> str:
        """Announce a file of `length` bytes; the path where it is to be sent. Raises `UploadError`."""
        pairs = (f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items())
        headers = {"Upload-Length": str(length), "Upload-Metadata": ",".join(pairs)}
        reply = self._spoken(accepted(self._ask("POST", self._path, headers), {201}))
        location = self._own_path(reply.headers.get("Location", ""))
        self._note_progress(location, reply)
        return location

    def offset(self, location: str, length: int) -> int | None:
        """Bytes that are at the server; None when it does not know this upload (any more)."""
        location = self._own_path(location)
        reply = self._ask("HEAD", location, _TAKE_OVER)
        if reply.status in _GONE and not reply.is_html:
            return None
        reply = self._spoken(accepted(reply, {200, 204}))
        self._note_progress(location, reply)
        there, announced = _number(reply, "Upload-Offset"), reply.headers.get("Upload-Length")
        return None if there > length or announced not in (None, str(length)) else there

    def send(self, location: str, file: BinaryIO, length: int, offset: int, watch: Watch) -> None:
        """Send `file` from `offset` to its end, `length`; `watch` is told each new offset and may raise to
        stop.

        A cut is mended here as long as each one leaves more at the server than the one before; what does not
        get on at all is raised. Raises `UploadError`.
        """
        while offset < length:
            try:
                reached = self._some(location, file, offset, length, watch)
            except Unreachable as cut:
                reached = self._after_cut(location, length, offset, cut)
            if not offset < reached <= length:
                raise Garbled(what="Upload-Offset", why="does not get on")
            offset = reached
            watch(offset)

    def _some(self, location: str, file: BinaryIO, offset: int, length: int, watch: Watch) -> int:
        """One PATCH: all the rest where the platform tells how far it gets, else as much as fits the line."""
        rest, heard_at = length - offset, self._heard_at.get(location)
        if self._listens and heard_at and rest > self.window.size:
            with self._listening(heard_at) as heard:
                if heard is not None:
                    return self._all(location, file, offset, length, heard, watch)
        size = min(rest, self.chunks.size)
        began = self._link.clock.instant()
        pieces = Pieces(file, offset, size, lambda _, count: self._spend(count), self._pace.piece_bytes())
        reached = self._patch(location, offset, pieces, offset + size)
        self.chunks.went(size, self._link.clock.instant() - began)
        self.window.arrived(reached - offset)
        return reached

    def _all(
        self, location: str, file: BinaryIO, offset: int, length: int, heard: Listening, watch: Watch
    ) -> int:
        kept, told_at = offset, self._link.clock.instant()

        def before(at: int, count: int) -> None:
            """Rest until the piece of `count` bytes at `at` may go."""
            nonlocal kept, told_at
            self._spend(count)
            while at + count - kept > self.window.size:
                now = self._heard(heard, kept)
                if now is None:
                    kept = length  # nobody tells any more: how this PATCH ends will show
                    return
                self.window.arrived(max(0, now - kept))
                kept = max(kept, now)
                if self._link.clock.instant() - told_at >= WATCH_S:
                    told_at = self._link.clock.instant()
                    watch(kept)

        pieces = Pieces(file, offset, length - offset, before, self._pace.piece_bytes())
        reached = self._patch(location, offset, pieces, length)
        self.window.arrived(max(0, reached - kept))
        return reached

    def _heard(self, heard: Listening, kept: int) -> int | None:
        """The next offset that the platform tells; None when it tells no more, or something between hides it."""
        try:
            line = heard.line()
        except Unreachable as error:
            if error.facts["why"] != "timeout" or heard.lines > 1:
                raise
            self._listens = False  # a proxy that keeps whole requests or replies back: do without
            return None
        return int(line) if line is not None and line.isdigit() and len(line) <= 15 else None

    @contextmanager
    def _listening(self, path: str) -> Iterator[Listening | None]:
        """Where the platform tells how far a PATCH got; None when it turns out not to."""
        with self._link.listening(path) as heard:
            try:
                self._listens = heard.status == 200 and heard.line() == b"listening"
            except Unreachable as error:
                if error.facts["why"] != "timeout":
                    raise
                self._listens = False
            yield heard if self._listens else None

    def _spend(self, count: int) -> None:
        self._pace.spend(count, lambda: self._link.aborted)

    def _patch(self, location: str, offset: int, pieces: Pieces, end: int) -> int:
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        reply = self._ask("PATCH", location, headers, pieces)
        if reply.status == _MOVED and "Tus-Resumable" in reply.headers:
            return self._known_offset(location, end)
        return _number(self._spoken(accepted(reply, {200, 204})), "Upload-Offset")

    def _after_cut(self, location: str, length: int, offset: int, cut: Unreachable) -> int:
        self.chunks.cut()
        self.window.cut()
        if cut.facts["why"] not in ("cut", "timeout"):
            raise cut
        there = self.offset(location, length)
        if there is None or there <= offset:
            raise cut
        return there

    def _known_offset(self, location: str, length: int) -> int:
        there = self.offset(location, length)
        if there is None:
            raise Garbled(what="Upload-Offset", why="does not get on")
        return there

    def _note_progress(self, location: str, reply: Reply) -> None:
        path = urlsplit(reply.headers.get(_PROGRESS, "")).path
        if path.startswith(self._path + "/"):
            self._heard_at = {location: path}  # one upload at a time
        else:
            self._heard_at = {}

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: Pieces | None = None
    ) -> Reply:
        return self._link.ask(
            method, path, headers={"Tus-Resumable": VERSION} | dict(headers or {}), body=body
        )

    def _spoken(self, reply: Reply) -> Reply:
        if reply.headers.get("Tus-Resumable") != VERSION:
            raise Portal(why="not_ours", status=reply.status)
        return reply

    def _own_path(self, location: str) -> str:
        """The path of a Location below the link's address.

        Scheme and host are dropped: behind a proxy they are often wrong, and the token must not go elsewhere.
        """
        path = urlsplit(location).path
        prefix = urlsplit(self._link.base_url).path
        path = path.removeprefix(prefix) if prefix else path
        if location and not path.startswith("/"):
            path = f"{self._path}/{path}"
        if not path.startswith(self._path + "/"):
            raise Garbled(what="Location")
        return path


def _number(reply: Reply, header: str) -> int:
    text = reply.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise Garbled(what=header, status=reply.status)
    return int(text)
