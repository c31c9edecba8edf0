"""What was signed once counts once: nonces are remembered as long as their signature is fresh."""

import threading
from datetime import UTC, datetime

from backend.clock import Clock

_MOST = (
    500_000  # chosen: about 100 MB; the whole city's terminals at a hundred requests a second fill a tenth
)


class Stale(Exception):
    """Signed too long ago, or for a moment that has not come, by the platform's clock."""


class Repeated(Exception):
    """This very signature was here before."""


class Nonces:
    """Nonces of the last minutes, by the second in which they were signed. Thread-safe.

    They lie in memory. What was signed before this process began, or in a second that was forgotten for want of room,
    is stale: a terminal signs anew, by the time that it is told.
    """

    def __init__(self, clock: Clock, window_s: int, most: int = _MOST) -> None:
        """`window_s`: how far a terminal's clock may be off, either way."""
        self._clock = clock
        self._window_s = window_s
        self._most = most
        self._floor = self._now()
        self._seconds: dict[int, set[tuple[str, str]]] = {}
        self._count = 0
        self._lock = threading.Lock()

    def require_fresh(self, created: int) -> None:
        """Raise `Stale` unless a signature of this moment may be taken."""
        now = self._now()
        if created < self._floor or abs(now - created) > self._window_s:
            raise Stale

    def spend(self, key_id: str, created: int, nonce: str) -> None:
        """Note a verified signature. Raises `Stale` and, the second time, `Repeated`."""
        with self._lock:
            self.require_fresh(created)
            self._forget()
            spent = self._seconds.setdefault(created, set())
            if (key_id, nonce) in spent:
                raise Repeated
            spent.add((key_id, nonce))
            self._count += 1

    def _forget(self) -> None:
        """Drop what is stale anyway; and the oldest seconds, which become stale by it, when there is no room."""
        oldest_fresh = self._now() - self._window_s
        for second in [each for each in self._seconds if each < oldest_fresh]:
            self._count -= len(self._seconds.pop(second))
        while self._count >= self._most and len(self._seconds) > 1:
            second = min(self._seconds)
            self._count -= len(self._seconds.pop(second))
            self._floor = max(self._floor, second + 1)

    def _now(self) -> int:
        return int(self._clock.now().astimezone(UTC).timestamp())

    def time(self) -> datetime:
        """What time it is here, for a terminal whose clock is wrong."""
        return self._clock.now()
