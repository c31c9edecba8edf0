"""办不成事 and 预约回电 from any step: the visit is found as it was. And the notice to take home, reprints, ratings."""

from dataclasses import replace
from typing import Any

import pytest

from devices.evaluator import Level
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.notice_paper import MOST_BYTES, notice_code
from tests.journeys.walked_world import PERSON, SECRETS, STATES, World

REPORT = ev.Report("hardship")


def told(world: World) -> views.View:
    """The whole report, with a telephone."""
    world.do(REPORT, ev.ToggleReason("many_trips"), ev.Continue())
    return world.do(
        ev.Fill("text", "跑了三趟"),
        ev.Fill("callback", "yes"),
        ev.Fill("phone", "19900000001"),
        ev.Continue(),
    )


@pytest.mark.parametrize("state", STATES)
def test_from_every_step_and_back_to_it(world: World, state: str) -> None:
    before = world.at(state)
    world.do(ev.AskHelp())
    assert told(world) == views.HandingIn("sealing")
    noted = world.answer(ev.MessageKept(world.stage.ticket, "T-000009-2"))
    assert (noted.kind, noted.number, noted.goes_back) == ("hardship", "T-000009-2", True)
    after = world.do(ev.Stay())
    assert after == before and world.journey.state == state


@pytest.mark.parametrize("state", STATES)
def test_leaving_from_within_wipes_it_with_the_visit(world: World, state: str) -> None:
    world.at(state)
    world.do(REPORT, ev.ToggleReason("other"), ev.Continue(), ev.Fill("text", "示例路2号"))
    world.do(ev.AskLeave(), ev.Leave())
    world.turn(DEFAULTS.goodbye_s)
    assert isinstance(world.view, views.Idle)
    assert not [secret for secret in SECRETS if secret in world.traces]
    assert world.journey._aside is None


def test_what_is_sent(world: World) -> None:
    world.at("form")
    told(world)
    message = world.stage.message
    assert (message.kind, message.case_id) == ("hardship", None)
    assert dict(message.body) == {"matter": "N02", "step": "form", "reasons": ["many_trips"]}
    assert message.content == {
        "schema": 1,
        "name": PERSON.name,
        "phone": "19900000001",
        "callback": True,
        "text": "跑了三趟",
    }


def test_nobody_is_named_who_wants_no_answer(world: World) -> None:
    world.at("form")
    world.do(REPORT, ev.ToggleReason("proof"), ev.Continue(), ev.Fill("callback", "yes"))
    world.do(ev.Fill("phone", "19900000001"), ev.Fill("callback", "no"), ev.Continue())
    assert world.stage.message.content == {"schema": 1, "callback": False, "text": ""}


def test_nothing_goes_without_a_reason_or_with_half_a_number(world: World) -> None:
    world.at("home")
    reasons = world.do(REPORT, ev.Continue())
    assert isinstance(reasons, views.Hardship)
    world.do(ev.ToggleReason("other"), ev.ToggleReason("no_such"), ev.Continue())
    form = world.do(ev.Fill("callback", "yes"), ev.Fill("phone", "199"), ev.Continue())
    assert {entry.field.name: entry.problem for entry in form.asked if entry.problem} == {
        "phone": "form.problem.phone"
    }
    assert world.stage.message is None


def test_back_through_it_and_out_of_it(world: World) -> None:
    before = world.at("review")
    world.do(REPORT, ev.ToggleReason("other"), ev.Continue())
    reasons = world.do(ev.Back())
    assert isinstance(reasons, views.Hardship) and any(reason.chosen for reason in reasons.reasons)
    assert world.do(ev.Back()) == before


def test_a_call_is_arranged(world: World) -> None:
    world.at("notice")
    form = world.do(ev.Report("callback"))
    assert [entry.field.name for entry in form.asked] == ["phone", "when"]
    world.do(ev.Fill("phone", "19900000001"), ev.Fill("when", "morning"), ev.Continue())
    message = world.stage.message
    assert (message.kind, dict(message.body)) == ("callback", {"matter": "N02"})
    assert message.content == {"schema": 1, "phone": "19900000001", "when": "morning"}
    assert world.answer(ev.MessageKept(world.stage.ticket, "T-000009-2")).kind == "callback"


def test_what_could_not_be_kept_promises_nothing(world: World) -> None:
    before = world.at("notice")
    told(world)
    lost = world.answer(ev.MessageFailed(world.stage.ticket, "S101"))
    assert (lost.number, lost.trouble) == ("", "S101")
    assert world.stage.slip is None
    world.do(ev.TryAgain())
    world.answer(ev.MessageFailed(world.stage.ticket, "S101"))
    assert world.do(ev.Stay()) == before


def test_the_slip_is_the_reports_and_not_the_cases(world: World) -> None:
    world.to_done()
    case_slip = world.stage.ticket
    told(world)
    world.answer(ev.MessageKept(world.stage.ticket, "T-000009-2"))
    failed = world.answer(ev.PrintFailed(world.stage.ticket, "condition.paper_out"))
    assert failed.receipt == "failed"
    world.do(ev.Reprint())
    assert world.answer(ev.Printed(world.stage.ticket)).receipt == "printed"
    world.answer(ev.Printed(case_slip))
    done = world.do(ev.Stay())
    assert isinstance(done, views.Done) and done.receipt == "printed"


