"""When the face should become a fresh process: somebody was here, and nobody is now; or it is time, and nobody is here.

Python cannot promise that what it forgot is gone from its memory; the kernel can. So the process that served a visit
does not serve for ever: once the idle screen has stood untouched for a while it is replaced (docs/adr/0035). A process
that served nobody, or many in a row, is replaced by plan: at night, after so many visits, or because it has grown
(docs/adr/0075). Never in a visit, and never while somebody works at the terminal.
"""

import enum
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta, timezone

from ground.clock import Clock
from kiosk.care.hold import Hold

_NOBODY = ("idle",)
#: states in which nothing of a citizen has entered yet
_NOTHING_YET = ("idle", "home", "matters", "notice", "readiness", "consent", "sorry")
_CHINA = timezone(timedelta(hours=8))
_DAY = 24 * 60  # minutes
_IDLE_S = 10.0  # chosen: the next of a queue has stepped up by then, or will find the fresh face
_YOUNG_S = (
    3600.0  # chosen: no plan touches a younger process, so a clock that is set again and again cannot loop it
)
_LOOK_S = 5.0  # how often the wall clock is asked


class Reason(enum.StrEnum):
    """Why a process is replaced."""

    VISIT = "visit"  #: what was hers shall be gone from the memory
    NIGHT = "night"  #: once in the quiet hour
    VISITS = "visits"  #: so many in a row that it never stood idle for long
    MEMORY = "memory"  #: the guard asks: too much, or ever more
    DESCRIPTORS = "descriptors"  #: likewise
    THREADS = "threads"  #: likewise
    SETTINGS = "settings"  #: terminal.toml was changed on the glass
    RELEASE = "release"  #: `current` points to another release


@dataclass(frozen=True, slots=True)
class Plan:
    """When a terminal starts itself anew without need. Two equal hours: never at night; 0 visits: never by number."""

    night_from: str = "00:00"  #: HH:MM in China
    night_until: str = "00:00"  #: may lie after midnight
    visits: int = 0
    terminal: str = ""  #: its id: each has another minute, so that not all go dark at once

    @property
    def minute(self) -> int:
        """How many minutes after `night_from` this terminal's turn is."""
        told = hashlib.sha256(self.terminal.encode()).digest()
        return int.from_bytes(told[:4], "big") % max(1, self._length)

    @property
    def _length(self) -> int:
        return (_minutes(self.night_until) - _minutes(self.night_from)) % _DAY

    def night(self, clock: Clock) -> bool:
        """Whether the turn has come in the night that is now."""
        now = clock.now().astimezone(_CHINA)
        passed = (now.hour * 60 + now.minute - _minutes(self.night_from)) % _DAY
        return bool(self._length) and self.minute <= passed < self._length


def _minutes(hour: str) -> int:
    return int(hour[:2]) * 60 + int(hour[3:])


@dataclass(slots=True)
class _Seen:
    """What this process has been through."""

    began: float
    served: bool = False
    visits: int = 0
    idle_since: float | None = None
    wanted: list[Reason] = field(default_factory=list)  #: asked for by the guard, from its thread


class Renewal:
    """Watches the journey's states, one at each pump."""

    def __init__(
        self,
        clock: Clock,
        after_s: float,
        plan: Plan = Plan(),
        hold: Hold | None = None,
        moved: Callable[[], bool] = lambda: False,
    ) -> None:
        """`after_s`: seconds of idling after a visit; 0: never. `moved`: another release is to run here (ADR 0079)."""
        self._clock = clock
        self._moved = moved
        self._after_s = after_s
        self._plan = plan
        self.hold = hold or Hold()  #: taken by whoever works at the terminal
        self._seen = _Seen(clock.instant())
        self._look_at = clock.instant()
        self._planned: Reason | None = None
        self._decided: Reason | None = (
            None  #: holds until somebody comes: the end takes a moment, and the hour may too
        )

    @property
    def visits(self) -> int:
        """How many this process has served or seen leave."""
        return self._seen.visits

    def see(self, state: str) -> None:
        """The journey is in this state now."""
        seen = self._seen
        seen.served = seen.served or state not in _NOTHING_YET
        if state not in _NOBODY:
            if seen.idle_since is not None:
                seen.visits += 1
            seen.idle_since, self._decided = None, None
        elif seen.idle_since is None:
            seen.idle_since = self._clock.instant()

    def ask(self, reason: Reason) -> None:
        """The guard wants a fresh process, when nobody is here. From any thread."""
        self._seen.wanted.append(reason)

    @property
    def due(self) -> bool:
        """Whether now is the time."""
        return self.reason is not None

    @property
    def reason(self) -> Reason | None:
        """Why now is the time; None when it is not."""
        seen = self._seen
        if seen.idle_since is None or self.hold.by:
            return None
        idle_s = self._clock.instant() - seen.idle_since
        if self._decided is None and seen.served and self._after_s and idle_s >= self._after_s:
            self._decided = Reason.VISIT
        elif self._decided is None and idle_s >= _IDLE_S:
            self._decided = self._plan_says()
        return self._decided

    def _plan_says(self) -> Reason | None:
        if not self._clock.due(self._look_at):
            return self._planned
        self._look_at = self._clock.after(_LOOK_S)
        old = self._clock.instant() - self._seen.began >= _YOUNG_S
        if self._seen.wanted:
            self._planned = self._seen.wanted[0]
        elif self._moved():
            self._planned = Reason.RELEASE
        elif self._plan.visits and self._seen.visits >= self._plan.visits:
            self._planned = Reason.VISITS
        else:
            self._planned = Reason.NIGHT if old and self._plan.night(self._clock) else None
        return self._planned
