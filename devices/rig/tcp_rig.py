"""An emulator behind a TCP port, as a serial device server offers it."""

import socket
from contextlib import suppress

from devices.emulators.base import SerialEmulator
from devices.rig.pump import PumpedRig

_CHUNK = 65536


class TcpRig(PumpedRig):
    """Serves `emulator` to one host at a time."""

    def __init__(
        self,
        emulator: SerialEmulator,
        host: str = "127.0.0.1",
        port: int = 0,
        paced_baud: int | None = None,
    ) -> None:
        """Listening on return; port 0 lets the system choose, and `port` tells. Raises OSError."""
        self._address = (host, port)
        self._listener: socket.socket | None = None
        self._host: socket.socket | None = None
        super().__init__(emulator, paced_baud)

    @property
    def port(self) -> int:
        """The port that was chosen; the same after each replug."""
        return self._address[1]

    @property
    def url(self) -> str:
        """The pyserial URL."""
        return f"socket://{self._address[0]}:{self._address[1]}"

    def _watched(self) -> list[int]:
        return [end.fileno() for end in (self._listener, self._host) if end is not None]

    def _put_in(self) -> None:
        if self._listener is not None:
            return
        listener = socket.create_server(self._address, backlog=1)
        listener.setblocking(False)
        self._address = (self._address[0], listener.getsockname()[1])
        self._listener = listener

    def _pull_out(self) -> None:
        self._hang_up()
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _hear(self) -> bytes | None:
        if self._host is None:
            self._host = self._caller()
            return None if self._host is None else b""
        if (second := self._caller()) is not None:
            second.close()  # a serial line has one end
        try:
            heard = self._host.recv(_CHUNK)
        except BlockingIOError:
            return b""
        except OSError:
            heard = b""
        if not heard:
            self._hang_up()
            return None
        return heard

    def _say(self, data: bytes) -> None:
        if self._host is not None:
            with suppress(OSError):
                self._host.send(data)

    def _caller(self) -> socket.socket | None:
        """Whoever knocks."""
        if self._listener is None:
            return None
        try:
            caller, _ = self._listener.accept()
        except OSError:  # nobody does
            return None
        caller.setblocking(False)
        caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return caller

    def _hang_up(self) -> None:
        if self._host is not None:
            self._host.close()
            self._host = None
