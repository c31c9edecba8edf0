"""She walks away, by touch or without a word, at every step: the visit ends, and nothing of her is left."""

from dataclasses import replace
from typing import Any

import pytest

from devices.evaluator import Level
from ground.logbook import Event
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.record import Record
from tests.journeys.walked_world import CODE_LASTS_S, PERSON, SECRETS, STANDING, STATES, files, page

EARLY = ("home", "matters", "notice", "finding", "take_home")  #: nothing was said yet: no goodbye is needed
LYING = {"card": True, "papers": True}  #: she laid both down, and nobody saw them taken away
SAFE = ("done", "evaluate", "noted", "tips")  #: the case is handed in


def assert_gone(world: Any, state: str) -> None:
    assert world.stage.asked.count("forget") == 1
    assert not [secret for secret in SECRETS if secret in world.traces]
    record = world.visit.record
    kept = ("slip", "local_number", "sent", "lying")
    assert record == Record(**{name: getattr(record, name) for name in kept})
    finished = [facts for event, facts in world.logbook.lines if event is Event.VISIT_FINISHED]
    assert finished == [{"outcome": "done" if state in SAFE else "left", "last": state}]


def late_answers(ticket: int, *, codes: bool = False) -> list[ev.WorldEvent]:
    return [
        ev.CardRead(ticket, PERSON),
        ev.CardFailed(ticket, "D101"),
        ev.SheetSeen(ticket, "steady"),
        ev.SheetReady(ticket),
        ev.CameraFailed(ticket, "D101"),
        ev.PageTaken(ticket, page()),
        ev.PageFailed(ticket, "no_sheet"),
        ev.PhoneReady(ticket, "https://ywt.example.cn/u/ABCD", 300.0),
        ev.PhoneOpened(ticket),
        ev.PhoneArrived(ticket, 1),
        ev.PhoneOver(ticket, ""),
        ev.StickSeen(ticket, "in", files("a.jpg")),
        ev.FilePictured(ticket, 1, b"jpeg"),
        ev.Sealed(ticket, "T-000001-3"),
        ev.SealFailed(ticket, "S101"),
        ev.Delivered(ticket, "429006-20261121-000001-7"),
        ev.Printed(ticket),
        ev.PrintFailed(ticket, "condition.paper_out"),
        ev.Pressed(ticket, Level.SATISFIED),
        ev.CasesFound(ticket, (STANDING,)),
        ev.ProgressFound(ticket, STANDING),
        ev.AskFailed(ticket, "U101"),
        ev.MessageKept(ticket, "T-000002-1"),
        ev.MessageFailed(ticket, "S101"),
        *((ev.CodeScanned(ticket, "TTM1:N02"),) if codes else ()),
    ]


@pytest.mark.parametrize("state", STATES)
def test_by_touch(world: Any, state: str) -> None:
    world.at(state)
    question = world.do(ev.AskLeave())
    assert isinstance(question, views.LeaveQuestion)
    assert question.handed_in == (state in SAFE)
    view = world.do(ev.Leave())
    assert isinstance(view, views.Idle if state in EARLY else views.Goodbye)
    assert_gone(world, state)
    assert isinstance(world.turn(DEFAULTS.goodbye_s), views.Idle)
    assert world.visit.record == Record()


@pytest.mark.parametrize("state", STATES)
def test_she_stays(world: Any, state: str) -> None:
    before = world.at(state)
    assert world.do(ev.AskLeave(), ev.Stay()) == before
    assert "forget" not in world.stage.asked


@pytest.mark.parametrize("state", STATES)
def test_without_a_word(world: Any, state: str) -> None:
    world.at(state)
    world.do(ev.Touched())
    left = world.scene.chrome.patience_left_s
    usual = DEFAULTS.after_hand_in_s if state in SAFE else DEFAULTS.patience_s
    assert left == (CODE_LASTS_S if state == "phone" else usual)
    warning = min(DEFAULTS.warning_s, left / 2)
    before = world.turn(left - warning - 1)
    assert not isinstance(before, views.StillThere)
    assert world.turn(1) == views.StillThere(int(warning))
    assert world.turn(1) == views.StillThere(int(warning) - 1)
    ended = world.turn(warning - 1)
    assert isinstance(ended, views.Idle if state in EARLY else views.Goodbye)
    assert_gone(world, state)
    assert isinstance(world.turn(DEFAULTS.goodbye_s), views.Idle)
    assert world.turn(3600) == world.view and isinstance(world.view, views.Idle)


