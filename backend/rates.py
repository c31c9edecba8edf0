"""How often somebody may ask: a bucket of tokens for each, refilled over a minute."""

import threading

from backend.clock import Clock
from backend.refusals import Refusal

_MOST_NAMES = 10_000  # chosen: bounds the memory that strangers can make us use


class Rate:
    """At most `per_minute` takes a minute for each name, all at once or spread."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def _level(self, name: str) -> float:
        left, since = self._left.get(name, (self._most, self._clock.instant()))
        return min(self._most, left + (self._clock.instant() - since) * self._most / 60)

    def _check(self, name: str) -> None:
        if self._level(name) < 1:
            wait_s = int(60 / self._most) + 1
            raise Refusal(429, "B429", "asked too often", headers={"Retry-After": str(wait_s)})

    def check(self, name: str) -> None:
        """Raise a 429 refusal when `name` has nothing left; take nothing."""
        with self._lock:
            self._check(name)

    def take(self, name: str) -> None:
        """Take one of what `name` has left, or raise a 429 refusal."""
        with self._lock:
            self._check(name)
            if len(self._left) >= _MOST_NAMES:
                self._left = {
                    known: kept for known, kept in self._left.items() if self._level(known) < self._most
                }
            self._left[name] = (self._level(name) - 1, self._clock.instant())
