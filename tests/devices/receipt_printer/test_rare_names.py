"""Names with characters that receipt printers lack: every one must be readable on the paper."""

from pathlib import Path

import pytest
from PIL import ImageChops

from devices.emulators.escpos_paper import KNIFE_DOTS
from devices.errors import Condition, Refused
from devices.receipt_printer import Pair, Slip, Text
from devices.receipt_printer.escpos_slip import encoded
from devices.receipt_printer.glyphs import CHARACTER_DOTS, COLUMN_DOTS, GlyphBook

NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
BABELSTONE = Path("/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf")
# extension A, B, compatibility with GB 18030-2000 (private area), extension G
RARE = ["㐂", "𠮷", "䶮", "\ue863", "\U00030729"]
NOWHERE = "\U0003fffd"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("中", "D6D0"),  # §4
        ("，", "A3AC"),  # §4
        ("￥", "A3A4"),  # §4
        ("王a1", "CDF56131"),
        ("《》", "A1B6A1B7"),  # python-escpos makes "?" of marks without hanzi (§4)
        ("龴", None),  # U+9FB4, FE59: came with GB 18030-2005, private before
        ("䶮", None),  # FE 9F, likewise
        ("𠮷", None),  # four bytes
        ("㐂", None),
        ("\ue000", None),
        ("é", "A8A6"),
    ],
)
def test_which_lines_the_printers_own_font_can_carry(line: str, code: str | None) -> None:
    assert encoded(line, "gb18030") == (None if code is None else bytes.fromhex(code))


def test_a_gbk_printer_gets_no_later_codes() -> None:
    assert encoded("€", "gb18030") == bytes.fromhex("A2E3")
    assert encoded("€", "gbk") is None
    assert encoded("天门", "raster") is None


@pytest.mark.parametrize("char", RARE)
def test_a_rare_name_is_drawn_as_itself(bench, printer, char: str) -> None:
    printer.print(Slip((Pair("申请人", f"{char}*"),)))
    ticket = bench.emulator.tickets[-1]
    assert b"\x1dv0\x00" in ticket.raw
    assert bench.emulator.unknown == []
    glyph = GlyphBook((NOTO, BABELSTONE)).cell(char)
    assert glyph.tobytes() != GlyphBook((NOTO, BABELSTONE)).cell(NOWHERE).tobytes(), "no font has it"
    left = 8 * COLUMN_DOTS  # behind the label and its gap
    printed = ticket.image.crop((left, KNIFE_DOTS, left + CHARACTER_DOTS, KNIFE_DOTS + CHARACTER_DOTS))
    assert ImageChops.invert(printed).tobytes() == glyph.tobytes()


def test_a_character_that_no_font_has_is_a_box(bench, printer) -> None:
    printer.print(Slip((Text(NOWHERE),)))
    assert bench.emulator.tickets[-1].image.getextrema() == (0, 255)


def test_only_the_line_that_needs_it_is_drawn(bench, printer) -> None:
    printer.print(Slip((Text("天门市"), Text("𠮷*"), Text("收件凭条"))))
    assert bench.emulator.tickets[-1].lines == ("天门市", "收件凭条")
    assert bench.emulator.tickets[-1].raw.count(b"\x1dv0\x00") == 1


def test_a_drawn_line_stands_where_a_printed_one_would(bench, printer) -> None:
    printer.print(Slip((Text("天门市", align="right"),)))
    printed = bench.emulator.tickets[-1].image
    drawing = bench.printer(encoding="raster")
    drawing.open()
    drawing.print(Slip((Text("天门市", align="right"),)))
    drawn = bench.emulator.tickets[-1].image
    assert bench.emulator.tickets[-1].lines == ()
    assert ImageChops.difference(printed.convert("L"), drawn.convert("L")).getbbox() is None
    drawing.close()


def test_missing_fonts_are_named(bench, tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        bench.printer(font_file=tmp_path / "none.otf").open()
    assert caught.value.condition is Condition.OUT_OF_SERVICE
    assert "none.otf" in str(caught.value)
    assert "fonts-noto-cjk" in str(caught.value)
    assert bench.open_wires == 0
