"""A server of lines of text on 127.0.0.1, one thread a client, that leaves nothing behind when it is closed."""

import socket
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

#: carries on one conversation: what the client says, and where to answer; ends when it returns. May raise OSError
Converse = Callable[[BinaryIO, BinaryIO], None]


class LineServer:
    """Serves `converse` to each client."""

    def __init__(self, converse: Converse, port: int = 0, name: str = "lines") -> None:
        """Serving on return; port 0 lets the system choose. Raises OSError."""
        self._server = _Listener(("127.0.0.1", port), converse)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name=name, daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Stop serving and hang up on every client. May be called twice."""
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()


class _Listener(socketserver.ThreadingTCPServer):
    """One thread per client; all of them end with the server."""

    allow_reuse_address = True
    daemon_threads = False  # so that server_close() waits for them
    block_on_close = True

    def __init__(self, address: tuple[str, int], converse: Converse) -> None:
        self.converse = converse
        self._clients: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Conversation)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        with self._guard:
            self._clients.add(request)
        return True

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._clients.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every conversation."""
        with self._guard:
            for client in self._clients:
                with suppress(OSError):  # it has just left by itself
                    client.shutdown(socket.SHUT_RDWR)


class _Conversation(socketserver.StreamRequestHandler):
    server: _Listener

    def handle(self) -> None:
        with suppress(OSError):  # the client left in the middle
            self.server.converse(self.rfile, self.wfile)  # type: ignore[arg-type]
