"""The emulated printer itself: bytes in, paper and answers out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from devices.emulators.escpos import EscposEmulator
from devices.emulators.escpos_commands import CommandStream
from devices.emulators.escpos_paper import KNIFE_DOTS
from ground.clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def emulator(clock: ManualClock) -> EscposEmulator:
    return EscposEmulator(clock, speed_mm_s=0)


def said(emulator: EscposEmulator, sent: str) -> str:
    emulator.receive(bytes.fromhex(sent))
    return emulator.take().hex().upper()


def cut(emulator: EscposEmulator, sent: bytes) -> None:
    emulator.receive(sent + b"\n\x1bd\x06\x1dV\x00")


@pytest.mark.parametrize(
    ("knobs", "answers"),
    [
        ({}, "12 12 12 12"),
        ({"cover_open": True}, "1A 16 12 12"),
        ({"paper_mm": 0.0}, "1A 32 12 7E"),
        ({"paper_mm": 299.0}, "12 12 12 1E"),
        ({"head_hot": True}, "1A 52 52 12"),
        ({"broken": True}, "1A 52 32 12"),
        ({"offline": True}, "1A 12 12 12"),
    ],
)
def test_real_time_status(emulator: EscposEmulator, knobs: dict[str, object], answers: str) -> None:
    for knob, value in knobs.items():
        setattr(emulator, knob, value)
    assert [said(emulator, f"1004{n:02X}") for n in (1, 2, 3, 4)] == answers.split()  # §1


def test_questions_about_itself(emulator: EscposEmulator) -> None:
    assert said(emulator, "1D7201") == "00"  # §2, GS r
    assert said(emulator, "1D4902") == "03"  # §2, GS I 2: two-byte characters, cutter
    assert bytes.fromhex(said(emulator, "1D4942")) == b"\x5fTIANMEN\x00"
    emulator.paper_mm = 100.0
    assert said(emulator, "1D7231") == "03"


def test_automatic_status(emulator: EscposEmulator) -> None:
    assert said(emulator, "1D61FF") == "10000000"  # §2: one block at once
    assert emulator.take() == b""
    emulator.cover_open = True
    assert emulator.take().hex() == "38000000"
    emulator.cover_open = False
    assert emulator.take().hex() == "10000000"
    assert said(emulator, "1B40") == ""  # ESC @ resets it
    emulator.cover_open = True
    assert emulator.take() == b""


@pytest.mark.parametrize("cover_open", [False, True])
def test_real_time_is_answered_out_of_band(emulator: EscposEmulator, cover_open: bool) -> None:
    emulator.cover_open = cover_open
    answer = said(emulator, "1D7201 100401")  # the buffered question waits while the cover is open
    assert answer == ("1A" if cover_open else "1200")[: 2 if cover_open else 4]


@pytest.mark.parametrize("command", ["1D763000 0300 0100 100401", "1D286B 0600 315030 100401"])
def test_a_question_inside_a_picture_is_a_picture(emulator: EscposEmulator, command: str) -> None:
    assert said(emulator, command) == ""
    emulator.executes_in_data = True
    assert said(emulator, command) == "12"  # as many printers do (§1)


def test_it_stalls_and_goes_on(emulator: EscposEmulator) -> None:
    emulator.cover_open = True
    cut(emulator, "天门".encode("gb18030"))
    emulator.take()
    assert emulator.tickets == []
    assert not emulator.idle
    emulator.cover_open = False
    emulator.take()
    assert emulator.tickets[0].lines == ("天门",)
    assert emulator.idle


def test_a_jam_needs_freeing_and_recovery(emulator: EscposEmulator) -> None:
    emulator.cutter_jam = True
    cut(emulator, b"a")
    assert said(emulator, "100403") == "1A"  # §1 cutter
    emulator.cutter_jam = False
    assert said(emulator, "100403") == "1A"
    said(emulator, "100501")  # §1 DLE ENQ 1: recover and go on
    assert emulator.tickets[0].lines == ("a",)
    assert said(emulator, "100403") == "12"


@pytest.mark.parametrize("clear", ["100502", "10140801031401060208"])
def test_clearing_throws_away_what_waits(emulator: EscposEmulator, clear: str) -> None:
    emulator.cover_open = True
    cut(emulator, b"the last citizen's")
    said(emulator, clear)
    emulator.cover_open = False
    cut(emulator, b"next")
    assert [ticket.lines for ticket in emulator.tickets] == [("next",)]


def test_printing_takes_its_time(clock: ManualClock) -> None:
    emulator = EscposEmulator(clock, speed_mm_s=100.0)
    emulator.receive(b"\x1bJ\xc8" * 10 + b"\x1dr\x01")  # 10 times 25 mm
    clock.turn(2.2)
    assert emulator.take() == b""
    assert emulator.next_due() is not None
    for _ in range(30):
        clock.turn(0.05)
        if emulator.take():
            break
    assert clock.instant() == pytest.approx(2.5, abs=0.1)


def test_looks(emulator: EscposEmulator) -> None:
    cut(emulator, b"\x1ba\x01\x1d!\x11\x1bE\x01" + "大".encode("gb18030"))
    image = emulator.tickets[0].image
    left, top, right, bottom = _ink(image)
    assert abs((left + right) / 2 - 288) < 8
    assert top >= KNIFE_DOTS
    assert 36 <= right - left <= 50
    assert 36 <= bottom - top <= 48


def test_plain_cut_leaves_what_stands_between_head_and_knife(emulator: EscposEmulator) -> None:
    emulator.receive(b"late\n\x1dV\x00" + b"next\n\x1dVA\x00")
    assert "late" in emulator.tickets[-1].lines or emulator.tickets[-1].lines == ("next",)
    assert len(emulator.tickets) == 1, "the first cut came above the first line"
    assert _ink(emulator.tickets[0].image)[3] - _ink(emulator.tickets[0].image)[1] > 34


def test_code_pages_only_without_kanji_mode(emulator: EscposEmulator) -> None:
    cut(emulator, b"\x1c.\x82" + b"\x1c&\xd6\xd0")
    assert emulator.tickets[0].lines == ("é中",)


def test_four_byte_characters(emulator: EscposEmulator) -> None:
    cut(emulator, bytes.fromhex("9534B235 81308436"))  # §4: 𠮷, and what becomes of U+00A5
    assert emulator.tickets[0].lines == ("𠮷¥",)


def test_a_long_line_goes_on_below(emulator: EscposEmulator) -> None:
    cut(emulator, b"x" * 50)
    assert emulator.tickets[0].lines == ("x" * 48, "xx")  # §3: 48 columns on 576 dots


@pytest.mark.parametrize("sent", ["1B7E", "1D6B 49 02 4142", "80", "FF", "8120", "01", "1B2A 00 0100 FF"])
def test_what_it_does_not_know_is_kept(emulator: EscposEmulator, sent: str) -> None:
    said(emulator, sent + "61")
    assert emulator.unknown
    cut(emulator, b"b")
    assert emulator.tickets[-1].lines[-1].endswith("ab"), "it lost its place in the stream"


def test_tickets_are_written_down(emulator: EscposEmulator, tmp_path: Path) -> None:
    emulator.out = tmp_path / "out"
    cut(emulator, b"one")
    cut(emulator, b"two")
    names = sorted(path.name for path in emulator.out.iterdir())
    assert names == ["receipt-2.bin", "receipt-2.png", "receipt.bin", "receipt.png"]
    assert (emulator.out / "receipt.bin").read_bytes() == b"one\n\x1bd\x06\x1dV\x00"
    with Image.open(emulator.out / "receipt.png") as picture:
        assert picture.width == 576 + 64
    emulator.last_png(tmp_path / "last.png")
    assert (tmp_path / "last.bin").read_bytes().startswith(b"two")


def test_a_new_host_finds_no_half_command(emulator: EscposEmulator) -> None:
    emulator.receive(bytes.fromhex("1D7630000A000A00FF"))  # the cable came out in mid-picture
    emulator.connected()
    cut(emulator, b"a")
    assert emulator.tickets[0].lines == ("a",)


@given(st.binary(max_size=300), st.integers(0, 300))
def test_commands_are_the_same_however_the_stream_is_cut(data: bytes, at: int) -> None:
    whole, halves = CommandStream(), CommandStream()
    expected = b"".join(command.raw for command in whole.feed(data))
    cut_up = b"".join(command.raw for command in halves.feed(data[:at]) + halves.feed(data[at:]))
    assert cut_up == expected
    assert data.startswith(expected)


@given(st.binary(max_size=200))
def test_any_bytes_are_survived(data: bytes) -> None:
    emulator = EscposEmulator(ManualClock(), speed_mm_s=0)
    emulator.receive(data)
    emulator.take()


def _ink(image: Image.Image) -> tuple[int, int, int, int]:
    box = image.convert("L").point(lambda grey: 255 - grey).getbbox()
    assert box is not None
    return box
