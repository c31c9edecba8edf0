"""What is found of the wall clock is left for the face, and stands in the logbook when it changes."""

from datetime import datetime

from ground.logbook import Event, Logbook
from offline_cache.clockcheck import ClockCheck
from offline_cache.items import ClockReading, ClockState
from offline_cache.outbox import Outbox


class ClockWatch:
    """A `ClockCheck` whose findings are noted. Every method may raise `CacheError`."""

    def __init__(self, check: ClockCheck, outbox: Outbox, logbook: Logbook) -> None:
        self._check = check
        self._outbox = outbox
        self._logbook = logbook
        self._noted = False

    @property
    def reading(self) -> ClockReading:
        """How the clock was found last."""
        return self._check.reading

    def look(self) -> bool:
        """Whether the clock moved by itself, or is known to be impossible since just now."""
        news = self._check.look()
        if news or not self._noted:  # what the process before this one found is not known to hold
            self._note()
        return news

    def compare(self, platform_time: datetime, asked_at: float) -> None:
        """The platform told its time in the answer to a question of `asked_at` (an instant)."""
        if self._check.compare(platform_time, asked_at):
            self._note()

    def _note(self) -> None:
        found = self._check.reading
        self._outbox.note_clock(found.state, found.off_s)
        if self._noted or found.state is not ClockState.UNKNOWN:
            off_s = None if found.off_s is None else round(found.off_s)
            self._logbook.write(Event.CLOCK_CHANGED, state=found.state.value, off_s=off_s)
        self._noted = True
