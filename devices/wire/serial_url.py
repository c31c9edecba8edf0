"""A wire over pyserial: device paths and every pyserial URL (`socket://`, `hwgrep://`, `loop://` …).

pyserial already waits in `select` and returns with the byte that completes a read, so a read costs the time
of its bytes and no more. What this adds: one deadline per call, exclusive use, one exception for every fault.
"""

import socket
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress

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
            raise Unreachable(url=self._url, reason=str(error)) from error


def open_url(url: str, baud: int) -> SerialWire:
    """See `devices.wire.open_wire`."""
    return SerialWire(url, baud)
