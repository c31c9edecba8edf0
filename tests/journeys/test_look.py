"""How the screens look is hers: chosen anywhere, seen at once, gone with her."""

from typing import Any

import pytest

from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.look import USUAL, Look, TextSize, Theme

LARGE = Look(text=TextSize.ELDER, theme=Theme.YELLOW, low_reach=True)


def test_the_sizes_are_those_of_the_issue() -> None:
    assert [size.factor for size in TextSize] == [1.0, 1.15, 1.35, 1.7]


@pytest.mark.parametrize("state", ["home", "notice", "form", "capture", "review", "done"])
def test_it_is_chosen_anywhere_and_leads_back_to_where_she_was(world: Any, state: str) -> None:
    world.at(state)
    before = world.view
    world.do(ev.AskLook())
    assert world.view == views.LookChoice(USUAL)
    world.do(ev.ChangeLook(LARGE))
    assert world.view == views.LookChoice(LARGE)
    world.do(ev.Stay())
    assert (world.journey.state, type(world.view)) == (state, type(before))
    assert world.scene.chrome.look == LARGE


def test_the_next_citizen_finds_everything_as_usual(world: Any) -> None:
    world.at("form")
    world.do(ev.AskLook(), ev.ChangeLook(LARGE), ev.Stay(), ev.Leave())
    world.turn(DEFAULTS.goodbye_s + 1)
    assert isinstance(world.view, views.Idle)
    assert world.scene.chrome.look == USUAL


def test_whoever_asks_for_time_is_given_three_times_as_long(world: Any) -> None:
    world.at("form")
    usual = world.scene.chrome.patience_left_s
    world.do(ev.AskLook(), ev.ChangeLook(Look(unhurried=True)))
    assert world.scene.chrome.patience_left_s == 3 * usual
    world.do(ev.ChangeLook(USUAL), ev.Stay())
    assert world.scene.chrome.patience_left_s == usual


def test_a_look_that_nobody_is_asked_for_changes_nothing_else(world: Any) -> None:
    world.at("form")
    record = world.visit.record
    world.do(ev.AskLook(), ev.ChangeLook(LARGE), ev.Stay())
    assert world.visit.record is record
