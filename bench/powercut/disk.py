"""A disk with a volatile write cache, served to a virtual machine: at a power cut it loses of what was not flushed.

Speaks NBD (the NetworkBlockDevice project's proto.md, "fixed newstyle"), one client at a time. Only a FLUSH, or a write
with FUA, makes anything durable; the rest is kept or lost by the physical sector when the power goes.
"""

import contextlib
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

ATOM = 4096  # bytes that today's disks write whole or not at all; ext4's superblock (1,024) relies on it
_HELLO, _OPTIONS, _REPLY_MAGIC = 0x4E42444D41474943, 0x49484156454F5054, 0x3E889045565A9
_EXPORT_NAME, _ABORT, _INFO, _GO = 1, 2, 6, 7
_ACK, _INFO_REPLY, _UNSUPPORTED = 1, 3, 0x80000001
_FLAGS = 0b1101  # has flags, takes FLUSH, takes FUA
_READ, _WRITE, _LEAVE, _FLUSH = 0, 1, 2, 3
_REQUEST = struct.Struct(">IHHQQI")


class VolatileDisk:
    """Bytes that are durable, and bytes that only seem to be."""

    def __init__(self, content: bytes, socket_file: Path, rng: random.Random) -> None:
        self._seen = bytearray(content)
        self._pending: list[tuple[int, bytes, bytes]] = []  #: where, what was there, what is written
        self._rng = rng
        self._lock = threading.Lock()
        self._until_cut = -1  #: writes and flushes that are still answered; -1: all
        self._on_cut: Callable[[], None] = lambda: None
        self._machine_gone = threading.Event()
        self.lost_sectors = 0
        self.flushes = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(socket_file))
        self._listener.listen(1)
        threading.Thread(target=self._accept, name="disk", daemon=True).start()

    def cut_after(self, requests: int, then: Callable[[], None]) -> None:
        """Let the power go at so many writes or flushes from now; `then` is told, from another thread."""
        with self._lock:
            self._until_cut, self._on_cut = requests, then

    def lose(self) -> None:
        """The power is gone: of what was not flushed, each sector is there or not."""
        with self._lock:
            self._until_cut = -1
            kept = self._rng.choice((0.0, 0.1, 0.5, 0.9, 1.0))
            for offset, before, _ in reversed(self._pending):
                self._put(offset, before)
            for offset, _, content in self._pending:
                for at, piece in _atoms(offset, content):
                    if self._rng.random() < kept:
                        self._put(at, piece)
                    else:
                        self.lost_sectors += 1
            self._pending = []
        self._machine_gone.set()

    def close(self) -> None:
        """Serve nobody any more."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with contextlib.suppress(OSError, EOFError), client:
                self._greet(client)
                while self._answer(client):
                    pass

    def _greet(self, client: socket.socket) -> None:
        client.sendall(struct.pack(">QQH", _HELLO, _OPTIONS, 0b11))
        _exactly(client, 4)
        while True:
            _, option, length = struct.unpack(">QII", _exactly(client, 16))
            _exactly(client, length)
            if option == _EXPORT_NAME:
                client.sendall(struct.pack(">QH", len(self._seen), _FLAGS))
                return
            if option == _ABORT:
                raise EOFError
            if option not in (_GO, _INFO):
                client.sendall(_reply(option, _UNSUPPORTED))
                continue
            told = struct.pack(">HQH", 0, len(self._seen), _FLAGS)
            client.sendall(_reply(option, _INFO_REPLY, told) + _reply(option, _ACK))
            if option == _GO:
                return

    def _answer(self, client: socket.socket) -> bool:
        _, flags, kind, handle, offset, length = _REQUEST.unpack(_exactly(client, _REQUEST.size))
        if kind == _LEAVE:
            return False
        content = _exactly(client, length) if kind == _WRITE else b""
        with self._lock:
            gone = self._power_goes(kind)
            if gone:
                self._machine_gone.clear()
                self._on_cut()
            else:
                told = self._do(kind, flags, offset, length, content)
        if gone:  # neither done nor answered: an error would be an answer
            self._machine_gone.wait()
            return False
        client.sendall(struct.pack(">IIQ", 0x67446698, 0, handle) + told)
        return True

    def _power_goes(self, kind: int) -> bool:
        if kind == _READ or self._until_cut < 0:
            return False
        self._until_cut -= 1
        return self._until_cut < 0

    def _do(self, kind: int, flags: int, offset: int, length: int, content: bytes) -> bytes:
        if kind == _READ:
            return bytes(self._seen[offset : offset + length])
        if kind == _WRITE:
            self._pending.append((offset, bytes(self._seen[offset : offset + length]), content))
            self._put(offset, content)
        if (
            kind == _FLUSH or flags & 1
        ):  # FUA promises this write alone; what came before it is made durable too
            self.flushes += 1
            self._pending = []
        return b""

    def _put(self, offset: int, content: bytes) -> None:
        self._seen[offset : offset + len(content)] = content


def _atoms(offset: int, content: bytes) -> Iterator[tuple[int, bytes]]:
    """A write, cut where one physical sector ends and the next begins."""
    at = 0
    while at < len(content):
        size = min(ATOM - (offset + at) % ATOM, len(content) - at)
        yield offset + at, content[at : at + size]
        at += size


def _reply(option: int, kind: int, told: bytes = b"") -> bytes:
    return struct.pack(">QIII", _REPLY_MAGIC, option, kind, len(told)) + told


def _exactly(client: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        piece = client.recv(count - len(found))
        if not piece:
            raise EOFError
        found += piece
    return bytes(found)
