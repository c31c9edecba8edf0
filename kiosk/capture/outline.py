"""A sheet's outline, and outlines brought down to four sides."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]  #: x and y in pixels
Quad = NDArray[np.float32]  #: (4, 2) float32, x and y in pixels, clockwise

_TOLERANCES = (0.006, 0.015, 0.03)  # of the outline's length; fine keeps rounded corners, coarse drops dents
_MOST_SIDES = 12
_BORDER = 3.0  # pixels: a side this close to the picture's edge is the picture's edge, not the sheet's
_OUTSIDE = 0.35  # of the picture: how far a corner of a cut-off sheet may lie outside


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet in a picture."""

    corners: (
        Quad  #: (4, 2) float32, x and y in pixels, clockwise from the corner nearest the picture's top left
    )
    confidence: float  #: 0…1, how sure it is that this is a sheet

    def scaled(self, factor: float) -> "Sheet":
        """The same sheet in the same picture at another size."""
        return Sheet(self.corners * np.float32(factor), self.confidence)


def four_sides(hull: NDArray[np.int32], size: tuple[int, int]) -> Iterator[Quad]:
    """Quadrilaterals that a convex outline may stand for; `size` is the picture's (width, height).

    Superfluous sides are taken out and their neighbours prolonged until they meet: first the sides that are only
    the picture's edge (the sheet is cut off there), then the shortest (a rounded, torn or folded corner).
    """
    length = cv2.arcLength(hull, True)
    for tolerance in _TOLERANCES:
        points = cv2.approxPolyDP(hull, tolerance * length, True).reshape(-1, 2)
        if 4 <= len(points) <= _MOST_SIDES:
            quad = _reduced([(float(x), float(y)) for x, y in points], size)
            if quad is not None:
                yield quad
    yield clockwise(cv2.boxPoints(cv2.minAreaRect(hull)))


def _reduced(points: list[Point], size: tuple[int, int]) -> Quad | None:
    # plain numbers: for a dozen points they are ten times as fast as arrays, and this is half of all the finding
    while len(points) > 4:
        order = sorted(range(len(points)), key=lambda side: _importance(points, side, size))
        for side in order:
            shorter = _without(points, side)
            if shorter is not None and _near(shorter, size):
                points = shorter
                break
        else:
            return None
    quad = np.array(points)
    return clockwise(quad) if is_convex(quad) else None


def _importance(points: list[Point], side: int, size: tuple[int, int]) -> float:
    start, end = points[side], points[(side + 1) % len(points)]
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    return length - (1e6 if on_border(start, end, size) else 0.0)


def on_border(
    start: Point | NDArray[np.floating], end: Point | NDArray[np.floating], size: tuple[int, int]
) -> bool:
    """Whether the side from `start` to `end` runs along the edge of a picture of `size` (width, height)."""
    for axis in (0, 1):
        low = start[axis] <= _BORDER and end[axis] <= _BORDER
        high = start[axis] >= size[axis] - 1 - _BORDER and end[axis] >= size[axis] - 1 - _BORDER
        if low or high:
            return True
    return False


def _without(points: list[Point], side: int) -> list[Point] | None:
    """The polygon without one side, its neighbours prolonged; None when they part."""
    count = len(points)
    before, start = points[side - 1], points[side]
    end, after = points[(side + 1) % count], points[(side + 2) % count]
    meeting = _meeting(before, start, after, end)
    if meeting is None:
        return None
    (x, y), (fx, fy), (bx, by) = meeting, start, before
    if (x - fx) * (fx - bx) + (y - fy) * (fy - by) < 0:
        return None
    kept = [points[place] for place in range(count) if place not in (side, (side + 1) % count)]
    kept.insert(side if side + 1 < count else len(kept), meeting)
    return kept


def _near(points: list[Point], size: tuple[int, int]) -> bool:
    wide, tall = size[0] * _OUTSIDE, size[1] * _OUTSIDE
    return all(-wide <= x <= size[0] + wide and -tall <= y <= size[1] + tall for x, y in points)


def _meeting(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    ax, ay = b[0] - a[0], b[1] - a[1]
    cx, cy = d[0] - c[0], d[1] - c[1]
    turn = ax * cy - ay * cx
    if abs(turn) < 1e-3 * (math.hypot(ax, ay) * math.hypot(cx, cy) + 1e-9):
        return None
    reach = ((c[0] - a[0]) * cy - (c[1] - a[1]) * cx) / turn
    return a[0] + reach * ax, a[1] + reach * ay


def crossing(
    a: NDArray[np.floating], b: NDArray[np.floating], c: NDArray[np.floating], d: NDArray[np.floating]
) -> NDArray[np.float64] | None:
    """Where the lines through `a`, `b` and through `c`, `d` cross; None when they are nearly parallel."""
    meeting = _meeting(*((float(x), float(y)) for x, y in (a, b, c, d)))
    return None if meeting is None else np.array(meeting)


def is_convex(points: NDArray[np.floating]) -> bool:
    """Whether four points are a sheet's possible outline: convex, no corner below 45° or above 135°."""
    corners = [(float(x), float(y)) for x, y in points]
    turns = []
    for (ax, ay), (bx, by), (cx, cy) in zip(
        corners, corners[1:] + corners[:1], corners[2:] + corners[:2], strict=True
    ):
        lengths = math.hypot(bx - ax, by - ay) * math.hypot(cx - bx, cy - by)
        if lengths < 1e-6:
            return False
        turns.append(((bx - ax) * (cy - by) - (by - ay) * (cx - bx)) / lengths)
    return min(turns) > 0.7 or max(turns) < -0.7


def clockwise(points: NDArray[np.floating]) -> Quad:
    """The four corners clockwise (as seen), beginning with the one nearest the picture's top left."""
    centre = points.mean(axis=0)
    turn = np.arctan2(points[:, 1] - centre[1], points[:, 0] - centre[0])
    ordered = points[np.argsort(turn)]
    first = int(np.argmin(ordered.sum(axis=1)))
    return np.roll(ordered, -first, axis=0).astype(np.float32)


def jaccard(one: Quad, other: Quad) -> float:
    """Area of the intersection in parts of the union, of two convex outlines."""
    first, second = np.asarray(one, np.float32), np.asarray(other, np.float32)
    shared, _ = cv2.intersectConvexConvex(first, second)
    return float(shared / max(1e-12, float(cv2.contourArea(first) + cv2.contourArea(second) - shared)))


def overlap(one: Quad, other: Quad) -> float:
    """The shared area in parts of the smaller of two convex outlines."""
    first, second = np.asarray(one, np.float32), np.asarray(other, np.float32)
    shared, _ = cv2.intersectConvexConvex(first, second)
    return float(shared) / max(1e-12, min(float(cv2.contourArea(first)), float(cv2.contourArea(second))))
