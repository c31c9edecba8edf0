"""systemd's watchdog, fed by what really gets on: a frozen process is killed and started again (sd_notify(3))."""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress

from ground.clock import Clock


class Watchdog:
    """Says READY once and WATCHDOG often enough; without systemd it says nothing."""

    def __init__(self, address: str, every_s: float, clock: Clock) -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._every_s = every_s
        self._clock = clock
        self._next = clock.instant()
        self._word = b"READY=1"

    @classmethod
    def from_environment(cls, clock: Clock, env: Mapping[str, str] | None = None) -> "Watchdog":
        """As systemd asks for it: half the limit, as its manual advises."""
        told = os.environ if env is None else env
        limit_us = int(told.get("WATCHDOG_USEC", "20000000"))
        return cls(told.get("NOTIFY_SOCKET", ""), limit_us / 2e6, clock)

    def feed(self) -> None:
        """Called by each pump of the face, and whenever the uploader gets on."""
        if not self._address or not self._clock.due(self._next):
            return
        self._next = self._clock.after(self._every_s)
        if self._say(self._word):
            self._word = b"WATCHDOG=1"  # only once READY was heard: systemd waits for it

    def stopping(self) -> None:
        """It ends because it was asked to. Never before a face renews itself: systemd would take that for its end."""
        if self._address:
            self._say(b"STOPPING=1")

    def _say(self, word: bytes) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line, suppress(OSError):
            line.sendto(word, self._address)
            return True
        return False