@pytest.mark.parametrize("state", STATES)
def test_any_touch_shows_that_she_is_there(world: Any, state: str) -> None:
    world.at(state)
    world.do(ev.Touched())
    left = world.scene.chrome.patience_left_s
    before = world.turn(left / 2 - 1)
    assert isinstance(world.turn(left / 2 - 1), views.StillThere)
    after = world.do(ev.Touched())
    # their clocks went on
    assert after == before or (state in ("home", "phone") and type(after) is type(before))
    assert world.scene.chrome.patience_left_s == left


@pytest.mark.parametrize("state", STATES)
def test_answers_that_come_after_she_left_are_dropped(world: Any, state: str) -> None:
    world.at(state)
    world.do(ev.AskLeave(), ev.Leave())
    before = world.view
    for ticket in range(world.stage.ticket + 1):
        for answer in late_answers(ticket):
            if not isinstance(answer, ev.Printed | ev.PrintFailed):
                world.answer(answer)
    assert world.view == before
    assert not [secret for secret in SECRETS if secret in world.traces]
    world.turn(DEFAULTS.goodbye_s)
    for ticket in range(world.stage.ticket + 1):
        world.answer(*late_answers(ticket))
    assert isinstance(world.view, views.Idle)


@pytest.mark.parametrize("state", STATES)
def test_answers_to_the_visit_before_mean_nothing_to_the_next(world: Any, state: str) -> None:
    world.at(state)
    old = world.stage.ticket
    world.do(ev.AskLeave(), ev.Leave())
    world.turn(DEFAULTS.goodbye_s)
    world.to_capture()
    scene, record = world.scene, repr(world.visit.record)
    for ticket in range(old + 1):
        world.answer(*late_answers(ticket))
    assert (world.scene, repr(world.visit.record)) == (scene, record)


def test_the_countdown_is_stopped_while_the_machine_keeps_her_waiting(world: Any) -> None:
    world.to_handing_in()
    assert world.scene.chrome.patience_left_s is None
    assert world.turn(3600) == views.HandingIn("sealing", "")
    world.answer(ev.Sealed(world.stage.ticket, "T-000001-3"))
    assert isinstance(world.turn(DEFAULTS.delivery_wait_s), views.Done)
    assert world.scene.chrome.patience_left_s == DEFAULTS.after_hand_in_s


def test_sorry_goes_away_by_itself(world: Any) -> None:
    world.journey.apologise("ABC123")
    assert world.view == views.Sorry("ABC123")
    assert world.scene.chrome.patience_left_s is None
    assert isinstance(world.turn(DEFAULTS.sorry_s), views.Idle)
    world.journey.apologise("ABC123")
    assert isinstance(world.do(ev.Continue()), views.Idle)


@pytest.mark.parametrize("cover", [ev.AskLeave(), ev.AskHelp()], ids=["leave", "help"])
def test_a_question_does_not_outlive_the_visit_that_it_covers(world: Any, cover: Any) -> None:
    world.at("evaluate")
    world.do(cover)
    assert isinstance(world.answer(ev.Pressed(world.stage.ticket, Level.FAIR)), views.Goodbye)
    assert isinstance(world.turn(DEFAULTS.goodbye_s), views.Idle)


def test_help_is_left_to_patience_too(world: Any) -> None:
    world.at("capture")
    assert world.do(ev.AskHelp()) == views.Help("岳口镇便民服务中心", "", "12345")
    assert isinstance(world.turn(DEFAULTS.patience_s - 5), views.StillThere)
    assert isinstance(world.turn(5), views.Goodbye)


def test_the_slip_that_comes_out_while_she_leaves_is_named(world: Any) -> None:
    world.to_done()
    ticket = world.stage.ticket
    world.do(ev.Skip())
    assert world.view == views.Goodbye(handed_in=True, slip=False, **LYING)
    assert world.answer(ev.Printed(ticket)) == views.Goodbye(handed_in=True, slip=True, **LYING)
    assert isinstance(world.turn(DEFAULTS.goodbye_s), views.Idle)


def test_out_of_service_begins_no_visit(world: Any) -> None:
    number = world.scene.number
    world.around = replace(world.around, out_of_service="S101")
    world.conductor.touch(ev.Start(), number)
    assert isinstance(world.view, views.OutOfService)
    assert world.journey.state == "idle"


def test_what_was_seen_taken_away_is_not_asked_for(world: Any) -> None:
    world.to_capture()
    world.answer(ev.SheetSeen(world.stage.ticket, "steady"))
    assert world.visit.record.lying == {"card", "papers"}
    world.answer(ev.SheetSeen(world.stage.ticket, "none"))
    world.do(ev.AskLeave())
    view = world.do(ev.Leave())
    assert (view.card, view.papers) == (True, False)


def test_who_only_looked_has_nothing_lying_here(world: Any) -> None:
    world.at("consent")
    world.do(ev.AskLeave())
    view = world.do(ev.Leave())
    assert (view.card, view.papers, view.slip) == (False, False, False)
