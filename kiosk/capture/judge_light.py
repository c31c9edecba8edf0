"""How much light there is on the sheet, and whether the lamp is mirrored over its print."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.judge_view import View

_BRIGHTEST = 98  # percentile of the sheet: white margins or gilt letters show the light even on a dark ground
_DYE, _DYED = (
    0.45,
    0.8,
)  # saturation above that of paper under a bulb; what a dyed cover keeps back of its own colour

_PAPER_MM = 11  # a square of this side always holds some paper between strokes
# Where a reflection may be
_WHITE = 243  # it drives all three colours to the sensor's end; in JPEG they stay a little below 255
_WHITISH, _CLIPPED = 205, 252  # on coloured ground it does so for the ground's own colour, the others follow
_RISE = 0.5  # of the way from the paper's brightness to white: its core
_HIGH_RISE = 0.75  # of the way to white, which no lighter paper on coloured ground goes
_LEAST_RISE = 10.0  # grey levels: lamps and lenses leave as much between two places of a bright page
_CORE_MM2 = 18.0  # two characters
_PEAK = 254  # a quarter of it is at the sensor's end; white grounds of portraits and bright margins stay at 243 to 253
_RARE = (
    0.1  # of the sheet: where more of its colour is clipped, there is much light, and clipping says nothing
)
_RIM_MM = (6, 12)  # beyond its core it ends; a lamp's own hot spot goes on
_RIM_SHARE = 0.5  # of its radius: within so much a large one ends
_RIM_DROP = 0.35  # of the way from white to the paper's brightness
_BURNT, _BURNT_MM2 = 252, 100.0  # one 11 mm wide and more may have no rim, for its halo is burnt, too
# Whether print is gone beneath it
_SMALL_MM = 25  # a reflection
_STROKE = 0.08  # darkness of print at one look a millimetre, where strokes and the paper between them are one
_SOLID, _MASS_MM = 0.25, 7  # dark all over a square of this side: between strokes and lines there is paper
_WIPED = 0.45  # of the print's usual darkness: less is left under a reflection
_LINE_MM = 2  # reach over which a line of print counts as a place with print
_NEAR_MM = (2, 12)  # print so near on opposite sides goes on beneath it: one line and its spacing
_LINE_HIGH_MM = 3  # of a spot with strokes on its left and its right: a line that goes on
_STROKES = 0.06  # of the ring on one side: several lines
_CARD_MM = 120  # of the longer side: a card, a ticket, the page of a passport
_TOUCH_MM, _TOUCHED_MM2 = 2, 8  # on a card: print so near, half a character of it
_SHY_MM = (1, 5)  # print so near is paler beside a halo, and as dark as ever beside an empty place
_FADED = 0.85  # of the usual darkness of lines; beside reflections 0.5 to 0.8, beside wide empty places 0.95 and more
_SHOWN = 0.08  # of the ground: less is no print


def light(view: View) -> float:
    """Brightness that white paper has or would have, 0…255: a red booklet is not dark because it is red."""
    blue, green, red = (view.coarse_sheet[::2, ::2, place].astype(np.float32) for place in range(3))
    strongest = np.maximum(np.maximum(blue, green), red)
    saturation = 1 - np.minimum(np.minimum(blue, green), red) / np.maximum(strongest, 1)
    worth = strongest * (1 + _DYED * np.maximum(0, saturation - _DYE))
    return min(255.0, float(np.percentile(worth, _BRIGHTEST)))


def glare_mm2(view: View) -> float:
    """Area of reflections that lie over print, in mm² of the sheet."""
    blue, green, red = cv2.split(view.coarse_sheet)
    looks = cv2.min(cv2.min(blue, green), red)
    if int(looks.max()) < _WHITE:
        return 0.0
    paper = cv2.morphologyEx(looks, cv2.MORPH_CLOSE, _square(_PAPER_MM // 2))
    paper = cv2.GaussianBlur(paper, (0, 0), 1.0).astype(np.float32)
    usual = float(np.percentile(paper, 30))
    rise = (paper - usual) / max(255 - usual, 2 * _LEAST_RISE)
    clipped = cv2.max(cv2.max(blue, green), red) >= _CLIPPED
    bright = ((paper >= _WHITE) & (rise >= _RISE)) | ((paper >= _WHITISH) & clipped & (rise >= _HIGH_RISE))
    calm = cv2.morphologyEx(
        paper, cv2.MORPH_OPEN, _square(_SMALL_MM // 2)
    )  # else a small one's own rim is print
    ink = np.maximum(1 - looks / np.maximum(calm, 1), 0)
    strokes = ink > _STROKE
    if not strokes.any():
        return 0.0
    lines = cv2.dilate(ink, _square(_LINE_MM))
    bare = lines < _WIPED * float(np.median(ink[strokes]))
    dark = float(np.median(lines[strokes]))
    strokes &= ~_masses(ink)
    card = max(looks.shape) <= _CARD_MM
    wiped = np.zeros(looks.shape, np.bool_)
    for spot in _spots(bright & bare):
        over = _amid(spot, strokes) or (card and _touches(spot, strokes))
        if over and _peak(looks, clipped, spot) and _ends(spot, paper, usual):
            wiped |= spot > 0
    for spot in _spots((paper >= _BURNT) & bare):
        if np.count_nonzero(spot) >= _BURNT_MM2 and _amid(spot, strokes) and _fades(spot, lines, dark):
            wiped |= spot > 0
    return float(np.count_nonzero(wiped))


def _masses(ink: NDArray[np.float32]) -> NDArray[np.bool_]:
    """What is dark all over, a head and shoulders or a seal's field: it is no print that would go on under a spot."""
    solid = cv2.morphologyEx((ink > _SOLID).astype(np.uint8), cv2.MORPH_OPEN, _square(_MASS_MM // 2))
    return np.asarray(cv2.dilate(solid, _square(_LINE_MM)) > 0)


def _spots(mask: NDArray[np.bool_]) -> Iterator[NDArray[np.uint8]]:
    """Each part of it that is large enough to hide two characters."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] >= _CORE_MM2:
            yield (labels == label).astype(np.uint8)


def _square(reach: int) -> NDArray[np.uint8]:
    return np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)


def _around(spot: NDArray[np.uint8], near: int, far: int) -> NDArray[np.bool_]:
    """The ring around a spot, from `near` to `far` mm beyond its edge."""
    inner = cv2.dilate(spot, _square(near)) if near else spot
    return np.asarray((cv2.dilate(spot, _square(far)) > 0) & (inner == 0))


def _ends(spot: NDArray[np.uint8], paper: NDArray[np.float32], usual: float) -> bool:
    """Whether the brightness falls off close around the spot."""
    radius = float(np.sqrt(np.count_nonzero(spot) / np.pi))
    ring = _around(spot, _RIM_MM[0], max(_RIM_MM[1], round(_RIM_SHARE * radius)))
    if not ring.any():
        return False
    drop = float(np.median(paper[spot > 0])) - float(np.median(paper[ring]))
    return drop >= max(_LEAST_RISE, _RIM_DROP * (255 - usual))


def _peak(looks: NDArray[np.uint8], clipped: NDArray[np.bool_], spot: NDArray[np.uint8]) -> bool:
    """Whether its core reaches the sensor's end: in all colours, or in the ground's own where that is rare."""
    inside = spot > 0
    if float(np.percentile(looks[inside], 75)) >= _PEAK:
        return True
    return bool(clipped[inside].mean() > 0.5) and float(clipped.mean()) < _RARE


def _amid(spot: NDArray[np.uint8], strokes: NDArray[np.bool_]) -> bool:
    """Whether print goes on beneath it: a line on both sides of it, or much on two sides right opposite."""
    ring = _around(spot, *_NEAR_MM)
    shown = strokes & ring
    if max(_passed(spot, shown), _passed(spot.T, shown.T)) >= _LINE_HIGH_MM:
        return True
    rows, columns = np.flatnonzero(spot.any(axis=1)), np.flatnonzero(spot.any(axis=0))
    high, wide = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    row, column = (round(float(places.mean())) for places in np.nonzero(spot))
    both = (
        ((slice(0, row), wide), (slice(row, None), wide)),
        ((high, slice(0, column)), (high, slice(column, None))),
    )
    return any(all(_shows(strokes[part], ring[part]) for part in opposite) for opposite in both)


def _touches(spot: NDArray[np.uint8], strokes: NDArray[np.bool_]) -> bool:
    """Whether print runs into it: on a card lines are short and few, and rarely stand on two sides."""
    return int(np.count_nonzero(strokes[_around(spot, 0, _LINE_MM + _TOUCH_MM)])) >= _TOUCHED_MM2


def _passed(spot: NDArray[np.uint8], shown: NDArray[np.bool_]) -> int:
    """How many rows of a spot have strokes close on both of its sides."""
    rows = np.flatnonzero(spot.any(axis=1))
    held, places = spot[rows] > 0, np.arange(spot.shape[1])
    first, last = held.argmax(axis=1)[:, None], spot.shape[1] - 1 - held[:, ::-1].argmax(axis=1)[:, None]
    left, right = (shown[rows] & (places < first)).any(axis=1), (shown[rows] & (places > last)).any(axis=1)
    return int(np.count_nonzero(left & right))


def _shows(strokes: NDArray[np.bool_], ring: NDArray[np.bool_]) -> bool:
    """Whether a line passes this part of a ring."""
    return bool(ring.any()) and float(strokes[ring].mean()) > _STROKES


def _fades(spot: NDArray[np.uint8], lines: NDArray[np.float32], usual: float) -> bool:
    """Whether print close around the spot is paler than usual."""
    around = lines[_around(spot, *_SHY_MM)]
    around = around[around > _SHOWN]
    return bool(around.size) and float(np.median(around)) <= _FADED * usual
