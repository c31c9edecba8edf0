"""The paper in an emulated receipt printer: lines of characters, pictures and QR codes become dots."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import qrcode
from PIL import Image, ImageChops, ImageDraw

from devices.receipt_printer.columns import clusters, width
from devices.receipt_printer.glyphs import COLUMN_DOTS, GlyphBook, smeared

DOTS_PER_MM = 8  # 203 dpi
KNIFE_DOTS = 12 * DOTS_PER_MM  # from the print head to the knife; chosen, printers have 10 to 20 mm

_MARGIN_DOTS = 32  # 80 mm paper carries 72 mm of print
_PAPER_COLOUR = (252, 251, 246)
_INK_COLOUR = (34, 32, 36)


Cut = Literal["full", "partial", "torn"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """A piece of paper that came out."""

    image: Image.Image  #: mode "1", 0 is black, as wide as the print
    raw: bytes  #: the commands that made it, its cut among them, questions not
    lines: tuple[str, ...]  #: the characters that were printed as characters, line by line
    cut: Cut  #: torn: the roll ended in it

    def picture(self) -> Image.Image:
        """The ticket as one sees it: with margins, dark grey on paper; RGB."""
        size = (self.image.width + 2 * _MARGIN_DOTS, self.image.height + _MARGIN_DOTS)
        picture = Image.new("RGB", size, _PAPER_COLOUR)
        picture.paste(
            _INK_COLOUR, (_MARGIN_DOTS, _MARGIN_DOTS // 2), ImageChops.invert(self.image.convert("L"))
        )
        return picture

    def save(self, png: Path) -> None:
        """Write the picture to `png` and the bytes beside it, `.bin`."""
        png.parent.mkdir(parents=True, exist_ok=True)
        self.picture().save(png)
        png.with_suffix(".bin").write_bytes(self.raw)


@dataclass(slots=True)
class Style:
    """How the next characters look."""

    wide: int = 1
    high: int = 1
    bold: bool = False
    underline: int = 0  #: dots
    inverted: bool = False
    align: int = 0  #: 0 left, 1 centre, 2 right
    left_margin: int = 0  #: dots
    spacing: int = 34  #: dots from line to line


@dataclass(slots=True)
class Paper:
    """What was printed since the last cut, and the blank paper between head and knife that comes before it.

    `fed` is told of every movement, in dots.
    """

    width_dots: int
    glyphs: GlyphBook
    fed: Callable[[int], None]
    style: Style = field(default_factory=Style)
    _strips: list[Image.Image] = field(init=False)
    _line: list[Image.Image] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _written: str = ""

    def __post_init__(self) -> None:
        self._strips = [_blank(self.width_dots)]

    def write(self, text: str) -> None:
        """Set characters; a full line is printed by itself."""
        for cluster in clusters(text):
            cell = self._cell(cluster)
            if self._line and self._line_width() + cell.width > self.width_dots - self.style.left_margin:
                self.end_line()
            self._line.append(cell)
            self._written += cluster

    def end_line(self) -> None:
        """Print the line that was set and go to the next."""
        height = max([self.style.spacing, *(cell.height for cell in self._line)])
        strip = Image.new("1", (self.width_dots, height))
        tallest = max((cell.height for cell in self._line), default=0)
        x = self._start(self._line_width())
        for cell in self._line:
            strip.paste(cell, (x, tallest - cell.height))
            x += cell.width
        if self._written:
            self._lines.append(self._written)
        self._line, self._written = [], ""
        self._add(strip)

    def flush(self) -> None:
        """Print what stands on an unfinished line."""
        if self._line:
            self.end_line()

    def feed(self, dots: int) -> None:
        """Print the unfinished line, if any, and move the paper by `dots`."""
        self.flush()
        self._add(Image.new("1", (self.width_dots, dots)))

    def picture(self, dots: Image.Image) -> None:
        """Print `dots` (mode "1", 255 is black), aligned; what is too wide is cut off."""
        self.flush()
        strip = Image.new("1", (self.width_dots, dots.height))
        strip.paste(dots, (self._start(dots.width), 0))
        self._add(strip)

    def qr(self, content: bytes, module_dots: int, correction: int) -> None:
        """Print a QR code without a quiet zone, as printers do. `correction` is 0 to 3 for L, M, Q, H."""
        levels = (
            qrcode.constants.ERROR_CORRECT_L,
            qrcode.constants.ERROR_CORRECT_M,
            qrcode.constants.ERROR_CORRECT_Q,
            qrcode.constants.ERROR_CORRECT_H,
        )
        code = qrcode.QRCode(error_correction=levels[correction], border=0)
        code.add_data(content)
        code.make(fit=True)
        modules = code.get_matrix()
        small = Image.new("1", (len(modules), len(modules)))
        small.putdata([255 * bool(module) for row in modules for module in row])
        side = len(modules) * module_dots
        self.picture(small.resize((side, side), Image.Resampling.NEAREST))

    def forget_line(self) -> None:
        """Lose what stands on an unfinished line."""
        self._line, self._written = [], ""

    def take(self, raw: bytes, cut: Cut) -> Ticket | None:
        """The paper up to the knife comes off, or all of it when torn. None when it is blank.

        What was printed within the last `KNIFE_DOTS` stays and heads the next ticket, as on a real printer.
        """
        self.flush()
        whole = Image.new("1", (self.width_dots, sum(strip.height for strip in self._strips)), 255)
        y = 0
        for strip in self._strips:
            whole.paste(0, (0, y), strip)
            y += strip.height
        knife = whole.height - (0 if cut == "torn" else KNIFE_DOTS)
        image = whole.crop((0, 0, self.width_dots, knife))
        rest = whole.crop((0, knife, self.width_dots, knife + KNIFE_DOTS)) if cut != "torn" else None
        ticket = None if image.getextrema() == (255, 255) else Ticket(image, raw, tuple(self._lines), cut)
        self._strips = [_blank(self.width_dots) if rest is None else ImageChops.invert(rest)]
        self._lines = []
        return ticket

    def _add(self, strip: Image.Image) -> None:
        if strip.height:
            self._strips.append(strip)
            self.fed(strip.height)

    def _start(self, taken: int) -> int:
        free = max(0, self.width_dots - self.style.left_margin - taken)
        return self.style.left_margin + (0, free // 2, free)[self.style.align]

    def _line_width(self) -> int:
        return sum(cell.width for cell in self._line)

    def _cell(self, cluster: str) -> Image.Image:
        style = self.style
        cell = self.glyphs.cell(cluster, max(style.wide, style.high))
        size = (COLUMN_DOTS * width(cluster) * style.wide, 2 * COLUMN_DOTS * style.high)
        if cell.size != size:
            cell = cell.resize(size, Image.Resampling.NEAREST)
        if style.bold:
            cell = smeared(cell, style.wide)
        if style.underline:
            cell = cell.copy()
            below = (0, cell.height - style.underline, cell.width, cell.height)
            ImageDraw.Draw(cell).rectangle(below, fill=255)
        return ImageChops.invert(cell) if style.inverted else cell


def _blank(width_dots: int) -> Image.Image:
    return Image.new("1", (width_dots, KNIFE_DOTS))
