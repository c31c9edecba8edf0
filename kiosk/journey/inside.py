"""What a visit does inside a case beside form and papers: put together, spared, promised, delivered, saved.

One more part of a visit, like `Intake`: its guards, what happens on entering its states and at its events.
"""

from collections.abc import Callable
from typing import Any

from ground.clock import Clock
from ground.logbook import Event as Log
from ground.logbook import Logbook
from kiosk.catalogue.terms import Promise
from kiosk.journey import events as ev
from kiosk.journey.acting import role
from kiosk.journey.arranged import EarlierValue, HeldLicence, Proof
from kiosk.journey.delays import Delays
from kiosk.journey.events import Event
from kiosk.journey.one_by_one import OneByOne
from kiosk.journey.overview import something_to_tell
from kiosk.journey.replacing import open_promises, stands_for
from kiosk.journey.show import CHINA
from kiosk.journey.surroundings import Surroundings
from kiosk.kept_visit import DraftToSave
from kiosk.stage import Stage

#: fields that she would have to write herself; from so many on, being asked for consent is less trouble. Chosen
_MUCH_TO_WRITE = 8


class Inside(OneByOne):
    """The part of a visit between the last question and the camera. `state` is set by the chart."""

    state: str
    awaited: dict[str, int]
    _stage: Stage
    _clock: Clock
    _delays: Delays
    _logbook: Logbook
    _surroundings: Callable[[], Surroundings]
    _new_id: Callable[[], str]

    def _ticket(self, what: str) -> int:
        raise TypeError("a visit gives out the tickets")

    def _after(self, seconds: float, trigger: str) -> None:
        raise TypeError("a visit keeps the timer")

    def _wait_for_platform(self, seconds: float = 0.0, late: str = "") -> None:
        raise TypeError("a visit keeps the timer")

    def arrange(self, event: Event) -> None:
        """What an event says enters the record before the guards look at it."""
        match event:
            case ev.Continue() if self.state == "earlier" and self.record.arranged.earlier != "asking":
                self.ask_earlier()
            case ev.EarlierFound() if self.state == "earlier":
                self.hear_earlier(event.values, event.licences)
            case ev.EarlierFailed() if self.state == "earlier":
                self.record.arranged.earlier = "failed"
            case ev.Refuse() if self.state == "earlier":
                self.record.arranged.earlier = "refused"
            case ev.Continue() if self.state == "promise" and self.record.arranged.ticked:
                self.promise()
            case ev.RatherPaper() if self.state == "promise":
                self.rather_paper()

    # --- what is known of her elsewhere ---

    def earlier_offered(self) -> bool:
        """Whether she is asked for her consent: her own card was read, the platform is there, and it would help."""
        record, arranged = self.record, self.record.arranged
        if record.applicant is None or record.beside.doing:
            return False
        hers = record.known_applicant.entered == "card" and not role(record.chosen, record.answers)
        if not hers or arranged.earlier or not self._surroundings().online:
            return False
        if record.form_seen:  # she goes on with a visit in which a licence was to stand for a paper
            return "licence" in arranged.proofs.values() and not arranged.licences
        return bool(self._licences()) or self._to_write() >= _MUCH_TO_WRITE

    def _licences(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(m.licence for m in self.record.plan().materials if m.licence))

    def _to_write(self) -> int:
        known = self.record.values()
        return sum(f.required and f.name not in known for f in self.record.fields())

    def asking_earlier(self) -> bool:
        """Whether the platform is being asked already."""
        return self.record.arranged.earlier == "asking"

    def ask_earlier(self) -> None:
        """She agreed."""
        record, now = self.record, self._clock.now()
        record.arranged.earlier, record.arranged.consented_at = "asking", now
        number = record.known_applicant.number
        self._stage.ask_earlier(self._ticket("earlier"), number, record.chosen.code, now)
        self._wait_for_platform(self._delays.earlier_s, "earlier_late")

    def on_exit_earlier(self, event: str) -> None:
        arranged = self.record.arranged
        self.awaited.pop("earlier", None)
        if event == "back":
            arranged.earlier = ""
        elif arranged.earlier == "asking":  # too late
            arranged.earlier = "failed"

    def hear_earlier(self, values: tuple[EarlierValue, ...], licences: tuple[HeldLicence, ...]) -> None:
        """What the platform knows of her. Before the chart looks where to go: it depends on this."""
        arranged = self.record.arranged
        arranged.values = {one.name: one for one in reversed(values)}  # the newest comes first and counts
        arranged.licences = licences
        arranged.earlier = "found" if values or licences else "nothing"
        self._logbook.write(Log.EARLIER_FOUND, values=len(values), licences=len(licences))

    def forget_if_for_another(self) -> None:
        """She changed an answer and stands here for somebody else now: what is known of her is not that person's."""
        record = self.record
        if role(record.chosen, record.answers):
            record.arranged.values, record.arranged.licences = {}, ()
            record.arranged.earlier, record.arranged.consented_at = "", None

    # --- put together ---

    def overview_told(self) -> bool:
        """Whether there is anything to say of how the items are put together."""
        record = self.record
        return something_to_tell(record.chosen, record.plan(), record.arranged)

    def overview_due(self) -> bool:
        """Whether she has not seen it for the items of this case."""
        return self._items() != self.record.arranged.overview_of and self.overview_told()

    def _items(self) -> tuple[str, ...]:
        return tuple(item.code for item in self.record.plan().items)

    def on_exit_overview(self, event: str) -> None:
        if event == "go_on":
            self.record.arranged.overview_of = self._items()
            self.record.drop_unneeded_pages()

    def on_choose_proof(self, slot: str, proof: Proof) -> None:
        self.record.arranged.proofs[slot] = proof

    # --- promises ---

    def promise_open(self) -> bool:
        """Whether a promise that she chose is still to be read and confirmed."""
        return bool(open_promises(self.record.plan(), self.record.arranged))

    def promise_ticked(self) -> bool:
        return self.record.arranged.ticked

    def present_promise(self) -> Promise:
        """The one on the screen."""
        return open_promises(self.record.plan(), self.record.arranged)[0]

    def on_enter_promise(self) -> None:
        self.record.arranged.ticked = False

    def on_tick_promise(self) -> None:
        self.record.arranged.ticked = not self.record.arranged.ticked

    def promise(self) -> None:
        """She confirmed the promise on the screen."""
        self.record.arranged.promised.add(self.present_promise().name)

    def rather_paper(self) -> None:
        """She hands in the papers that the promise on the screen would have stood for."""
        record = self.record
        for one in stands_for(record.plan(), self.present_promise()):
            record.arranged.proofs[one.material.slot] = "paper"

    # --- the result ---

    def delivery_asked(self) -> bool:
        """Whether there is anything to ask."""
        return self._result().asked

    def delivery_open(self) -> bool:
        """Whether it is still to be asked."""
        result, seen = self._result(), self.record.arranged.delivery_seen
        today = self._clock.now().astimezone(CHINA).date()
        return result.asked and (not seen or bool(result.problems(today)))

    def on_enter_delivery(self, source: Any, event: str) -> None:
        self.record.show_problems = source.id == "delivery" and event == "go_on"
        self.ask_one("delivery", source.id, event, again=self.record.arranged.delivery_seen)
        self.record.arranged.delivery_seen = True

    # --- the form ---

    def on_all_right(self) -> None:
        self.record.confirm_proposed()

    # --- another time ---

    def can_save(self) -> bool:
        """Whether she may have it kept: her card was read, something was told, nothing is handed in yet."""
        record = self.record
        if record.matter is None or record.local_number or record.signed_at or record.beside.doing:
            return False
        note = record.note()
        return note is not None and bool(note.answers or note.filled or note.pages)

    def save_draft(self) -> None:
        """Seal what she told and photographed to the platform, through the queue: online or not."""
        record, note = self.record, self.record.note()
        if note is None:
            return
        draft_id = record.arranged.draft_id or self._new_id()
        pages = tuple((slot, page) for slot, kept in record.pages.items() for page in kept)
        record.draft = "saving"
        self._stage.save_draft(self._ticket("draft"), DraftToSave(draft_id=draft_id, note=note, pages=pages))
        self._logbook.write(Log.DRAFT_SAVED, pages=len(pages))

    def on_draft_saved(self) -> None:
        self.record.draft = "saved"

    def on_draft_failed(self, code: str) -> None:
        self.record.draft = "failed"
