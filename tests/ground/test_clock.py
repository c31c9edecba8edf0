"""Time that is handed in."""

from datetime import UTC, datetime

from ground.clock import ManualClock, RealClock


def test_monotonic_time_ignores_the_wall() -> None:
    clock = ManualClock()
    due = clock.after(10)
    clock.set_wall(datetime(1970, 1, 1, tzinfo=UTC))
    assert clock.now() == datetime(1970, 1, 1, tzinfo=UTC)
    assert clock.left(due) == 10 and not clock.due(due)
    clock.turn(10)
    assert clock.due(due) and clock.left(due) == 0


def test_waiting_turns_a_manual_clock() -> None:
    clock = ManualClock()
    begun = clock.instant()
    clock.wait(3)
    assert clock.instant() - begun == 3
    clock.wait(-1)
    assert clock.instant() - begun == 3


def test_the_real_clock_goes_forward_and_knows_utc() -> None:
    clock = RealClock()
    first = clock.instant()
    assert clock.instant() >= first
    assert clock.now().tzinfo is UTC
