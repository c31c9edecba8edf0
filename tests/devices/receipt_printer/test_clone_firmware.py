"""Cheap boards: no GS r, questions that go unanswered or are answered with a constant, and fonts that end early."""

import pytest
from pydantic import ValidationError

from devices.emulators.escpos import EscposEmulator
from devices.errors import Condition, Refused, TimedOut, Unreachable
from devices.receipt_printer import Qr, Slip, Text, came_out
from devices.receipt_printer.escpos import EscposSettings
from devices.receipt_printer.escpos_settings import PROFILES
from devices.status import State, Supply
from tests.devices.receipt_printer.sample_slip import SAMPLE_SLIP

SLIP = Slip(tuple(Text(f"第 {n} 行") for n in range(40)))


def half_printed(bench) -> bool:
    return bench.emulator.paper_mm < 50_000.0 - 60.0


@pytest.fixture
def clone(bench):
    """A board that knows DLE EOT 1 and 2 and little else."""
    bench.emulator.ignores, bench.emulator.tells_end, bench.emulator.font = "34", False, "gbk"
    printer = bench.printer(profile="58mm-clone", width_dots=576)
    printer.open()
    yield printer
    printer.close()


def test_a_slip_on_a_clone(bench, clone) -> None:
    clone.print(SAMPLE_SLIP)
    assert bench.emulator.idle, "it counted as out while it was printing"
    assert len(bench.emulator.tickets) == 1
    assert bench.emulator.unknown == []
    status = clone.status()
    assert (status.state, status.supplies["paper"]) == (State.ONLINE, Supply.UNKNOWN)


@pytest.mark.parametrize("speed", [60.0, 300.0])
def test_the_end_is_not_believed_before_the_paper_had_its_time(bench, clone, speed: float) -> None:
    bench.emulator.speed_mm_s = speed
    clone.print(SLIP)
    assert bench.emulator.idle and bench.emulator.tickets[-1].lines[-1] == "第 39 行"


@pytest.mark.parametrize(
    ("knob", "value", "condition"),
    [("cover_open", True, Condition.COVER_OPEN), ("paper_mm", 0.0, Condition.PAPER_OUT)],
)
def test_a_clone_that_stops_in_mid_slip(bench, clone, knob: str, value: object, condition: Condition) -> None:
    bench.once(lambda: half_printed(bench), lambda: setattr(bench.emulator, knob, value))
    with pytest.raises(Refused) as caught:
        clone.print(SLIP)
    assert caught.value.condition is condition
    assert came_out(caught.value) == "part"


def test_time_in_which_it_is_off_line_does_not_count(bench, clone) -> None:
    bench.once(lambda: half_printed(bench), lambda: setattr(bench.emulator, "head_hot", True))
    cool_at: list[float] = []
    bench.once(lambda: bench.emulator.head_hot, lambda: cool_at.append(bench.clock.after(12)))
    bench.once(
        lambda: bool(cool_at) and bench.clock.due(cool_at[0]),
        lambda: setattr(bench.emulator, "head_hot", False),
    )
    clone.print(SLIP)
    assert bench.clock.due(cool_at[0])
    assert bench.emulator.tickets[-1].lines[-1] == "第 39 行"


def test_a_clone_that_stays_off_line(bench, clone) -> None:
    bench.once(lambda: half_printed(bench), lambda: setattr(bench.emulator, "offline", True))
    with pytest.raises(Refused) as caught:
        clone.print(SLIP)
    assert caught.value.condition is Condition.OFFLINE


def test_a_clone_that_dies(bench, clone) -> None:
    bench.once(lambda: half_printed(bench), lambda: setattr(bench.emulator, "mute", True))
    with pytest.raises(TimedOut) as caught:
        clone.print(SLIP)
    assert came_out(caught.value) == "unknown"


def test_a_roll_sensor_that_always_says_fine(bench) -> None:
    bench.emulator.roll_sensor = False
    printer = bench.printer(questions=(1, 2, 3))
    printer.open()
    assert printer.sensors().paper is Supply.UNKNOWN
    bench.emulator.paper_mm = 0.0
    assert printer.sensors().paper is Supply.OUT, "DLE EOT 2 knows that it stopped for want of paper"
    printer.close()


