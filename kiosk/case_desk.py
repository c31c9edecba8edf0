"""The face's side of the outbox: hands cases in, asks for their numbers, and reads how delivery fares."""

import contextlib
import json
from collections.abc import Callable

from ground.clock import Clock
from kiosk.domain.case import Evaluation
from kiosk.face_board import FaceBoard
from kiosk.health import Health
from kiosk.stage import Message, SealingCase
from offline_cache.drafts import Draft, OwnKey
from offline_cache.errors import AlreadyThere, BadRecipient, CacheError, DiskFull, UnknownCase, WrongClock
from offline_cache.items import MANIFEST_PART, CaseToSeal, ClockState, LinkState, PartToSeal
from offline_cache.outbox import Outbox
from offline_cache.recipients import KnownRecipients

PROBE_EVERY_S = 60.0  # chosen: a disk that fails is found within a minute, and wears nothing by it
_TIDY_EVERY_S = 3600.0
_MEGA = 1024 * 1024
_WRONG_CLOCKS = (ClockState.OFF, ClockState.IMPOSSIBLE, ClockState.JUMPED)


class CaseDesk:
    """Owns the face's `Outbox`. Lives on one worker thread; every call may raise `CacheError`."""

    def __init__(
        self,
        outbox: Outbox,
        health: Health,
        indicators_version: str,
        clock: Clock | None = None,
        drafts_deleted: Callable[[int], None] = lambda pages: None,
        drafts_days: int = 3,
        recipients: KnownRecipients | None = None,
    ) -> None:
        """With a `clock` the disk is probed now, and once a minute as long as `look` is called.

        Once an hour, drafts that a power cut left `drafts_days` ago are deleted; `drafts_deleted` is told how many.
        """
        self._outbox = outbox
        self._health = health
        self._indicators_version = indicators_version
        self._clock = clock
        self._probe_due = self._tidy_due = 0.0 if clock is None else clock.instant()
        self._drafts_deleted, self._drafts_days = drafts_deleted, drafts_days
        self._recipients = recipients
        self._sent = ("", "")  # id and ticket number of the last message
        self._board = None if clock is None else FaceBoard(outbox, health, clock)

    def hand_in(self, case: SealingCase) -> str:
        """Seal and store; the local number. Returning means: durable.

        Handing in the same case again gives the same number: an answer that came too late to be heard must
        not keep her from hearing it the second time.
        """
        parts = tuple(PartToSeal(name_in_manifest=name, content=content) for name, content in case.parts)
        sealing = CaseToSeal(
            case_id=case.case_id, matter_code=case.matter_code, manifest=case.manifest, parts=parts
        )
        try:
            return self._outbox.hand_in(sealing).local_number
        except AlreadyThere:
            return self._outbox.case(case.case_id).local_number

    def keep_page(self, visit: str, place: int, content: bytes, key: OwnKey | None = None) -> None:
        """Seal a confirmed page, to her card's key too, and make it durable."""
        self._outbox.keep_draft(visit, place, content, key)

    def drafts(self) -> list[Draft]:
        """What lies here of visits that did not come to their end; none while the terminal is not enrolled."""
        try:
            return self._outbox.drafts()
        except BadRecipient:
            return []

    def open_draft(self, draft: Draft, key: OwnKey | None = None) -> bytes | None:
        """Its content, in memory. Raises `Corrupt` where the key is another card's."""
        return self._outbox.open_draft(draft, key)

    def handed_in(self, case_id: str) -> bool:
        """Whether a case of this id is here, waiting or delivered."""
        try:
            self._outbox.case(case_id)
        except UnknownCase:
            return False
        return True

    def drop_pages(self, visit: str) -> None:
        """The visit is over: its drafts go. Those that cannot be deleted now are deleted by rule, later."""
        with contextlib.suppress(CacheError):
            self._outbox.drop_drafts(visit)

    def case_number(self, case_id: str) -> str | None:
        """The backend's number, once the uploader has it."""
        return self._outbox.acceptance_number(case_id)

    def keep_evaluation(self, case_id: str, evaluation: Evaluation) -> None:
        """Queue it behind its case."""
        self._outbox.add_evaluation(
            case_id,
            level=int(evaluation.level),
            reasons=evaluation.reasons,
            channel=evaluation.channel,
            at=evaluation.at,
            indicators_version=self._indicators_version,
        )

    def send(self, message: Message) -> str:
        """Seal and store a message; its ticket number. Returning means: durable. Asked again, it gives the same."""
        if self._sent[0] == message.message_id:
            return self._sent[1]
        ticket = self._outbox.reserve_ticket()
        content = json.dumps(dict(message.content), allow_nan=False).encode("ascii")
        named = ((MANIFEST_PART, content), *message.parts)
        self._outbox.add_message(
            message.kind,
            {**message.body, "ticket": ticket},
            about=message.case_id,
            sealed=tuple(PartToSeal(name_in_manifest=name, content=part) for name, part in named),
            message_id=message.message_id,
            elsewhere=True,
        )
        self._sent = (message.message_id, ticket)
        return ticket

    def of_local_number(self, local_number: str) -> tuple[bool, str | None]:
        """Whether a case of this local number lies here or was sent from here, and the platform's number, if any."""
        case = self._outbox.numbered(local_number)
        return case is not None, None if case is None else case.acceptance_number

    def look(self) -> str:
        """Note on the health board how the uploader finds the link and whether there is room; say how much waits.

        Raises `CacheError` when the disk does not keep what is written: then the terminal is out of service.
        """
        self._look_at_the_disk()
        status = self._outbox.status()
        up = status.link in (LinkState.UP, LinkState.LIMITED)
        code = "" if up else (status.link_code or "U101")
        self._health.note("link", ok=up, code=code, value=status.link.value)
        state = status.clock.state
        wrong = state in _WRONG_CLOCKS
        self._health.note("clock", ok=not wrong, code=WrongClock.code if wrong else "", value=state.value)
        self._look_at_the_recipients(state)
        if self._board is not None:
            self._board.look()
        return f"waiting {status.waiting}, stuck {status.stuck}"

    def _look_at_the_recipients(self, clock: ClockState) -> None:
        """Whether there is somebody to seal to; warned of in time, and never by a clock that is known to be wrong."""
        if self._recipients is None:
            return
        outlook = self._recipients.outlook(clock_is_wrong=clock in _WRONG_CLOCKS)
        self._health.note("recipients", ok=not outlook.expired, code=outlook.code, value=outlook.said)

    def _look_at_the_disk(self) -> None:
        if self._clock is not None and self._clock.due(self._probe_due):
            self._outbox.probe()
            self._probe_due = self._clock.after(PROBE_EVERY_S)
        if self._clock is not None and self._clock.due(self._tidy_due):
            self._tidy_due = self._clock.after(_TIDY_EVERY_S)
            self._delete_old_drafts()
        room = self._outbox.room_for_visit()
        free = f"{room.room_bytes // _MEGA} of {room.needed_bytes // _MEGA} MB"
        self._health.note("storage", ok=room.enough, code="" if room.enough else DiskFull.code, value=free)

    def _delete_old_drafts(self) -> None:
        if self._outbox.clock_reading().state in _WRONG_CLOCKS:  # a clock from 2099 deletes nothing
            return
        with contextlib.suppress(BadRecipient):  # not enrolled: there are none
            pages = self._outbox.expire_drafts(self._drafts_days)
            if pages:
                self._drafts_deleted(pages)

    def close(self) -> None:
        """Let go of the database."""
        self._outbox.close()
