"""A clock that wakes in 1970, jumps, or is an hour off: noticed, told, and nothing else depends on it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from ground.clock import ManualClock
from ground.logbook import Event
from offline_cache.clockcheck import RELEASED, ClockCheck
from offline_cache.items import CaseState, ClockState
from tests.offline_cache.bench_terminal import BenchTerminal
from tests.offline_cache.loopback_platform import LoopbackPlatform

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def test_right_within_a_minute_off_beyond() -> None:
    clock = ManualClock(NOON)
    check = ClockCheck(clock)
    assert check.reading.state is ClockState.UNKNOWN
    assert check.right_now() == NOON
    check.compare(NOON + timedelta(seconds=50), clock.instant())
    assert (check.reading.state, check.reading.off_s) == (ClockState.RIGHT, -50.0)
    check.compare(NOON - timedelta(seconds=62), clock.instant())
    assert (check.reading.state, check.reading.off_s) == (ClockState.OFF, 62.0)
    clock.turn(10.0)
    assert check.right_now() == NOON - timedelta(seconds=52)


def test_a_slow_answer_is_no_wrong_clock() -> None:
    clock = ManualClock(NOON)
    check = ClockCheck(clock)
    asked_at = clock.instant()
    clock.turn(40.0)  # on the way there, say
    check.compare(NOON + timedelta(seconds=40), asked_at)
    assert check.reading.state is ClockState.RIGHT


def test_1970_is_impossible_until_it_is_set_and_compared() -> None:
    clock = ManualClock(datetime(1970, 1, 1, tzinfo=UTC))
    check = ClockCheck(clock)
    assert (check.reading.state, check.right_now()) == (ClockState.IMPOSSIBLE, None)
    assert check.compare(NOON, clock.instant())
    assert check.reading.state is ClockState.IMPOSSIBLE
    assert check.right_now() == NOON
    clock.set_wall(NOON)
    assert check.look()
    assert check.reading.state is ClockState.JUMPED
    check.compare(NOON, clock.instant())
    assert check.reading.state is ClockState.RIGHT


@pytest.mark.parametrize("by_s", [-3600, -6, 6, 86400 * 400])
def test_a_jump_is_seen_without_any_platform(by_s: int) -> None:
    clock = ManualClock(NOON + timedelta(days=1))
    check = ClockCheck(clock)
    clock.turn(500.0)
    assert not check.look()
    clock.set_wall(clock.now() + timedelta(seconds=by_s))
    assert check.look()
    assert check.reading.state is ClockState.JUMPED
    assert not check.look()  # told once


def test_slewing_and_long_rests_are_no_jump() -> None:
    clock = ManualClock(NOON)
    check = ClockCheck(clock)
    for _ in range(50):
        clock.turn(60.0)
        clock.set_wall(clock.now() + timedelta(seconds=0.5))
        assert not check.look()
    clock.turn(90_000.0)
    assert not check.look()


def test_the_day_of_this_version_is_no_impossible_day() -> None:
    assert ClockCheck(ManualClock(RELEASED)).reading.state is ClockState.UNKNOWN


def test_the_uploader_notes_what_it_finds_and_delivers_all_the_same(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    terminal.clock.set_wall(datetime(1970, 1, 1, tzinfo=UTC))
    case = terminal.hand_in()
    terminal.drain()
    assert terminal.outbox.case_state(case.case_id) is CaseState.DELIVERED
    reading = terminal.outbox.status().clock
    assert reading.state is ClockState.IMPOSSIBLE
    assert reading.off_s is not None and reading.off_s < -1e9
    assert terminal.events(Event.CLOCK_CHANGED)[-1]["state"] == "impossible"
    terminal.clock.set_wall(
        datetime(2026, 11, 21, 2, 0, 30, tzinfo=UTC)
    )  # what that platform says, and a bit
    terminal.uploader.step()
    assert terminal.outbox.status().clock.state is ClockState.RIGHT
    assert len(platform.cases) == 1


def test_a_fresh_uploader_believes_no_older_finding(terminal: BenchTerminal) -> None:
    terminal.outbox.note_clock(ClockState.RIGHT, 0)
    fresh = terminal.new_uploader()
    terminal.platform.abort()
    fresh.step()
    assert terminal.outbox.status().clock.state is ClockState.UNKNOWN


def test_a_case_says_how_sure_its_time_is(terminal: BenchTerminal, platform: LoopbackPlatform) -> None:
    terminal.outbox.note_clock(ClockState.OFF, -3600)
    case = terminal.hand_in()
    terminal.drain()
    manifest = json.loads(platform.cases[case.case_id].opened["p00"])
    assert manifest["handed_in_clock"] == {"state": "off", "off_s": -3600}
