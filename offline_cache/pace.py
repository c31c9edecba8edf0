"""How fast the terminal may send: caps by the time of day, kept while a page goes out.

The hall's people share the line: by day the terminal leaves them most of it, by night it takes what there is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone

from ground.clock import Clock

CHINA = timezone(timedelta(hours=8))  # one time zone, no daylight saving
PIECE_BYTES = 64 * 1024
LEAST_PIECE_BYTES = 1024
_SLICE_S = 0.2  # chosen: so soon a rest ends when the uploader is told to stop
_LEAST_S = 0.001  # a rest that rounding would make too short to count
_BURST_S = 0.5  # chosen: so much may be saved up while nothing was sent
_PIECE_S = 0.25  # chosen: a piece lasts no longer, or the line would be taken by fits and starts


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """From one time of day in China to another, over midnight if need be: at most so much."""

    begins: time
    ends: time
    bytes_s: float

    def covers(self, at: time) -> bool:
        """Whether it holds at this time of day; the end does not belong to it."""
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


class Pace:
    """Lets a number of bytes a second through; one thread at a time."""

    def __init__(
        self, caps: tuple[Cap, ...], clock: Clock, right_now: Callable[[], datetime | None] | None = None
    ) -> None:
        """`right_now`: the time of day as well as it is known; None from it: not at all, so the least cap holds."""
        self._caps = caps
        self._clock = clock
        self._right_now = right_now or clock.now
        self._saved = 0.0
        self._since = clock.instant()

    @classmethod
    def free(cls, clock: Clock) -> "Pace":
        """No cap at any time."""
        return cls((), clock)

    def bytes_s(self) -> float | None:
        """What holds now; None: as fast as the line goes. Of several caps the least."""
        if not self._caps:
            return None
        now = self._right_now()
        if now is None:
            return min(cap.bytes_s for cap in self._caps)
        at = now.astimezone(CHINA).time()
        return min((cap.bytes_s for cap in self._caps if cap.covers(at)), default=None)

    def piece_bytes(self) -> int:
        """How much to hand to the line at once."""
        limit = self.bytes_s()
        return (
            PIECE_BYTES if limit is None else int(max(LEAST_PIECE_BYTES, min(PIECE_BYTES, limit * _PIECE_S)))
        )

    def spend(self, count: int, stopped: Callable[[], bool] = lambda: False) -> None:
        """Rest until `count` more bytes may go out, or until `stopped` says so. Only worker threads may call it."""
        while (limit := self.bytes_s()) is not None and not stopped():
            now = self._clock.instant()
            self._saved = min(self._saved + (now - self._since) * limit, limit * _BURST_S)
            self._since = now
            if self._saved >= 0:
                self._saved -= count  # a debt, if need be: the next one waits for it
                return
            self._clock.wait(min(_SLICE_S, max(_LEAST_S, -self._saved / limit)))
