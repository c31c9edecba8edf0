"""While nobody is here: pages that turn, honest limits, a dark screen at night, and the wiping of the glass."""

import itertools
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from config.load import load_config
from kiosk.catalogue.nearby import nearest
from kiosk.catalogue.offices import TerminalPlace
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.look import USUAL, Theme
from tools.assemble import is_night

CARDLESS = {"id_card": "D101"}


def seen(world: Any, turns: int = 24) -> list[views.Idle]:
    return [world.view if not turn else world.turn(DEFAULTS.attract_s) for turn in range(turns)]


def test_the_first_step_comes_back_between_any_two_other_pages(world: Any) -> None:
    pages = seen(world)
    assert {page.shows for page in pages} == {"steps", "can", "message"}
    assert all("steps" in (one.shows, other.shows) for one, other in itertools.pairwise(pages))
    assert len({page.message for page in pages}) > 2, "every message has its turn"


def test_a_page_stays_as_long_as_configured(world: Any) -> None:
    before = world.turn(DEFAULTS.attract_s)
    numbers = [world.turn(1).page for _ in range(int(DEFAULTS.attract_s) * 2)]
    assert (
        before.of > 2
        and len(set(numbers)) == 3
        and max(map(numbers.count, set(numbers))) == DEFAULTS.attract_s
    )


def test_what_cannot_be_done_is_told_and_what_can_is_still_offered(world: Any) -> None:
    world.around = replace(world.around, online=False, printer_ready=False, faults=CARDLESS)
    pages = seen(world)
    assert "limits" in {page.shows for page in pages}
    assert pages[0].limits == ("card", "network", "slip")
    assert pages[0].can == ("apply", "notice", "report")


def test_out_of_service_says_why_since_when_and_where_else(world: Any) -> None:
    since = datetime.fromisoformat("2026-11-21T01:41:00+00:00")
    nearby = nearest((TerminalPlace(name="竟陵街道"),), here="岳口镇")
    world.around = replace(
        world.around, out_of_service="S104", out_since=since, nearby=nearby, hotline="12345", phone="0728-1"
    )
    view = world.view
    assert isinstance(view, views.OutOfService)
    assert (view.reason, view.nearby, view.hotline) == ("keys", nearby, "12345")
    assert view.since is not None and view.since.hour == 9, "the hall's own time"


@pytest.mark.parametrize(
    ("code", "reason"), [("S101", "store"), ("S110", "keys"), ("U103", "other"), ("D101", "other")]
)
def test_a_fault_in_plain_words(world: Any, code: str, reason: str) -> None:
    world.around = replace(world.around, out_of_service=code)
    assert world.view.reason == reason


# --- night ---


@pytest.mark.parametrize(
    ("at", "night"), [("20:59", False), ("21:00", True), ("00:00", True), ("06:29", True), ("06:30", False)]
)
def test_the_halls_night(at: str, night: bool) -> None:
    face = load_config(Path("config/terminal.toml"), env={}).face
    local = datetime.fromisoformat(f"2026-11-21T{at}")
    assert is_night(local, face.night_from, face.night_until) == night
    assert not is_night(local, "12:00", "12:00")


def test_at_night_the_screen_is_dark_also_for_whoever_begins_then(world: Any) -> None:
    world.around = replace(world.around, night=True)
    world.turn(1)
    assert world.scene.chrome.look == replace(USUAL, theme=Theme.NIGHT)
    world.do(ev.Start())
    world.around = replace(world.around, night=False)
    world.turn(1)
    assert world.scene.chrome.look.theme is Theme.NIGHT, "nothing flashes up in mid-visit"
    world.do(ev.Leave())
    world.turn(1)
    assert world.scene.chrome.look == USUAL


# --- wiping the glass ---


def test_it_is_asked_once_more_and_ends_by_itself(world: Any) -> None:
    assert world.do(ev.AskClean()) == views.CleanQuestion(60)
    assert world.do(ev.Clean()) == views.Cleaning(60, 60)
    assert world.turn(59.5) == views.Cleaning(1, 60)
    assert isinstance(world.turn(0.5), views.Idle)


def test_a_wet_cloth_touches_nothing(world: Any) -> None:
    world.do(ev.AskClean(), ev.Clean())
    for event in (ev.Touched(), ev.Start(), ev.AskLeave(), ev.Leave(), ev.AskHelp(), ev.Stay(), ev.AskLook()):
        assert isinstance(world.do(event), views.Cleaning)
    world.answer(ev.CodeScanned(world.stage.code_ticket, "TTM1:N02"))
    assert isinstance(world.view, views.Cleaning)
    assert isinstance(world.turn(60), views.Idle)
    assert isinstance(world.do(ev.Start()), views.Home)


def test_the_question_goes_away_by_itself_or_by_touch(world: Any) -> None:
    world.do(ev.AskClean())
    assert isinstance(world.turn(DEFAULTS.clean_question_s), views.Idle)
    world.do(ev.AskClean())
    assert isinstance(world.do(ev.Stay()), views.Idle)


@pytest.mark.parametrize("event", [ev.AskClean(), ev.Clean()])
def test_only_while_nobody_is_here(world: Any, event: Any) -> None:
    before = world.at("form")
    assert world.do(event) == before


def test_the_staffs_menu_may_ask_for_it_while_out_of_service(world: Any) -> None:
    world.around = replace(world.around, out_of_service="S101")
    assert isinstance(world.do(ev.Clean()), views.Cleaning)
    assert isinstance(world.turn(60), views.OutOfService)
