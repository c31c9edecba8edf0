"""The cover is lifted, the knife jams, the head is hot, somebody took the printer offline."""

import pytest

from devices.errors import Condition, Refused
from devices.receipt_printer import Slip, Text

SLIP = Slip(tuple(Text(f"第 {n} 行") for n in range(40)))
SHORT = Slip((Text("下一位"),))


def half_printed(bench) -> bool:
    return bench.emulator.paper_mm < 50_000.0 - 60.0


@pytest.mark.parametrize(
    ("knob", "condition"),
    [
        ("cover_open", Condition.COVER_OPEN),
        ("head_hot", Condition.OVERHEATED),
        ("offline", Condition.OFFLINE),
        ("broken", Condition.UNRECOVERABLE),
    ],
)
def test_refused_before_a_byte_is_printed(bench, printer, knob: str, condition: Condition) -> None:
    setattr(bench.emulator, knob, True)
    with pytest.raises(Refused) as caught:
        printer.print(SLIP)
    assert caught.value.condition is condition
    setattr(bench.emulator, knob, False)
    printer.print(SHORT)
    assert bench.emulator.tickets[-1].lines == ("下一位",)


def test_cover_opened_in_mid_slip(bench, printer) -> None:
    bench.once(lambda: half_printed(bench), lambda: setattr(bench.emulator, "cover_open", True))
    with pytest.raises(Refused) as caught:
        printer.print(SLIP)
    assert caught.value.condition is Condition.COVER_OPEN
    assert bench.emulator.tickets == []


def test_the_half_slip_is_cut_off_before_the_next_one(bench, printer) -> None:
    bench.once(lambda: half_printed(bench), lambda: setattr(bench.emulator, "cover_open", True))
    with pytest.raises(Refused):
        printer.print(SLIP)
    bench.emulator.cover_open = False
    printer.print(SHORT)
    half, whole = bench.emulator.tickets
    assert "第 0 行" in half.lines
    assert whole.lines == ("下一位",)
    printer.print(SHORT)
    assert len(bench.emulator.tickets) == 3, "a slip that came out whole needs no cut before the next"


def test_a_head_that_cools_in_time_finishes_the_slip(bench, printer) -> None:
    bench.once(lambda: half_printed(bench), lambda: setattr(bench.emulator, "head_hot", True))
    hot_until = []
    bench.once(lambda: bench.emulator.head_hot, lambda: hot_until.append(bench.clock.after(8)))
    bench.once(
        lambda: bool(hot_until) and bench.clock.due(hot_until[0]),
        lambda: setattr(bench.emulator, "head_hot", False),
    )
    printer.print(SLIP)
    assert bench.emulator.tickets[-1].lines[-1] == "第 39 行"
    assert bench.clock.due(hot_until[0])


def test_a_head_that_stays_hot_is_refused_at_the_deadline(bench, printer) -> None:
    bench.once(lambda: half_printed(bench), lambda: setattr(bench.emulator, "head_hot", True))
    started = bench.clock.instant()
    with pytest.raises(Refused) as caught:
        printer.print(SLIP)
    assert caught.value.condition is Condition.OVERHEATED
    assert bench.clock.instant() - started == pytest.approx(30, abs=3)


def test_a_jammed_knife_is_refused_until_it_is_freed(bench, printer) -> None:
    bench.emulator.cutter_jam = True
    for _ in range(2):  # found at the cut; known before the second slip
        with pytest.raises(Refused) as caught:
            printer.print(SHORT)
        assert caught.value.condition is Condition.CUTTER
    bench.emulator.cutter_jam = False
    assert printer.sensors().cutter_error, "the error stands until the printer is told to recover"
    printer.print(SHORT)
    assert bench.emulator.tickets[-1].lines == ("下一位",)
