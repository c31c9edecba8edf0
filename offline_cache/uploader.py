"""The uploader: takes what waits in the outbox to the platform; stubborn on the way, polite at the door.

It runs in a process of its own and may be killed at any instant: whatever it had in hand is offered again,
and the platform, which knows each case by the id that the terminal gave it, makes no second one of it.
"""

import contextlib
import random
import threading
from collections.abc import Callable, Mapping

from ground.clock import Clock
from ground.logbook import Event, Fact, Logbook
from offline_cache.clockcheck import ClockCheck
from offline_cache.clockcheck_noted import ClockWatch
from offline_cache.errors import (
    CacheError,
    Corrupt,
    DatabaseCorrupt,
    Denied,
    Portal,
    Refused,
    ServerTrouble,
    Unreachable,
    UploadError,
)
from offline_cache.heartbeat import Heart
from offline_cache.items import Job, LinkState
from offline_cache.outbox import Outbox
from offline_cache.pace_metered import EVERYTHING, Metered
from offline_cache.platform import Platform
from offline_cache.retry import ITEM, LINK
from offline_cache.uploader_jobs import Delivery

LEASE_S = 120.0  # chosen: several times a request's longest silence; kept up while a long upload gets on
POLL_S = 0.2  # how soon a case that was just handed in is noticed
LOOK_S = 1.0  # how often the outbox is asked although nothing was written: a pause may be over
PROBE_S = 60.0  # an idle link is looked at this often, so that the screens show how it is
FRESH_S = 1.0  # while the link is down, a citizen who has just handed in makes it be tried this soon
DISK_S = 5.0  # pause after trouble with our own disk
SWEEP_S = 3600.0
SPREAD_S = 20.0  # chosen: 26 terminals that come back together then begin about one a second
SPREAD_SHARE = 0.2  # chosen: of the time that the link was down; after a short cut nobody waits
POISON_BLAME = 5  # so often must the platform take others after failing at an item before that is set aside


_OPEN = (LinkState.UP, LinkState.LIMITED)


class _LeaseLost(Exception):
    """The item is somebody else's now."""


