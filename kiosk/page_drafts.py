"""A visit goes to the disk, sealed, as she goes along: a power cut costs her the page in hand, not the visit.

Place 0 of a visit's drafts is its note, replaced as often as it changes; the others are its pages, in the order in
which she confirmed them. A page that was confirmed after the note was written counts, though the note does not name it.
"""

import json
import uuid
from collections.abc import Callable

from kiosk.capture.packed import packed, unpacked
from kiosk.capture.page import Page
from kiosk.case_desk import CaseDesk
from kiosk.kept_visit import KeptVisit, Note
from kiosk.workers import Worker
from offline_cache.drafts import Draft, OwnKey
from offline_cache.errors import CacheError

_DEADLINE_S = 20.0  # one page of some 600 kB; a worn-out eMMC writes some MB/s
_NOTE = 0  # its place


class PageDrafts:
    """The drafts of the visit that goes on. Called on the main thread; the outbox's worker does the writing.

    All is sealed to her card; while no card was read, or none that has a key, nothing is written at all. A draft that
    fails costs nobody anything: the page is still in memory, and the hand-in will say what is wrong.
    """

    def __init__(self, cases: Worker[CaseDesk]) -> None:
        self._cases = cases
        self.visit = ""  #: drawn with the first draft; "": there is none
        self._places = 0
        self._key: OwnKey | None = None

    def keep_for(self, key: OwnKey | None) -> None:
        """This card's owner is there from now on; what another person told before goes."""
        if key != self._key:
            self.drop()
        self._key = key

    def keep(self, slot: str, page: Page) -> None:
        """One more page for this material (`slot`)."""
        if self._key is None:
            return
        self._begin()
        self._places += 1
        self._write(self._places, json.dumps({"slot": slot}).encode("ascii") + b"\n" + packed(page))

    def note(self, note: Note) -> None:
        """What the visit has gathered besides its pages, and which of them are still hers."""
        if self._key is None:
            return
        self._begin()
        self._write(_NOTE, note.written(self._places))

    def take_up(self, kept: KeptVisit) -> None:
        """She goes on with an earlier visit: what she confirms now is added to it."""
        if self.visit and self.visit != kept.visit:
            self.drop()
        self.visit, self._places = kept.visit, kept.last_place

    def forget(self, *, keep: bool = False) -> None:
        """The visit is over, however it ended. `keep`: what lies here waits for her card."""
        if keep:
            self.visit = ""
        self.drop()
        self._key = None

    def drop(self) -> None:
        """What is kept of this visit goes."""
        visit, self.visit = self.visit, ""
        if visit:
            self.drop_other(visit)

    def drop_other(self, visit: str) -> None:
        """An earlier visit that she does not want any more."""
        self._cases.ask(lambda desk: desk.drop_pages(visit), lambda code: None, _DEADLINE_S)

    def find(self, wanted: Note, found: Callable[[KeptVisit], None]) -> None:
        """Look for an earlier visit of this person at this matter: `found` hears of it, on the worker's thread."""
        present, key = self.visit, self._key
        if key is None:
            return

        def look(desk: CaseDesk) -> None:
            kept = kept_visit(desk, wanted, key, but=present)
            if kept is not None:
                found(kept)

        self._cases.ask(look, lambda code: None, _DEADLINE_S)

    def _begin(self) -> None:
        if not self.visit:
            self.visit, self._places = str(uuid.uuid4()), 0

    def _write(self, place: int, content: bytes) -> None:
        visit, key = self.visit, self._key
        self._cases.ask(
            lambda desk: desk.keep_page(visit, place, content, key), lambda code: None, _DEADLINE_S
        )


def kept_visit(desk: CaseDesk, wanted: Note, key: OwnKey, *, but: str = "") -> KeptVisit | None:
    """The latest earlier visit, other than `but`, that this card opens, of the matter of `wanted`; or None."""
    drafts = desk.drafts()
    notes = [draft for draft in drafts if draft.place == _NOTE and draft.visit != but]
    for noted in sorted(notes, key=lambda draft: draft.at, reverse=True):
        told = _note(desk, noted, key)
        if told is None or not told[0].same_errand(wanted):
            continue
        note, place = told
        if note.case_id and desk.handed_in(
            note.case_id
        ):  # the power went between its commit and the tidying up
            desk.drop_pages(noted.visit)
            continue
        mine = [draft for draft in drafts if draft.visit == noted.visit and draft.place != _NOTE]
        opened = [(draft.place, page) for draft in mine if (page := _page(desk, draft, key))]
        return KeptVisit(
            visit=noted.visit,
            at=noted.at,
            note=note,
            last_place=max((draft.place for draft in mine), default=0),
            pages=tuple(page for at, page in opened if at > place or page[1].sha256 in note.pages),
        )
    return None


def _note(desk: CaseDesk, draft: Draft, key: OwnKey) -> tuple[Note, int] | None:
    content = _open(desk, draft, key)
    try:
        return Note.read(content) if content is not None else None
    except ValueError:
        return None


def _page(desk: CaseDesk, draft: Draft, key: OwnKey) -> tuple[str, Page] | None:
    """Its slot and the page; None when it was damaged: it is then photographed again."""
    head, _, content = (_open(desk, draft, key) or b"").partition(b"\n")
    try:
        return str(json.loads(head)["slot"]), unpacked(content)
    except (KeyError, TypeError, ValueError):
        return None


def _open(desk: CaseDesk, draft: Draft, key: OwnKey) -> bytes | None:
    try:
        return desk.open_draft(draft, key)
    except (CacheError, OSError):
        return None
