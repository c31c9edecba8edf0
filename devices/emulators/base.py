"""What every serial emulator is: bytes in, bytes out, physics as plain attributes. No thread, no socket.

A rig (`devices.rig`) makes an emulator reachable: in-process by `emu://`, on a pty, or over TCP. It calls
`receive` with what the host sent and sends to the host what `take` gives.
"""

import threading
from abc import ABC, abstractmethod
from typing import ClassVar, Protocol

from ground.clock import Clock


class SerialEmulator(ABC):
    """A device as the host sees it through a serial line.

    Attributes named in `knobs` are its physics: they may be set at any time from any thread.
    """

    #: the names of the attributes that a control panel or a test may set, e.g. ("card_on",)
    knobs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.mute = False  #: True: swallows everything and says nothing, as a dead device does
        self._lock = threading.Lock()
        self._outbox: list[tuple[float, bytes]] = []

    @abstractmethod
    def receive(self, data: bytes) -> None:
        """Bytes that the host sent, cut anywhere. Answers by `say`."""

    def connected(self) -> None:
        """The host opened the line (or the plug went in): forget half-received frames."""
        with self._lock:
            self._outbox.clear()

    def say(self, data: bytes, after_s: float = 0.0) -> None:
        """Send `data` to the host after `after_s` seconds of thinking."""
        if not self.mute:
            with self._lock:
                self._outbox.append((self.clock.after(after_s), data))

    def take(self) -> bytes:
        """What is due to be sent now. The rig calls it every few milliseconds."""
        with self._lock:
            now = self.clock.instant()  # asked once: what becomes due while sorting must not fall through
            due = [data for at, data in self._outbox if at <= now]
            self._outbox = [(at, data) for at, data in self._outbox if at > now]
        return b"".join(due)

    def next_due(self) -> float | None:
        """The instant at which `take` will have more to give; None when nothing is under way."""
        with self._lock:
            return min((at for at, _ in self._outbox), default=None)


class ServiceEmulator(Protocol):
    """A device behind a service of its own on 127.0.0.1 (HTTP, WebSocket, IPP): it brings its server along."""

    mute: bool  #: True: takes connections and answers nothing, as a hung service does

    @property
    def knobs(self) -> tuple[str, ...]:
        """The names of the attributes that a control panel or a test may set."""
        ...

    @property
    def url(self) -> str:
        """What the driver's settings must say. The port is known after the first `start` and stays the same."""
        ...

    def start(self) -> None:
        """Listen. Does nothing when it does. Raises OSError."""
        ...

    def unplug(self) -> None:
        """Cut every connection and refuse new ones until `replug`."""
        ...

    def replug(self) -> None:
        """Listen again at the same address."""
        ...

    def close(self) -> None:
        """End for good: no thread and no socket is left. May be called twice."""
        ...
