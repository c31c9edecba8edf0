"""A visit that a power cut ended or that she had kept, and this one: what is kept, found again and taken up.

See docs/adr/0036 and 0047. What is kept here is sealed to the card that was read, what she had kept lies sealed at the
platform; without a card that was read there is neither.
"""

from collections.abc import Callable

from ground.logbook import Event as Log
from ground.logbook import Logbook
from kiosk.capture.page import Page
from kiosk.journey.guards import Guards
from kiosk.journey.surroundings import Surroundings
from kiosk.kept_visit import KeptVisit, Note
from kiosk.stage import Stage

#: on entering these, what she told so far is made durable
_NOTED = frozenset(
    {"situation", "overview", "form", "delivery", "capture", "check_page", "phone", "stick", "review"}
)

#: while these are on, it is not too late to be asked whether she goes on with an earlier visit
_KEPT_MAY_BE_FOUND = frozenset({"confirm", "situation", "form"})


class GoingOn(Guards):
    """The part of a visit that outlives its process."""

    awaited: dict[str, int]
    _stage: Stage
    _logbook: Logbook
    _surroundings: Callable[[], Surroundings]
    _noted: Note | None = None  #: what the disk knows of this visit besides its pages

    def _ticket(self, what: str) -> int:
        raise TypeError("a visit gives out the tickets")

    def _have_read(self, page: Page, slot: str, number: int) -> None:
        raise TypeError("a visit has its pages read")

    def entered(self, state: str) -> None:
        """A state was entered."""
        if state not in _KEPT_MAY_BE_FOUND:
            self.awaited.pop("kept", None)
        if state in _NOTED:
            self._note_down()

    def on_enter_confirm(self) -> None:
        self._stage.keep_for(self.record.card_key)
        note = self.record.note()
        if note is not None and not (note.answers or note.filled or note.pages):
            ticket = self._ticket("kept")
            self._stage.find_kept(ticket, note)
            if self._surroundings().online:
                self._stage.find_saved(ticket, note)

    def on_kept_found(self, kept: KeptVisit) -> None:
        """One may lie here and one at the platform: the later one is what she remembers."""
        known = self.record.kept_visit
        if known is None or kept.at > known.at:
            self.record.kept_visit = kept

    def _take_up(self, kept: KeptVisit) -> None:
        record = self.record
        record.take_up(kept)
        self._noted = None
        if not kept.draft_id:
            self._stage.take_up(kept)
        for slot, pages in record.pages.items():
            for number, page in enumerate(pages):
                if kept.draft_id:  # from now on it is this visit's, should the power be cut
                    self._stage.keep_page(slot, page)
                self._have_read(page, slot, number)
        self._logbook.write(Log.VISIT_TAKEN_UP, pages=record.page_count())

    def on_exit_unfinished(self, event: str) -> None:
        """Leaving means: clear what is mine. So does starting over. What she had kept on purpose outlives a leaving."""
        kept, self.record.kept_visit = self.record.kept_visit, None
        if kept is not None and kept.draft_id:
            if event == "start_over":
                self._stage.drop_saved(self.record.known_applicant.number, kept.draft_id)
        elif kept is not None and event in ("leave", "start_over"):
            self._stage.drop_kept(kept.visit)

    def _note_down(self) -> None:
        note = self.record.note()
        if note is not None and note != self._noted:
            self._noted = note
            self._stage.keep_note(note)
