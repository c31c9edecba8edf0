"""A slip becomes ESC/POS commands: our own Chinese text layer, with pictures where a printer's font ends.

Source: shared protocol notes, receipt_printer.md §3 to §5. Proven on: emulator only.
"""

import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, assert_never

import qrcode
from PIL import Image, ImageDraw
from qrcode.exceptions import DataOverflowError

from devices.errors import Condition, Refused
from devices.receipt_printer import Feed, Pair, Qr, Rule, Slip, Text
from devices.receipt_printer.columns import GETA, printable, unbroken, width, wrap
from devices.receipt_printer.escpos_build import cut, native_qr, raster
from devices.receipt_printer.glyphs import COLUMN_DOTS, GlyphBook

Encoding = Literal["gb18030", "gbk", "raster"]

RESET = b"\x1b@"
CHINESE_ON = b"\x1c&"  # always sent: Japanese firmware starts with it off (§4)
LINE_SPACING_DEFAULT = b"\x1b2"  # 1/6 inch, 34 dots
PANEL_BUTTONS_OFF = b"\x1bc5\x01"  # the paper slot is in the citizen's reach
LF = b"\n"

_LINE_DOTS = 34  # what ESC 2 feeds, so that drawn lines keep the step of printed ones
_LEADING_DOTS = {1: _LINE_DOTS - 24, 2: 12}  # below a character, by size; size 2 is chosen by eye
_ALIGN = {"left": 0, "center": 1, "right": 2}
_PAIR_GAP = 2  # columns between the longest label and the values
_RULE_ROWS, _RULE_TOP, _RULE_THICK = 20, 8, 2  # dots
_SIDE_BASE, _SIDE_STEP = 17, 4  # ISO/IEC 18004: modules along one side of version v are 17 + 4 v
_OPTIMIZE = 20  # characters of one mode that are worth a change of modes; the library's own default
_QUIET_MODULES = 4  # ISO/IEC 18004: free space around a QR code
_LARGEST_CODE_DOTS = 576  # a QR code is as high as it is wide, and no wider than the paper
_SMALLEST_MODULE = 3  # dots; three eighths of a millimetre, about the least that old telephones read


@dataclass(frozen=True, slots=True)
class Page:
    """What a printer can carry."""

    width_dots: int  #: printable dots a row, a multiple of 8
    encoding: Encoding = "gb18030"
    qr: Literal["native", "raster"] = "native"
    cut: Literal["full", "partial"] = "full"

    @property
    def columns(self) -> int:
        """Half-width characters a line."""
        return self.width_dots // COLUMN_DOTS


def begin() -> bytes:
    """Commands before a slip."""
    return RESET + PANEL_BUTTONS_OFF + CHINESE_ON + LINE_SPACING_DEFAULT


def pieces(slip: Slip, page: Page, glyphs: GlyphBook) -> list[bytes]:
    """The commands of `slip` with its cut. Each piece is whole commands: between two, status may be asked.

    Raises `Refused` (BAD_COMMAND) for a QR code that the paper is too narrow for.
    """
    return [begin(), *_body(slip, page, glyphs), cut(page.cut)]


def travel_dots(job: Iterable[bytes]) -> int:
    """How far the paper goes for the pieces of `job`, in dots; for printers that do not say when they are done."""
    return sum(map(_piece_dots, job))


def _piece_dots(piece: bytes) -> int:
    match piece[:2], piece[2:3]:
        case b"\x1dv", _:
            return piece[6] | piece[7] << 8
        case b"\x1bd", _:
            return piece[2] * _LINE_DOTS
        case b"\x1d(", _:
            return _LARGEST_CODE_DOTS
        case (b"\x1ba", _) if piece.endswith(LF):
            return _LINE_DOTS
        case (b"\x1ba", _) if LF in piece:
            return 24 * 2 + _LEADING_DOTS[2]
        case _:
            return 0


def encoded(line: str, encoding: Encoding) -> bytes | None:
    """`line` (printable) in the printer's own font, or None when it must be drawn.

    "gbk" is what every Chinese printer has. "gb18030" adds the two-byte codes that came later, but not
    the four-byte ones, FE50-FEA0 or the private areas: models differ there, and a wrong name is worse than a
    drawn one.
    """
    if encoding == "raster":
        return None
    codes = [_code(char, encoding) for char in line]
    return None if None in codes else b"".join(code for code in codes if code is not None)


def _code(char: str, encoding: Encoding) -> bytes | None:
    try:
        code = char.encode(encoding)
    except UnicodeEncodeError:
        return None
    if len(code) == 1:
        return code if " " <= char <= "~" else None
    later = code[0] == 0xFE and code[1] <= 0xA0
    return None if len(code) > 2 or later or unicodedata.category(char) == "Co" else code


def _body(slip: Slip, page: Page, glyphs: GlyphBook) -> Iterator[bytes]:
    for pairs, run in itertools.groupby(slip.elements, key=lambda element: isinstance(element, Pair)):
        elements = tuple(run)
        if pairs:
            for line in _pair_lines(tuple(e for e in elements if isinstance(e, Pair)), page.columns):
                yield from _line(Text(line), line, page, glyphs)
            continue
        for element in elements:
            match element:
                case Text():
                    yield from _paragraph(element, page, glyphs)
                case Rule():
                    yield from raster(_rule(page.width_dots))
                case Qr():
                    yield from _qr(element, page)
                case Feed(lines):
                    yield from (b"\x1bd" + bytes((min(rest, 255),)) for rest in range(lines, 0, -255))
                case Pair():
                    pass
                case _:
                    assert_never(element)


