"""A wire over pyserial: device paths and every pyserial URL (`socket://`, `hwgrep://`, `loop://` …).

pyserial already waits in `select` and returns with the byte that completes a read, so a read costs the time
of its bytes and no more. What this adds: one deadline per call, exclusive use, one exception for every fault.
"""

import socket
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import serial

from devices.errors import Unreachable

#: What pyserial lets through when the other end is gone. `termios.error` is neither an OSError nor a
#: SerialException (house style, trap 1); TypeError and ValueError come from a descriptor that another thread
#: closed under a hung read, and from URLs that pyserial cannot parse.
_FAULTS = (serial.SerialException, OSError, termios.error, TypeError, ValueError)

_BITS_PER_BYTE = 10  # 8N1: start, eight data bits, stop
_WRITE_PATIENCE_S = (
    5.0  # chosen: beyond the wire time; a printer whose buffer is full holds the line for seconds
)


class SerialWire:
    """An open, exclusive serial port. Implements `devices.wire.Wire`."""

    def __init__(self, url: str, baud: int = 115200) -> None:
        """Open `url` at `baud` bits per second, 8N1, no flow control. Raises `Unreachable`."""
        self._url = url
        self._baud = baud
        with self._translated():
            self._port = serial.serial_for_url(url, baudrate=baud, timeout=0, write_timeout=0, exclusive=True)

    def write(self, data: bytes) -> None:
        """Send all of `data`. Raises `Unreachable`, also when the other end stops taking bytes."""
        with self._translated():
            self._port.write_timeout = _WRITE_PATIENCE_S + len(data) * _BITS_PER_BYTE / self._baud
            self._port.write(data)

    def read(self, size: int, timeout_s: float) -> bytes:
        """Between 0 and `size` bytes, as soon as `size` bytes are there or `timeout_s` has passed."""
        with self._translated():
            self._port.timeout = max(0.0, timeout_s)
            return bytes(self._port.read(size))

    def discard(self) -> None:
        """Throw away what has arrived and was not read."""
        with self._translated():
            self._port.reset_input_buffer()

    def close(self) -> None:
        """Let go of the port. May be called twice; never raises."""
        peer = getattr(self._port, "_socket", None)
        with suppress(*_FAULTS):
            self._port.close()
        if isinstance(peer, socket.socket):
            peer.close()  # pyserial forgets to when the peer hung up first: its shutdown() raises

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except _FAULTS as error:
            holder = held_by(Path(self._url)) if "exclusively lock" in str(error) else ""
            held = {"held_by": holder} if holder else {}
            raise Unreachable(url=self._url, reason=str(error), **held) from error


def held_by(port: Path) -> str:
    """Name and number of a process that has `port` open, such as "python3 (1234)"; "" when none of ours is seen to.

    Other users' processes show their descriptors to root alone.
    """
    node = str(port.resolve())
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):  # it ended meanwhile, or is another user's
            if str(descriptor.readlink()) == node:
                process = descriptor.parent.parent
                return f"{(process / 'comm').read_text(encoding='utf-8').strip()} ({process.name})"
    return ""


def open_url(url: str, baud: int) -> SerialWire:
    """See `devices.wire.open_wire`."""
    return SerialWire(url, baud)
