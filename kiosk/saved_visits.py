"""What the platform keeps and knows of her: a visit that she had kept, and what she need not write or bring again.

Asked on the platform's thread while she reads on; an answer that does not come costs her nothing. What she has kept
goes through the outbox, so that it is safe without a network, too. See docs/adr/0047.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from kiosk.capture.packed import packed, unpacked
from kiosk.capture.page import Page
from kiosk.case_desk import CaseDesk
from kiosk.journey import events as ev
from kiosk.journey.arranged import EarlierValue, HeldLicence
from kiosk.kept_visit import DraftToSave, KeptVisit, Note
from kiosk.stage import Message
from kiosk.workers import Worker
from offline_cache.people_replies import DraftThere
from offline_cache.platform import Platform

_SCHEMA = 1
_ASK_DEADLINE_S = 10.0  # the visit waits eight at most
_FETCH_DEADLINE_S = 120.0  # twenty pages of 600 kB over a village's 2 Mbit/s
_SEAL_DEADLINE_S = 60.0  # as a case's


class SavedVisits:
    """Owns no thread: the platform's worker asks, the outbox's worker seals. Posts what came of it."""

    def __init__(
        self,
        platform: Worker[Platform] | None,
        cases: Worker[CaseDesk],
        post: Callable[[ev.WorldEvent], None],
    ) -> None:
        """Without a `platform` (none is configured) nothing is known of anybody."""
        self._platform, self._cases, self._post = platform, cases, post
        self._wanted = 0  #: the ticket of the visit that goes on; 0: it is over

    def earlier(self, ticket: int, number: str, matter: str, consented_at: datetime) -> None:
        """Posts `EarlierFound` or `EarlierFailed`."""

        def failed(code: str) -> None:
            self._post(ev.EarlierFailed(ticket, code))

        def ask(platform: Platform) -> None:
            told = platform.people.earlier(number, matter, consented_at)
            values = tuple(
                EarlierValue(one.field, one.value, one.matter, one.at)
                for one in told.values
                if isinstance(one.value, str) and one.value.strip()
            )
            licences = tuple(
                HeldLicence(one.kind, one.name, one.licence_number, one.issuer) for one in told.licences
            )
            self._post(ev.EarlierFound(ticket, values, licences))

        if self._platform is None:
            failed("U101")
        else:
            self._platform.ask(ask, failed, _ASK_DEADLINE_S)

    def save(self, ticket: int, draft: DraftToSave) -> None:
        """Posts `DraftSaved` once it is durable here, or `DraftFailed`."""

        def keep(desk: CaseDesk) -> None:
            desk.send(message_of(draft))
            self._post(ev.DraftSaved(ticket))

        self._cases.ask(keep, lambda code: self._post(ev.DraftFailed(ticket, code)), _SEAL_DEADLINE_S)

    def find(self, ticket: int, wanted: Note) -> None:
        """Posts `KeptFound` when the platform keeps a visit of this person at this matter in this version."""
        if self._platform is None:
            return
        self._wanted = ticket
        number = wanted.who.partition(" ")[2]

        def look(platform: Platform) -> None:
            there = newest(platform.people.drafts(number), wanted)
            if there is None or self._wanted != ticket:
                return
            found = self._fetch(platform, ticket, number, there, wanted)
            if found is not None:
                self._post(ev.KeptFound(ticket, found))

        self._platform.ask(look, _nothing_found, _FETCH_DEADLINE_S)

    def drop(self, number: str, draft_id: str) -> None:
        """She starts over: the platform forgets it; if it cannot be told now, its own rule deletes it."""
        if self._platform is not None:
            self._platform.ask(
                lambda platform: platform.people.drop_draft(number, draft_id), _nothing_found, _ASK_DEADLINE_S
            )

    def forget(self) -> None:
        """The visit is over: what still comes is not fetched to its end."""
        self._wanted = 0

    def _fetch(
        self, platform: Platform, ticket: int, number: str, there: DraftThere, wanted: Note
    ) -> KeptVisit | None:
        content = platform.people.draft(number, there.draft_id)
        note = note_of(content.note)
        if note is None or not note.same_errand(wanted):
            return None
        pages = []
        for part in content.parts:
            if self._wanted != ticket:
                return None
            page = page_of(platform.people.draft_part(number, there.draft_id, part.part))
            if page is not None:
                pages.append(page)
        return KeptVisit(
            visit="", at=there.saved_at, note=note, last_place=0, pages=tuple(pages), draft_id=there.draft_id
        )


def newest(drafts: tuple[DraftThere, ...], wanted: Note) -> DraftThere | None:
    """The latest of the same matter as it reads today: another version may ask for other things."""
    same = [one for one in drafts if (one.matter, one.version) == (wanted.matter, wanted.version)]
    return max(same, key=lambda one: one.saved_at, default=None)


def message_of(draft: DraftToSave) -> Message:
    """What the platform keeps: the note, and a part for each page. Kept again, it replaces what was kept before."""
    parts = tuple(
        (f"p{number:02d}", json.dumps({"slot": slot}).encode("ascii") + b"\n" + packed(page))
        for number, (slot, page) in enumerate(draft.pages, start=1)
    )
    slots = (slot for slot, _ in draft.pages)
    return Message(
        message_id=str(uuid.uuid4()),
        kind="draft",
        body={"matter": draft.note.matter, "draft_id": draft.draft_id},
        content={
            "schema": _SCHEMA,
            "number": draft.number,
            "note": asdict(draft.note),
            "pages": [{"part": part, "slot": slot} for (part, _), slot in zip(parts, slots, strict=True)],
        },
        parts=parts,
    )


def note_of(told: object) -> Note | None:
    """A note as the platform gives it back; None for one of another release."""
    try:
        return Note.read(json.dumps({**told, "place": 0}).encode("ascii"))[0]  # type: ignore[dict-item]
    except (TypeError, ValueError):
        return None


def page_of(content: bytes) -> tuple[str, Page] | None:
    """Slot and page; None when it is damaged: it is then photographed again."""
    head, _, rest = content.partition(b"\n")
    try:
        return str(json.loads(head)["slot"]), unpacked(rest)
    except (KeyError, TypeError, ValueError):
        return None


def _nothing_found(code: str) -> None:
    """The platform did not answer: she begins as everybody does."""
