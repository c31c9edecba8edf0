"""A wire over a character device that is written and read as it is: `file:///dev/usb/lp0` and the like.

The kernel's usblp gives a printer's answers back on the same descriptor; a device that cannot be read at all (a
parallel port, a FIFO) is opened for writing alone and never says anything.
"""

import errno
import fcntl
import os
import select
import stat
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from devices.errors import Unreachable
from ground.clock import RealClock

_CHUNK = 4096  # one page; usblp takes 8 kB at once, a pty 4 kB
_WRITE_PATIENCE_S = 5.0  # as on a serial line: a printer whose buffer is full takes nothing for seconds
#: bytes a second that the slowest of these devices takes, a parallel port at half its standard's compatibility mode;
#: with the patience above it says when a write counts as stuck
_SLOWEST_BYTES_S = 10_000
_EMPTY_S = (
    0.01  # some kernels say that usblp can be read and then give nothing: not to be asked in a tight loop
)
_CLOCK = RealClock()  # the kernel's devices know no other
_NO_ANSWERS = (errno.EACCES, errno.EPERM, errno.EINVAL, errno.ENXIO, errno.EBADF)


class CharDeviceWire:
    """An open, exclusive character device. Implements `devices.wire.Wire`."""

    def __init__(self, path: Path) -> None:
        """Open `path`. Raises `Unreachable`, also when another process has it."""
        self._path = path
        self._descriptor = -1
        self._readable = True
        self._arrived = bytearray()
        try:
            self._open()
        except OSError as error:
            self.close()
            raise self._unreachable(error) from error

    @property
    def readable(self) -> bool:
        """Whether the device can answer at all."""
        return self._readable

    def write(self, data: bytes) -> None:
        """Send all of `data`, in pieces. Raises `Unreachable`, also when the device stops taking bytes."""
        rest = memoryview(data)
        while rest:
            patience_s = _WRITE_PATIENCE_S + len(rest[:_CHUNK]) / _SLOWEST_BYTES_S
            if not self._ready(select.POLLOUT, patience_s):
                raise Unreachable(url=self._url, reason="it takes no more bytes", left=len(rest))
            try:
                rest = rest[os.write(self._descriptor, rest[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._unreachable(error) from error

    def read(self, size: int, timeout_s: float) -> bytes:
        """Between 0 and `size` bytes, as soon as `size` bytes are there or `timeout_s` has passed."""
        if len(self._arrived) < size:
            self._receive(size, timeout_s)
        out = bytes(self._arrived[:size])
        del self._arrived[:size]
        return out

    def discard(self) -> None:
        """Throw away what has arrived and was not read."""
        while self._take():
            pass
        self._arrived.clear()

    def close(self) -> None:
        """Let go of the device. May be called twice; never raises."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with suppress(OSError):
                os.close(descriptor)

    @property
    def _url(self) -> str:
        return f"file://{self._path}"

    def _open(self) -> None:
        flags = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
        if stat.S_ISFIFO(self._path.stat().st_mode):
            self._readable = False  # it would read what it wrote itself
        else:
            try:
                self._descriptor = os.open(self._path, os.O_RDWR | flags)
            except OSError as error:
                if error.errno not in _NO_ANSWERS:
                    raise
                self._readable = False
        if not self._readable:
            self._descriptor = os.open(self._path, os.O_WRONLY | flags)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _receive(self, size: int, timeout_s: float) -> None:
        """Fill `_arrived` up to `size` within `timeout_s`."""
        deadline = _CLOCK.after(max(0.0, timeout_s))
        while len(self._arrived) < size:
            if self._take():
                continue
            if _CLOCK.due(deadline):
                return
            if not self._readable:  # a question to a device that cannot answer costs its time
                _CLOCK.wait(_CLOCK.left(deadline))
            elif self._ready(select.POLLIN, _CLOCK.left(deadline)) and not self._take():
                _CLOCK.wait(min(_EMPTY_S, _CLOCK.left(deadline)))

    def _take(self) -> bool:
        """Whether something had arrived."""
        if not self._readable:
            return False
        try:
            data = os.read(self._descriptor, _CHUNK)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno == errno.EINVAL:  # usblp of a printer with one direction only
                self._readable = False
                return False
            raise self._unreachable(error) from error
        if not data and self._hung_up():
            raise Unreachable(url=self._url, reason="hung up")
        self._arrived += data
        return bool(data)

    def _hung_up(self) -> bool:
        """A tty that was unplugged gives "nothing" for ever; only its state tells it from one that is silent."""
        poll = select.poll()
        poll.register(self._descriptor, 0)
        return bool(poll.poll(0))

    def _ready(self, event: int, timeout_s: float) -> bool:
        """Whether the device takes or gives something, or failed, within `timeout_s`."""
        poll = select.poll()
        try:
            poll.register(self._descriptor, event)
            return bool(poll.poll(max(0.0, timeout_s) * 1e3))
        except (OSError, ValueError) as error:  # another thread closed it under a hung read
            raise self._unreachable(error) from error

    def _unreachable(self, error: Exception) -> Unreachable:
        return Unreachable(url=self._url, reason=str(error))


def open_url(url: str, baud: int) -> CharDeviceWire:
    """See `devices.wire.open_wire`; `baud` means nothing here."""
    return CharDeviceWire(Path(unquote(urlsplit(url).path)))
