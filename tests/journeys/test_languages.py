"""She chooses her language; all follows at once; what officials read stays Chinese; it ends with her visit."""

from dataclasses import replace
from typing import Any

import pytest

from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.look import USUAL

ENGLISH = ev.ChooseLanguage("en")


def test_both_are_offered_by_their_own_names(world: Any) -> None:
    assert [(one.tag, one.name) for one in world.scene.chrome.languages] == [
        ("zh-Hans", "中文"),
        ("en", "English"),
    ]


def test_on_the_idle_screen_the_visit_begins_with_it(world: Any) -> None:
    assert isinstance(world.view, views.Idle)
    world.do(ENGLISH)
    assert isinstance(world.view, views.Home)
    assert world.scene.chrome.look.language == "en"


@pytest.mark.parametrize("state", ["home", "form", "review"])
def test_it_is_chosen_anywhere_and_seen_on_that_very_screen(world: Any, state: str) -> None:
    world.at(state)
    world.do(ev.AskLook(), ENGLISH)
    assert isinstance(world.view, views.LookChoice)
    world.do(ev.Stay())
    assert (world.journey.state, world.scene.chrome.look.language) == (state, "en")


def test_the_journeys_own_words_follow(world: Any) -> None:
    world.at("form")
    world.do(ENGLISH, ev.Report("callback"))
    assert next(entry.field.label for entry in world.view.asked) == "Mobile number"


def test_the_next_citizen_is_spoken_to_in_the_terminals_own(world: Any) -> None:
    world.at("form")
    world.do(ENGLISH, ev.Leave())
    assert world.scene.chrome.look.language == "en", "the goodbye is still hers"
    world.turn(DEFAULTS.goodbye_s + 1)
    assert world.scene.chrome.look == USUAL
    assert world.visit._words("language.name") == "中文"


def test_out_of_service_it_goes_back_by_itself(world: Any) -> None:
    world.around = replace(world.around, out_of_service="S101")
    world.do(ENGLISH)
    assert isinstance(world.view, views.OutOfService)
    assert world.scene.chrome.look.language == "en"
    world.turn(DEFAULTS.patience_s + 1)
    assert world.scene.chrome.look == USUAL


def test_a_language_that_is_not_there_is_the_terminals_own(world: Any) -> None:
    world.do(ev.ChooseLanguage("tlh"))
    assert world.visit._words("language.name") == "中文"


def test_what_is_printed_onto_the_papers_is_for_officials(world: Any) -> None:
    world.around = replace(world.around, watermark=True)
    world.at("review")
    world.do(ENGLISH, ev.Continue())
    assert {paper.watermark[:4] for paper in world.stage.papers} == {"仅供办理"}
