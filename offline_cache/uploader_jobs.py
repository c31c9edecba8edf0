"""Bringing one item to the platform, of whichever kind: its sealed parts first, then the word that it is whole."""

import os
from collections.abc import Callable

from ground.logbook import Event, Logbook
from offline_cache.errors import AlreadyThere, Corrupt, Garbled, Missing
from offline_cache.items import CaseJob, EvaluationJob, Job, MessageJob, SealedPart
from offline_cache.outbox import Outbox
from offline_cache.platform import Platform


class Delivery:
    """Delivers, and lets the outbox know. Raises `UploadError`, and `CacheError` for our own disk."""

    def __init__(
        self, outbox: Outbox, platform: Platform, logbook: Logbook, gets_on: Callable[[Job], None]
    ) -> None:
        """`gets_on` is called whenever bytes of an item arrived, and may raise to break off."""
        self._outbox = outbox
        self._platform = platform
        self._logbook = logbook
        self._gets_on = gets_on

    def deliver(self, job: Job) -> None:
        """One item; when this returns the platform has it and the outbox knows."""
        match job:
            case CaseJob():
                self._deliver_case(job)
            case EvaluationJob():
                self._deliver_evaluation(job)
            case MessageJob():
                self._deliver_message(job)

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
        removed = self._outbox.message_delivered(job)
        self._logbook.write(
            Event.MESSAGE_DELIVERED, message=job.message_id, kind=job.kind, files_deleted=removed
        )

    def _deliver_evaluation(self, job: EvaluationJob) -> None:
        taken = self._platform.put_evaluation(job.case_id, job.body())
        self._outbox.evaluation_delivered(job.case_id, rated_before=not taken)
        self._logbook.write(Event.EVALUATION_DELIVERED, case=job.case_id, taken=taken)

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

    def _send_again(self, job: CaseJob | MessageJob, missing: tuple[str, ...]) -> None:
        """The platform lacks parts that we thought were there: forget their uploads, unless the fault is here."""
        for part in job.parts:
            if part.part in missing:
                if not self._outbox.part_is_intact(part):
                    raise Corrupt(file=part.file, why="content")
                self._outbox.note_location(job, part.part, None)
