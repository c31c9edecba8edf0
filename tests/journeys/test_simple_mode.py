"""Simple mode: one question a screen, forth and back, to what is missing; the case is the same as ever."""

from typing import Any

import pytest

from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.look import USUAL, Look, TextSize
from tests.journeys.any_matter import FULL, sealed
from tests.journeys.walked_world import KNOWN_VALUES, PERSON, World

SIMPLE = USUAL.simply(True)


def asked(world: World) -> tuple[str, int, int]:
    """Field, number, of how many."""
    view = world.view
    assert isinstance(view, views.Form)
    (entry,) = view.asked
    return entry.field.name, view.number, view.of


def at_form(world: World) -> World:
    world.do(ev.ChangeLook(SIMPLE))
    world.to_form()
    return world


def answer(world: World) -> views.View:
    """Something right into the one question, and on."""
    view = world.view
    assert isinstance(view, views.Form)
    (entry,) = view.asked
    told = {
        "phone": "19900000001",
        "residence_address": "天门市岳口镇示例路2号",
        "residence_since": "2026-03-01",
    }
    value = told.get(entry.field.name) or (entry.field.choices[0].value if entry.field.choices else "")
    return world.do(*([ev.Fill(entry.field.name, value)] if value else []), ev.Continue())


def test_it_comes_with_large_print_and_goes_with_it() -> None:
    assert Look(simple=True, text=TextSize.ELDER) == SIMPLE
    assert SIMPLE.simply(False) == USUAL
    assert Look(text=TextSize.LARGEST).simply(True).text is TextSize.LARGEST


def test_one_question_after_the_other(world: World) -> None:
    at_form(world)
    assert asked(world) == ("phone", 1, 6)
    assert len(world.view.known) > 0, "what her card told stands beside the first"
    answer(world)
    assert asked(world) == ("residence_address", 2, 6)
    assert world.view.known == ()
    seen = [asked(world)[0]]
    while isinstance(answer(world), views.Form):
        seen.append(asked(world)[0])
    assert seen[-2:] == ["emergency_contact", "emergency_phone"]
    assert isinstance(world.view, views.Capture)


def test_back_is_one_question_back_and_then_out_of_the_form(world: World) -> None:
    at_form(world)
    answer(world)
    world.do(ev.Back())
    assert asked(world)[0] == "phone"
    assert world.view.asked[0].value == "19900000001"
    world.do(ev.Back())
    assert isinstance(world.view, views.Overview)


def test_from_the_papers_back_to_the_last_question(world: World) -> None:
    at_form(world)
    while isinstance(answer(world), views.Form):
        pass
    world.do(ev.Back())
    assert asked(world) == ("emergency_phone", 6, 6)


def test_what_is_missing_or_wrong_keeps_her_there(world: World) -> None:
    at_form(world)
    world.do(ev.Continue())
    assert asked(world)[0] == "phone"
    assert world.view.asked[0].problem == "form.problem.missing"
    world.do(ev.Fill("phone", "123"), ev.Continue())
    assert world.view.asked[0].problem == "form.problem.phone"
    world.do(ev.Fill("phone", "19900000001"), ev.Continue())
    assert asked(world)[0] == "residence_address"
    assert world.view.asked[0].problem == "", "nobody has gone on from this one yet"


def test_a_problem_brings_her_to_its_question(world: World) -> None:
    at_form(world)
    while asked(world)[1] < 6:
        answer(world)
    world.do(ev.Fill("residence_address", ""), ev.Continue())  # as a change of an answer could do
    assert asked(world)[0] == "residence_address"
    assert world.view.asked[0].problem == "form.problem.missing"


def test_switched_on_in_the_middle_and_off_again(world: World) -> None:
    world.to_form()
    world.do(ev.ChangeLook(SIMPLE))
    assert asked(world)[1] == 1
    world.do(ev.ChangeLook(USUAL))
    assert len(world.view.asked) == 6
    assert world.view.number == 0


def test_what_was_found_of_her_is_hers_when_she_goes_on(world: World) -> None:
    world.do(ev.ChangeLook(SIMPLE))
    world.to_graduates_form()
    while asked(world)[0] != KNOWN_VALUES[0].name:
        answer(world)
    entry = world.view.asked[0]
    assert (entry.source, entry.problem) == ("earlier", "form.confirm_one")
    world.do(ev.Continue())
    assert asked(world)[0] != "phone"
    assert world.visit.record.filled["phone"] == KNOWN_VALUES[0].value


def test_name_and_number_by_hand(world: World) -> None:
    world.do(ev.ChangeLook(SIMPLE))
    world.to_card()
    world.answer(ev.CardFailed(world.stage.ticket, "D101"))
    world.do(ev.EnterByHand())
    assert asked(world) == ("name", 1, 2)
    world.do(ev.Fill("name", PERSON.name), ev.Continue())
    assert asked(world) == ("number", 2, 2)
    world.do(ev.Back())
    assert asked(world)[0] == "name"
    world.do(ev.Continue(), ev.Fill("number", PERSON.number), ev.Continue())
    assert isinstance(world.view, views.ConfirmIdentity)


def test_at_home_fewer_things_at_once(world: World) -> None:
    world.do(ev.Start(), ev.ChangeLook(SIMPLE))
    assert len(world.view.popular) <= 4


@pytest.mark.parametrize("code", FULL)
def test_simple_and_in_english_the_case_is_the_very_same(make_world: Any, code: str) -> None:
    expected = sealed(make_world(), code, {}, agree=False)
    other = make_world()
    other.do(ev.ChangeLook(Look(simple=True, language="en")))
    told = sealed(other, code, {}, agree=False)
    assert other.visit._words("language.name") == "English"
    assert told == expected
