"""仅供办理…使用: a light, slanted, repeated line on a stored page, which never lies on what is printed there.

It darkens paper and nothing else. Where there is ink, or a picture, and a little around it, the page stays as it is
to the last bit; whatever the line loses there, its next repetition shows.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.receipt_printer.columns import width
from devices.receipt_printer.glyphs import COLUMN_DOTS, GlyphBook
from kiosk.capture.leaf import Drawn

Mask = NDArray[np.uint8]  #: (height, width), 255 where it holds

#: the typefaces that draw it, first choice first; a terminal names its own, this is where Debian puts the common one
FONTS = (Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),)

_DARKER = 34  # levels of 255. Chosen: 13 % is seen by everyone and taken by no reader for print
_SCALE = 2  # of a 24-dot character: 4.1 mm at 300 dpi, so that a line also fits across a card
_SLANT_DEG = 30.0
_GAP_DOTS = 300  # between two on a line: 25 mm
_EVERY_DOTS = 330  # from line to line: 28 mm, two cross a card of 54 mm
_AIR_MM = 0.4  # from ink to the nearest dot of the mark; two thirds of the stroke of a 10-point character
_INK = 0.82  # of the paper's own level: what is darker is ink. Pencil is at 0.75, a card's guilloche at 0.9
_PAPER = 0.72  # of the page's white: what is darker over 6 mm is a picture or a bar, not paper
_DARKEST_WHITE = 110  # of 255: a page darker than this has no paper that could be marked
_MM_PER_INCH = 25.4
_REDUCED = 8  # the paper's level is looked for on a picture this many times smaller
_AROUND = 9  # of those pixels, 6 mm: wide enough to find paper between the lines of any print


def watermarked(pixels: Drawn, text: str, dpi: int, fonts: Sequence[Path] = FONTS) -> Drawn:
    """A copy of the page with `text` over all of its paper. Raises `MissingFont` without a typeface."""
    height, across = pixels.shape[:2]
    pattern = _pattern(text, height, across, tuple(fonts))
    mark = cv2.bitwise_and(pattern, free_paper(pixels, dpi))
    darker = cv2.multiply(mark, np.array([_DARKER / 255.0]))  # soft edges stay soft
    planes = pixels.shape[2]
    deep = darker if planes == 1 else cv2.merge([darker] * planes)
    marked = cv2.subtract(pixels, deep.reshape(pixels.shape))
    return np.asarray(marked, np.uint8).reshape(pixels.shape)


def forget() -> None:
    """The visit ended: what was drawn for her pages takes as much memory as they do."""
    _pattern.cache_clear()


def free_paper(pixels: Drawn, dpi: int) -> Mask:
    """Where there is paper and no ink within `_AIR_MM`."""
    grey = pixels[..., 0] if pixels.shape[2] == 1 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    level = _paper_level(grey)
    air = 2 * round(_AIR_MM / _MM_PER_INCH * dpi) + 1
    darkest = cv2.erode(grey, np.ones((air, air), np.uint8))
    white = float(np.percentile(level, 95))
    if white < _DARKEST_WHITE:
        return np.zeros(grey.shape, np.uint8)
    least = np.where(level >= _PAPER * white, np.minimum(level * _INK, 255.0), 255.0).astype(np.uint8)
    least = cv2.resize(least, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.compare(darkest, least, cv2.CMP_GT), np.uint8)


def _paper_level(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How light the paper is around each place, on a reduced picture."""
    size = (max(1, grey.shape[1] // _REDUCED), max(1, grey.shape[0] // _REDUCED))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    lightest = cv2.dilate(small, np.ones((_AROUND, _AROUND), np.uint8))
    return np.asarray(cv2.blur(lightest, (_AROUND, _AROUND)), np.float32)


@lru_cache(maxsize=2)  # one matter at a time, lying and standing; 9 MB each
def _pattern(text: str, height: int, across: int, fonts: tuple[Path, ...]) -> Mask:
    """The slanted repetition over a page of this size: 255 is the mark, its edges are soft."""
    line = _line(text, fonts)
    side = int(np.hypot(height, across)) + 2 * _EVERY_DOTS
    flat = np.zeros((side, side), np.uint8)
    step = line.shape[1] + _GAP_DOTS
    for number, top in enumerate(range(0, side - line.shape[0], _EVERY_DOTS)):
        start = -(step // 2) * (number % 2)  # every other line is moved by half, as bricks are
        for left in range(start, side, step):
            first, last = max(left, 0), min(left + line.shape[1], side)
            if first < last:
                flat[top : top + line.shape[0], first:last] = line[:, first - left : last - left]
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), _SLANT_DEG, 1.0)
    turn[:, 2] += ((across - side) / 2, (height - side) / 2)
    return np.asarray(cv2.warpAffine(flat, turn, (across, height), flags=cv2.INTER_LINEAR), np.uint8)


def _line(text: str, fonts: tuple[Path, ...]) -> Mask:
    """`text` once, 48 dots high, 255 is ink."""
    drawn = GlyphBook(fonts).line(text, width(text) * COLUMN_DOTS * _SCALE, scale=_SCALE)
    return np.asarray(drawn.convert("L"), np.uint8)
