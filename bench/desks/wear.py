"""What happens to sheets before they come to the counter: torn and folded corners, creases, bulges, punched holes."""

import math
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bench.desks.noise import Plane, square
from bench.desks.printing import Paper

_Mask = NDArray[np.uint8]


def torn_corner(paper: Paper, dice: Generator) -> Paper:
    """A corner is missing; the tear is ragged and shows the white core of the paper."""
    along, down = _cut(paper, dice, 5, 24)
    corner = int(dice.integers(0, 4))
    steps = int(dice.integers(4, 12))
    way = np.linspace(0, 1, steps + 1)
    ragged = np.concatenate([[0], dice.normal(0, 0.035, steps - 1), [0]])
    line = np.column_stack([along * (1 - way) + ragged * along, down * way + ragged * down]) * paper.px_per_mm
    paper.alpha = paper.alpha.copy()
    _fill(paper.alpha, np.vstack([[0, 0], line]), corner, 0)
    return paper


def folded_corner(paper: Paper, dice: Generator) -> Paper:
    """A dog's ear: the corner is turned over and shows its back, a little darker, with a shade along the fold."""
    along, down = _cut(paper, dice, 6, 26)
    corner = int(dice.integers(0, 4))
    first, second = np.array([along, 0.0]), np.array([0.0, down])
    fold = second - first
    over = first + fold * float(first @ -fold / (fold @ fold))  # the foot of the corner on the fold …
    turned = 2 * over  # … and its mirror image
    paper.alpha, paper.bgr = paper.alpha.copy(), paper.bgr.copy()
    scale = paper.px_per_mm
    _fill(paper.alpha, np.array([[0, 0], first, second]) * scale, corner, 0)
    shade = np.zeros(paper.alpha.shape, np.uint8)
    _fill(shade, np.array([first, second, turned * 1.08]) * scale, corner, 255)
    soft = cv2.GaussianBlur(shade, (0, 0), max(0.6, 0.8 * scale)).astype(np.float32) / 255
    paper.bgr = (paper.bgr * (1 - 0.22 * soft[:, :, None])).astype(np.uint8)
    grey = int(dice.integers(222, 250))
    _fill(paper.bgr, np.array([first, second, turned]) * scale, corner, (grey, grey, grey))
    return paper


def punched(paper: Paper, dice: Generator) -> Paper:
    """Two holes on one long side."""
    paper.alpha = paper.alpha.copy()
    scale, (wide, high) = paper.px_per_mm, paper.size_mm
    radius = max(1, round(3 * scale))
    for aside in (-40, 40):
        centre = (12.0, high / 2 + aside) if high > wide else (wide / 2 + aside, 12.0)
        cv2.circle(
            paper.alpha, (round(centre[0] * scale), round(centre[1] * scale)), radius, 0, -1, cv2.LINE_AA
        )
    return paper


def creased(paper: Paper, dice: Generator) -> Paper:
    """Folded to fit a pocket and opened again: a line or two, and soft facets."""
    rows, columns = paper.alpha.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) / np.float32(paper.px_per_mm)
    shade = np.ones((rows, columns), np.float32)
    for _ in range(int(dice.integers(1, 4))):
        upright = dice.uniform() < 0.4
        at = float(dice.uniform(0.25, 0.75)) * (paper.size_mm[0] if upright else paper.size_mm[1])
        away = (x if upright else y) - at + (y if upright else x) * float(dice.normal(0, 0.01))
        shade *= 1 + float(dice.normal(0, 0.03)) * np.sign(away) * np.exp(-np.abs(away) / 25)
        shade *= 1 - float(dice.uniform(0.03, 0.15)) * np.exp(-((away / 0.5) ** 2))
    paper.bgr = np.clip(paper.bgr * shade[:, :, None], 0, 255).astype(np.uint8)
    return paper


def bulged(paper: Paper, dice: Generator) -> Paper:
    """Crumpled and smoothed, or curved from an envelope: sides that are not straight, a landscape of light.

    Sides leave the straight line by up to 1.6 mm in the middle; the corners stay where they are.
    """
    margin = 3.0
    scale = paper.px_per_mm
    edge = round(margin * scale)
    margin = edge / scale
    bgr = cv2.copyMakeBorder(paper.bgr, edge, edge, edge, edge, cv2.BORDER_REPLICATE)
    alpha = cv2.copyMakeBorder(paper.alpha, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=0)
    rows, columns = alpha.shape
    u = np.clip((np.arange(columns, dtype=np.float32) - edge) / (columns - 2 * edge), 0, 1)[None, :]
    v = np.clip((np.arange(rows, dtype=np.float32) - edge) / (rows - 2 * edge), 0, 1)[:, None]
    x = np.arange(columns, dtype=np.float32)[None, :] + _bow(u, v, dice, scale)
    y = np.arange(rows, dtype=np.float32)[:, None] + _bow(v, u, dice, scale).astype(np.float32)
    paper.bgr = cv2.remap(bgr, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    paper.alpha = cv2.remap(alpha, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    paper.margin_mm = margin
    hills = _hills(rows, columns, scale, dice)
    paper.bgr = np.clip(paper.bgr * (1 + hills[:, :, None]), 0, 255).astype(np.uint8)
    return paper


def _bow(along: Plane, across: Plane, dice: Generator, scale: float) -> Plane:
    """How far each point is drawn aside, pixels: nothing at the corners, most in the middle of a side."""
    first, second = dice.uniform(-1.6, 1.6, 2) * scale
    waves = float(dice.uniform(0.8, 2.2))
    bow = np.sin(across * math.pi) ** 2 * np.cos(across * waves)
    return np.asarray(bow * ((1 - along) * first + along * second), np.float32)


def _hills(rows: int, columns: int, scale: float, dice: Generator) -> Plane:
    """Light on slopes: a long curve, and crumples if they will."""
    begin = int(dice.integers(0, 300))
    small = square("cloud")[begin : begin + 320, begin : begin + 320]
    slope = cv2.Sobel(cv2.GaussianBlur(small, (0, 0), 4), cv2.CV_32F, 1, 0, ksize=3)
    slope = cv2.resize(slope, (columns, rows), interpolation=cv2.INTER_LINEAR)
    run = np.sin(
        np.linspace(0, float(dice.uniform(1, 4)), columns, dtype=np.float32) + float(dice.uniform(0, 6))
    )
    crumple = float(dice.uniform(0, 0.05)) / max(float(slope.std()), 1e-6)
    return np.asarray(
        run[None, :] * dice.uniform(0.005, 0.05) + np.clip(slope * crumple, -0.12, 0.12), np.float32
    )


def _cut(paper: Paper, dice: Generator, least: float, most: float) -> tuple[float, float]:
    """How much of the two sides at a corner is gone, mm; less of a small sheet."""
    most = min(most, 0.16 * min(paper.size_mm))
    least = min(least, most)
    return float(dice.uniform(least, most)), float(dice.uniform(least, most))


def _fill(plane: NDArray[np.uint8], points: NDArray[np.float64], corner: int, value: Any) -> None:
    """Fill a polygon given from a corner inwards; `corner` 0…3 clockwise from the top left."""
    high, wide = plane.shape[:2]
    x, y = points[:, 0], points[:, 1]
    if corner in (1, 2):
        x = wide - x
    if corner in (2, 3):
        y = high - y
    fixed = np.rint((np.column_stack([x, y]) - 0.5) * 256).astype(np.int32)
    cv2.fillPoly(plane, [fixed], value, lineType=cv2.LINE_AA, shift=8)
