"""The uploader: takes what waits in the outbox to the platform; stubborn on the way, polite at the door.

It runs in a process of its own and may be killed at any instant: whatever it had in hand is offered again,
and the platform, which knows each case by the id that the terminal gave it, makes no second one of it.
"""

import contextlib
import os
import random
import threading
from collections.abc import Mapping

from ground.clock import Clock
from ground.logbook import Event, Fact, Logbook
from offline_cache.errors import (
    AlreadyThere,
    CacheError,
    Corrupt,
    DatabaseCorrupt,
    Denied,
    Garbled,
    Missing,
    Portal,
    Refused,
    ServerTrouble,
    Unreachable,
    UploadError,
)
from offline_cache.items import CaseJob, EvaluationJob, Job, LinkState, MessageJob, SealedPart
from offline_cache.outbox import Outbox
from offline_cache.platform import Platform
from offline_cache.retry import ITEM, LINK

LEASE_S = (
    120.0  # chosen: several times the longest silence of one request; kept up while a long upload gets on
)
POLL_S = 0.2  # how soon a case that was just handed in is noticed
LOOK_S = 1.0  # how often the outbox is asked although nothing was written: a pause may be over
PROBE_S = 60.0  # an idle link is looked at this often, so that the screens show how it is
FRESH_S = 1.0  # while the link is down, a citizen who has just handed in makes it be tried this soon
DISK_S = 5.0  # pause after trouble with our own disk
SWEEP_S = 3600.0
POISON_BLAME = 5  # so often must the platform take others after failing at an item before that is set aside


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
    ) -> None:
        self._outbox = outbox
        self._platform = platform
        self._clock = clock
        self._logbook = logbook
        self._rng = rng or random.Random()
        self._version = version
        self._link = LinkState.UNKNOWN
        self._link_code: str | None = None
        self._link_tries = 0
        self._troubles = 0  # failures of the platform itself, in a row
        self._pause_end = clock.instant()
        self._pause_is_asked = False  # the platform named its length, so nothing shortens it
        self._probe_due = clock.instant()
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
            return False
        try:
            self._tidy()
            self._probe()
            job = self._outbox.claim(LEASE_S)
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
            self._newest = newest
        return False

    def _tidy(self) -> None:
        if self._clock.due(self._sweep_due):
            self._sweep_due = self._clock.after(SWEEP_S)
            self._outbox.sweep()

    def _probe(self) -> None:
        """Make sure, before anything is sent, that it is the platform that answers, and that it knows us."""
        if self._link is LinkState.UP and not self._clock.due(self._probe_due):
            return
        self._platform.health()
        self._platform.terminal()
        self._link_is(LinkState.UP, None)

    def _attempt(self, job: Job) -> bool:
        self._got_on = False
        try:
            match job:
                case CaseJob():
                    self._deliver_case(job)
                case EvaluationJob():
                    self._deliver_evaluation(job)
                case MessageJob():
                    self._deliver_message(job)
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

    def _deliver_case(self, job: CaseJob) -> None:
        self._send_parts(job, job.case_id)
        try:
            acceptance = self._platform.put_case(job.envelope())
        except Missing as missing:
            self._send_again(job, missing.parts)
            raise
        try:
            removed = self._outbox.delivered(job.case_id, acceptance.acceptance_number)
        except AlreadyThere as error:
            raise Garbled(what="acceptance_number", why="belongs to another case") from error
        self._went_well()
        self._logbook.write(
            Event.CASE_DELIVERED, case=job.case_id, tries=job.tries + 1, files_deleted=removed
        )

    def _send_parts(self, job: CaseJob | MessageJob, unit: str) -> None:
        """Bring every part of a unit to the platform that is not there yet."""
        there = {(file.part, file.sha256): file for file in self._platform.files(unit)}
        for part in job.parts:
            known = there.get((part.part, part.sha256))
            if known is None:
                self._upload(job, unit, part, part.location)
            elif not known.complete:
                self._upload(job, unit, part, part.location or known.location)

    def _deliver_message(self, job: MessageJob) -> None:
        if job.parts:
            self._send_parts(job, job.message_id)
        try:
            self._platform.put_message(job.envelope())
        except Missing as missing:
            self._send_again(job, missing.parts)
            raise
        self._outbox.message_delivered(job)
        self._went_well()
        self._logbook.write(Event.MESSAGE_DELIVERED, message=job.message_id, kind=job.kind)

    def _deliver_evaluation(self, job: EvaluationJob) -> None:
        self._platform.put_evaluation(job.case_id, job.body())
        self._outbox.evaluation_delivered(job.case_id)
        self._went_well()
        self._logbook.write(Event.EVALUATION_DELIVERED, case=job.case_id)

    def _upload(self, job: CaseJob | MessageJob, unit: str, part: SealedPart, location: str | None) -> None:
        uploads = self._platform.uploads
        with self._outbox.open_part(part) as file:
            if file.seek(0, os.SEEK_END) != part.bytes:  # of the age bytes; a header may stand before them
                raise Corrupt(file=part.file, why="length")
            offset = None if location is None else uploads.offset(location, part.bytes)
            if location is None or offset is None:
                metadata = {"case": unit, "part": part.part, "sha256": part.sha256}
                location, offset = uploads.create(part.bytes, metadata), 0
                self._outbox.note_location(job, part.part, location)
            uploads.send(location, file, part.bytes, offset, lambda _: self._gets_on(job))

    def _gets_on(self, job: Job) -> None:
        self._got_on = True
        if self._stopping.is_set():
            raise Unreachable(why="stopping")
        if not self._outbox.keep_lease(job, LEASE_S):
            raise _LeaseLost

    def _send_again(self, job: CaseJob | MessageJob, missing: tuple[str, ...]) -> None:
        """The platform lacks parts that we thought were there: forget their uploads, unless the fault is here."""
        for part in job.parts:
            if part.part in missing:
                if not self._outbox.part_is_intact(part):
                    raise Corrupt(file=part.file, why="content")
                self._outbox.note_location(job, part.part, None)

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

    def _pause(self, seconds: float, *, asked: bool = False) -> None:
        self._pause_end = self._clock.after(seconds)
        self._pause_is_asked = asked
        with contextlib.suppress(CacheError):
            self._newest = self._outbox.newest()

    def _link_is(self, link: LinkState, error: UploadError | None) -> None:
        if link is LinkState.UP:
            self._link_tries = 0
            self._probe_due = self._clock.after(PROBE_S)
        code = None if error is None else error.code
        if (link, code) == (self._link, self._link_code):
            return
        self._link, self._link_code = link, code
        with contextlib.suppress(CacheError):
            self._outbox.note_link(link, code)
        self._logbook.write(Event.LINK_CHANGED, link=link.value, code=code, **_facts(error))


def _facts(error: UploadError | None) -> Mapping[str, Fact]:
    return {} if error is None else error.facts
