"""The way to the backend, to be cut: a TCP relay with two knobs."""

import selectors
import socket
import sys
import threading
from contextlib import suppress
from typing import ClassVar

_CHUNK = 65536


class Link:
    """Relays 127.0.0.1:`port` to the backend while `up`; when it is cut, every connection is reset.

    With `cut_after` each new connection breaks once so many bytes have passed, both ways counted; 0: none does.
    """

    knobs: ClassVar[tuple[str, ...]] = ("up", "cut_after")

    def __init__(self, backend: tuple[str, int]) -> None:
        self._backend = backend
        self._up = True
        self.cut_after = 0
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name="link", daemon=True)
        self._thread.start()

    @property
    def up(self) -> bool:
        """Whether anything gets through."""
        return self._up

    @up.setter
    def up(self, value: bool) -> None:
        self._up = value
        if not value:
            with self._lock:
                for pair in self._pairs:
                    for end in pair:
                        with suppress(OSError):
                            end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop relaying."""
        self.up = False
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            if not self._up:
                caller.close()
                continue
            threading.Thread(target=self._relay, args=(caller,), daemon=True).start()

    def _relay(self, caller: socket.socket) -> None:
        try:
            backend = socket.create_connection(self._backend, timeout=10)
        except OSError:
            caller.close()
            return
        backend.settimeout(None)
        pair = (caller, backend)
        with self._lock:
            self._pairs.add(pair)
        try:
            with caller, backend, suppress(OSError):
                self._carry(caller, backend)
        finally:
            with self._lock:
                self._pairs.discard(pair)

    def _carry(self, caller: socket.socket, backend: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(caller, selectors.EVENT_READ, backend)
            selector.register(backend, selectors.EVENT_READ, caller)
            left = self.cut_after or sys.maxsize
            while self._up:
                for key, _ in selector.select(1.0):
                    data = key.fileobj.recv(_CHUNK)  # type: ignore[union-attr]
                    if not data:
                        return
                    key.data.sendall(data[:left])
                    left -= len(data)
                    if left <= 0:
                        return
