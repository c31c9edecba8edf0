"""What every serial emulator is: bytes in, bytes out, physics as plain attributes. No thread, no socket.

A rig (`devices.rig`) makes an emulator reachable: in-process by `emu://`, on a pty, or over TCP. It calls
`receive` with what the host sent and sends to the host what `take` gives.
"""

import threading
from abc import ABC, abstractmethod
from typing import ClassVar

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