def _paragraph(text: Text, page: Page, glyphs: GlyphBook) -> Iterator[bytes]:
    shown = printable(text.text)
    if unbroken(shown) > page.columns // text.size:  # small and whole is read more easily than large and cut
        text = replace(text, size=1)
    for line in wrap(shown, page.columns // text.size):
        yield from _line(text, line, page, glyphs)


def _line(text: Text, line: str, page: Page, glyphs: GlyphBook) -> Iterator[bytes]:
    code = encoded(line, page.encoding)
    if code is None:
        yield b"\x1ba\x00"
        yield from raster(_drawn(text, line, page, glyphs))
        return
    magnified = (text.size - 1) << 4 | (text.size - 1)
    style = bytes((0x1B, 0x61, _ALIGN[text.align], 0x1B, 0x45, text.bold, 0x1D, 0x21, magnified))
    # ESC 2 gives a character of double height no air below; ESC J adds it
    yield style + code + LF + (b"\x1bJ" + bytes((_LEADING_DOTS[2],)) if text.size == 2 else b"")


def _drawn(text: Text, line: str, page: Page, glyphs: GlyphBook) -> Image.Image:
    dots = Image.new("1", (page.width_dots, 24 * text.size + _LEADING_DOTS[text.size]))
    taken = width(line) * COLUMN_DOTS * text.size
    free = page.width_dots - taken
    left = {"left": 0, "center": free // 2, "right": free}[text.align]
    dots.paste(glyphs.line(line, taken or 1, scale=text.size, bold=text.bold), (left, 0))
    return dots


def _pair_lines(pairs: tuple[Pair, ...], columns: int) -> Iterator[str]:
    """Neighbouring pairs share the column in which their values begin.

    Where the labels are too long for that, a value stands at the right edge, or below when it does not fit.
    """
    labels = [printable(pair.label).replace("\n", " ") for pair in pairs]
    column = max(map(width, labels)) + _PAIR_GAP
    for label, pair in zip(labels, pairs, strict=True):
        value = printable(pair.value)
        if column > columns // 2:
            free = columns - width(label) - width(value)
            if free >= _PAIR_GAP and "\n" not in value:
                yield label + " " * free + value
                continue
            yield from wrap(label, columns)
            yield from (" " * _PAIR_GAP + part for part in wrap(value, columns - _PAIR_GAP))
            continue
        first, *rest = wrap(value, columns - column)
        yield label + " " * (column - width(label)) + first
        yield from (" " * column + part for part in rest)


def _rule(width_dots: int) -> Image.Image:
    dots = Image.new("1", (width_dots, _RULE_ROWS))
    ImageDraw.Draw(dots).rectangle((0, _RULE_TOP, width_dots - 1, _RULE_TOP + _RULE_THICK - 1), fill=255)
    return dots


def _qr(qr: Qr, page: Page) -> Iterator[bytes]:
    # a lone half of a pair that a careless cut left behind has no UTF-8
    content = "".join(GETA if unicodedata.category(char) == "Cs" else char for char in qr.content)
    if not content:
        return
    native = page.qr == "native" and content.isprintable()  # a control character could be taken for a command
    modules = () if native else _modules(content)
    side = (_native_side(content) if native else len(modules)) + 2 * _QUIET_MODULES
    module = min(qr.module_dots, page.width_dots // side)
    if module < _SMALLEST_MODULE:
        raise Refused(Condition.BAD_COMMAND, qr_modules=side, width_dots=page.width_dots)
    if native:
        quiet = b"\x1bJ" + bytes((_QUIET_MODULES * module,))
        yield b"\x1ba\x01" + quiet
        yield native_qr(content, module)
        yield quiet + b"\x1ba\x00"
    else:
        yield b"\x1ba\x00"
        yield from raster(_qr_dots(modules, module, page.width_dots))


def _native_side(content: str) -> int:
    """Modules along one side of the code that the printer will make, which may know the byte mode alone."""
    return _SIDE_BASE + _SIDE_STEP * _fitted(content, optimize=0)[1]


def _modules(content: str) -> tuple[tuple[bool, ...], ...]:
    code, version = _fitted(content, optimize=_OPTIMIZE)
    code.make(fit=False)
    assert code.version == version
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())


def _fitted(content: str, optimize: int) -> tuple[Any, int]:
    """A code that is not drawn yet, and its version, 1 to 40."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(content.encode(), optimize=optimize)
    try:
        return code, code.best_fit(start=1)
    except (DataOverflowError, ValueError) as error:  # qrcode 8 raises ValueError for "version 41"
        raise Refused(Condition.BAD_COMMAND, qr_bytes=len(content.encode())) from error


def _qr_dots(modules: Sequence[Sequence[bool]], module: int, width_dots: int) -> Image.Image:
    small = Image.new("1", (len(modules), len(modules)))
    small.putdata([255 * module for row in modules for module in row])
    code = small.resize((small.width * module, small.height * module), Image.Resampling.NEAREST)
    dots = Image.new("1", (width_dots, code.height + 2 * _QUIET_MODULES * module))
    dots.paste(code, ((width_dots - code.width) // 2, _QUIET_MODULES * module))
    return dots
