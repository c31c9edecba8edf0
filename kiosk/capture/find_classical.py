"""The way without networks: what a terminal falls back to whose models are missing or cannot be loaded.

Several guesses are drawn up on a reduced picture (brightness, saturation, distance from the desk's own colour,
edges); each is a closed outline brought down to four sides. The guess whose sides really separate two colours along
their whole length wins, and its sides are then fitted to the original pixels. Text blocks and tables do not
separate two colours (paper lies on both sides), so they never win over the sheet's own edge.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.outline import Quad, Sheet, clockwise, four_sides
from kiosk.capture.sides import fit_sides, support

Pixels = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR, origin top left

_WORK_SIDE = 640  # pixels of the longer side while guessing; chosen: text melts away, edges remain
_SMALLEST_SHARE = 0.015  # of the picture; an ID card under a camera that sees A3 covers 3 %
_LARGEST_SHARE = 0.97
_OUTLINES_PER_MASK = 3
_BREADTH = 0.3  # bonus for size: a photo glued on white paper has truer edges than the paper on a white desk
_HALF, _SURE = (
    0.4,
    0.9,
)  # support of an outline that may have swallowed the sheet's shadow on one or two sides
_PULL = 12.0  # pixels of the reduced picture: a shadow 8 mm wide
_ENOUGH = 0.62  # support below this is a pattern of the desk; chosen between 0.45 (desks) and 0.85 (sheets)

Weights = tuple[float, float, float]  # of lightness, a and b
_UNLIKE_THE_DESK: Weights = (0.5, 2.0, 2.0)  # shadows change lightness, hardly colour
_COLOURFUL: Weights = (0.0, 3.0, 3.0)
_GREY = (0.0, 128.0, 128.0)  # Lab in 8 bits: a and b have their zero at 128


def find_classically(pixels: Pixels) -> Sheet | None:
    """The most convincing sheet, or None on an empty desk. `pixels` as `devices` delivers them: any size."""
    height, width = pixels.shape[:2]
    if min(height, width) < 32:
        return None
    shrink = min(1.0, _WORK_SIDE / max(height, width))
    size = (max(16, round(width * shrink)), max(16, round(height * shrink)))
    work = cv2.GaussianBlur(cv2.resize(pixels, size, interpolation=_sampling(shrink)), (5, 5), 0)
    lab = cv2.cvtColor(work, cv2.COLOR_BGR2Lab)
    best = _best(lab)
    if best is None:
        return None
    return _fitted(pixels, lab, best, np.array([width / size[0], height / size[1]], np.float32))


def _best(lab: Pixels) -> Quad | None:
    """The most convincing guess. A half convincing one is first pulled onto the edges near it."""
    best: Quad | None = None
    best_worth = 0.0
    for guess in _distinct(_guesses(lab)):
        tried = [(support(lab, guess), guess)]
        if _HALF <= tried[0][0] < _SURE:
            pulled = fit_sides(lab, guess, reach=_PULL)
            tried.append((support(lab, pulled), pulled))
        held, quad = max(tried, key=lambda pair: pair[0])
        worth = held + _BREADTH * float(np.sqrt(cv2.contourArea(quad) / (lab.shape[0] * lab.shape[1])))
        if held >= _HALF and worth > best_worth:
            best, best_worth = quad, worth
    return best


def _fitted(pixels: Pixels, lab: Pixels, quad: Quad, scale: NDArray[np.float32]) -> Sheet | None:
    """The guess made exact; None when closer looking does not bear it out."""
    close = fit_sides(lab, quad, reach=6.0)
    held = max(support(lab, close), support(lab, quad))
    if held < _ENOUGH:
        return None
    if support(lab, close) < support(lab, quad) - 0.1:
        close = quad
    exact = fit_sides(pixels, close * scale, reach=2.5 * float(scale.max()))
    return Sheet(clockwise(exact), round(min(1.0, held), 4))


def _sampling(shrink: float) -> int:
    # INTER_AREA reads every pixel; at 13 MP that costs more than all the finding. Between 1 and 1/3 it is cheap.
    return cv2.INTER_AREA if shrink > 1 / 3 else cv2.INTER_LINEAR


def _guesses(lab: Pixels) -> Iterator[Quad]:
    """Four-sided outlines worth a closer look."""
    for mask in _masks(lab):
        outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        largest = sorted(outlines, key=cv2.contourArea, reverse=True)[:_OUTLINES_PER_MASK]
        whole = mask.shape[0] * mask.shape[1]
        for outline in largest:
            hull = cv2.convexHull(outline)
            if cv2.contourArea(hull) < _SMALLEST_SHARE * whole:
                continue
            for quad in four_sides(hull, (mask.shape[1], mask.shape[0])):
                if _SMALLEST_SHARE <= cv2.contourArea(quad) / whole <= _LARGEST_SHARE:
                    yield quad


def _masks(lab: Pixels) -> Iterator[NDArray[np.uint8]]:
    """Black-and-white pictures in which a sheet could be one blob."""
    lightness = lab[:, :, 0]
    yield _blobs(_split(lightness))
    yield _blobs(_split(_distance(lab, _desk_colour(lab), _UNLIKE_THE_DESK)))
    yield _blobs(cv2.bitwise_not(_split(_distance(lab, _GREY, _COLOURFUL))))
    yield _blobs(cv2.bitwise_not(_split(lightness)))
    for low in (18, 45):
        edges = cv2.Canny(lightness, low, low * 2.5)
        yield cv2.dilate(edges, np.ones((3, 3), np.uint8))


def _distance(lab: Pixels, colour: tuple[float, float, float], weights: Weights) -> NDArray[np.uint8]:
    """How far each pixel is from `colour`: the weighted sum of its three differences, at most 255."""
    apart = cv2.absdiff(lab, (*colour, 0.0))
    return np.asarray(cv2.transform(apart, np.array([weights], np.float32)))


def _split(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1])


def _blobs(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Text filled in, crumbs and thin bridges taken away."""
    filled = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return np.asarray(cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8)))


def _desk_colour(lab: Pixels) -> tuple[float, float, float]:
    """The median colour of the picture's rim, where the desk is."""
    rim = np.concatenate([lab[:6].reshape(-1, 3), lab[-6:].reshape(-1, 3), lab[:, :6].reshape(-1, 3)])
    lightness, a, b = np.median(rim, axis=0)
    return float(lightness), float(a), float(b)


def _distinct(quads: Iterator[Quad]) -> Iterator[Quad]:
    """Each outline once; corners within 3 pixels are the same."""
    seen: list[Quad] = []
    for quad in quads:
        if all(np.abs(quad - other).max() > 3 for other in seen):
            seen.append(quad)
            yield quad