def test_a_printer_that_does_not_know_question_1(bench) -> None:
    bench.emulator.answers = (2, 4)
    printer = bench.printer(questions=(4, 2))
    printer.open()
    assert printer.sensors().ready
    printer.print(SLIP)
    bench.emulator.cover_open = True
    assert printer.status().condition is Condition.COVER_OPEN
    printer.close()


def test_one_that_is_never_heard_is_believed_by_time(bench) -> None:
    bench.disturb = lambda data: b""
    printer = bench.printer(profile="blind")
    printer.open()
    started = bench.clock.instant()
    printer.print(SLIP)
    bench.emulator.take()
    assert bench.emulator.idle and len(bench.emulator.tickets) == 1
    assert bench.clock.instant() - started < 10
    assert printer.identity() == "bench://printer"
    assert printer.status().state is State.ONLINE
    printer.close()
    for ask in (printer.identity, printer.status):
        with pytest.raises(Unreachable):
            ask()


# --- fonts ---


def test_the_emulated_gbk_font_prints_garbage_beyond_its_end(bench) -> None:
    bench.emulator.font = "gbk"
    bench.emulator.receive(b"\x1c&" + "𠮷".encode("gb18030") + b"\n\x1b\x64\x06\x1dV\x00")
    bench.emulator.take()
    bench.clock.turn(5)
    bench.emulator.take()
    (ticket,) = bench.emulator.tickets
    assert "𠮷" not in ticket.lines[0] and "5" in ticket.lines[0]
    assert bench.emulator.unknown


@pytest.mark.parametrize("encoding", ["gbk", "raster"])
def test_a_gbk_printer_is_never_sent_what_it_lacks(bench, encoding: str) -> None:
    bench.emulator.font = "gbk"
    printer = bench.printer(encoding=encoding)
    printer.open()
    printer.print(Slip((Text("天门€㐂𠮷¥，《》"), Text("䶮"), Text("天门"), Qr("TTS1:1"))))
    assert bench.emulator.unknown == []
    assert bench.emulator.tickets[0].lines == (() if encoding == "raster" else ("天门",))
    printer.close()


def test_gb18030_on_a_gbk_printer_is_seen_at_commissioning(bench) -> None:
    bench.emulator.font = "gbk"
    printer = bench.printer(encoding="gb18030")
    printer.open()
    printer.print(Slip((Text("€"),)))
    assert bench.emulator.unknown, "a wrong setting must not look right in a test"
    printer.close()


def test_a_printer_without_chinese(bench) -> None:
    bench.emulator.font = "none"
    for profile, clean in (("80mm", False), ("80mm-raster", True)):
        bench.emulator.unknown.clear()
        printer = bench.printer(profile=profile)
        printer.open()
        printer.print(SAMPLE_SLIP)
        assert (bench.emulator.unknown == []) is clean
        printer.close()


# --- profiles ---


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_prints(bench, profile: str) -> None:
    settings = EscposSettings(url="bench://printer", profile=profile)
    bench.emulator = EscposEmulator(bench.clock, width_dots=settings.width_dots)
    bench.emulator.presenter = settings.presenter
    printer = bench.printer(profile=profile)
    printer.open()
    printer.print(SAMPLE_SLIP)
    bench.emulator.take()
    assert bench.emulator.unknown == [] and len(bench.emulator.tickets) == 1
    printer.close()


def test_single_settings_come_before_the_profile() -> None:
    settings = EscposSettings(url="x", profile="58mm-clone", qr="native", end="gs_r")
    assert (settings.width_dots, settings.encoding, settings.qr, settings.end) == (
        384,
        "gbk",
        "native",
        "gs_r",
    )
    assert EscposSettings(url="x").width_dots == 576
    assert EscposSettings(url="x", width_dots=384).page.columns == 32


@pytest.mark.parametrize(
    "wrong",
    [
        {"profile": "90mm"},
        {"questions": ()},
        {"questions": (), "end": "idle"},
        {"retract": "1D 6"},
        {"eject": "zz"},
    ],
)
def test_settings_that_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        EscposSettings(url="x", **wrong)  # type: ignore[arg-type]
