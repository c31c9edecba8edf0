"""The two ways to an "S-command" tablet: datagrams all the time, or one TCP connection for each command.

Source: shared protocol notes, evaluator.md §3 (transports).
"""

from typing import Protocol

from devices.errors import Unreachable
from devices.wire import Wire, open_wire

_CHUNK = 65536  # bytes taken at once: never less than a datagram


class Line(Protocol):
    """What the driver needs of either way."""

    @property
    def ended(self) -> bool:
        """Whether nothing more can come until something is said."""
        ...

    def open(self) -> None:
        """Make ready to speak. Raises `Unreachable`."""
        ...

    def close(self) -> None:
        """Let go. May be called twice."""
        ...

    def discard(self) -> None:
        """Forget what has arrived. Raises `Unreachable`."""
        ...

    def say(self, command: bytes) -> None:
        """Send one command. Raises `Unreachable`."""
        ...

    def hear(self, timeout_s: float) -> bytes:
        """What has come, at most one datagram; b"" when nothing came in time. Raises `Unreachable`."""
        ...


class NetworkLine:
    """Datagrams both ways; any other lasting wire does as well."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._wire: Wire | None = None

    @property
    def ended(self) -> bool:
        return False

    def open(self) -> None:
        if self._wire is None:
            self._wire = open_wire(self._url)

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire = None

    def discard(self) -> None:
        self._opened().discard()

    def say(self, command: bytes) -> None:
        self._opened().write(command)

    def hear(self, timeout_s: float) -> bytes:
        wire = self._opened()
        data = wire.read(1, timeout_s)
        return data + wire.read(_CHUNK, 0.0) if data else b""

    def _opened(self) -> Wire:
        if self._wire is None:
            raise Unreachable(url=self._url, reason="not open")
        return self._wire


class UsbLine:
    """`adb forward`: each command has a connection of its own, which the tablet closes after its answer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ready = False
        self._wire: Wire | None = None

    @property
    def ended(self) -> bool:
        return self._wire is None

    def open(self) -> None:
        self._ready = True

    def close(self) -> None:
        self._hang_up()
        self._ready = False

    def discard(self) -> None:
        """An answer can only come over the connection of its own command."""
        self._hang_up()

    def say(self, command: bytes) -> None:
        self._hang_up()
        if not self._ready:
            raise Unreachable(url=self._url, reason="not open")
        self._wire = open_wire(self._url)
        self._wire.write(command)

    def hear(self, timeout_s: float) -> bytes:
        if self._wire is None:
            return b""
        try:
            data = self._wire.read(1, timeout_s)
            return data + self._wire.read(_CHUNK, 0.0) if data else b""
        except Unreachable:  # it said what it had to say
            self._hang_up()
            return b""

    def _hang_up(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire = None
