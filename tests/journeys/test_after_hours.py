"""What can be done when nobody is behind the window, and how the idle screen darkens and wakes."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from kiosk.hours import Hours, Spell
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.surroundings import CHINA
from kiosk.service import CLOSED, NO_STAFF

OFFICE = Hours((Spell(frozenset({1, 2, 3, 4, 5}), time(8, 30), time(17, 30)),))
FRIDAY_NIGHT = datetime(2026, 11, 20, 23, 50, tzinfo=CHINA)
MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=CHINA)
NOBODY, KEEPS = {NO_STAFF: CLOSED}, {NO_STAFF: CLOSED, CLOSED: CLOSED}


@pytest.fixture
def hall(world: Any) -> Any:
    """A Friday, ten minutes before midnight."""
    world.clock.set_wall(FRIDAY_NIGHT.astimezone(UTC))
    world.around = replace(world.around, window=OFFICE, faults=NOBODY)
    return world


def test_the_idle_screen_and_home_say_when_the_window_opens(hall: Any) -> None:
    idle = hall.view
    assert isinstance(idle, views.Idle)
    assert idle.window == views.Window(open=False, opens=MONDAY, days=3)
    home = hall.do(ev.Start())
    assert isinstance(home, views.Home)
    assert home.window == idle.window


def test_midnight_and_a_clock_that_jumps(hall: Any) -> None:
    assert hall.view.window.days == 3
    assert hall.turn(11 * 60).window.days == 2
    hall.clock.set_wall(MONDAY.astimezone(UTC) + timedelta(hours=1))
    assert hall.view.window == views.Window(open=True)
    hall.clock.set_wall(FRIDAY_NIGHT.astimezone(UTC))
    assert hall.view.window.days == 3


@pytest.mark.parametrize(
    ("staff", "faults", "blocked", "goes_on"),
    [
        ("none", NOBODY, "", True),
        ("later", NOBODY, "", True),
        ("needed", NOBODY, "staff", False),
        ("needed", {}, "", True),
        ("none", KEEPS, "hours", False),
        ("later", KEEPS, "hours", False),
    ],
)
def test_what_can_be_begun(hall: Any, staff: str, faults: Any, blocked: str, goes_on: bool) -> None:
    hall.around = replace(hall.around, faults=faults)
    hall.do(ev.Start(), ev.ChooseMatter("N02"))
    hall.visit.record.matter = replace(hall.visit.record.matter, staff=staff)
    notice = hall.view
    assert isinstance(notice, views.Notice)
    assert (notice.blocked, notice.later, notice.window.opens) == (blocked, staff == "later", MONDAY)
    assert isinstance(hall.do(ev.Continue()), views.Readiness) is goes_on


def test_a_visit_that_began_in_time_is_not_thrown_out(hall: Any) -> None:
    hall.around = replace(hall.around, faults={})
    hall.to_card()
    hall.around = replace(hall.around, faults=KEEPS)
    assert isinstance(hall.view, views.PlaceCard)
    assert isinstance(hall.turn(5), views.PlaceCard)


def test_at_night_the_idle_screen_darkens_and_a_touch_wakes_it(hall: Any) -> None:
    hall.around = replace(hall.around, night=True)
    assert not hall.view.dim
    assert not hall.turn(DEFAULTS.dim_after_s - 1).dim
    assert hall.turn(1).dim
    assert not hall.do(ev.Touched()).dim
    assert hall.turn(DEFAULTS.dim_after_s).dim
    assert isinstance(hall.do(ev.Start()), views.Home), "the first touch is not lost"
    hall.do(ev.Leave())
    assert not hall.view.dim


def test_somebody_before_the_sensor_wakes_it_and_keeps_it_awake(hall: Any) -> None:
    hall.around = replace(hall.around, night=True)
    assert hall.turn(DEFAULTS.dim_after_s).dim
    assert not hall.answer(ev.PresenceSeen(there=True)).dim
    assert not hall.turn(DEFAULTS.dim_after_s * 10).dim
    hall.answer(ev.PresenceSeen(there=False))
    assert hall.turn(DEFAULTS.dim_after_s).dim


def test_by_day_it_stays_bright(hall: Any) -> None:
    assert not hall.turn(3600).dim
