"""Looking how far her cases are, and codes that are held before the scanner: what happens on entering these states and
at their events. See `chart_beside`.
"""

from typing import Any

from ground.logbook import Event as Log
from ground.logbook import Logbook
from kiosk.catalogue.load import Catalogue
from kiosk.domain.scanned import CaseNumber, classified
from kiosk.journey import events as ev
from kiosk.journey.beside import LATE, OFFLINE, UNKNOWN, Beside, matter_named
from kiosk.journey.delays import Delays
from kiosk.journey.guards import Guards
from kiosk.journey.record import Record
from kiosk.stage import CARD_AGAIN, Stage
from offline_cache.local_number import is_local_number

#: the code says nothing that this terminal can do something with; words `code.unknown`
CODE_UNKNOWN = "code.unknown"


class Asking(Guards):
    """The part of a visit that looks for cases. `state` is set by the chart."""

    state: str
    awaited: dict[str, int]
    timer: tuple[float, str] | None
    _stage: Stage
    _delays: Delays
    _logbook: Logbook
    _catalogue: Catalogue

    def _ticket(self, what: str) -> int:
        raise TypeError("a visit gives out the tickets")

    def _after(self, seconds: float, trigger: str) -> None:
        raise TypeError("a visit keeps the timer")

    def _wait_for_platform(self, seconds: float = 0.0, late: str = "") -> None:
        raise TypeError("a visit keeps the timer")

    def on_start(self) -> None:
        raise TypeError("a visit begins itself")

    # --- guards ---

    def names_matter(self) -> bool:
        return self._matter_seen() is not None

    def names_case(self) -> bool:
        return isinstance(self.record.beside.seen, CaseNumber)

    def number_typed(self) -> bool:
        return not self.record.beside.problems()

    def by_number(self) -> bool:
        return self.record.beside.way == "number"

    def one_found(self) -> bool:
        return len(self.record.beside.found or ()) == 1

    def several_found(self) -> bool:
        return len(self.record.beside.found or ()) > 1

    # --- before the guards look ---

    def note_beside(self, event: ev.Event) -> None:
        """What an event says enters the record."""
        beside = self.record.beside
        match event:
            case ev.CodeScanned():
                beside.seen = classified(event.text)
                self._logbook.write(Log.CODE_SCANNED, kind=type(beside.seen).__name__)
            case ev.CasesFound():
                beside.found = event.cases
            case ev.ProgressFound():
                beside.found = () if event.case is None else (event.case,)
            case _:
                return

    # --- codes ---

    def listen(self, *, camera: bool = False) -> None:
        """A scanner looks only where a code leads somewhere."""
        self._stage.watch_codes(self._ticket("code"), camera=camera)

    def hear_no_more(self) -> None:
        """The scanner rests."""
        self.awaited.pop("code", None)
        self._stage.stop_codes()

    def on_exit_idle(self) -> None:
        self.hear_no_more()

    def on_exit_home(self) -> None:
        self.hear_no_more()

    def on_code_scanned(self, source: Any, target: Any) -> None:
        seen, matter = self.record.beside.seen, self._matter_seen()
        if source.id == "idle" and target.id != "idle":
            self.on_start()
        if target.id == "notice":
            self.record = Record(matter=matter)
        elif target.id == "case_number" and isinstance(seen, CaseNumber):
            self.record = Record(beside=Beside(way="number", typed={"number": seen.number}, seen=seen))
        else:
            self.record.trouble = CODE_UNKNOWN

    def _matter_seen(self) -> Any:
        named = matter_named(self.record.beside.seen)
        return next((one for one in self._catalogue.matters if one.code == named), None) if named else None

    # --- finding ---

    def on_enter_finding(self) -> None:
        self.record = Record()
        self.listen(camera=True)

    def on_exit_finding(self) -> None:
        self.hear_no_more()

    def on_type_number(self) -> None:
        self.record.beside.way = "number"

    def on_enter_case_number(self, event: str) -> None:
        self.record.beside.show_problems = event == "go_on"

    def on_enter_own_card(self) -> None:
        record = self.record
        anew = bool(record.identified)
        record.applicant, record.beside = None, Beside(way="card")
        record.trouble = CARD_AGAIN if anew else ""
        self._stage.watch_card(self._ticket("card"), anew=anew)

    def on_exit_own_card(self, event: str) -> None:
        self.awaited.pop("card", None)
        self._stage.stop_card()
        if event == "card_read":
            self.record.consented_at = self._clock.now()  # the line above the reader says what for

    # --- asking ---

    def on_enter_cases(self, source: Any) -> None:
        """Ask, unless she comes back from one of them."""
        beside = self.record.beside
        beside.case = None
        if source.id == "standing":
            return
        beside.found, beside.code = None, ""
        number = beside.asked_number() if beside.way == "number" else ""
        if not self._surroundings().online and not is_local_number(number):
            beside.code = OFFLINE
            return
        ticket = self._ticket("asking")
        self._wait_for_platform(self._delays.ask_wait_s, "ask_late")
        if beside.way == "number":
            self._stage.ask_progress(ticket, number, beside.typed["check"].upper())
        else:
            self._stage.ask_cases(ticket, self.record.known_applicant.number)

    def on_exit_cases(self) -> None:
        self.awaited.pop("asking", None)
        self._stage.stop_asking()

    def on_cases_found(self) -> None:
        self._answered(len(self.record.beside.found or ()))

    def on_progress_found(self) -> None:
        beside = self.record.beside
        self._answered(len(beside.found or ()))
        if not beside.found:
            beside.code = UNKNOWN

    def on_ask_failed(self, code: str) -> None:
        self._answered(0, code)
        self.record.beside.code = code

    def on_ask_late(self) -> None:
        self._answered(0, LATE)
        self.record.beside.code = LATE

    def _answered(self, found: int, code: str = "") -> None:
        self.awaited.pop("asking", None)
        self.timer = None
        self._logbook.write(Log.PROGRESS_ASKED, way=self.record.beside.way, found=found, code=code)

    # --- one case ---

    def on_choose_case(self, case_id: str) -> None:
        found = self.record.beside.found or ()
        self.record.beside.case = next((case for case in found if case.case_id == case_id), None)

    def on_enter_standing(self) -> None:
        record = self.record
        beside = record.beside
        if beside.case is None and beside.found:
            beside.case = beside.found[0]
        beside.doing, record.matter, record.trouble = "", None, ""
