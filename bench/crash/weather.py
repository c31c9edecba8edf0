"""The way to the backend: a TCP relay that resets connections after a random number of bytes, either way."""

import contextlib
import random
import select
import socket
import struct
import threading

_PIECE = 16 * 1024
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER 0: the peer sees a reset, as when a link breaks


class Weather:
    """Relays 127.0.0.1:`port` to the backend; how well is drawn anew for each connection."""

    def __init__(self, backend_port: int, seed: int, *, bad: float = 0.5) -> None:
        """`bad`: how many of the connections are cut, 0 to 1; may be changed at any time."""
        self.bad = bad
        self.cuts = 0
        self._backend_port = backend_port
        self._rng = random.Random(seed)
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, name="weather", daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        address = ("127.0.0.1", self._backend_port)
        with contextlib.suppress(OSError), caller, socket.create_connection(address, timeout=10) as backend:
            backend.settimeout(None)
            if self._carry(caller, backend, *self._limits()):
                self.cuts += 1
                for end in (caller, backend):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def _limits(self) -> tuple[int, int]:
        """After how many bytes up, and down, this connection is cut. Small ones and large ones alike."""
        with self._lock:
            if self._rng.random() >= self.bad:
                return 1 << 62, 1 << 62
            if self._rng.random() < 0.5:
                return int(2 ** self._rng.uniform(0, 20)), 1 << 62
            # Nothing of a reply, or a part of it, while what it answers was done: the backend "lost its reply".
            return 1 << 62, int(2 ** self._rng.uniform(0, 13)) - 1

    def _carry(self, caller: socket.socket, backend: socket.socket, up: int, down: int) -> bool:
        """Relay until one side ends; True when it was we who ended it."""
        left = {caller: up, backend: down}
        other = {caller: backend, backend: caller}
        while True:
            for end in select.select([caller, backend], [], [])[0]:
                content = end.recv(_PIECE)
                if not content:
                    return False
                passed = content[: left[end]]
                other[end].sendall(passed)
                left[end] -= len(passed)
                if len(passed) < len(content) or left[end] <= 0:
                    return True
