"""Counts what this process uses, keeps it, and asks for a fresh process when that is too much, or ever more."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from config.care_settings import Care
from ground.clock import Clock
from ground.logbook import Event, Logbook
from kiosk.care.growth import History, growth, sample
from kiosk.care.tree import MACHINE, Tree
from kiosk.renewal import Reason

_MINUTE_S = 60.0


class Guard:
    """Of one process. Not thread-safe; cheap to ask again and again."""

    def __init__(
        self,
        history: Path,
        limits: Care,
        clock: Clock,
        logbook: Logbook,
        ask: Callable[[Reason], None],
        tree: Tree = MACHINE,
    ) -> None:
        """`history`: the file. `ask`: for a restart, once; who is asked ends the process when nobody is here."""
        self._history, self._limits, self._tree = History(history), limits, tree
        self._clock, self._logbook, self._ask = clock, logbook, ask
        self._began = self._due = clock.instant()
        self._life = f"{os.getpid()}/{clock.now().isoformat(timespec='seconds')}"
        self._asked = False

    def look(self) -> None:
        """Count, when it is time to."""
        if not self._clock.due(self._due):
            return
        self._due = self._clock.after(self._limits.sample_minutes * _MINUTE_S)
        taken = sample(self._tree, self._clock.now(), self._life, self._clock.instant() - self._began)
        if taken is None:
            return
        with suppress(OSError):  # a full disk has a check of its own
            self._history.add(taken)
        found = growth(self._history.read(), self._limits)
        if found is None or self._asked:
            return
        self._asked = True
        now, per_hour = round(found.now, 1), round(found.per_hour, 2)
        self._logbook.write(
            Event.GROWTH_FOUND, what=found.what, steady=found.steady, now=now, per_hour=per_hour
        )
        self._ask(Reason(found.what))
