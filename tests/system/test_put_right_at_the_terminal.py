"""A visit, the product's own outbox, uploader and client, and the real platform over HTTP: a department sends something
back, she puts it right at the terminal, the case goes on. And everything else that is told beside a case.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from ground.clock import Clock
from kiosk.asking_desk import AskingDesk
from kiosk.case_desk import CaseDesk
from kiosk.catalogue.load import load_catalogue
from kiosk.health import Health
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.stage import Message, SealingCase
from kiosk.words import Words
from kiosk.workers import Worker
from offline_cache.errors import CacheError, UploadError
from tests.journeys.walked_world import PERSON, MemoryStage, World
from tests.offline_cache.citizen import Hall
from tools.assemble import CATALOGUE, WORDS

DEPARTMENT = "天门市公安局"


class AtOnce:
    """A worker without a thread: what is asked of its thing is done at once."""

    def __init__(self, thing: Any) -> None:
        self._thing = thing

    def ask(self, do: Callable[[Any], None], failed: Callable[[str], None], deadline_s: float) -> None:
        try:
            do(self._thing)
        except (CacheError, UploadError) as error:
            failed(error.code)


class RealOutbox(MemoryStage):
    """Devices in memory; the outbox, the uploader and the platform are real."""

    def __init__(self, hall: Hall) -> None:
        super().__init__()
        self._hall = hall
        clock = cast(Clock, hall.clock)
        self.desk = CaseDesk(hall.outbox, Health(clock), "sample-1")
        platform, cases = AtOnce(hall.platform), AtOnce(self.desk)
        self._questions = AskingDesk(
            cast(Worker[Any], platform), cast(Worker[CaseDesk], cases), lambda event: self.post(event)
        )

    def seal(self, ticket: int, case: SealingCase) -> None:
        super().seal(ticket, case)
        self.post(ev.Sealed(ticket, self.desk.hand_in(case)))
        number = self._delivered(case.case_id)
        if number:
            self.post(ev.Delivered(ticket, number))

    def send(self, ticket: int, message: Message) -> None:
        super().send(ticket, message)
        self.post(ev.MessageKept(ticket, self.desk.send(message)))
        self._delivered("")

    def ask_cases(self, ticket: int, number: str) -> None:
        self._questions.cases(ticket, number)

    def ask_progress(self, ticket: int, acceptance_number: str, check: str) -> None:
        self._questions.progress(ticket, acceptance_number, check)

    def _delivered(self, case_id: str) -> str:
        if self._hall.network:
            self._hall.deliver()
        return self.desk.case_number(case_id) or ""


class Terminal(World):
    """A visit that is walked by hand, at a terminal that has a platform."""

    def __init__(self, hall: Hall) -> None:
        catalogue = load_catalogue(CATALOGUE, date(2026, 11, 21))
        words = Words.load(WORDS, "zh-Hans")
        super().__init__(catalogue, words, RealOutbox(hall), lambda: str(uuid.uuid4()))
        self.hall = hall

    def handed_in(self) -> str:
        """A case from the first touch to the goodbye; its id."""
        self.to_handing_in("owned")
        case_id = self.visit.record.case_id
        self.gone()
        return case_id

    def gone(self) -> None:
        """She goes, and the screen is idle again."""
        self.turn(20.0)
        self.do(ev.AskLeave(), ev.Leave())
        assert isinstance(self.turn(20.0), views.Idle)

    def found(self) -> views.View:
        """Her cases, by card."""
        self.to_own_card()
        return self.answer(ev.CardRead(self.stage.ticket, PERSON))

    def departments(self) -> list[tuple[str, str]]:
        """How far her only case is, as she sees it."""
        view = self.found()
        assert isinstance(view, views.CaseStanding)
        self.gone()
        return [(part.department, part.state) for part in view.departments]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    hall = Hall(tmp_path)
    yield Terminal(hall)
    hall.close()


def test_a_correction_is_put_right_and_the_case_goes_on(terminal: Terminal) -> None:
    case_id = terminal.handed_in()
    ((department, _),) = terminal.departments()
    slot = next(one["slot"] for one in terminal.hall.operator("GET", f"cases/{case_id}").json()["materials"])
    asked = terminal.hall.ask_correction(
        case_id,
        department=department,
        reason="手机号码少一位，身份证反光",
        fields=["phone"],
        materials=[{"slot": slot, "name": "身份证"}],
    )
    view = terminal.found()
    assert (
        view.state == "correction"
        and view.asked_again.reason == "手机号码少一位，身份证反光"
        and view.mendable
    )
    form = terminal.do(ev.Mend())
    assert [entry.field.name for entry in form.asked] == ["phone"]
    step = terminal.do(ev.Fill("phone", "19900000002"), ev.Continue())
    while isinstance(step, views.Capture):
        step = terminal.do(ev.Continue()) if step.enough else terminal.take()
    noted = terminal.do(ev.Continue(), ev.Sign((((0.1, 0.1), (0.9, 0.2)),)))
    assert isinstance(noted, views.Noted) and noted.number
    terminal.gone()
    told = terminal.hall.operator("GET", f"cases/{case_id}").json()
    assert told["corrected"]["form"]["phone"] == "19900000002"
    assert [one["correction_id"] for one in told["corrections"]] == [asked["correction_id"]]
    assert terminal.departments() == [(department, "accepted")]
    assert terminal.hall.outbox.status().messages_waiting == 0
    finished = {"department": department, "state": "finished"}
    assert terminal.hall.operator("POST", f"cases/{case_id}/events", json=finished).status_code == 201
    assert terminal.departments() == [(department, "finished")]


def test_a_case_is_taken_back(terminal: Terminal) -> None:
    terminal.handed_in()
    assert terminal.found().can_withdraw
    terminal.do(ev.AskWithdraw(), ev.Continue())
    noted = terminal.do(ev.Continue())
    assert isinstance(noted, views.Noted) and noted.kind == "withdrawal"
    terminal.gone()
    view = terminal.found()
    assert view.state == "withdrawn" and not view.can_withdraw


def test_by_the_number_on_her_slip_also_before_it_is_sent(terminal: Terminal) -> None:
    terminal.hall.network = False
    terminal.to_handing_in("owned")
    local_number = terminal.turn(20.0).number
    terminal.gone()

    def asked(number: str, check: str = "0019") -> views.View:
        terminal.at("finding")
        terminal.answer(ev.CodeScanned(terminal.stage.code_ticket, f"TTS1:{number}"))
        view = terminal.do(ev.Fill("check", check), ev.Continue())
        terminal.gone()
        return view

    assert asked(local_number).code == "waits"
    terminal.hall.network = True
    terminal.hall.deliver()
    case = asked(local_number)
    assert isinstance(case, views.CaseStanding)
    assert asked(case.number) == case
    assert asked(case.number, "0020").state == "nothing"


def test_a_report_has_its_ticket_also_without_a_network(terminal: Terminal) -> None:
    terminal.hall.network = False
    terminal.at("notice")
    terminal.do(ev.Report("hardship"), ev.ToggleReason("many_trips"), ev.Continue())
    terminal.do(ev.Fill("callback", "yes"), ev.Fill("phone", "19900000001"))
    numbers = [terminal.do(ev.Continue()).number]
    terminal.do(ev.Stay(), ev.Report("callback"), ev.Fill("phone", "19900000001"), ev.Fill("when", "morning"))
    numbers.append(terminal.do(ev.Continue()).number)
    assert len(set(numbers)) == 2
    terminal.hall.network = True
    terminal.hall.deliver()
    told = terminal.hall.operator("GET", "tickets").json()
    assert {(one["ticket"], one["kind"], one["phone"]) for one in told} == {
        (numbers[0], "hardship", "19900000001"),
        (numbers[1], "callback", "19900000001"),
    }
    assert {one["matter"] for one in told} == {"N02"}
