"""A clock that lets go of whoever waits by it, as soon as nobody waits for what they do."""

from collections.abc import Callable
from typing import Any

from ground.clock import Clock
from kiosk.tending.bench import Stopped


class StoppableClock:
    """The clock of a test: it waits no longer than whoever asked for the test."""

    def __init__(self, clock: Clock, stopped: Callable[[], bool]) -> None:
        self._clock, self._stopped = clock, stopped

    def __getattr__(self, name: str) -> Any:
        return getattr(self._clock, name)

    def wait(self, seconds: float) -> None:
        """Raises `Stopped` when nobody waits for the test any more."""
        if self._stopped():
            raise Stopped
        self._clock.wait(seconds)
