"""An emulator behind a UDP port, as a tablet on the office's network offers it.

Each write of the host is a datagram to the emulator. What the emulator gives with one `take` goes out as one
datagram, so an emulator that has several messages gives them one by one.
"""

import socket
from contextlib import suppress

from devices.emulators.base import SerialEmulator
from devices.rig.pump import PumpedRig

_CHUNK = 65536


class UdpRig(PumpedRig):
    """Serves `emulator` to whoever spoke last. `answer_port`: where the host listens, if not where it speaks from."""

    def __init__(
        self,
        emulator: SerialEmulator,
        host: str = "127.0.0.1",
        port: int = 0,
        answer_port: int | None = None,
    ) -> None:
        """Listening on return; port 0 lets the system choose, and `port` tells. Raises OSError."""
        self._address = (host, port)
        self._answer_port = answer_port
        self._socket: socket.socket | None = None
        self._host: tuple[str, int] | None = None
        super().__init__(emulator, None)

    @property
    def port(self) -> int:
        """The port that was chosen; the same after each replug."""
        return self._address[1]

    @property
    def url(self) -> str:
        """The URL of `devices.wire.datagrams`."""
        listen = f"?listen={self._answer_port}" if self._answer_port else ""
        return f"udp://{self._address[0]}:{self._address[1]}{listen}"

    def _watched(self) -> list[int]:
        return [self._socket.fileno()] if self._socket is not None else []

    def _put_in(self) -> None:
        if self._socket is not None:
            return
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            opened.bind(self._address)
            opened.setblocking(False)
        except OSError:
            opened.close()
            raise
        self._address = (self._address[0], opened.getsockname()[1])
        self._socket = opened

    def _pull_out(self) -> None:
        self._host = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _hear(self) -> bytes | None:
        if self._socket is None:
            return None
        try:
            heard, self._host = self._socket.recvfrom(_CHUNK)
        except OSError:  # nothing there, or the host's port was closed
            heard = b""
        return None if self._host is None else heard

    def _say(self, data: bytes) -> None:
        if self._socket is not None and self._host is not None:
            with suppress(OSError):
                self._socket.sendto(data, (self._host[0], self._answer_port or self._host[1]))
