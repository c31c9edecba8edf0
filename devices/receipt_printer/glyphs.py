"""Characters as dots, for what a printer's own font lacks: one picture per character cell."""

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

from devices.receipt_printer.columns import clusters, width

COLUMN_DOTS = 12  # half the width of a 24-dot Chinese character
CHARACTER_DOTS = 24

_EM = 22 / 24  # of the cell: leaves a dot of air around a character, as built-in fonts do
_BASELINE = 0.85  # of the cell's height from its top
_INK = 112  # grey from which a dot is black, of 255; chosen so that thin strokes stay whole at 24 dots
_SPILL = 1  # dots a glyph may be wider than its cell before it is squeezed


class MissingFont(Exception):
    """A font file is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"font file {path.name} is missing")
        self.path = path


class GlyphBook:
    """Draws characters from the first of several font files that has them.

    Of a collection (.ttc) the Simplified Chinese face is taken, its monospaced one when there is one.
    Raises `MissingFont` when a file is not there.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        for path in files:
            if not path.is_file():
                raise MissingFont(path)
        self._files = tuple(files)
        self._cell = lru_cache(maxsize=2048)(self._draw)

    def line(self, text: str, width_dots: int, *, scale: int = 1, bold: bool = False) -> Image.Image:
        """`text` on a line of `width_dots`, from the left, 24 * `scale` dots high; mode "1", 255 is black."""
        dots = Image.new("1", (width_dots, CHARACTER_DOTS * scale))
        x = 0
        for cluster in clusters(text):
            cell = self.cell(cluster, scale)
            dots.paste(255, (x, 0), cell)
            x += COLUMN_DOTS * scale * width(cluster)
        return smeared(dots, scale) if bold else dots

    def cell(self, cluster: str, scale: int = 1) -> Image.Image:
        """One character in its cell, `scale` times 12 or 24 dots wide and 24 high; mode "1", 255 is black."""
        return self._cell(cluster, scale)

    def _draw(self, cluster: str, scale: int) -> Image.Image:
        size = (COLUMN_DOTS * scale * width(cluster), CHARACTER_DOTS * scale)
        font = self._font(cluster, round(size[1] * _EM))
        advance = max(1, round(font.getlength(cluster)))
        canvas = Image.new("L", (max(advance, size[0]), size[1]))
        left = (canvas.width - advance) / 2
        ImageDraw.Draw(canvas).text((left, size[1] * _BASELINE), cluster, font=font, fill=255, anchor="ls")
        if canvas.width > size[0] + _SPILL * scale:
            canvas = canvas.resize(size, Image.Resampling.BOX)
        return canvas.crop((0, 0, *size)).point(lambda grey: 255 if grey >= _INK else 0).convert("1")

    def _font(self, cluster: str, size: int) -> ImageFont.FreeTypeFont:
        for path in self._files:
            if ord(cluster[0]) in _coverage(path):
                return _face(path, size)
        return _face(self._files[0], size)  # draws its "not there" box


def smeared(dots: Image.Image, scale: int = 1) -> Image.Image:
    """`dots` printed twice, a dot to the right: bold as thermal printers make it."""
    return ImageChops.logical_or(dots, ImageChops.offset(dots, scale, 0))


@cache
def _face_index(path: Path) -> int:
    if path.suffix.lower() not in (".ttc", ".otc"):
        return 0
    names: list[str] = []
    while True:
        try:
            names.append(str(ImageFont.truetype(path, CHARACTER_DOTS, index=len(names)).getname()[0]))
        except OSError:
            break
    chinese = [index for index, name in enumerate(names) if name.endswith(" SC")]
    even = [index for index in chinese if "Mono" in names[index]]
    return (even or chinese or [0])[0]


@cache
def _face(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=_face_index(path), layout_engine=ImageFont.Layout.BASIC)


@cache
def _coverage(path: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # a face starts without its 47 modules

    with TTFont(path, fontNumber=_face_index(path), lazy=True) as font:
        return frozenset(font.getBestCmap())
