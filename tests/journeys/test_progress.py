"""How far her cases are: by card, by number, by the code on her slip; and honestly when nothing can be told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kiosk.domain.scanned import RECEIPT_PREFIX, format_matter_code
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from tests.journeys.walked_world import NUMBER, OTHER, PERSON, STANDING, World

LOCAL = "T-000001-3"


def typed(world: World, number: str = "429006202611210000010", check: str = "0019") -> views.View:
    world.at("case_number")
    return world.do(ev.Fill("number", number), ev.Fill("check", check), ev.Continue())


def test_by_card_after_one_line_of_consent(world: World) -> None:
    placed = world.to_own_card()
    assert placed == views.PlaceCard(purpose="progress")
    world.answer(ev.CardRead(world.stage.ticket, PERSON))
    assert world.view == views.Cases("asking", by_card=True)
    assert world.stage.sought == (PERSON.number,)
    found = world.answer(ev.CasesFound(world.stage.ticket, (STANDING, OTHER)))
    assert [card.case_id for card in found.cases] == [STANDING.case_id, OTHER.case_id]
    assert [card.correction for card in found.cases] == [True, False]
    case = world.do(ev.ChooseCase(OTHER.case_id))
    assert (case.number, case.state, case.asked_again) == (NUMBER, "accepted", None)
    assert world.do(ev.Back()) == found


def test_a_single_case_is_shown_at_once(world: World) -> None:
    case = world.to_standing()
    assert isinstance(case, views.CaseStanding)
    assert [(part.department, part.state) for part in case.departments] == [
        ("公安局", "correction"),
        ("卫生健康局", "waiting"),
    ]
    assert isinstance(world.do(ev.Back()), views.Finding)


def test_by_number_written_without_its_dashes(world: World) -> None:
    assert typed(world) == views.Cases("asking", by_card=False)
    assert world.stage.sought == (NUMBER, "0019")
    case = world.answer(ev.ProgressFound(world.stage.ticket, STANDING))
    assert isinstance(case, views.CaseStanding) and not case.by_card


@pytest.mark.parametrize(
    ("number", "check", "wrong"),
    [
        ("", "", {"number": "form.problem.missing", "check": "form.problem.missing"}),
        ("429006202611210000018", "0019", {"number": "case_number.problem.number"}),
        (NUMBER, "19", {"check": "case_number.problem.check"}),
        (NUMBER, "X019", {"check": "case_number.problem.check"}),
    ],
)
def test_what_cannot_be_a_number_is_not_asked(
    world: World, number: str, check: str, wrong: dict[str, str]
) -> None:
    form = typed(world, number, check)
    assert {entry.field.name: entry.problem for entry in form.asked if entry.problem} == wrong
    assert world.stage.sought == ()


def test_number_and_last_four_that_do_not_belong_together(world: World) -> None:
    typed(world)
    assert world.answer(ev.ProgressFound(world.stage.ticket, None)).state == "nothing"
    assert isinstance(world.do(ev.Back()), views.Form)


@pytest.mark.parametrize("by_card", [True, False])
def test_offline_is_said_and_nothing_waits(world: World, by_card: bool) -> None:
    world.offline()
    if by_card:
        world.to_own_card()
        told = world.answer(ev.CardRead(world.stage.ticket, PERSON))
    else:
        told = typed(world)
    assert told == views.Cases("failed", by_card, code="offline")
    assert world.stage.sought == () and world.visit.timer is None
    assert not world.scene.chrome.offline  # the strip says that all goes on as usual, which is not so here
    world.around = replace(world.around, online=True)
    assert world.do(ev.TryAgain()).state == "asking"


def test_a_platform_that_does_not_answer_keeps_nobody_waiting(world: World) -> None:
    typed(world)
    ticket = world.stage.ticket
    assert world.turn(DEFAULTS.ask_wait_s).code == "late"
    before = world.view
    assert world.answer(ev.ProgressFound(ticket, STANDING)) == before  # its answer is late
    world.do(ev.TryAgain())
    assert world.answer(ev.AskFailed(world.stage.ticket, "U102")).code == "U102"


def test_a_slow_line_is_told_and_asked_on(world: World) -> None:
    typed(world)
    world.turn(DEFAULTS.slow_after_s - 0.1)
    assert world.view == views.Cases("asking", by_card=False)
    assert world.turn(0.1) == views.Cases("asking", by_card=False, code="slow")
    assert world.visit.timer is not None
    assert world.clock.left(world.visit.timer[0]) == DEFAULTS.ask_wait_s - DEFAULTS.slow_after_s
    case = world.answer(ev.ProgressFound(world.stage.ticket, STANDING))
    assert isinstance(case, views.CaseStanding)  # it lives, and nothing was given up
    again = world.do(ev.Back(), ev.Continue())
    assert again == views.Cases("asking", by_card=False)  # the next question is not late from the start


def test_a_line_that_is_found_to_be_down_meanwhile_is_told_so(world: World) -> None:
    typed(world)
    world.turn(DEFAULTS.slow_after_s)
    world.offline()
    assert world.view == views.Cases("asking", by_card=False, code="offline")


def test_she_need_not_wait_for_a_slow_line(world: World) -> None:
    typed(world)
    ticket = world.stage.ticket
    world.turn(DEFAULTS.slow_after_s)
    form = world.do(ev.Back())
    assert isinstance(form, views.Form)
    assert world.answer(ev.ProgressFound(ticket, STANDING)) == form


def test_a_case_that_was_not_sent_yet_is_safe_here(world: World) -> None:
    world.at("finding")
    world.offline()
    form = world.answer(ev.CodeScanned(world.stage.code_ticket, RECEIPT_PREFIX + LOCAL))
    assert form.asked[0].value == LOCAL
    world.do(ev.Fill("check", "0019"), ev.Continue())
    assert world.stage.sought == (LOCAL, "0019")  # the outbox knows without a network
    assert world.answer(ev.AskFailed(world.stage.ticket, "waits")).code == "waits"


@pytest.mark.parametrize("state", ["idle", "home", "finding"])
def test_a_receipt_opens_its_case_and_a_poster_its_matter(make_world: Any, state: str) -> None:
    for text, kind in ((RECEIPT_PREFIX + NUMBER, views.Form), (format_matter_code("N02"), views.Notice)):
        world = make_world()
        if state != "idle":
            world.at(state)
        assert isinstance(world.answer(ev.CodeScanned(world.stage.code_ticket, text)), kind)
        assert world.scene.chrome.patience_left_s is not None
    assert world.stage.asked.count("forget") == 0


@pytest.mark.parametrize(
    "text", ["", "TTM1:Z99", "TTM1:" + "N" * 4000, "https://evil.example/pay", "任意文字"]
)
def test_another_code_is_answered_with_a_plain_sentence(make_world: Any, text: str) -> None:
    for state in ("idle", "home"):
        world = make_world()
        if state != "idle":
            world.at(state)
        home = world.answer(ev.CodeScanned(world.stage.code_ticket, text))
        assert isinstance(home, views.Home) and home.tip == "code.unknown"
        assert "evil" not in world.traces


@pytest.mark.parametrize(
    ("state", "looks"),
    [
        ("idle", True),
        ("home", True),
        ("finding", True),
        ("matters", False),
        ("notice", False),
        ("card", False),
    ],
)
def test_the_scanner_looks_only_where_a_code_leads_somewhere(world: World, state: str, looks: bool) -> None:
    if state != "idle":
        world.at(state)
    assert ("code" in world.visit.awaited) == looks


def test_the_camera_looks_for_codes_only_where_she_was_asked_to_lay_one_down(world: World) -> None:
    world.at("home")
    assert not world.stage.code_by_camera
    world.do(ev.FindCases())
    assert world.stage.code_by_camera
    assert world.view.camera and not world.view.scanner


def test_nothing_of_her_cases_stays(world: World) -> None:
    world.to_standing()
    world.do(ev.AskLeave(), ev.Leave())
    world.turn(DEFAULTS.goodbye_s)
    assert NUMBER not in world.traces and PERSON.number not in world.traces


def test_times_are_local(world: World) -> None:
    case = world.to_standing()
    assert case.received_at.utcoffset() == timedelta(hours=8)
    assert case.departments[0].at.utcoffset() == timedelta(hours=8)
