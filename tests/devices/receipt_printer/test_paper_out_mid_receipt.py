"""The roll ends while a slip is being printed, or ended before, or is about to."""

import pytest

from devices.errors import Condition, Refused
from devices.receipt_printer import Feed, Slip, Text
from devices.status import Supply

SLIP = Slip((Text("收件凭条", align="center", size=2), Feed(2), *(Text(f"第 {n} 行") for n in range(40))))


def test_paper_out_in_mid_slip_is_refused(bench, printer) -> None:
    bench.emulator.paper_mm = 80.0
    with pytest.raises(Refused) as caught:
        printer.print(SLIP)
    assert caught.value.condition is Condition.PAPER_OUT
    assert bench.emulator.tickets == []
    assert "第 0 行" in bench.emulator.leftovers[-1].lines
    assert "第 39 行" not in bench.emulator.leftovers[-1].lines
    assert printer.sensors().paper is Supply.OUT
    assert not printer.sensors().ready


def test_it_is_noticed_long_before_the_jobs_deadline(bench, printer) -> None:
    bench.emulator.paper_mm = 80.0
    started = bench.clock.instant()
    with pytest.raises(Refused):
        printer.print(SLIP)
    assert bench.clock.instant() - started < 3


def test_the_rest_never_comes_out_for_the_next_citizen(bench, printer) -> None:
    bench.emulator.paper_mm = 80.0
    with pytest.raises(Refused):
        printer.print(SLIP)
    bench.emulator.paper_mm = 50_000.0
    bench.clock.turn(10)
    bench.emulator.take()
    assert bench.emulator.idle
    assert bench.emulator.tickets == []
    printer.print(Slip((Text("下一位"),)))
    assert bench.emulator.tickets[-1].lines == ("下一位",)


def test_paper_that_was_out_before_is_refused_before_a_byte(bench, printer) -> None:
    bench.emulator.paper_mm = 0.0
    sent = len(bench.sent)
    with pytest.raises(Refused) as caught:
        printer.print(SLIP)
    assert caught.value.condition is Condition.PAPER_OUT
    assert b"\x1b@" not in bench.sent[sent:]


def test_paper_that_ends_with_the_last_cut(bench, printer) -> None:
    bench.once(lambda: bool(bench.emulator.tickets), lambda: setattr(bench.emulator, "paper_mm", 0.0))
    with pytest.raises(Refused) as caught:
        printer.print(SLIP)
    assert caught.value.condition is Condition.PAPER_OUT


def test_paper_near_its_end_still_prints(bench, printer) -> None:
    bench.emulator.paper_mm = 299.0
    status = printer.sensors()
    assert (status.paper, status.ready) == (Supply.LOW, True)
    printer.print(Slip((Text("还能打印"),)))
    assert bench.emulator.tickets[-1].lines == ("还能打印",)


def test_the_roll_gets_shorter_by_what_is_printed(bench, printer) -> None:
    before = bench.emulator.paper_mm
    printer.print(SLIP)
    used = before - bench.emulator.paper_mm
    assert used == pytest.approx(bench.emulator.tickets[-1].image.height / 8, abs=1)
