"""A D-Bus on which an Avahi answers "yes" to everything and announces nothing.

Debian's ippeveprinter does not start without DNS-SD. A real avahi-daemon wants root, one /run/avahi-daemon for the
whole machine, and tells the network about a printer that is none of its business; so the tests bring what libavahi
asks for, and no more: a socket, the D-Bus handshake, and an answer to each method call (D-Bus specification, "Message
Protocol"; signatures after avahi's org.freedesktop.Avahi.*.xml).
"""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_RUNNING = 2  # AVAHI_SERVER_RUNNING, also AVAHI_ENTRY_GROUP_ESTABLISHED
_METHOD_CALL, _METHOD_RETURN = 1, 2
_NO_REPLY_EXPECTED = 1
_MEMBER, _REPLY_SERIAL, _SIGNATURE = 3, 5, 8
_GROUP = "/Client0/EntryGroup0"


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode() + b"\0"


#: member → signature and body of its answer; everything else is answered by nothing
_ANSWERS: dict[str, tuple[str, bytes]] = {
    "Hello": ("s", _text(":1.1")),
    "NameHasOwner": ("b", struct.pack("<I", 1)),
    "RequestName": ("u", struct.pack("<I", 1)),
    "GetAPIVersion": ("u", struct.pack("<I", 0x0203)),
    "GetVersionString": ("s", _text("avahi 0.8")),
    "GetState": ("i", struct.pack("<i", _RUNNING)),
    "GetHostName": ("s", _text("localhost")),
    "GetHostNameFqdn": ("s", _text("localhost")),
    "GetDomainName": ("s", _text("local")),
    "EntryGroupNew": ("o", _text(_GROUP)),
    "IsEmpty": ("b", struct.pack("<I", 0)),
}


class QuietBus:
    """Serves every connection until it is closed. Set DBUS_SYSTEM_BUS_ADDRESS to `address`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "bus"
        self.address = f"unix:path={self._path}"
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(self._path))
        self._server.listen()
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, name="quiet bus")]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # wakes `accept`
        self._threads[0].join()
        self._server.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), name="quiet bus caller")
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as heard, suppress(OSError, EOFError):
            self._shake_hands(connection, heard.readline)
            serial = 0
            while True:
                call = _read_call(heard.read)
                if call is not None:
                    serial += 1
                    connection.sendall(_reply(serial, *call))

    def _shake_hands(self, connection: socket.socket, line: Callable[[], bytes]) -> None:
        while said := line().strip().lstrip(b"\0"):
            if said.startswith(b"BEGIN"):
                return
            known = said.startswith(b"AUTH EXTERNAL")
            connection.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n" if known else b"ERROR\r\n")
        raise EOFError


def _exactly(read: Callable[[int], bytes], count: int) -> bytes:
    data = read(count)
    if len(data) < count:
        raise EOFError
    return data


def _read_call(read: Callable[[int], bytes]) -> tuple[int, str] | None:
    """Serial and member of the next message; None when nobody waits for an answer."""
    head = _exactly(read, 16)
    kind, flags = head[1], head[2]
    body_size, serial, fields_size = struct.unpack_from("<III", head, 4)
    fields = _exactly(read, (fields_size + 7) // 8 * 8)[:fields_size]
    _exactly(read, body_size)
    if kind != _METHOD_CALL or flags & _NO_REPLY_EXPECTED:
        return None
    return serial, _member(fields)


def _member(fields: bytes) -> str:
    """The header field MEMBER; the others are strings as well, or a signature."""
    at = 0
    while at < len(fields):
        at = (at + 7) // 8 * 8
        code, kind = fields[at], fields[at + 2 : at + 3]
        at += 4
        if kind == b"g":
            at += 1 + fields[at] + 1
            continue
        size = struct.unpack_from("<I", fields, at)[0]
        at += 4
        if kind == b"u":
            continue
        if code == _MEMBER:
            return fields[at : at + size].decode()
        at += size + 1
    return ""


def _reply(serial: int, to: int, member: str) -> bytes:
    signature, body = _ANSWERS.get(member, ("", b""))
    fields = struct.pack("<B3sI", _REPLY_SERIAL, b"\x01u\0", to)
    if signature:
        fields += struct.pack("<B3sB", _SIGNATURE, b"\x01g\0", len(signature)) + signature.encode() + b"\0"
    padding = bytes(-len(fields) % 8)
    head = struct.pack(
        "<cBBBIII", b"l", _METHOD_RETURN, _NO_REPLY_EXPECTED, 1, len(body), serial, len(fields)
    )
    return head + fields + padding + body
