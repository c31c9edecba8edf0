"""A wire of UDP datagrams: `udp://host:port[?listen=PORT]`.

One write is one datagram to `host:port`. What is read came from that host, from whatever port it likes: such devices
answer to a listener that was agreed on beforehand (`listen`, else the system chooses). A read never joins two
datagrams, so `read(1, timeout_s)` followed by `read(LONGEST, 0)` gives exactly one.
"""

import errno
import select
import socket
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qs, urlsplit

from devices.errors import Unreachable

#: bytes; the largest payload of a UDP datagram over IPv4 (RFC 768, RFC 791)
LONGEST: Final = 65507

# linux/in.h and linux/in6.h; Python has no names for them. With it, "nobody listens there" is told to the sender.
_IP_RECVERR = 11
_IPV6_RECVERR = 25


class DatagramWire:
    """Datagrams to and from one host. Implements `devices.wire.Wire`."""

    def __init__(self, url: str, host: str, port: int, listen: int) -> None:
        """Listening on return; the interface that leads to `host` only. Raises `Unreachable`."""
        self._url = url
        self._held = b""
        try:
            family, _, _, _, peer = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            self._peer: tuple[str, int] | tuple[str, int, int, int] = peer  # type: ignore[assignment]
            self._socket = socket.socket(family, socket.SOCK_DGRAM)
        except (OSError, UnicodeError) as error:
            raise self._gone(error) from error
        try:
            if family == socket.AF_INET6:
                self._socket.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
            else:
                self._socket.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
            self._socket.bind((_own_address(family, self._peer), listen))
            self._socket.setblocking(False)
        except OSError as error:
            self._socket.close()
            raise self._gone(error) from error

    def write(self, data: bytes) -> None:
        """Send `data` as one datagram. Raises `Unreachable`, also when an earlier one found nobody there."""
        try:
            self._socket.sendto(data, self._peer)
        except OSError as error:
            raise self._gone(error) from error

    def read(self, size: int, timeout_s: float) -> bytes:
        """At most `size` bytes of one datagram; b"" when none came within `timeout_s`."""
        if not self._held:
            try:
                ready, _, _ = select.select([self._socket], [], [], max(0.0, timeout_s))
                self._held = self._next() if ready else b""
            except (OSError, ValueError) as error:  # ValueError: the socket is closed
                raise self._gone(error) from error
        data, self._held = self._held[:size], self._held[size:]
        return data

    def discard(self) -> None:
        """Throw away what has arrived and was not read."""
        try:
            while self._next():
                pass
        except OSError as error:
            raise self._gone(error) from error
        finally:
            self._held = b""

    def close(self) -> None:
        """Stop listening. May be called twice."""
        self._socket.close()

    @property
    def listens_at(self) -> int:
        """The port at which answers arrive."""
        return int(self._socket.getsockname()[1])

    def _next(self) -> bytes:
        """The next datagram of the device that holds something; b"" when there is none. Raises OSError."""
        while True:
            try:
                data, sender = self._socket.recvfrom(LONGEST)
            except BlockingIOError:
                return b""
            if data and sender[0] == self._peer[0]:  # who else speaks here is not the device
                return data

    def _gone(self, error: Exception) -> Unreachable:
        if isinstance(error, OSError) and error.errno == errno.ECONNREFUSED:
            self._forget_refusals()
        return Unreachable(url=self._url, reason=str(error))

    def _forget_refusals(self) -> None:
        """Else the same refusal is told again with the next call, when somebody may be there."""
        with suppress(OSError):  # BlockingIOError when the queue is empty
            while True:
                self._socket.recvmsg(0, 512, socket.MSG_ERRQUEUE)


def _own_address(family: int, peer: tuple[str, int] | tuple[str, int, int, int]) -> str:
    """The address of this machine from which `peer` is reached; nothing is sent. Raises OSError."""
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(peer)
        return str(probe.getsockname()[0])


def open_url(url: str, baud: int) -> DatagramWire:
    """See `devices.wire.open_wire`. Raises `Unreachable`."""
    try:
        parts = urlsplit(url)
        wishes = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
        (listen,) = wishes.pop("listen", ["0"])
        if wishes or not parts.hostname or parts.port is None or not 0 <= int(listen) <= 65535:
            raise ValueError("udp://host:port?listen=PORT is meant")
        return DatagramWire(url, parts.hostname, parts.port, int(listen))
    except ValueError as error:
        raise Unreachable(url=url, reason=str(error)) from error
