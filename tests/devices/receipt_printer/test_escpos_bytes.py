"""The bytes of slips: literal vectors from receipt_printer.md, and any slip against the emulator's parser."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.emulators.escpos import FONTS, EscposEmulator
from devices.emulators.escpos_commands import UNKNOWN, CommandStream
from devices.errors import Condition, Refused
from devices.receipt_printer import Element, Feed, Pair, Qr, Rule, Slip, Text
from devices.receipt_printer.escpos_build import cut, defused, native_qr, raster
from devices.receipt_printer.escpos_slip import Encoding, Page, begin, pieces
from devices.receipt_printer.glyphs import GlyphBook
from ground.clock import ManualClock

GLYPHS = GlyphBook(FONTS)
PAGE = Page(576)

texts = st.text(max_size=60) | st.text(st.sampled_from("天门￥，(a1 \x10\x04\x1b\x1d"), max_size=60)
elements = st.one_of(
    st.builds(
        Text,
        texts,
        st.sampled_from(["left", "center", "right"]),
        st.sampled_from([1, 2]),
        st.booleans(),
    ),
    st.builds(Pair, texts, texts),
    st.builds(Rule),
    st.builds(Qr, st.text(max_size=80), st.integers(3, 10)),
    st.builds(Feed, st.integers(0, 600)),
)


def test_before_a_slip() -> None:
    # §3, §4: ESC @, ESC c 5 1, FS &, ESC 2
    assert begin() == bytes.fromhex("1B40 1B633501 1C26 1B32")


def test_a_line_of_text() -> None:
    body = b"".join(pieces(Slip((Text("中，￥", align="center", size=2, bold=True),)), PAGE, GLYPHS)[1:-1])
    assert body == bytes.fromhex("1B6101 1B4501 1D2111 D6D0 A3AC A3A4 0A 1B4A0C")  # §3, §4


def test_raster_picture() -> None:
    assert raster(Image.new("1", (16, 2), 255)) == [bytes.fromhex("1D76300002000200FFFFFFFF")]  # §5


def test_a_tall_picture_is_sliced() -> None:
    commands = raster(Image.new("1", (8, 600), 255))
    assert [command[6] | command[7] << 8 for command in commands] == [240, 240, 120]
    assert b"".join(command[8:] for command in commands) == b"\xff" * 600


def test_native_qr_code() -> None:
    assert native_qr("https://x", 6) == bytes.fromhex(  # §5
        "1D286B040031413200 1D286B0300314306 1D286B0300314531 1D286B0C00315030 68747470733A2F2F78 1D286B0300315130"
    )


def test_cuts() -> None:
    assert cut("full") == bytes.fromhex("1B6406 1D5600")  # §5
    assert cut("partial") == bytes.fromhex("1B6406 1D5601")


@given(st.binary(max_size=200))
def test_no_picture_holds_a_real_time_command(dots: bytes) -> None:
    command = defused(bytes.fromhex("1D763000") + bytes((len(dots), 0, 1, 0)) + dots)
    assert len(command) == 8 + len(dots)
    assert not any(bytes((0x10, second)) in command[8:] for second in (0x04, 0x05, 0x14))
    assert all(new & old == old for new, old in zip(command[8:], dots, strict=True)), "a dot was lost"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(elements, max_size=6),
    st.sampled_from([384, 576]),
    st.sampled_from(["gb18030", "gbk", "raster"]),
    st.sampled_from(["native", "raster"]),
    st.integers(1, 700),
)
def test_any_slip_is_understood(
    content: list[Element], width_dots: int, encoding: Encoding, qr: str, chunk: int
) -> None:
    emulator = EscposEmulator(ManualClock(), width_dots=width_dots, speed_mm_s=0)
    page = Page(width_dots, encoding, "native" if qr == "native" else "raster")
    job = b"".join(pieces(Slip((*content, Text("完"))), page, GLYPHS))
    for start in range(0, len(job), chunk):
        emulator.receive(job[start : start + chunk])
    assert emulator.unknown == []
    assert len(emulator.tickets) == 1
    assert emulator.tickets[0].raw == job
    assert emulator.take() == b"", "something in the slip was taken for a question"


@settings(max_examples=60, deadline=None)
@given(texts)
def test_each_piece_is_whole_commands(text: str) -> None:
    stream = CommandStream()
    for piece in pieces(Slip((Text(text), Pair("甲", text))), PAGE, GLYPHS):
        assert b"".join(command.raw for command in stream.feed(piece)) == piece
        assert all(command.name != UNKNOWN for command in CommandStream().feed(piece))


def test_pictures_are_made_harmless_on_their_way_out() -> None:
    dangerous = bytes.fromhex("100401 100502 101402")  # status, recovery, power off (§1)
    (command,) = raster(Image.frombytes("1", (8 * len(dangerous), 1), dangerous))
    assert command[8:] == bytes.fromhex("180401 180502 181402")


def test_a_code_that_no_paper_can_carry_is_refused(bench, printer) -> None:
    with pytest.raises(Refused) as caught:
        printer.print(Slip((Qr("x" * 2400),)))  # version 40 with correction M holds 2331 bytes
    assert caught.value.condition is Condition.BAD_COMMAND
    assert bench.emulator.tickets == []


def test_a_code_too_fine_for_narrow_paper_is_refused() -> None:
    content = Slip((Qr("x" * 2000),))
    assert pieces(content, Page(576), GLYPHS)
    with pytest.raises(Refused):
        pieces(content, Page(384), GLYPHS)


def test_the_library_leaves_no_traces(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import logging; from devices.receipt_printer.escpos_build import cut; cut('full');"
        "assert not logging.root.handlers"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_a_printer_that_obeys_inside_pictures_is_not_led_astray(bench, printer) -> None:
    bench.emulator.executes_in_data = True
    printer.print(
        Slip((Text("𠮷㐂䶮" * 20), Rule(), Text("𠮷" * 30, size=2), Qr("https://tiantianshun.example/p")))
    )
    assert len(bench.emulator.tickets) == 1
    assert printer.sensors().ready
