"""How well one outline covers another, exactly."""

import numpy as np
from numpy.typing import NDArray

Outline = NDArray[np.floating]  #: (n, 2), x and y


def jaccard(found: Outline, truth: Outline) -> float:
    """Area of both over area of either, 0…1. `truth` is convex; both may run either way round."""
    one, other = (_one_way(np.asarray(outline, np.float64)) for outline in (found, truth))
    both = _area(_clipped(one, other))
    either = _area(one) + _area(other) - both
    return float(np.clip(both / either, 0, 1)) if either > 0 else 0.0


def area(outline: Outline) -> float:
    """Pixels inside."""
    return _area(_one_way(np.asarray(outline, np.float64)))


def _one_way(outline: Outline) -> Outline:
    return outline if _area(outline) >= 0 else outline[::-1]


def _area(outline: Outline) -> float:
    if len(outline) < 3:
        return 0.0
    x, y = outline[:, 0], outline[:, 1]
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def _clipped(subject: Outline, window: Outline) -> Outline:
    """What of `subject` lies inside the convex `window` (Sutherland and Hodgman, 1974)."""
    points = [np.asarray(point) for point in subject]
    for begin, end in zip(window, np.roll(window, -1, axis=0), strict=True):
        way = end - begin
        depth = [float(way[0] * (p[1] - begin[1]) - way[1] * (p[0] - begin[0])) for p in points]
        kept = []
        for place, (point, into) in enumerate(zip(points, depth, strict=True)):
            before, earlier = points[place - 1], depth[place - 1]
            if (into >= 0) != (earlier >= 0):
                kept.append(before + (point - before) * (earlier / (earlier - into)))
            if into >= 0:
                kept.append(point)
        points = kept
        if not points:
            break
    return np.array(points).reshape(-1, 2)
