"""Time is handed in: a real clock for the machine, a manual one for tests.

Order and time-outs use monotonic seconds (`instant`, `after`, `due`, `left`); the wall clock (`now`) only
dates what people read, because a terminal without a clock battery wakes up in 1970.
"""

import threading
import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What a caller may ask of time."""

    def now(self) -> datetime:
        """Wall clock, aware, UTC. For people and records; never for order or time-outs."""
        ...

    def instant(self) -> float:
        """Monotonic seconds from an arbitrary origin."""
        ...

    def after(self, seconds: float) -> float:
        """The instant that lies `seconds` ahead."""
        ...

    def due(self, instant: float) -> bool:
        """Whether `instant` has come."""
        ...

    def left(self, instant: float) -> float:
        """Seconds until `instant`, never negative."""
        ...

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass. Only worker threads and separate processes may call it."""
        ...


class _Counting(ABC):
    @abstractmethod
    def instant(self) -> float: ...

    def after(self, seconds: float) -> float:
        return self.instant() + seconds

    def due(self, instant: float) -> bool:
        return self.instant() >= instant

    def left(self, instant: float) -> float:
        return max(0.0, instant - self.instant())


class RealClock(_Counting):
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def instant(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds))


class ManualClock(_Counting):
    """Time that passes only when a test turns it. `wait` turns it too, so nothing ever sleeps."""

    def __init__(self, start: datetime = datetime(2026, 11, 21, 1, 41, tzinfo=UTC)) -> None:
        self._start = start
        self._passed = 0.0
        self._shift = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._start + self._shift + timedelta(seconds=self._passed)

    def instant(self) -> float:
        return self._passed

    def wait(self, seconds: float) -> None:
        self.turn(seconds)

    def turn(self, seconds: float) -> None:
        """Let `seconds` pass for everybody who holds this clock."""
        with self._lock:
            self._passed += max(0.0, seconds)

    def set_wall(self, to: datetime) -> None:
        """Jump the wall clock, as a technician or a flat battery does; monotonic time is untouched."""
        self._shift += to - self.now()
