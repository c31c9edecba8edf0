"""Pages go to the disk, sealed, as she confirms them: a power cut costs her the page in hand, not the visit."""

import json
import uuid

from kiosk.case_desk import CaseDesk
from kiosk.workers import Worker

_DEADLINE_S = 20.0  # one page of some 600 kB; a worn-out eMMC writes some MB/s


class PageDrafts:
    """The drafts of the visit that goes on. Called on the main thread; the outbox's worker does the writing.

    A draft that fails costs nobody anything: the page is still in memory, and the hand-in will say what is wrong.
    """

    def __init__(self, cases: Worker[CaseDesk]) -> None:
        self._cases = cases
        self.visit = ""  #: drawn with the first page; "": there is none
        self._places = 0

    def keep(self, slot: str, jpeg: bytes) -> None:
        """One more page for this material (`slot`)."""
        if not self.visit:
            self.visit, self._places = str(uuid.uuid4()), 0
        self._places += 1
        visit, place = self.visit, self._places
        content = json.dumps({"slot": slot, "place": place}).encode("ascii") + b"\n" + jpeg
        self._cases.ask(lambda desk: desk.keep_page(visit, place, content), lambda code: None, _DEADLINE_S)

    def drop(self) -> None:
        """The visit is over, however it ended."""
        visit, self.visit = self.visit, ""
        if visit:
            self._cases.ask(lambda desk: desk.drop_pages(visit), lambda code: None, _DEADLINE_S)
