"""Run the platform: as a process of its own, or on a thread of a test."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

import uvicorn

from backend.app import create_app
from backend.clock import Clock
from backend.settings import Settings

#: Seconds that open requests get to end when the server is stopped; chosen: a part in flight can be resumed.
GRACE_S = 5


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


def _config(
    data: Path, clock: Clock | None, settings: Settings | None, journal: IO[str] | None
) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(data, clock=clock, settings=settings, journal=journal),
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

    `on_ready` is told the base address once requests are answered. Raises OSError when the address is taken.
    """
    with _listening(host, port) as listening:
        address = _address(listening)
        server = _Server(_config(data, None, None, None), lambda: on_ready(address) if on_ready else None)
        server.run(sockets=[listening])


class LiveServer:
    """A live platform on a free port and a thread of its own, for tests and demonstrations. Use with `with`."""

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
        self._listening = _listening("127.0.0.1", port)
        self.url = _address(self._listening)
        self._ready = threading.Event()
        self._server = _Server(_config(data, clock, settings, journal), self._ready.set)
        self._thread = threading.Thread(target=self._run, name="platform")

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._listening])
        finally:
            self._ready.set()

    @property
    def operator_token(self) -> str:
        """The operator's token of this data folder."""
        return (self.data / "keys" / "operator.token").read_text(encoding="utf-8").strip()

    def start(self) -> "LiveServer":
        """Start and wait until requests are answered. Raises RuntimeError when the platform does not come up."""
        self._thread.start()
        self._ready.wait()
        if not self._server.started:
            self.stop()
            raise RuntimeError("the platform did not start; its journal or stderr says why")
        return self

    def stop(self) -> None:
        """Stop and wait until the thread is gone."""
        self._server.should_exit = True
        self._thread.join()
        self._listening.close()

    def __enter__(self) -> "LiveServer":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
