"""One patience timer for the whole visit, restarted by touch, stopped outside it; and the questions it raises."""

from typing import Literal

from ground.clock import Clock

Overlay = Literal["", "leave", "still_there", "help", "look", "clean", "cleaning", "away"]


class Patience:
    """Counts from the last touch. `None` as length means: no visit, nothing counts."""

    def __init__(self, clock: Clock, warning_s: float) -> None:
        self._clock = clock
        self._warning_s = warning_s
        self._ends: float | None = None
        self._length = 0.0
        self._stretch = 1.0
        self._pace = 1.0

    def start(self, seconds: float) -> None:
        """Begin, or begin again with another length."""
        self._length = seconds * self._stretch
        self._ends = self._clock.after(self._length / self._pace)

    def stretch(self, factor: float) -> None:
        """She is given `factor` times as long from now on."""
        self._length *= factor / self._stretch
        self._stretch = factor
        self.touch()

    def touch(self) -> None:
        """She is there: count from the beginning."""
        if self._ends is not None:
            self._ends = self._clock.after(self._length / self._pace)

    def hurry(self, pace: float) -> None:
        """What is left runs `pace` times as fast from now on; 1 is as usual."""
        if pace == self._pace:
            return
        if self._ends is not None:
            self._ends = self._clock.after(self._left() / pace)
        self._pace = pace

    def _left(self) -> float:
        """Seconds at the usual pace."""
        return 0.0 if self._ends is None else self._clock.left(self._ends) * self._pace

    def stop(self) -> None:
        """Outside a visit, and while the machine keeps *her* waiting, nothing counts."""
        self._ends = None

    @property
    def left_s(self) -> int | None:
        """Whole seconds left, rounded up; None when nothing counts."""
        if self._ends is None:
            return None
        return int(-(-self._clock.left(self._ends) // 1))

    @property
    def warning(self) -> bool:
        """Whether the countdown is to be shown over the whole screen."""
        return self._ends is not None and self._left() <= min(
            self._warning_s * self._stretch, self._length / 2
        )

    @property
    def over(self) -> bool:
        """Whether the visit ends now."""
        return self._ends is not None and self._clock.due(self._ends)
