"""Being read to is hers: asked for on any screen, by night softer, opened by headphones, gone with her."""

from dataclasses import replace
from typing import Any

import pytest

from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.look import USUAL, TextSize
from kiosk.journey.voice import Voice


def voice(world: Any) -> Voice:
    found: Voice = world.scene.chrome.look.voice
    return found


@pytest.mark.parametrize("state", ["home", "form", "capture", "done"])
def test_asked_for_once_it_stays_for_every_screen(world: Any, state: str) -> None:
    world.at(state)
    before = world.view
    assert not voice(world).on
    world.do(ev.SayAgain())
    assert voice(world) == Voice(on=True, asked=1)
    assert (world.journey.state, type(world.view)) == (state, type(before))
    world.do(ev.SayAgain())
    assert voice(world).asked == 2


def test_a_question_over_the_screen_is_read_too(world: Any) -> None:
    world.at("form")
    world.do(ev.AskLeave(), ev.SayAgain())
    assert isinstance(world.view, views.LeaveQuestion)
    assert voice(world).on


def test_the_next_citizen_is_not_read_to(world: Any) -> None:
    world.at("form")
    world.do(ev.ChangeLook(replace(USUAL, text=TextSize.ELDER, voice=Voice(on=True, volume=10, rate=-3))))
    world.do(ev.Leave())
    world.turn(DEFAULTS.goodbye_s + 1)
    assert isinstance(world.view, views.Idle)
    assert world.scene.chrome.look == USUAL


def test_how_a_visit_begins_is_the_terminals_word(world: Any) -> None:
    world.around = replace(world.around, voice=Voice(volume=3))
    world.at("form")
    world.do(ev.Leave())
    world.turn(DEFAULTS.goodbye_s + 1)
    assert voice(world) == Voice(volume=3)
    world.around = replace(world.around, voice=None)
    assert not world.scene.chrome.can_speak


def test_headphones_open_her_ear_and_pulling_them_out_closes_it_at_once(world: Any) -> None:
    world.at("confirm")
    world.around = replace(world.around, headphones=True)
    world.turn(0.0)
    assert voice(world).on
    assert world.scene.chrome.headphones
    world.around = replace(world.around, headphones=False)
    world.turn(0.0)
    assert not voice(world).on
    assert not world.scene.chrome.headphones


def test_left_in_after_the_visit_the_idle_screen_goes_on_speaking(world: Any) -> None:
    world.at("form")
    world.around = replace(world.around, headphones=True)
    world.turn(0.0)
    world.do(ev.Leave())
    world.turn(DEFAULTS.goodbye_s + 1)
    assert isinstance(world.view, views.Idle)
    assert voice(world) == Voice(on=True)


def test_the_idle_screen_that_somebody_had_read_is_silent_again_after_a_while(world: Any) -> None:
    assert isinstance(world.view, views.Idle)
    world.do(ev.SayAgain())
    world.turn(DEFAULTS.patience_s / 2)
    assert voice(world).on
    world.turn(DEFAULTS.patience_s)
    assert voice(world) == Voice()


def test_no_such_voice() -> None:
    for wrong in ({"volume": 11}, {"volume": -1}, {"rate": 4}):
        with pytest.raises(ValueError, match="volume"):
            Voice(**wrong)
