"""What the emulated local services have in common: an HTTP server that can be unplugged, muted and spoilt."""

import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import ClassVar

from ground.clock import Clock

_MUTE_LOOK_S = 0.02  # how often a mute service looks whether it may speak again
_LONGEST_BODY = 64 << 20  # bytes; a page as base64, or a PDF


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str  #: with its query, as sent
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """One answer; `stream` writes an endless body instead of `body` until it returns or the plug is pulled."""

    body: bytes = field(default=b"", repr=False)
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    stream: Callable[[BufferedIOBase, threading.Event], None] | None = None


class HttpServiceEmulator(ABC):
    """Implements `devices.emulators.base.ServiceEmulator`; a subclass says how it answers."""

    knobs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, clock: Clock, port: int = 0) -> None:
        self.clock = clock
        self.mute = False  #: True: takes requests and answers nothing
        self.spoil: Callable[[bytes], bytes] = bytes  #: a test's hand on every body before it is sent
        #: sends so many bytes of each body, then holds still until this is None again or the plug is pulled
        self.halt_after: int | None = None
        self._port = port
        self._server: _Server | None = None
        self._plug = threading.Lock()

    @abstractmethod
    def answer(self, asked: Asked) -> Told:
        """What the service says to one request. Called from several threads."""

    @property
    def url(self) -> str:
        """Where the service is. The port is known after the first `start`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def plugged(self) -> bool:
        """Whether the service can be reached."""
        return self._server is not None

    def start(self) -> None:
        """Listen, always on the same port. Raises OSError when the port is taken."""
        with self._plug:
            if self._server is None:
                self._server = _Server(self, self._port)
                self._port = self._server.server_port
                self._server.begin()

    def unplug(self) -> None:
        """Cut every connection and refuse new ones until `replug`."""
        with self._plug:
            if self._server is not None:
                self._server.end()
                self._server = None

    def replug(self) -> None:
        """Listen again at the same address."""
        self.start()

    def close(self) -> None:
        """End for good: no thread and no socket is left. May be called twice."""
        self.unplug()

    def send(self, to: BufferedIOBase, body: bytes, ended: threading.Event) -> None:
        """Write `body`, holding still where `halt_after` says. A pulled plug ends it there."""
        halt = self.halt_after
        to.write(body[:halt])
        if halt is not None:
            to.flush()
            while self.halt_after is not None and not ended.is_set():
                self.clock.wait(_MUTE_LOOK_S)
            if not ended.is_set():
                to.write(body[halt:])


class _Server(ThreadingHTTPServer):
    """One plugged-in life of the service."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, service: HttpServiceEmulator, port: int) -> None:
        self.service = service
        self.ended = threading.Event()
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.05,), name=f"{type(service).__name__}"
        )

    def begin(self) -> None:
        """Start to answer."""
        self._thread.start()

    def end(self) -> None:
        """Cut every connection and wait until the last thread is gone."""
        self.ended.set()
        self.shutdown()
        self._thread.join()
        with self._guard:
            for connection in self._open:
                with suppress(OSError):  # the other side was quicker
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def admit(self, connection: socket.socket) -> None:
        """Remember an open connection, so that pulling the plug can cut it; the plug may just have been pulled."""
        with self._guard:
            self._open.add(connection)
            if self.ended.is_set():
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def forget(self, connection: socket.socket) -> None:
        """The connection has ended."""
        with self._guard:
            self._open.discard(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the middle is no news."""


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.admit(self.connection)

    def finish(self) -> None:
        self.server.forget(self.connection)
        with suppress(OSError):
            super().finish()

    def _respond(self) -> None:
        service, ended = self.server.service, self.server.ended
        try:
            length = min(int(self.headers.get("Content-Length") or 0), _LONGEST_BODY)
        except ValueError:
            length = 0
        asked = Asked(self.command, self.path, self.rfile.read(length))
        while service.mute and not ended.is_set():
            service.clock.wait(_MUTE_LOOK_S)
        if ended.is_set():
            self.close_connection = True
            return
        told = service.answer(asked)
        body = service.spoil(told.body)
        self.send_response(told.status)
        self.send_header("Content-Type", told.content_type)
        if told.stream is None:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            service.send(self.wfile, body, ended)
            return
        self.close_connection = True
        self.end_headers()
        with suppress(OSError):  # the viewer left, or the plug was pulled
            told.stream(self.wfile, ended)

    do_GET = do_POST = do_OPTIONS = do_PUT = _respond

    def log_message(self, format: str, *args: object) -> None:
        """Callers come and go; nobody needs to read about it."""
