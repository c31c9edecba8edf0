"""One step back from everywhere, and from the review to each part and back to it."""

from typing import Any

import pytest

from kiosk.journey import events as ev
from kiosk.journey import views
from tests.journeys.walked_world import STATES


@pytest.mark.parametrize(
    ("state", "before"),
    [
        ("matters", "home"),
        ("notice", "home"),
        ("readiness", "notice"),
        ("consent", "readiness"),
        ("card", "consent"),
        ("confirm", "card"),
        ("situation", "confirm"),
        ("earlier", "situation"),
        ("overview", "situation"),
        ("promise", "overview"),
        ("form", "overview"),
        ("delivery", "form"),
        ("capture", "form"),
        ("check_page", "capture"),
        ("review", "capture"),
        ("sign", "review"),
    ],
)
def test_one_step_back(world: Any, state: str, before: str) -> None:
    world.at(state)
    assert world.scene.chrome.can_go_back
    world.do(ev.Back())
    assert world.journey.state == before


@pytest.mark.parametrize("state", ["home", "not_saved", "done", "evaluate", "not_sent", "noted", "tips"])
def test_no_way_back(world: Any, state: str) -> None:
    world.at(state)
    assert not world.scene.chrome.can_go_back


@pytest.mark.parametrize("state", STATES)
def test_all_the_way_back_ends_at_home(world: Any, state: str) -> None:
    world.at(state)
    for _ in range(40):
        if world.scene.chrome.can_go_back:
            world.do(ev.Back())
    if state not in ("not_saved", "done", "evaluate", "not_sent", "noted", "tips"):
        assert isinstance(world.view, views.Home)
        assert world.visit.record.applicant is None and world.visit.record.pages == {}


def test_from_the_notice_back_to_the_list_that_it_was_chosen_from(world: Any) -> None:
    world.do(ev.Start(), ev.Search("居住"))
    found = world.view
    world.do(ev.ChooseMatter("N02"))
    assert world.do(ev.Back()) == found


def test_back_through_the_questions(world: Any) -> None:
    world.to_form()
    assert isinstance(world.do(ev.Back()), views.Overview)
    assert world.do(ev.Back()).question.name == "housing"
    assert world.do(ev.Back()).question.name == "errand"
    first = world.do(ev.Back())
    assert (first.question.name, first.chosen) == ("applicant", "mainland")


def test_back_through_the_materials(world: Any) -> None:
    world.to_review()
    assert [world.do(ev.Back()).material.slot for _ in range(3)] == ["02", "01", "00"]
    assert isinstance(world.do(ev.Back()), views.Form)


@pytest.mark.parametrize("part", ["form", "material:00", "material:01", "material:02"])
def test_from_the_review_to_a_part_and_back(world: Any, part: str) -> None:
    before = world.to_review()
    view = world.do(ev.GoTo(part))
    assert isinstance(view, views.Form if part == "form" else views.Capture)
    if isinstance(view, views.Capture):
        assert f"material:{view.material.slot}" == part
    assert world.do(ev.Continue()) == before


def answer(world: Any, **choices: str) -> views.View:
    for name, choice in choices.items():
        world.do(ev.Answer(name, choice))
    view: views.View = world.view
    return view


def test_another_situation_drops_what_is_not_needed_any_more(world: Any) -> None:
    world.to_review("relative")
    world.do(ev.GoTo("situation"))
    review = answer(world, applicant="mainland", errand="first", housing="owned")
    assert isinstance(review, views.Review)  # nothing is missing, so nothing is asked
    assert [material.slot for material in review.materials] == ["00", "03"]
    assert set(world.visit.record.pages) == {"00", "03"}
    world.do(ev.Continue(), ev.Sign((((0.1, 0.1), (0.9, 0.2)),)))
    assert [m["slot"] for m in world.stage.case.manifest["materials"]] == ["00", "03"]
    assert len(world.stage.case.parts) == 3