class Uploader:
    """One worker on one outbox and one platform, for one thread."""

    def __init__(
        self,
        outbox: Outbox,
        platform: Platform,
        clock: Clock,
        logbook: Logbook,
        rng: random.Random | None = None,
        *,
        version: str = "",
        check: ClockCheck | None = None,
        heart: Heart | None = None,
        metered: Metered | None = None,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        """`check` watches the clock; `heart` beats (None: not); `metered`: what may go when; `alive`: it gets on."""
        self._outbox = outbox
        self._platform = platform
        self._clock = clock
        self._logbook = logbook
        self._rng = rng or random.Random()
        self._version = version
        self._watch = ClockWatch(check or ClockCheck(clock), outbox, logbook)
        self._heart = heart
        self._metered = metered or Metered()
        self._alive = alive
        self._delivery = Delivery(outbox, platform, logbook, self._gets_on)
        self._link = LinkState.UNKNOWN
        self._link_code: str | None = None
        self._link_tries = 0
        self._down_since: float | None = None
        self._fresh = False  # a citizen who has just handed in waits at the screen
        self._troubles = 0  # failures of the platform itself, in a row
        self._pause_end = clock.instant()
        self._pause_is_asked = False  # the platform named its length, so nothing shortens it
        self._probe_due = clock.instant()
        self._allowed = EVERYTHING
        self._sweep_due = clock.instant()
        self._newest = 0
        self._got_on = False  # bytes arrived in this try
        self._stopping = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Deliver until `stop` is set, then break off within a second, wherever it stands."""
        self._logbook.write(Event.UPLOADER_STARTED, version=self._version)
        self._stopping = stop
        over = threading.Event()
        watch = threading.Thread(target=self._abort_at, args=(stop, over), name="uploader-stop", daemon=True)
        watch.start()
        outcome = "failed"
        try:
            while not stop.is_set():
                self._alive()
                if not self.step():
                    self._idle(stop)
            outcome = "stopped"
        finally:
            over.set()
            watch.join()
            self._logbook.write(Event.UPLOADER_FINISHED, outcome=outcome)

    def step(self) -> bool:
        """One unit of work: one item delivered or tried. False when there is nothing to do just now."""
        if not self._may_try():
            self._beat_meanwhile()
            return False
        try:
            self._tidy()
            if self._watch.look():
                self._probe_due = self._clock.instant()
            self._probe()
            if not self._clock.due(self._pause_end):
                return False  # the link is back for everybody: not all at once
            if self._heart is not None:
                self._heart.beat(self._platform, self._link, self._watch.reading)
            job = self._outbox.claim(LEASE_S, allowed=self._allowed)
            return job is not None and self._attempt(job)
        except UploadError as error:
            self._way_blocked(error)
        except DatabaseCorrupt:
            raise  # whoever starts this process again rebuilds it; trying on would only spread the damage
        except CacheError as error:
            self._logbook.write(Event.DELIVERY_FAILED, case=None, code=error.code, tries=0, next_s=DISK_S)
            self._pause(DISK_S)
        return False

    def _abort_at(self, stop: threading.Event, over: threading.Event) -> None:
        while not over.wait(POLL_S):
            if stop.is_set():
                self._platform.abort()
                return

    def _idle(self, stop: threading.Event) -> None:
        seen, end = self._outbox.changes(), self._clock.after(LOOK_S)
        while not (stop.is_set() or self._clock.due(end) or self._outbox.changes() != seen):
            self._clock.wait(POLL_S)

    def _may_try(self) -> bool:
        if self._clock.due(self._pause_end):
            return True
        with contextlib.suppress(CacheError):
            newest = self._outbox.newest()
            if newest > self._newest and not self._pause_is_asked:
                self._pause_end = min(self._pause_end, self._clock.after(FRESH_S))
                self._fresh = True
            self._newest = newest
        return False

    def _beat_meanwhile(self) -> None:
        """The platform asked to be left alone for long; yet a terminal that is silent for five minutes is an alarm."""
        if self._heart is None or not self._pause_is_asked:
            return
        try:
            self._heart.beat_meanwhile(self._platform, self._link, self._watch.reading)
        except DatabaseCorrupt:
            raise
        except (UploadError, CacheError):
            return  # what was asked holds all the same; how the way is, the first try after it finds out

    def _tidy(self) -> None:
        if self._clock.due(self._sweep_due):
            self._sweep_due = self._clock.after(SWEEP_S)
            swept = self._outbox.sweep()
            if swept:
                self._logbook.write(Event.FILES_SWEPT, files=swept)

    def _probe(self) -> None:
        """Make sure, before anything is sent, that it is the platform that answers, and that it knows us."""
        if self._link in _OPEN and not self._clock.due(self._probe_due):
            return
        asked_at = self._clock.instant()
        health = self._platform.health()
        self._watch.compare(health.time, asked_at)
        self._platform.terminal()
        self._allowed = self._metered.allowed()
        self._link_is(LinkState.UP if self._allowed.everything else LinkState.LIMITED, None)

    def _attempt(self, job: Job) -> bool:
        self._got_on = False
        try:
            self._delivery.deliver(job)
            self._went_well()
        except _LeaseLost:
            return True
        except Refused as error:
            self._set_aside(job, error.code, error)
        except Corrupt as error:
            self._set_aside(job, error.code, None)
        except (Unreachable, Portal, Denied) as error:
            self._broke_off(job, error)
            return False
        except UploadError as error:
            self._failed_at(job, error)
        return True

    def _gets_on(self, job: Job) -> None:
        self._got_on = True
        self._alive()
        if self._stopping.is_set():
            raise Unreachable(why="stopping")
        if not self._outbox.keep_lease(job, LEASE_S):
            raise _LeaseLost

    def _went_well(self) -> None:
        self._link_tries = self._troubles = 0
        self._probe_due = self._clock.after(PROBE_S)

    def _broke_off(self, job: Job, error: UploadError) -> None:
        """The way was blocked in the middle; what got on a bit is taken up first, the rest lets others pass."""
        if self._got_on or self._stopping.is_set():
            self._outbox.release(job)
        else:
            self._note_failure(job, error, suspect=isinstance(error, Denied))
        self._way_blocked(error)

    def _failed_at(self, job: Job, error: UploadError) -> None:
        """The platform failed at this item: its own trouble, or the item's."""
        self._troubles += 1
        asked = isinstance(error, ServerTrouble) and error.retry_after_s is not None
        if asked or self._troubles > 1:
            self._pause(LINK.seconds(self._troubles, error, self._rng), asked=asked)
        blame = self._note_failure(job, error, suspect=True)
        if blame >= POISON_BLAME:
            self._set_aside(job, error.code, error)

    def _note_failure(self, job: Job, error: UploadError, *, suspect: bool) -> int:
        wait_s = ITEM.seconds(job.tries + 1, error, self._rng)
        failure = self._outbox.failed(job, error.code, wait_s, suspect=suspect)
        if failure is None:
            return 0
        self._logbook.write(
            Event.DELIVERY_FAILED,
            case=job.case_id,
            code=error.code,
            tries=failure.tries,
            next_s=round(wait_s, 1),
            **_facts(error),
        )
        return failure.blame

    def _set_aside(self, job: Job, code: str, error: UploadError | None) -> None:
        self._outbox.stuck(job, code)
        self._logbook.write(Event.CASE_REFUSED, case=job.case_id, code=code, **_facts(error))

    def _way_blocked(self, error: UploadError) -> None:
        if self._stopping.is_set():
            return
        self._link_tries += 1
        asked = isinstance(error, ServerTrouble) and error.retry_after_s is not None
        self._pause(LINK.seconds(self._link_tries, error, self._rng), asked=asked)
        self._link_is(LinkState.PORTAL if isinstance(error, Portal) else LinkState.DOWN, error)

    def _spread(self) -> None:
        """The link is back for every terminal at once: begin at a moment of our own, unless somebody waits."""
        down_since, self._down_since = self._down_since, None
        if down_since is not None and not self._fresh:
            was_down_s = self._clock.instant() - down_since
            self._pause(self._rng.uniform(0.0, min(SPREAD_S, was_down_s * SPREAD_SHARE)))
        self._fresh = False

    def _pause(self, seconds: float, *, asked: bool = False) -> None:
        self._pause_end = self._clock.after(seconds)
        self._pause_is_asked = asked
        with contextlib.suppress(CacheError):
            self._newest = self._outbox.newest()

    def _link_is(self, link: LinkState, error: UploadError | None) -> None:
        if link in _OPEN:
            self._link_tries = 0
            self._probe_due = self._clock.after(PROBE_S)
            self._spread()
        elif self._down_since is None:
            self._down_since = self._clock.instant()
        code = None if error is None else error.code
        if (link, code) == (self._link, self._link_code):
            return
        self._link, self._link_code = link, code
        with contextlib.suppress(CacheError):
            self._outbox.note_link(link, code)
        self._logbook.write(Event.LINK_CHANGED, link=link.value, code=code, **_facts(error))


def _facts(error: UploadError | None) -> Mapping[str, Fact]:
    return {} if error is None else error.facts
