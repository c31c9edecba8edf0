"""Whether this machine's wall clock can be believed, found by comparing; nothing here ever sets it.

A terminal without a clock battery wakes in 1970; another is set by hand, an hour off. Order, leases and waits stand on
monotonic time and do not care. What people read does: so each time in a case says how sure it is.
"""

from datetime import UTC, datetime, timedelta

from ground.clock import Clock
from offline_cache.items import ClockReading, ClockState

RELEASED = datetime(
    2026, 11, 21, tzinfo=UTC
)  # the day of this version: whatever is earlier, the clock is wrong
OFF_S = 60.0  # chosen: a minute on a receipt is what a person notices
JUMP_S = 5.0  # chosen: network time slews less than a second a minute; a step or a hand moves more


class ClockCheck:
    """Watches one wall clock, for one thread."""

    def __init__(self, clock: Clock, released: datetime = RELEASED) -> None:
        self._clock = clock
        self._released = released
        self._ahead: timedelta | None = None  #: the platform's time minus monotonic time, once it was told
        self._wall, self._instant = clock.now(), clock.instant()
        self._state = ClockState.UNKNOWN
        self._off_s: float | None = None
        self._since = clock.now()
        self.look()

    @property
    def reading(self) -> ClockReading:
        """How the clock was found."""
        return ClockReading(state=self._state, off_s=self._off_s, since=self._since)

    def look(self) -> bool:
        """Whether it moved by itself since the last look, or stands before this version was made; True when news."""
        wall, instant = self._clock.now(), self._clock.instant()
        moved = abs((wall - self._wall).total_seconds() - (instant - self._instant)) > JUMP_S
        self._wall, self._instant = wall, instant
        if wall < self._released:
            return self._found(ClockState.IMPOSSIBLE, self._against_the_platform())
        if moved or self._state is ClockState.IMPOSSIBLE:
            return self._found(ClockState.JUMPED, self._against_the_platform())
        return False

    def compare(self, platform_time: datetime, asked_at: float) -> bool:
        """The platform told its time in the answer to a question of `asked_at` (an instant); True when news."""
        self.look()
        now = self._clock.instant()
        self._ahead = platform_time - _EPOCH - timedelta(seconds=(asked_at + now) / 2)
        off_s = self._against_the_platform()
        assert off_s is not None
        if self._wall < self._released:
            return self._found(ClockState.IMPOSSIBLE, off_s)
        unsure_s = (
            now - asked_at
        ) / 2 + 1.0  # the way there and back, and a time that is told in whole seconds
        right = abs(off_s) <= OFF_S + unsure_s
        return self._found(ClockState.RIGHT if right else ClockState.OFF, off_s)

    def right_now(self) -> datetime | None:
        """The time as well as it is known: the platform's, carried on; else the wall clock's; None: that is wrong."""
        if self._ahead is not None:
            return _EPOCH + self._ahead + timedelta(seconds=self._clock.instant())
        return self._clock.now() if self._state is ClockState.UNKNOWN else None

    def _against_the_platform(self) -> float | None:
        if self._ahead is None:
            return None
        platform = _EPOCH + self._ahead + timedelta(seconds=self._clock.instant())
        return (self._clock.now() - platform).total_seconds()

    def _found(self, state: ClockState, off_s: float | None) -> bool:
        news = state is not self._state or _whole(off_s) != _whole(self._off_s)
        if state is not self._state:
            self._since = self._clock.now()
        self._state, self._off_s = state, off_s
        return news


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _whole(seconds: float | None) -> int | None:
    """Ten seconds more or less are no news."""
    return None if seconds is None else round(seconds / 10)
