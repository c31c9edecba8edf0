"""A printer that says nothing, says nonsense, says things late, or is not there."""

import pytest

from devices.errors import Garbled, Refused, TimedOut, Unreachable
from devices.receipt_printer import Sensors, Slip, Text
from devices.status import Supply

SLIP = Slip(tuple(Text(f"第 {n} 行") for n in range(40)))


def test_open_times_out(bench) -> None:
    bench.emulator.mute = True
    started = bench.clock.instant()
    with pytest.raises(TimedOut):
        bench.printer().open()
    assert bench.clock.instant() - started == pytest.approx(0.3, rel=0.1)
    assert bench.open_wires == 0


def test_status_is_unknown_within_half_a_second(bench, printer) -> None:
    bench.emulator.mute = True
    started = bench.clock.instant()
    assert printer.sensors() == Sensors(None, Supply.UNKNOWN)
    assert bench.clock.instant() - started <= 0.5


def test_a_slow_printer_is_given_no_more_than_half_a_second(bench) -> None:
    printer = bench.printer(timeout_s=0.3)
    printer.open()
    say = bench.emulator.say
    bench.emulator.say = lambda data, after_s=0.0: say(data, 0.29)
    started = bench.clock.instant()
    status = printer.sensors()
    assert bench.clock.instant() - started <= 0.55
    assert status.online is True
    assert status.cover_open is None
    printer.close()


def test_print_never_pretends(bench, printer) -> None:
    bench.emulator.mute = True
    with pytest.raises(TimedOut):
        printer.print(SLIP)
    assert b"\x1b@" not in bench.sent


def test_a_printer_that_dies_in_mid_slip(bench, printer) -> None:
    bench.once(lambda: bench.emulator.paper_mm < 49_940, lambda: setattr(bench.emulator, "mute", True))
    started = bench.clock.instant()
    with pytest.raises(TimedOut):
        printer.print(SLIP)
    assert bench.clock.instant() - started < 6


def test_a_printer_that_never_says_that_it_is_done(bench, printer) -> None:
    bench.disturb = lambda data: data.replace(b"\x00", b"")  # GS r 1 of a full roll
    with pytest.raises(TimedOut) as caught:
        printer.print(SLIP)
    assert "GS r 1" in str(caught.value)


def test_a_late_answer_is_not_the_next_one(bench, printer) -> None:
    say = bench.emulator.say
    bench.emulator.cover_open = True
    bench.emulator.say = lambda data, after_s=0.0: say(data, 0.4)
    assert printer.sensors() == Sensors(None, Supply.UNKNOWN)
    bench.clock.turn(0.2)  # "offline" is on the line now
    bench.emulator.cover_open = False
    bench.emulator.say = say
    assert printer.sensors().ready


def test_an_old_end_marker_does_not_end_the_next_slip(bench, printer) -> None:
    bench.emulator.say(b"\x00")  # GS r 1, answered after the driver had given up on it
    printer.print(SLIP)
    assert bench.emulator.tickets[-1].lines[-1] == "第 39 行"
    assert bench.emulator.idle


def test_a_model_without_all_questions(bench) -> None:
    bench.emulator.answers = (1, 2, 4)
    printer = bench.printer(questions=(1, 4, 2))
    printer.open()
    started = bench.clock.instant()
    assert printer.sensors().ready
    assert bench.clock.instant() - started < 0.1
    printer.close()


def test_nonsense_is_garbled_at_open(bench) -> None:
    bench.disturb = lambda data: bytes(byte | 0x80 for byte in data)
    with pytest.raises(Garbled):
        bench.printer().open()
    assert bench.open_wires == 0


def test_unasked_status_blocks_do_not_disturb(bench, printer) -> None:
    bench.emulator.receive(b"\x1da\xff")  # GS a: somebody left automatic status on
    assert printer.sensors().ready
    bench.emulator.paper_mm = 200.0
    assert printer.sensors().paper is Supply.LOW
    printer.print(Slip((Text("天门"),)))
    assert len(bench.emulator.tickets) == 1


def test_a_full_buffer_stops_the_driver(bench, printer) -> None:
    bench.emulator.xon_xoff = True
    bench.emulator.speed_mm_s = 20.0
    most: list[int] = []
    bench.probes.append(lambda: most.append(bench.emulator.waiting_bytes))
    slip = Slip(tuple(Text("𠮷" * 20) for _ in range(20)))  # drawn lines: 2.4 kB each
    printer.print(slip)
    assert len(bench.emulator.tickets) == 1
    assert 4096 < max(most) < 8192


def test_a_printer_that_says_stop_and_never_go(bench, printer) -> None:
    bench.emulator.say(b"\x13")
    printer.sensors()
    with pytest.raises(TimedOut) as caught:
        printer.print(SLIP)
    assert "XON" in str(caught.value)


def test_a_line_that_breaks_in_mid_slip(bench, printer) -> None:
    def broken(data: bytes) -> bytes:
        if bench.emulator.paper_mm < 49_940:
            raise Unreachable(url="bench://printer")
        return data

    bench.disturb = broken
    with pytest.raises(Unreachable):
        printer.print(SLIP)


def test_it_opens_and_closes_twice(bench) -> None:
    printer = bench.printer()
    for _ in range(2):
        printer.open()
        printer.open()
        assert printer.identity() == "TIANMEN EMULATOR-80"
        printer.close()
        printer.close()
    assert bench.open_wires == 0
    for ask in (printer.status, printer.identity, lambda: printer.print(SLIP)):
        with pytest.raises(Unreachable):
            ask()


def test_a_printer_that_does_not_tell_its_name(bench, printer) -> None:
    bench.emulator.offline = True  # what is buffered waits, and the name is buffered
    assert printer.identity() == "bench://printer"
    with pytest.raises(Refused):
        printer.print(SLIP)
