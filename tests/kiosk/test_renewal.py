"""The face that served somebody is replaced once nobody is there; never under a citizen's finger."""

from ground.clock import ManualClock
from kiosk.renewal import Reason, Renewal


def _idle_after(clock: ManualClock, renewal: Renewal, *states: str) -> None:
    for state in (*states, "idle"):
        renewal.see(state)
        clock.turn(1)


def test_it_waits_until_the_idle_screen_has_stood_a_while() -> None:
    clock = ManualClock()
    renewal = Renewal(clock, 30)
    _idle_after(clock, renewal, "idle", "home", "card", "goodbye")
    assert not renewal.due
    clock.turn(28)
    renewal.see("idle")
    assert not renewal.due
    clock.turn(2)
    renewal.see("idle")
    assert renewal.due


def test_the_next_person_is_not_disturbed() -> None:
    clock = ManualClock()
    renewal = Renewal(clock, 30)
    _idle_after(clock, renewal, "card", "goodbye")
    clock.turn(100)
    renewal.see("home")
    assert not renewal.due
    _idle_after(clock, renewal)
    assert not renewal.due, "the waiting begins anew"
    clock.turn(30)
    renewal.see("idle")
    assert renewal.due, "what the first left is still there"


def test_who_only_looked_around_left_nothing() -> None:
    clock = ManualClock()
    renewal = Renewal(clock, 30)
    _idle_after(clock, renewal, "home", "matters", "notice", "readiness", "consent")
    clock.turn(1000)
    renewal.see("idle")
    assert not renewal.due


def test_it_can_be_switched_off() -> None:
    clock = ManualClock()
    renewal = Renewal(clock, 0)
    _idle_after(clock, renewal, "card", "goodbye")
    clock.turn(1000)
    renewal.see("idle")
    assert not renewal.due


def test_another_release_takes_over_once_nobody_is_there() -> None:
    clock, there = ManualClock(), False
    renewal = Renewal(clock, 0, moved=lambda: there)
    _idle_after(clock, renewal, "idle", "form")
    there = True
    assert not renewal.due, "somebody may just be stepping up"
    clock.turn(10)
    assert renewal.reason is Reason.RELEASE
    renewal.see("home")
    assert not renewal.due, "somebody came"
    with renewal.hold.held("technician"):
        _idle_after(clock, renewal)
        clock.turn(60)
        assert not renewal.due, "somebody works at it"
