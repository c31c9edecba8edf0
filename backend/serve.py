"""Run the platform: as a process of its own, or on a thread of a test."""

import socket
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO

import uvicorn
from fastapi import FastAPI

from backend.app import create_app
from backend.clock import Clock
from backend.settings import Settings

#: Seconds that open requests get to end when the server is stopped; chosen: a part in flight can be resumed.
GRACE_S = 5
#: In the data folder while the platform serves it: where it answers. For commands on the same machine.
ADDRESS = "address"


class _Server(uvicorn.Server):
    """A uvicorn server that says when it answers."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,  # the address of a progress question holds four digits of an id number
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )


def serve(host: str, port: int, data: Path, *, on_ready: Callable[[str], None] | None = None) -> None:
    """Serve the data folder `data` until SIGINT or SIGTERM. `port` 0 takes a free one.

    `on_ready` is told the base address once requests are answered. Raises OSError when the address is taken, and
    what `create_app` raises.
    """
    with _listening(host, port) as listening:
        address = _address(listening)
        app, found_at = create_app(data), data / ADDRESS

        def ready() -> None:
            found_at.write_text(f"{address}\n", encoding="ascii")
            if on_ready is not None:
                on_ready(address)

        try:
            _Server(_config(app), ready).run(sockets=[listening])
        finally:
            found_at.unlink(missing_ok=True)


class LiveServer:
    """A live platform on a thread of its own and, unless told otherwise, a free port. Use with `with`.

    For tests and demonstrations; `url` is its base address once it was started.
    """

    def __init__(
        self,
        data: Path,
        *,
        port: int = 0,
        clock: Clock | None = None,
        settings: Settings | None = None,
        journal: IO[str] | None = None,
    ) -> None:
        self.data = data
        self.url = ""
        self._port = port
        self._open: Callable[[], FastAPI] = partial(
            create_app, data, clock=clock, settings=settings, journal=journal
        )
        self._stop: Callable[[], None] | None = None

    @property
    def operator_token(self) -> str:
        """The operator's token of this data folder."""
        return (self.data / "keys" / "operator.token").read_text(encoding="utf-8").strip()

    def start(self) -> "LiveServer":
        """Start, and return when requests are answered. Raises what `serve` raises."""
        listening = _listening("127.0.0.1", self._port)
        try:
            app = self._open()
        except BaseException:
            listening.close()
            raise
        ready = threading.Event()
        server = _Server(_config(app), ready.set)

        def run() -> None:
            try:
                server.run(sockets=[listening])
            finally:
                ready.set()  # a server that ends before it answers must not be waited for

        thread = threading.Thread(target=run, name="platform")
        thread.start()
        ready.wait()

        def stop() -> None:
            server.should_exit = True
            thread.join()

        self._stop = stop
        self.url = _address(listening)
        return self

    def stop(self) -> None:
        """Stop, and return when the thread is gone. Stopping twice changes nothing."""
        if self._stop is not None:
            self._stop()
            self._stop = None

    def __enter__(self) -> "LiveServer":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
