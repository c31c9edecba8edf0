"""Every error of `print` says whether paper came out; `begin` stands right before the first byte."""

import pytest

from devices.errors import Condition, DeviceError, Refused, TimedOut, Unreachable
from devices.receipt_printer import Qr, Slip, Text, came_out
from devices.status import Supply

SLIP = Slip(tuple(Text(f"第 {n} 行") for n in range(40)))


def half_printed(bench) -> bool:
    return bench.emulator.paper_mm < 50_000.0 - 60.0


def failed(printer, slip: Slip = SLIP) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        printer.print(slip)
    return caught.value


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("paper_mm", 0.0),
        ("cover_open", True),
        ("head_hot", True),
        ("offline", True),
        ("broken", True),
        ("paper_jam", True),
        ("mute", True),
    ],
)
def test_before_the_first_byte_it_is_nothing(bench, printer, knob: str, value: object) -> None:
    setattr(bench.emulator, knob, value)
    assert came_out(failed(printer)) == "nothing"
    assert bench.emulator.paper_mm in (0.0, 50_000.0)


def test_a_slip_that_cannot_be_laid_out_is_nothing(printer) -> None:
    assert came_out(failed(printer, Slip((Qr("x" * 2400),)))) == "nothing"


def test_a_closed_printer_prints_nothing(bench) -> None:
    assert came_out(failed(bench.printer())) == "nothing"


@pytest.mark.parametrize("knob", ["cover_open", "broken", "paper_jam"])
def test_what_it_says_in_mid_slip_is_a_part(bench, printer, knob: str) -> None:
    bench.once(lambda: half_printed(bench), lambda: setattr(bench.emulator, knob, True))
    assert came_out(failed(printer)) == "part"


def test_silence_in_mid_slip_is_unknown(bench, printer) -> None:
    bench.once(lambda: half_printed(bench), lambda: setattr(bench.emulator, "mute", True))
    assert came_out(failed(printer)) == "unknown"


def test_a_line_that_breaks_in_mid_slip_is_unknown(bench, printer) -> None:
    def broken(data: bytes) -> bytes:
        if half_printed(bench):
            raise Unreachable(url="bench://printer")
        return data

    bench.disturb = broken
    assert came_out(failed(printer)) == "unknown"


def test_the_roll_ends_with_the_slip_and_it_is_all(bench, printer) -> None:
    bench.once(lambda: bool(bench.emulator.tickets), lambda: setattr(bench.emulator, "paper_mm", 0.0))
    error = failed(printer)
    assert isinstance(error, Refused) and came_out(error) == "all"


def test_an_error_of_which_nothing_is_known() -> None:
    assert came_out(TimedOut()) == "unknown"
    assert came_out(TimedOut(printed="perhaps")) == "unknown"


def test_begin_stands_right_before_the_first_byte(bench, printer) -> None:
    seen: list[tuple[bool, float]] = []
    printer.print(SLIP, lambda: seen.append((b"\x1b@" in bench.sent, bench.emulator.paper_mm)))
    assert seen == [(False, 50_000.0)]
    assert b"\x1b@" in bench.sent


def test_begin_is_not_called_where_nothing_begins(bench, printer) -> None:
    bench.emulator.cover_open = True
    begun: list[int] = []
    with pytest.raises(Refused):
        printer.print(SLIP, lambda: begun.append(1))
    assert begun == []


def test_begin_can_stop_it(bench, printer) -> None:
    def no() -> None:
        raise Refused(Condition.BUSY, printed="nothing")

    with pytest.raises(Refused) as caught:
        printer.print(SLIP, no)
    assert came_out(caught.value) == "nothing"
    assert b"\x1b@" not in bench.sent
    printer.print(SLIP)
    assert len(bench.emulator.tickets) == 1


def test_paper_that_is_jammed(bench, printer) -> None:
    bench.emulator.paper_jam = True
    status = printer.status()
    assert (status.condition, status.supplies) == (Condition.PAPER_JAM, {"paper": Supply.JAMMED})
    bench.emulator.paper_jam = False
    assert printer.status().ready


def test_what_another_driver_left_is_cleared_and_cut_off(bench, printer) -> None:
    bench.emulator.keeps_buffer = True
    bench.once(lambda: half_printed(bench), lambda: setattr(bench.emulator, "cover_open", True))
    failed(printer)
    bench.emulator.receive("别人的凭条\n".encode("gb18030") * 30)  # as after a crash: in its buffer still
    printer.close()
    again = bench.printer()
    again.open()
    again.clear()
    bench.emulator.cover_open = False
    again.print(Slip((Text("下一位"),)))
    assert bench.emulator.tickets[-1].lines == ("下一位",)
    again.close()
