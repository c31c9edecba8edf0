"""What the emulated local services over WebSocket have in common: one that can be unplugged, muted and spoilt."""

import logging
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.sync.server import Server, ServerConnection, serve

from ground.clock import Clock

_LOOK_S = 0.02  # how often a mute or halted service looks whether it may go on
_SILENT = logging.getLogger(
    "devices.emulators.ws_service"
)  # callers come and go; nobody needs to read about it
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


class Caller:
    """One connected client, as a service sees it."""

    def __init__(
        self, service: "WsServiceEmulator", connection: ServerConnection, ended: threading.Event
    ) -> None:
        self._service = service
        self._connection = connection
        self.ended = ended  #: the plug was pulled

    def hear(self, timeout_s: float) -> str | None:
        """The next text, or None when none comes within `timeout_s`. Raises EOFError when the client left."""
        try:
            said = self._connection.recv(timeout=timeout_s)
        except TimeoutError:
            return None
        except ConnectionClosed as error:
            raise EOFError from error
        return said if isinstance(said, str) else None

    def say(self, text: str) -> None:
        """Send one text through the test's hand; waits while the service is mute. Raises EOFError."""
        service = self._service
        self._wait_while(lambda: service.mute)
        body = service.spoil(text.encode())
        head = Frame(Opcode.TEXT, body).serialize(mask=False)
        head = head[: len(head) - len(body)]
        halt = service.halt_after
        try:
            self._connection.socket.sendall(head + body[:halt])
            if halt is not None:
                self._wait_while(lambda: service.halt_after is not None)
                self._connection.socket.sendall(body[halt:])
        except OSError as error:
            raise EOFError from error

    def _wait_while(self, holds: Callable[[], bool]) -> None:
        while holds() and not self.ended.is_set():
            self._service.clock.wait(_LOOK_S)
        if self.ended.is_set():
            raise EOFError


class WsServiceEmulator(ABC):
    """Implements `devices.emulators.base.ServiceEmulator`; a subclass says how it talks."""

    knobs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, clock: Clock, port: int = 0) -> None:
        self.clock = clock
        self.mute = False  #: True: takes connections and says nothing
        self.spoil: Callable[[bytes], bytes] = bytes  #: a test's hand on every text before it is sent
        #: sends so many bytes of each text, then holds still until this is None again or the plug is pulled
        self.halt_after: int | None = None
        self._port = port
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._plug = threading.Lock()

    @abstractmethod
    def talk(self, caller: Caller) -> None:
        """Serve one client until it leaves: `hear` and `say` end it by EOFError. Called from several threads."""

    @property
    def url(self) -> str:
        """Where the service is. The port is known after the first `start`."""
        return f"ws://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Listen, always on the same port. Raises OSError when the port is taken."""
        with self._plug:
            if self._server is not None:
                return
            self._ended = ended = threading.Event()

            def handle(connection: ServerConnection) -> None:
                with suppress(EOFError):
                    self.talk(Caller(self, connection, ended))

            self._server = serve(
                handle, "127.0.0.1", self._port, process_request=self._greet, compression=None,
                ping_interval=None, close_timeout=0.2, logger=_SILENT,
            )  # fmt: skip
            self._port = self._server.socket.getsockname()[1]
            self._thread = threading.Thread(target=self._server.serve_forever, name=type(self).__name__)
            self._thread.start()

    def unplug(self) -> None:
        """Cut every connection and refuse new ones until `replug`."""
        with self._plug:
            server, thread = self._server, self._thread
            if server is None or thread is None:
                return
            self._server = self._thread = None
            self._ended.set()
            for connection in server.connections:
                with suppress(OSError):  # the client was quicker
                    connection.socket.shutdown(socket.SHUT_RDWR)
            server.shutdown()
            thread.join()

    def replug(self) -> None:
        """Listen again at the same address."""
        self.start()

    def close(self) -> None:
        """End for good: no thread and no socket is left. May be called twice."""
        self.unplug()

    def _greet(self, connection: ServerConnection, request: Any) -> None:
        """The opening handshake; a mute service does not answer it."""
        ended = self._ended
        while self.mute and not ended.is_set():
            self.clock.wait(_LOOK_S)
