"""Bytes on a paced line take the time of their bits, no more and no less."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.rig.pace import PacedLine
from ground.clock import ManualClock


def test_as_fast_as_you_like() -> None:
    line = PacedLine(ManualClock(), None)
    line.push(b"hello")
    assert line.next_due() == 0.0
    assert line.pull() == b"hello"
    assert line.next_due() is None


def test_ten_bits_a_byte() -> None:
    clock = ManualClock()
    line = PacedLine(clock, 9600)
    line.push(bytes(960))
    for _ in range(4):
        clock.turn(0.25)
        assert len(line.pull()) == 240
    assert line.next_due() is None


def test_an_idle_line_saves_nothing_up() -> None:
    clock = ManualClock()
    line = PacedLine(clock, 9600)
    clock.turn(100)
    line.push(b"abc")
    assert line.pull() == b""
    assert line.next_due() == pytest.approx(100 + 3 / 960)


def test_bytes_queue_behind_those_under_way() -> None:
    clock = ManualClock()
    line = PacedLine(clock, 9600)
    line.push(bytes(96))
    clock.turn(0.05)
    line.push(bytes(96))
    clock.turn(0.15)
    assert len(line.pull()) == 192


def test_cleared() -> None:
    clock = ManualClock()
    line = PacedLine(clock, 9600)
    line.push(b"abc")
    line.clear()
    clock.turn(1)
    assert line.pull() == b""


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 30)), max_size=30))
@settings(deadline=None)
def test_waking_when_due_carries_everything_in_its_time(steps: list[tuple[int, int]]) -> None:
    """Following `next_due` ends, and no sooner than the bits allow."""
    clock = ManualClock()
    line = PacedLine(clock, 9600)
    sent = received = 0
    for pause_ms, size in steps:
        clock.turn(pause_ms / 1000)
        line.push(bytes(size))
        sent += size
        received += len(line.pull())
        assert received <= clock.instant() * 960 + 1e-6
    for _ in range(sent + 1):
        due = line.next_due()
        if due is None:
            break
        clock.turn(clock.left(due) + 1e-9)
        received += len(line.pull())
    assert received == sent
    assert line.next_due() is None
