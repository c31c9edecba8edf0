"""The platform's own time, handed in like the terminal's: a real clock, and a manual one for tests."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

#: China has one time zone and no summer time, so a fixed offset needs no zone database.
CHINA = timezone(timedelta(hours=8), "UTC+8")


class Clock(Protocol):
    """What the platform may ask of time."""

    def now(self) -> datetime:
        """Wall clock, aware, UTC, whole seconds: it dates records that people read."""
        ...

    def instant(self) -> float:
        """Monotonic seconds from an arbitrary origin: it measures rates."""
        ...


class RealClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0)

    def instant(self) -> float:
        return time.monotonic()


class ManualClock:
    """Time that passes only when a test turns it."""

    def __init__(self, start: datetime = datetime(2026, 11, 21, 1, 41, tzinfo=UTC)) -> None:
        self._now = start
        self._instant = 0.0

    def now(self) -> datetime:
        return self._now

    def instant(self) -> float:
        return self._instant

    def turn(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self._now += timedelta(seconds=seconds)
        self._instant += seconds


def day_of(moment: datetime) -> date:
    """The calendar day in China at `moment` (aware): the day that an acceptance number bears."""
    return moment.astimezone(CHINA).date()
