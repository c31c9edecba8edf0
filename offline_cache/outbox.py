"""The outbox: sealed cases wait here, durable, until the platform has each of them exactly once.

Used by two processes at once (the face hands in, the uploader claims) and by any thread of them. Exactly one
commit makes a case durable, and it is the only sync of the database in a hand-in; a claim costs none.
"""

import contextlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from ground.clock import Clock
from offline_cache import rows, survey
from offline_cache.errors import AlreadyThere, BadRecipient, CacheError, UnknownCase
from offline_cache.items import (
    MANIFEST_PART,
    CaseJob,
    CaseRecord,
    CaseState,
    CaseToSeal,
    Channel,
    Failure,
    Flaw,
    HandedIn,
    Job,
    LinkState,
    OutboxStatus,
    SealedPart,
    as_text,
)
from offline_cache.local_number import format_local_number
from offline_cache.machine import LinuxMachine, Machine
from offline_cache.seal import Recipients, seal_to
from offline_cache.spool import Spool
from offline_cache.store import Store

LONGEST_HOLD_S = (
    7200.0  # chosen: above the longest pause a platform may ask for (retry.LONGEST_WAIT_S) and any lease
)


class Outbox:
    """What was handed in and is not yet, or was once, delivered."""

    def __init__(
        self,
        path: Path,
        spool: Spool,
        clock: Clock,
        *,
        recipients: Recipients | None = None,
        letters: str = "T",
        machine: Machine | None = None,
    ) -> None:
        """Open or make the outbox in the database file `path`. Raises `CacheError`.

        `recipients` is needed to hand in, `letters` begin the local numbers.
        """
        format_local_number(letters, 0)
        self._spool = spool
        self._clock = clock
        self._letters = letters
        self._recipients = recipients
        self._machine = machine or LinuxMachine()
        self._store = Store(path)

    def close(self) -> None:
        """Let go of the database. May be called twice."""
        self._store.close()

    def hand_in(self, case: CaseToSeal) -> HandedIn:
        """Seal a case and make it durable; only when this returns may the citizen be thanked.

        Raises `DiskFull`, `NotDurable`, `BadRecipient`, `AlreadyThere` (this id was handed in before), in
        which case nothing of it is kept, and ValueError for a case that contradicts itself (see
        `CaseToSeal.check`).
        """
        case.check()
        recipients = self._recipients
        if recipients is None:
            raise BadRecipient(why="none given")
        at = self._clock.now()
        local_number = self._reserve_number(case.case_id)
        contents = [(MANIFEST_PART, case.stamped(local_number, at))]
        contents += [(part.name_in_manifest, part.content) for part in case.parts]
        names = [name for name, _ in contents]
        try:
            with self._spool.writing():
                kept = self._spool.keep(seal_to(content, recipients) for _, content in contents)
                with self._store.transaction() as tx:
                    rows.put_case(
                        tx, case, self._arrival(at), local_number, dict(zip(names, kept, strict=True))
                    )
        except CacheError:
            with contextlib.suppress(CacheError):  # the first error is the one to report
                self.sweep()  # and not a plain delete: a commit that failed late may be found done
            raise
        size = sum(file.bytes for file in kept)
        return HandedIn(
            case_id=case.case_id, local_number=local_number, parts=len(kept), bytes=size, handed_in_at=at
        )

    def add_evaluation(
        self,
        case_id: str,
        level: int,
        reasons: Sequence[str],
        channel: Channel,
        at: datetime,
        indicators_version: str,
    ) -> None:
        """Note how the citizen found it; delivered after its case.

        `level` 1 (very dissatisfied) to 5. Raises `UnknownCase`, and `AlreadyThere` at the second one for a
        case.
        """
        if not 1 <= level <= 5:
            raise ValueError(f"level {level} is not one of the five national levels")
        with self._store.transaction() as tx:
            case = rows.find(tx, case_id)
            if tx.row("evaluation_of", case_place=case["place"]) is not None:
                raise AlreadyThere(case=case_id, what="evaluation")
            state = "waiting" if case["state"] == "delivered" else "later"
            arrival = self._arrival(self._clock.now())
            place = rows.add_item(tx, "evaluation", arrival, after=case["place"], state=state)
            said = {
                "level": level,
                "reasons": json.dumps(list(reasons)),
                "channel": channel,
                "at": as_text(at),
            }
            tx.change(
                "add_evaluation",
                place=place,
                case_place=case["place"],
                indicators_version=indicators_version,
                **said,
            )

    def claim(self, lease_s: float, worker: str | None = None) -> Job | None:
        """Lease the first item that is due to `worker` (this process when None), or None when nothing is.

        The lease ends by itself after `lease_s`, and at once when the worker's process is gone or the
        machine has been restarted (see machine.py). Two workers on one item do no harm, since the platform
        is idempotent.
        """
        worker = worker or self._machine.worker()
        with self._store.transaction(durable=False) as tx:
            for row in tx.rows("lease_holders"):
                if not self._machine.lives(row["held_by"]):
                    tx.change("drop_leases", worker=row["held_by"])
            due = {"era": self._machine.era(), "now": self._clock.instant(), "longest": LONGEST_HOLD_S}
            item = tx.row("next_item", **due)
            if item is None:
                return None
            tx.change("hold", place=item["place"], worker=worker, **self._until(lease_s))
            return rows.job(tx, item["place"], item["kind"], worker)

    def keep_lease(self, job: Job, lease_s: float) -> bool:
        """Hold on to a job that takes longer; False when it is not this worker's any more."""
        with self._store.transaction(durable=False) as tx:
            return tx.change("keep_lease", place=job.place, worker=job.worker, **self._until(lease_s)) == 1

    def release(self, job: Job) -> None:
        """Give a job back untried."""
        with self._store.transaction(durable=False) as tx:
            tx.change("release", place=job.place, worker=job.worker)

    def note_location(self, job: CaseJob, part: str, location: str | None) -> None:
        """Remember where the upload of a part can be resumed; None forgets it."""
        with self._store.transaction(durable=False) as tx:
            tx.change("note_location", place=job.place, part=part, location=location)

    def delivered(self, case_id: str, acceptance_number: str) -> int:
        """The platform has the case: keep its number, delete its sealed files, say how many were deleted.

        May be called again. Raises `UnknownCase`, and `AlreadyThere` for another number, or another case's.
        """
        with self._store.transaction() as tx:
            case = rows.find(tx, case_id)
            files = [row["file"] for row in tx.rows("parts_of", place=case["place"])]
            if case["acceptance_number"] not in (None, acceptance_number):
                raise AlreadyThere(case=case_id, what="acceptance number")
            holder = tx.row("holder_of_number", acceptance_number=acceptance_number)
            if holder is not None and holder["place"] != case["place"]:
                raise AlreadyThere(case=case_id, what="acceptance number of another case")
            if rows.finish(tx, case["place"], as_text(self._clock.now())):
                tx.change("give_acceptance_number", place=case["place"], acceptance_number=acceptance_number)
                tx.change("drop_parts", place=case["place"])
                tx.change("wake_followers", place=case["place"])
        return self._spool.remove(files)

    def evaluation_delivered(self, case_id: str) -> None:
        """The platform has the evaluation: wipe what it said. May be called again."""
        with self._store.transaction() as tx:
            case = rows.find(tx, case_id)
            evaluation = tx.row("evaluation_of", case_place=case["place"])
            if evaluation is None:
                raise UnknownCase(case=case_id, what="evaluation")
            if rows.finish(tx, evaluation["place"], as_text(self._clock.now())):
                tx.change("wipe_evaluation", place=evaluation["place"])

    def failed(self, job: Job, code: str, wait_s: float, *, suspect: bool = False) -> Failure | None:
        """A try failed; offer the item again in `wait_s`. None when it is not this worker's any more.

        `suspect`: the platform itself failed at it, so the item may be the cause; it gets the blame if the
        platform takes something else next.
        """
        with self._store.transaction(durable=False) as tx:
            row = tx.row(
                "fail_item",
                place=job.place,
                worker=job.worker,
                code=code,
                suspect=int(suspect),
                at=as_text(self._clock.now()),
                **self._until(wait_s),
            )
        return None if row is None else Failure(tries=row["tries"], blame=row["blame"])

    def stuck(self, job: Job, code: str) -> None:
        """Put an item on the technician's list: not offered again before `retry`, nothing deleted."""
        with self._store.transaction() as tx:
            tx.change("stick_item", place=job.place, code=code, at=as_text(self._clock.now()))

    def note_link(self, link: LinkState, code: str | None) -> None:
        """Remember how the way to the platform is, for the face to show."""
        with self._store.transaction(durable=False) as tx:
            tx.change("note_link", link=link.value, code=code, at=as_text(self._clock.now()))

    def sweep(self) -> int | None:
        """Delete files that no row names; None when somebody was just handing in."""
        return self._spool.sweep(self._wanted())

    def open_part(self, part: SealedPart) -> BinaryIO:
        """A sealed file, for reading. Raises `Corrupt` when it is gone."""
        return self._spool.open(part.file)

    def part_is_intact(self, part: SealedPart) -> bool:
        """Whether a sealed file still is what was written; reads all of it."""
        return self._spool.intact(part.file)

    def retry(self, case_id: str) -> int:
        """Offer a case, and its evaluation, again at once; says how many items that touched.

        What is being sent just now is left alone. Raises `UnknownCase`.
        """
        with self._store.transaction() as tx:
            return tx.change("retry_item", place=rows.find(tx, case_id)["place"])

    def changes(self) -> int:
        """A number that is another one after any process has written; cheap, made to be polled."""
        return self._store.version()

    def newest(self) -> int:
        """A number that grows whenever something new comes in."""
        with self._store.reading() as tx:
            return int(tx.value("newest"))

    def status(self) -> OutboxStatus:
        """The outbox in figures."""
        with self._store.reading() as tx:
            return survey.status(tx, self._clock, self._machine.era())

    def list_cases(self, *, open_only: bool = False, most: int = 1000) -> list[CaseRecord]:
        """The latest cases, newest first; `open_only` leaves out the delivered ones."""
        with self._store.reading() as tx:
            return survey.cases(tx, self._clock, self._machine.era(), open_only=open_only, most=most)

    def case(self, case_id: str) -> CaseRecord:
        """One case. Raises `UnknownCase`."""
        with self._store.reading() as tx:
            found = survey.cases(tx, self._clock, self._machine.era(), case_id=case_id)
        if not found:
            raise UnknownCase(case=case_id)
        return found[0]

    def case_state(self, case_id: str) -> CaseState:
        """Where a case is on its way. Raises `UnknownCase`."""
        return self.case(case_id).state

    def acceptance_number(self, case_id: str) -> str | None:
        """The platform's number of a case; None while there is none, also for a case that is not here."""
        with self._store.reading() as tx:
            row = tx.row("find_case", case_id=case_id)
        return None if row is None else row["acceptance_number"]

    def verify(self) -> list[Flaw]:
        """Check the database and read every sealed file; empty when all is as it was written."""
        flaws = [Flaw(what=fault) for fault in self._store.faults()]
        damaged = (name for name in self._wanted() if not self._spool.intact(name))
        return flaws + [Flaw(what="sealed file gone or damaged", file=name) for name in damaged]

    def _reserve_number(self, case_id: str) -> str:
        # Not synced by itself: a number lost in a power cut was on no receipt yet, and the commit of its case
        # syncs it too.
        with self._store.transaction(durable=False) as tx:
            if tx.row("find_case", case_id=case_id) is not None:
                raise AlreadyThere(case=case_id)
            return format_local_number(self._letters, int(tx.value("reserve_number")))

    def _arrival(self, at: datetime) -> rows.Arrival:
        return rows.Arrival(at, self._machine.era(), self._clock.instant())

    def _until(self, seconds: float) -> dict[str, str | float]:
        until = self._clock.after(min(max(0.0, seconds), LONGEST_HOLD_S))
        return {"era": self._machine.era(), "until": until}

    def _wanted(self) -> Iterator[str]:
        with self._store.reading() as tx:
            yield from [row["file"] for row in tx.rows("wanted_files")]
