"""How much light there is on the sheet, and whether the lamp is mirrored over its print."""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.judge_print import Print
from kiosk.capture.judge_view import View

_BRIGHTEST = 98  # percentile of the sheet: white margins or gilt letters show the light even on a dark ground
_DYE, _DYED = (
    0.45,
    0.8,
)  # saturation above that of paper under a bulb; what a dyed cover keeps back of its own colour

_PAPER_MM = 7  # a square of this side always holds some paper between strokes
_WHITE = 243  # a reflection drives the sensor to its end; in JPEG it stays a little below 255
_RISE = 0.5  # of the way from the paper's brightness to white: the reflection's core
_LEAST_RISE = 7.0  # grey levels: below it is noise and a lamp's mild hot spot
_AROUND_MM = 13  # a lamp's hot spot is wide; a reflection ends within this
_CORE_MM2 = 18.0  # two characters
_NEAR_MM = 9  # print so near a reflection goes on beneath it; chosen: one line and its spacing


def light(view: View) -> float:
    """Brightness that white paper has or would have, 0…255: a red booklet is not dark because it is red."""
    blue, green, red = (view.coarse_sheet[::2, ::2, place].astype(np.float32) for place in range(3))
    strongest = np.maximum(np.maximum(blue, green), red)
    saturation = 1 - np.minimum(np.minimum(blue, green), red) / np.maximum(strongest, 1)
    worth = strongest * (1 + _DYED * np.maximum(0, saturation - _DYE))
    return min(255.0, float(np.percentile(worth, _BRIGHTEST)))


def glare_mm2(view: View, found: Print) -> float:
    """Area of reflections that lie over print or close beside it, in mm² of the sheet."""
    looks = cv2.cvtColor(view.coarse_sheet, cv2.COLOR_BGR2GRAY)
    if int(looks.max()) < _WHITE:
        return 0.0
    paper = cv2.morphologyEx(looks, cv2.MORPH_CLOSE, np.ones((_PAPER_MM, _PAPER_MM), np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), 1.0)
    around = cv2.erode(paper, np.ones((2 * _AROUND_MM + 1, 2 * _AROUND_MM + 1), np.uint8)).astype(np.float32)
    usual = np.maximum(around, float(np.percentile(paper, 30)))
    rise = paper.astype(np.float32) - usual
    core = (paper >= _WHITE) & (rise >= _LEAST_RISE) & (rise >= _RISE * (255 - usual))
    core = _without_ink(core, found)
    return float(np.count_nonzero(core))


def _without_ink(core: NDArray[np.bool_], found: Print) -> NDArray[np.bool_]:
    """Only the large enough reflections that have wiped out print: hardly any inside, some close around."""
    ink = cv2.resize(found.printed.astype(np.float32), core.shape[::-1], interpolation=cv2.INTER_AREA)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core.astype(np.uint8))
    kept = np.zeros_like(core)
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] < _CORE_MM2:
            continue
        spot = (labels == label).astype(np.uint8)
        near = cv2.dilate(spot, np.ones((2 * _NEAR_MM + 1, 2 * _NEAR_MM + 1), np.uint8)).astype(np.bool_)
        if float(ink[near & (spot == 0)].mean()) > 0.03:
            kept |= spot.astype(np.bool_)
    return kept
