"""The uploader's side of the outbox: claim, give back, finish, set aside."""

import json

from offline_cache import rows
from offline_cache.errors import AlreadyThere, UnknownCase
from offline_cache.items import CaseJob, ClockState, Failure, Job, LinkState, MessageJob, as_text
from offline_cache.marker import SUFFIX
from offline_cache.opened import LONGEST_HOLD_S, Ahead, Opened
from offline_cache.pace_metered import EVERYTHING, Allowed
from offline_cache.store import Transaction

AHEAD_S = 1.0  # chosen: so long what was claimed along with the last delivery is as good as claimed just now


class Claims(Opened):
    """What waits, one item after the other.

    The commit that finishes an item leases the next one to the same worker, who finds it in memory when it asks.
    """

    def claim(self, lease_s: float, worker: str | None = None, allowed: Allowed = EVERYTHING) -> Job | None:
        """Lease the first item that is due to `worker` (this process when None), or None when nothing is.

        Only of what is `allowed`; the rest waits as it is.

        The lease ends by itself after `lease_s`, and at once when the worker's process is gone or the
        machine has been restarted (see machine.py). Two workers on one item do no harm, since the platform
        is idempotent.
        """
        worker = worker or self._machine.worker()
        ahead = self._ahead.pop(worker, None)
        same = self._asked.get(worker) == (lease_s, allowed)
        if ahead is not None and same and self._clock.instant() - ahead.at <= AHEAD_S:
            return ahead.job
        with self._store.transaction(durable=False) as tx:
            if ahead is not None:
                tx.change("release", place=ahead.job.place, worker=worker)
            self._drop_dead_leases(tx, worker)
            job = self._lease_next(tx, worker, lease_s, allowed)
        self._asked[worker] = (lease_s, allowed)
        return job

    def keep_lease(self, job: Job, lease_s: float) -> bool:
        """Hold on to a job that takes longer; False when it is not this worker's any more."""
        with self._store.transaction(durable=False) as tx:
            return tx.change("keep_lease", place=job.place, worker=job.worker, **self._until(lease_s)) == 1

    def release(self, job: Job) -> None:
        """Give a job back untried."""
        with self._store.transaction(durable=False) as tx:
            tx.change("release", place=job.place, worker=job.worker)

    def note_location(self, job: CaseJob | MessageJob, part: str, location: str | None) -> None:
        """Remember where the upload of a part can be resumed; None forgets it."""
        file = next(each.file for each in job.parts if each.part == part)
        with self._store.transaction(durable=False) as tx:
            tx.change("note_location", file=file, location=location)

    def delivered(self, case_id: str, acceptance_number: str) -> int:
        """The platform has the case: keep its number, delete its sealed files, say how many were deleted.

        May be called again. Raises `UnknownCase`, and `AlreadyThere` for another number, or another case's.
        """
        with self._store.transaction() as tx:
            case = rows.find(tx, case_id)
            files = rows.take_files(tx, case["place"])
            if case["acceptance_number"] not in (None, acceptance_number):
                raise AlreadyThere(case=case_id, what="acceptance number")
            holder = tx.row("holder_of_number", acceptance_number=acceptance_number)
            if holder is not None and holder["place"] != case["place"]:
                raise AlreadyThere(case=case_id, what="acceptance number of another case")
            if rows.finish(tx, case["place"], as_text(self._clock.now())):
                tx.change("give_acceptance_number", place=case["place"], acceptance_number=acceptance_number)
                tx.change("wake_followers", place=case["place"])
            ahead = self._lease_ahead(tx, case["held_by"])
        self._keep_ahead(ahead)
        return self._remove(files)

    def evaluation_delivered(self, case_id: str, *, rated_before: bool = False) -> None:
        """The platform has the evaluation, or one that was there before: wipe what ours said. May be called again.

        Not synced by itself: after a power cut it is sent once more, and the platform keeps the one it has.
        """
        with self._store.transaction(durable=False) as tx:
            case = rows.find(tx, case_id)
            evaluation = tx.row("evaluation_of", case_place=case["place"])
            if evaluation is None:
                raise UnknownCase(case=case_id, what="evaluation")
            if rows.finish(tx, evaluation["place"], as_text(self._clock.now())):
                tx.change("wipe_evaluation", place=evaluation["place"], rated_before=int(rated_before))
            ahead = self._lease_ahead(tx, evaluation["held_by"])
        self._keep_ahead(ahead)

    def message_delivered(self, job: MessageJob) -> int:
        """The platform has the message: wipe it, delete its sealed files, say how many were deleted.

        May be called again. Synced only when there are files, whose names must be gone before they are; see
        `evaluation_delivered`. Raises `UnknownCase` when the database was made anew meanwhile.
        """
        with self._store.transaction(durable=bool(job.parts)) as tx:
            if not tx.change("wipe_message", place=job.place, message_id=job.message_id):
                raise UnknownCase(message=job.message_id)
            files = rows.take_files(tx, job.place) if job.parts else []
            rows.finish(tx, job.place, as_text(self._clock.now()))
            ahead = self._lease_ahead(tx, job.worker)
        self._keep_ahead(ahead)
        return self._remove(files)

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

    def note_clock(self, state: ClockState, off_s: float | None) -> None:
        """Remember how the wall clock was found. `off_s`: this machine's minus the platform's, whole seconds."""
        value = json.dumps({"state": state.value, "off_s": None if off_s is None else round(off_s)})
        self.note("clock", value)

    def note(self, name: str, value: str) -> None:
        """Leave a small fact for the other process; nothing personal, and nothing that a power cut may not take."""
        with self._store.transaction(durable=False) as tx:
            tx.change("note", what=name, value=value, at=as_text(self._clock.now()))

    def noted(self, name: str) -> str | None:
        """What was noted under this name last."""
        with self._store.reading() as tx:
            row = tx.row("noted", what=name)
        return None if row is None else row["value"]

    def _drop_dead_leases(self, tx: Transaction, me: str) -> None:
        for row in tx.rows("lease_holders"):
            if row["held_by"] != me and not self._machine.lives(row["held_by"]):
                tx.change("drop_leases", worker=row["held_by"])

    def _lease_next(self, tx: Transaction, worker: str, lease_s: float, allowed: Allowed) -> Job | None:
        due = {"era": self._machine.era(), "now": self._clock.instant(), "longest": LONGEST_HOLD_S}
        if allowed.everything:
            item = tx.row("next_item", **due)
        else:
            kinds = " ".join(allowed.kinds)
            item = tx.row("next_allowed_item", kinds=kinds, most_bytes=allowed.most_bytes, **due)
        if item is None:
            return None
        tx.change("hold", place=item["place"], worker=worker, **self._until(lease_s))
        return self._naming_suite(rows.job(tx, item, worker))

    def _lease_ahead(self, tx: Transaction, worker: str | None) -> Ahead | None:
        """The next item, for the worker that has just finished one, if it claimed here."""
        asked = self._asked.get(worker or "")
        if worker is None or asked is None:
            return None
        job = self._lease_next(tx, worker, *asked)
        return None if job is None else Ahead(job, self._clock.instant())

    def _keep_ahead(self, ahead: Ahead | None) -> None:
        if ahead is not None:  # only now: the commit that leased it is done
            self._ahead[ahead.job.worker] = ahead

    def _remove(self, files: list[str]) -> int:
        """Delete files that are delivered; how many sealed ones there were."""
        removed = self._spool.remove(files)
        return removed - sum(name.endswith(SUFFIX) for name in files)
