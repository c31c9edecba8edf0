"""How much light there is on the sheet, and whether the lamp is mirrored over its print."""

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
_WHITE = (
    243  # a reflection drives all three colours to the sensor's end; in JPEG they stay a little below 255
)
_WHITISH, _CLIPPED = 205, 252  # on coloured ground it does so for the ground's own colour, the others follow
_HIGH_RISE = 0.75  # of the way to white, which no lighter paper on coloured ground goes
_RISE = 0.5  # of the way from the paper's brightness to white: the reflection's core
_LEAST_RISE = 10.0  # grey levels: lamps and lenses leave as much between two places of a bright page
_WIDE_MM2 = 100.0  # 11 mm across: how pale print is beside a smaller soft spot is chance
_CORE_MM2 = 18.0  # two characters
_NEAR_MM = (2, 12)  # print so near on opposite sides goes on beneath a reflection: one line and its spacing
_SMALL_MM = 25  # a reflection
_TOUCH_MM = 2  # print so near runs into a reflection
_TOUCHED_MM2 = 8  # half a character
_STROKE = 0.08  # darkness of print at one look a millimetre, where strokes and the paper between them are one
_STROKES = 0.06  # of the ring on one side: a line that passes
_WIPED = 0.45  # of the print's usual darkness: less is left under a reflection
_FADED = 0.78  # of it: so pale is print close to a reflection, on average; beside an empty place it is as dark as ever
_LINE_MM = 2  # reach over which a line of print counts as a place with print
_RIM_MM = (6, 12)  # beyond its core a reflection ends; a lamp's own hot spot goes on
_RIM_SHARE = 0.5  # of its radius: within so much a large reflection ends
_RIM_DROP = 0.35  # of the way from white to the paper's brightness


def light(view: View) -> float:
    """Brightness that white paper has or would have, 0…255: a red booklet is not dark because it is red."""
    blue, green, red = (view.coarse_sheet[::2, ::2, place].astype(np.float32) for place in range(3))
    strongest = np.maximum(np.maximum(blue, green), red)
    saturation = 1 - np.minimum(np.minimum(blue, green), red) / np.maximum(strongest, 1)
    worth = strongest * (1 + _DYED * np.maximum(0, saturation - _DYE))
    return min(255.0, float(np.percentile(worth, _BRIGHTEST)))


def glare_mm2(view: View) -> float:
    """Area of reflections that lie over print or close beside it, in mm² of the sheet."""
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
    normal = float(np.median(ink[strokes]))
    bare = cv2.dilate(ink, _square(_LINE_MM)) < _WIPED * normal
    count, labels, stats, _ = cv2.connectedComponentsWithStats((bright & bare).astype(np.uint8))
    wiped = 0.0
    for label in range(1, count):
        area = float(stats[label, cv2.CC_STAT_AREA])
        spot = (labels == label).astype(np.uint8)
        if area >= _CORE_MM2 and _over_print(spot, strokes, ink / normal, _ends(spot, paper, usual)):
            wiped += area
    return wiped


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


def _over_print(
    spot: NDArray[np.uint8], strokes: NDArray[np.bool_], darkness: NDArray[np.float32], ends: bool
) -> bool:
    """Whether the spot has wiped out print.

    One that ends steeply has when strokes run into it or stand on opposite sides; a wide soft one when strokes stand on
    opposite sides and grow paler towards it.
    """
    if ends and np.count_nonzero(strokes[_around(spot, 0, _LINE_MM + _TOUCH_MM)]) >= _TOUCHED_MM2:
        return True
    wide = bool(np.count_nonzero(spot) >= _WIDE_MM2)
    return _amid(spot, strokes) and (ends or (wide and _fades(spot, strokes, darkness)))


def _amid(spot: NDArray[np.uint8], strokes: NDArray[np.bool_]) -> bool:
    """Whether strokes stand on two opposite sides of the spot."""
    down, across = np.nonzero(_around(spot, *_NEAR_MM))
    middle = np.argwhere(spot).mean(axis=0)
    away = np.stack([down - middle[0], across - middle[1]])
    side = np.where(np.abs(away[0]) > np.abs(away[1]), away[0] > 0, 2 + (away[1] > 0))
    shown = strokes[down, across]
    shows = [bool((side == one).any()) and float(shown[side == one].mean()) > _STROKES for one in range(4)]
    return (shows[0] and shows[1]) or (shows[2] and shows[3])


def _fades(spot: NDArray[np.uint8], strokes: NDArray[np.bool_], darkness: NDArray[np.float32]) -> bool:
    """Whether the print around the spot is paler than usual."""
    around = _around(spot, 0, _NEAR_MM[1]) & strokes
    return bool(around.any()) and float(np.median(darkness[around])) <= _FADED
