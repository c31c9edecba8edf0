"""A slip waits in the presenter: it is reported, taken back where that is known to work, and never handed on."""

import pytest

from devices.errors import Condition, Refused
from devices.receipt_printer import Sensors, Slip, Text, came_out
from devices.receipt_printer.escpos_codec import (
    AutoStatus,
    Demultiplexer,
    FullStatus,
    RealTime,
    add_full_status,
    format_full_status,
    format_status,
    parse_status,
)
from devices.status import State, Supply

SLIP, NEXT = Slip((Text("甲"),)), Slip((Text("乙"),))
FINE = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
ASKED = Sensors(True, Supply.FULL, False, False, False, False)


@pytest.mark.parametrize(
    ("byte", "waits", "paper"),
    [
        pytest.param(0x12, False, Supply.FULL, id="§1 all fine"),
        pytest.param(0x52, True, Supply.FULL, id="§1 PPU-231: bit 6 is the presenter"),
        pytest.param(0x32, False, Supply.OUT, id="§1 PPU-231: bit 5 is the paper's end"),
        pytest.param(0x7E, True, Supply.OUT, id="§1 PPU-231: both"),
        pytest.param(0x5E, True, Supply.LOW, id="§1 near end, and a slip waits"),
    ],
)
def test_bit_6_of_a_ppu231(byte: int, waits: bool, paper: Supply) -> None:
    sensors = parse_status({**FINE, 4: byte}, presenter="ppu231_bit6")
    assert (sensors.ticket_waits, sensors.paper) == (waits, paper)


@pytest.mark.parametrize(
    ("block", "field", "value"),
    [
        pytest.param("00000000", "ticket_waits", False, id="§1 all fine"),
        pytest.param("20000000", "ticket_waits", True, id="§1 paper byte 20: ticket in presenter"),
        pytest.param("01000000", "paper", Supply.OUT, id="§1 paper byte 01: no paper"),
        pytest.param("04000000", "paper", Supply.FULL, id="§1 04 near end: DLE EOT 4 knows better"),
        pytest.param("00020000", "cover_open", True, id="§1 user byte 02: cover open"),
        pytest.param("00010000", "cover_open", True, id="§1 user byte 01: head up"),
        pytest.param("00000001", "unrecoverable", True, id="unrecoverable byte, any bit"),
        pytest.param("C0000400", "ticket_waits", False, id="§1 virtual end and notch are not the presenter"),
    ],
)
def test_the_six_bytes_of_a_kpm150(block: str, field: str, value: object) -> None:
    assert getattr(add_full_status(ASKED, bytes.fromhex(block)), field) == value


def test_what_dle_eot_left_open_is_taken_from_the_six_bytes() -> None:
    asked = Sensors(True, Supply.UNKNOWN)
    assert add_full_status(asked, bytes.fromhex("04000000")).paper is Supply.LOW
    assert add_full_status(asked, bytes(4)).paper is Supply.FULL


def test_written_as_the_notes_say() -> None:
    waiting = Sensors(True, Supply.LOW, cover_open=True, ticket_waits=True)
    assert format_full_status(waiting) == bytes.fromhex("100F 24 02 00 00")  # §1
    assert format_status(waiting, "ppu231_bit6")[4] == 0x5E
    assert format_status(Sensors(False, Supply.OUT), "ppu231_bit6")[4] == 0x3E


@pytest.mark.parametrize("cut", range(1, 7))
def test_the_six_bytes_are_told_from_a_status_block(cut: int) -> None:
    stream = bytes.fromhex("100F20000000 12 10000000")
    line = Demultiplexer(full_status=True)
    told = line.feed(stream[:cut]) + line.feed(stream[cut:])
    assert told == [
        FullStatus(bytes.fromhex("20000000")),
        RealTime(0x12),
        AutoStatus(bytes.fromhex("10000000")),
    ]
    assert line.noise == 0


@pytest.mark.parametrize(("presenter", "knows"), [("ppu231_bit6", True), ("kpm150", True), ("none", False)])
def test_a_waiting_slip_is_reported(bench, presenter: str, knows: bool) -> None:
    bench.emulator.presenter = presenter
    printer = bench.printer(presenter=presenter)
    printer.open()
    printer.print(SLIP)
    status = printer.status()
    assert (status.condition is Condition.TICKET_WAITS) == knows
    assert status.state is (State.USER_ERROR if knows else State.ONLINE)
    bench.emulator.ticket_waits = False  # she took it
    assert printer.status().ready
    printer.close()


@pytest.mark.parametrize("presenter", ["ppu231_bit6", "kpm150"])
def test_without_a_way_to_take_it_back_the_next_is_refused(bench, presenter: str) -> None:
    bench.emulator.presenter = presenter
    printer = bench.printer(presenter=presenter)
    printer.open()
    printer.print(SLIP)
    with pytest.raises(Refused) as caught:
        printer.print(NEXT)
    assert caught.value.condition is Condition.TICKET_WAITS
    assert came_out(caught.value) == "nothing"
    bench.emulator.ticket_waits = False
    printer.print(NEXT)
    assert len(bench.emulator.tickets) == 2
    printer.close()


def test_it_is_taken_back_before_the_next(bench) -> None:
    bench.emulator.presenter = "kpm150"
    printer = bench.printer(profile="kpm150h")
    printer.open()
    printer.print(SLIP)
    status = printer.status()
    assert status.ready and status.condition is Condition.TICKET_WAITS, (
        "it can print, and it says what stands there"
    )
    printer.print(NEXT)
    assert [ticket.lines for ticket in bench.emulator.retracted] == [("甲",)]
    assert [ticket.lines for ticket in bench.emulator.tickets] == [("甲",), ("乙",)]
    printer.close()


def test_a_printer_that_does_not_take_it_back(bench) -> None:
    bench.emulator.presenter = "ppu231_bit6"
    printer = bench.printer(presenter="ppu231_bit6", retract="1D 65 09")
    printer.open()
    printer.print(SLIP)
    started = bench.clock.instant()
    with pytest.raises(Refused):
        printer.print(NEXT)
    assert 5.0 <= bench.clock.instant() - started < 6.5
    printer.close()


def test_a_slip_can_be_pushed_out_at_once(bench) -> None:
    bench.emulator.presenter = "kpm150"
    printer = bench.printer(presenter="kpm150", eject="1D6505")
    printer.open()
    for _ in range(2):
        printer.print(SLIP)
    assert not bench.emulator.ticket_waits and bench.emulator.retracted == []
    assert bench.emulator.unknown == []
    printer.close()


def test_a_kpm150_that_does_not_answer_its_own_question(bench) -> None:
    printer = bench.printer(presenter="kpm150")  # the emulator is another model
    printer.open()
    sensors = printer.sensors()
    assert (sensors.online, sensors.ticket_waits) == (True, None)
    printer.print(SLIP)
    assert len(bench.emulator.tickets) == 1
    printer.close()