def test_another_situation_asks_for_what_is_missing(world: Any) -> None:
    world.to_review("owned")
    world.do(ev.GoTo("situation"))
    form = answer(world, applicant="mainland", errand="first", housing="employer")
    assert isinstance(form, views.Form)
    assert "employer_name" in [entry.field.name for entry in form.asked]
    world.do(ev.Fill("employer_name", "天门示例纺织厂"))
    assert world.do(ev.Continue()).material.slot == "07"
    world.take()
    world.do(ev.Continue())
    world.take()
    assert isinstance(world.do(ev.Continue()), views.Review)


def test_an_answer_touched_by_mistake_costs_no_pages(world: Any) -> None:
    world.to_review("relative")
    world.do(ev.GoTo("situation"))
    world.do(ev.Answer("applicant", "hmt"), ev.Back(), ev.Answer("applicant", "mainland"))
    answer(world, errand="first", housing="relative")
    assert isinstance(world.view, views.Review)
    assert world.visit.record.page_count() == 5


def test_a_question_that_is_asked_again_has_to_be_answered(world: Any) -> None:
    world.to_identified()
    world.do(ev.Continue())
    answer(world, applicant="hmt", housing="owned")
    world.fill_form()
    while world.journey.state != "situation":
        world.do(ev.Back())
    world.do(ev.Back())
    answer(world, applicant="mainland")
    asked = world.view
    assert (asked.question.name, asked.chosen) == ("errand", "")
    assert world.do(ev.Continue()) == asked
    assert isinstance(answer(world, errand="endorse"), views.Situation)


def test_form_problems_are_shown_and_mended(world: Any) -> None:
    form = world.to_form()
    assert not form.show_problems
    form = world.do(ev.Fill("phone", "1990"), ev.Continue())
    problems = {entry.field.name: entry.problem for entry in form.asked if entry.problem}
    assert form.show_problems and problems["phone"] == "form.problem.phone"
    assert problems["residence_address"] == "form.problem.missing"
    form = world.do(ev.Fill("phone", "19900000001"))
    assert "phone" not in {entry.field.name for entry in form.asked if entry.problem}
    world.fill_form()
    assert isinstance(world.do(ev.Continue()), views.Capture)


def test_the_form_does_not_change_with_the_clock(world: Any) -> None:
    form = world.to_form()
    assert world.turn(1.5) == form


def test_her_name_and_number_are_masked_on_the_form(world: Any) -> None:
    known = {entry.field.name: entry.value for entry in world.to_form().known}
    assert known["name"] == "王*" and known["number"] == "429***********0019"


def test_search_and_all(world: Any) -> None:
    home = world.do(ev.Start())
    everything = world.do(ev.ShowAll())
    assert len(everything.cards) == everything.total == home.total == 65
    assert next(iter(world.do(ev.Search("居住")).cards)).code == "N02"
    assert world.do(ev.Search("zz没有")).cards == ()
    assert world.do(ev.Search("  ")).cards == everything.cards
    assert world.visit.record.matter is None


def test_matters_that_are_done_at_the_window_show_their_notice_only(world: Any) -> None:
    world.do(ev.Start())
    codes = [card.code for card in world.do(ev.ShowAll()).cards if not card.complete]
    assert len(codes) == 53
    for code in codes[:5]:
        notice = world.do(ev.ChooseMatter(code))
        assert isinstance(notice, views.Notice) and not notice.complete
        assert world.scene.chrome.steps == ()
        world.do(ev.Back())


def test_an_incomplete_matter_cannot_be_gone_on_with(world: Any) -> None:
    world.do(ev.Start(), ev.ShowAll())
    code = next(card.code for card in world.view.cards if not card.complete)
    world.do(ev.ChooseMatter(code))
    assert not world.visit.can_be_done()


def test_what_is_needed_in_any_item_is_needed(world: Any) -> None:
    ready = world.at("readiness")
    assert [material.slot for material in ready.always] == ["00"]
    labels = {label: [material.slot for material in cards] for label, cards in ready.depends}
    assert labels == {
        "出租房屋": ["01", "02"],
        "自有房屋": ["03"],
        "单位内部": ["07", "08"],
        "学校就读": ["06"],
        "亲属房屋": ["03", "05"],
    }
    ticked = world.do(ev.Tick("03"))
    assert [m.ticked for _, cards in ticked.depends for m in cards if m.slot == "03"] == [True, True]