def test_patience_ends_it_too(world: World) -> None:
    world.at("notice")
    world.do(REPORT)
    assert isinstance(world.turn(DEFAULTS.patience_s - 5), views.StillThere)
    assert isinstance(world.do(ev.Stay()), views.Hardship)
    assert isinstance(world.turn(DEFAULTS.patience_s), views.Idle)


def test_a_second_finger_begins_no_second_one(world: World) -> None:
    world.at("home")
    world.do(REPORT, ev.ToggleReason("other"))
    world.do(ev.AskHelp(), ev.Report("callback"))
    assert any(reason.chosen for reason in world.view.reasons)


# --- the notice to take home ---


def test_the_notice_on_the_slip_and_on_a4(make_world: Any) -> None:
    world = make_world()
    world.at("take_home")
    assert world.do(ev.PrintNotice()).printing == "printing"
    assert "居住证" in repr(world.stage.slip)
    assert world.answer(ev.Printed(world.stage.ticket)).printing == "printed"
    world = make_world()
    world.around = replace(world.around, page_printer=True)
    world.at("take_home")
    world.do(ev.PrintNotice(), ev.PrintNotice())
    assert world.stage.sheet.title and world.stage.asked.count("print_sheet") == 1
    failed = world.answer(ev.PrintFailed(world.stage.ticket, "condition.paper_out"))
    assert (failed.printing, failed.trouble) == ("failed", "condition.paper_out")


def test_a_sheet_that_comes_out_after_she_went_back_troubles_nobody(world: World) -> None:
    world.at("take_home")
    world.do(ev.PrintNotice())
    ticket = world.stage.ticket
    notice = world.do(ev.Back())
    assert world.answer(ev.Printed(ticket)) == notice


def test_every_notice_fits_its_code_and_says_whom_to_ask(world: World) -> None:
    for matter in world.visit._catalogue.matters:
        said = notice_code(matter, world.visit._words, world.around)
        assert len(said.encode()) <= MOST_BYTES and said.startswith(matter.name)
        assert matter.lead[:4] in said or matter.notice is not None
    around = replace(world.around, notices_url="https://www.example.cn/guide")
    assert (
        notice_code(matter, world.visit._words, around) == f"https://www.example.cn/guide/{matter.code}.html"
    )


def test_a_matter_without_a_package_offers_what_can_be_done(world: World) -> None:
    world.do(ev.Start(), ev.ShowAll())
    code = next(card.code for card in world.view.cards if not card.complete)
    world.do(ev.ChooseMatter(code))
    assert isinstance(world.do(ev.TakeHome()), views.NoticeToGo)
    world.do(ev.Back())
    assert isinstance(world.do(ev.FindCases()), views.Finding)


# --- done and evaluation ---


def test_a_slip_that_failed_is_printed_again(world: World) -> None:
    done = world.to_done()
    assert world.do(ev.Reprint()) == done  # it is on its way
    first = world.stage.slip
    world.answer(ev.PrintFailed(world.stage.ticket, "condition.paper_out"))
    again = world.do(ev.Reprint())
    assert again.receipt == "printing" and world.stage.slip == first
    assert world.answer(ev.Printed(world.stage.ticket)).receipt == "printed"


def test_indicators_travel_with_their_version(world: World) -> None:
    assert world.to_evaluate().indicators == ()  # nothing is asked before a level is chosen
    world.do(ev.ToggleIndicator("guide"), ev.Rate(Level.SATISFIED))
    world.do(ev.ToggleIndicator("guide"), ev.ToggleIndicator("no_such"), ev.ToggleReason("quick"))
    assert [one.code for one in world.view.indicators if one.chosen] == ["guide"]
    world.do(ev.Continue())
    ((_, kept),) = world.stage.evaluations
    assert kept.reasons == ("indicator.guide", "quick")


def test_who_was_not_satisfied_may_say_why(world: World) -> None:
    world.to_evaluate()
    assert not world.do(ev.Rate(Level.FAIR)).offer_report
    assert world.do(ev.Rate(Level.DISSATISFIED)).offer_report
    assert isinstance(world.do(REPORT), views.Hardship)


# --- what else may concern her ---


def test_what_may_concern_her_is_looked_for_only_when_she_asks(world: World) -> None:
    done = world.to_done()
    assert done.tips and "住址" not in repr(done)
    tips = world.do(ev.ShowTips())
    assert 0 < len(tips.tips) <= 2 and all(tip.reason and tip.sample for tip in tips.tips)
    assert "居住证办理" not in [tip.name for tip in tips.tips]  # she has just done that
    assert isinstance(world.do(ev.Continue()), views.Evaluate)


def test_the_slip_may_come_out_while_she_reads(world: World) -> None:
    world.at("tips")
    world.answer(ev.Printed(world.stage.ticket))
    assert isinstance(world.do(ev.Skip()), views.Goodbye) and world.view.slip
