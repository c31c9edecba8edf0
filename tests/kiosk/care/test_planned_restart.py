"""The planned restart: once a night, after many visits, when the guard asks; never under anybody's hands."""

from datetime import UTC, datetime, timedelta

import pytest

from ground.clock import ManualClock
from kiosk.care.hold import Hold
from kiosk.renewal import Plan, Reason, Renewal

EVENING = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)  # 22:00 in Tianmen
NIGHT = Plan(night_from="02:30", night_until="04:30", terminal="TM-0007")


def stand_idle(renewal: Renewal, clock: ManualClock, hours: float, step_s: float = 60.0) -> datetime | None:
    """When it was due for the first time, within so many idle hours."""
    for _ in range(int(hours * 3600 / step_s)):
        renewal.see("idle")
        if renewal.due:
            return clock.now()
        clock.turn(step_s)
    return None


def visit(renewal: Renewal, clock: ManualClock, *states: str) -> None:
    for state in ("home", *states, "idle"):
        renewal.see(state)
        clock.turn(1)


def test_nobody_comes_and_it_starts_anew_at_its_own_minute() -> None:
    clock = ManualClock(EVENING)
    at = stand_idle(Renewal(clock, 30, NIGHT), clock, 12)
    assert at is not None
    begins = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
    assert timedelta() <= at - begins - timedelta(minutes=NIGHT.minute) < timedelta(minutes=2)


def test_each_terminal_has_its_own_minute_within_the_hour() -> None:
    minutes = {Plan("02:30", "04:30", terminal=f"TM-{number:04}").minute for number in range(26)}
    assert len(minutes) > 15
    assert all(0 <= minute < 120 for minute in minutes)


def test_a_fresh_process_is_not_replaced_in_the_same_night() -> None:
    clock = ManualClock(datetime(2026, 11, 21, 18, 30, tzinfo=UTC) + timedelta(minutes=NIGHT.minute + 1))
    assert stand_idle(Renewal(clock, 30, NIGHT), clock, 0.9) is None


@pytest.mark.parametrize(("begins", "ends"), [("02:30", "02:30"), ("00:00", "00:00")])
def test_two_equal_hours_are_never(begins: str, ends: str) -> None:
    clock = ManualClock(EVENING)
    assert stand_idle(Renewal(clock, 30, Plan(begins, ends)), clock, 48) is None


def test_a_quiet_hour_over_midnight() -> None:
    plan = Plan("23:50", "00:10", terminal="TM-0001")
    clock = ManualClock(EVENING)
    at = stand_idle(Renewal(clock, 30, plan), clock, 12)
    assert at is not None
    assert timedelta(minutes=110) <= at - EVENING <= timedelta(minutes=130)


def test_a_clock_that_is_set_again_and_again_does_not_loop_it() -> None:
    clock = ManualClock(EVENING)
    for _ in range(20):
        renewal = Renewal(clock, 30, NIGHT)
        clock.set_wall(datetime(2026, 11, 21, 20, 0, tzinfo=UTC))  # 04:00
        assert stand_idle(renewal, clock, 0.5) is None


def test_a_visit_at_night_is_not_cut() -> None:
    clock = ManualClock(EVENING)
    renewal = Renewal(clock, 0, NIGHT)
    renewal.see("idle")
    clock.turn(4 * 3600)
    for _ in range(100):
        renewal.see("form")
        assert not renewal.due
        clock.turn(60)
    renewal.see("idle")
    assert not renewal.due, "the next one may stand behind"
    clock.turn(10)
    assert (renewal.due, renewal.reason) == (True, Reason.NIGHT)


def test_so_many_visits_and_then_the_first_quiet_moment() -> None:
    clock = ManualClock(EVENING)
    renewal = Renewal(clock, 30, Plan(visits=3))
    renewal.see("idle")
    for _ in range(3):
        visit(renewal, clock, "card", "goodbye")
        clock.turn(5)
        assert not renewal.due
    clock.turn(4)
    assert (renewal.reason, renewal.visits) == (Reason.VISITS, 3), "long before the 30 s of a single visit"


def test_left_alone_after_a_visit_it_is_the_visit_that_counts() -> None:
    clock = ManualClock(EVENING)
    renewal = Renewal(clock, 30, Plan(visits=3))
    renewal.see("idle")
    visit(renewal, clock, "card", "goodbye")
    clock.turn(30)
    assert renewal.reason is Reason.VISIT


def test_the_guard_is_heard_when_nobody_is_here() -> None:
    clock = ManualClock(EVENING)
    renewal = Renewal(clock, 30)
    renewal.see("home")
    renewal.ask(Reason.MEMORY)
    clock.turn(100)
    assert not renewal.due
    renewal.see("idle")
    clock.turn(11)
    assert renewal.reason is Reason.MEMORY


def test_nothing_happens_while_somebody_works_at_it() -> None:
    clock = ManualClock(EVENING)
    hold = Hold()
    renewal = Renewal(clock, 30, hold=hold)
    renewal.see("idle")
    renewal.ask(Reason.THREADS)
    with hold.held("technician"), hold.held("self_test"):
        assert hold.by == ("self_test", "technician")
        clock.turn(600)
        assert not renewal.due
    assert renewal.due


def test_a_hold_is_let_go_of_as_often_as_it_was_taken() -> None:
    hold = Hold()
    hold.take("technician")
    hold.take("technician")
    hold.let_go("technician")
    assert hold.by == ("technician",)
    hold.let_go("technician")
    hold.let_go("technician")
    assert hold.by == ()


def test_what_was_decided_holds_until_somebody_comes() -> None:
    clock = ManualClock(datetime(2026, 11, 21, 17, 0, tzinfo=UTC))
    renewal = Renewal(clock, 0, NIGHT)
    assert stand_idle(renewal, clock, 5) is not None
    clock.turn(3 * 3600)  # the quiet hour is over while devices are being closed
    assert renewal.reason is Reason.NIGHT
    renewal.see("home")
    assert not renewal.due
