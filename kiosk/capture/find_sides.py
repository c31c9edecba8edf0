"""The last step: each side is looked at closely, in a strip cut along it, by a network that knows what edges are."""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.find_lines import inwards, voted_lines, voted_quad
from kiosk.capture.find_models import Models
from kiosk.capture.find_net import BEYOND, DEPTH_STEP, DEPTHS, STATIONS, strip_planes, strips, strips_along
from kiosk.capture.outline import Quad, clockwise, crossing, is_convex

Points = NDArray[np.floating]  #: (points, 2), x and y in pixels
Line = tuple[NDArray[np.floating], NDArray[np.floating]]  #: from one point (2,) to another

_AT_ONCE = 4  # strips that the network takes
_WINDOW = 3  # looks on both sides of the likeliest that have a say in where exactly
_ALONG = np.linspace(-BEYOND, 1 + BEYOND, STATIONS, dtype=np.float32).reshape(-1, 4).mean(axis=1)
_INWARDS = (
    0.2  # pixels at 640: pictures of two generators that took no part in training lie 0.2 to 0.45 further in
)
_SETTLED = 4.0  # pixels at 640; where the first look moved a corner farther, a second one follows
_WEAK, _CLEARLY, _BETTER = 0.75, 0.85, 0.15  # sureness: below the first a side is looked for elsewhere
_SHIFTS = (-16.0, 16.0, -32.0)  # pixels at 640, inwards: a strip sees 12 to either side
_RIM = 6.0  # pixels: a side this close to the picture's edge is where the picture ends, and proves nothing
_NEAR = 1.0  # pixels at 640: farther from the line a vote is a wrinkle or an error


def closer(models: Models, picture: NDArray[np.uint8], guess: Quad) -> tuple[Quad, float]:
    """The guess brought onto its edges in `picture` (about 640 pixels long), and how surely they were seen, 0…1."""
    quad, sure = _looked(models, picture, guess)
    if np.abs(quad - guess).max() >= _SETTLED:
        quad, sure = _looked(models, picture, quad)  # the first look saw the sides slantwise
    if min(sure) < _WEAK:
        quad, sure = _elsewhere(models, picture, quad, sure)
    return clockwise(_inset(quad)), _overall(quad, sure, picture.shape)


def _looked(models: Models, picture: NDArray[np.uint8], guess: Quad) -> tuple[Quad, list[float]]:
    """The guess moved onto what shows beside it, and how surely each side shows, 0…1; 1 outside the picture."""
    depth, weight = _votes(models.side(strip_planes(strips(picture, guess))))
    quad = voted_quad(guess, _ALONG, depth, weight, _NEAR)
    shown = _shown(quad, np.roll(quad, -1, axis=0), picture.shape)
    return quad, [float(weight[side][shown[side]].mean()) if shown[side].any() else 1.0 for side in range(4)]


def _elsewhere(
    models: Models, picture: NDArray[np.uint8], quad: Quad, sure: list[float]
) -> tuple[Quad, list[float]]:
    """Sides that do not show where they were guessed are looked for beside it: a printed frame runs like the rim."""
    lines = [(quad[side], quad[(side + 1) % 4]) for side in range(4)]
    settled = list(sure)
    asked = [(side, shift) for shift in _SHIFTS for side in range(4) if sure[side] < _WEAK]
    while asked:
        now, asked = asked[:_AT_ONCE], asked[_AT_ONCE:]
        for (side, _), (line, seen) in zip(now, _beside(models, picture, quad, now), strict=True):
            if settled[side] < _WEAK and seen > max(_CLEARLY, sure[side] + _BETTER):
                lines[side], settled[side] = line, seen
        asked = [(side, shift) for side, shift in asked if settled[side] < _WEAK]
    corners = [crossing(*lines[side - 1], *lines[side]) for side in range(4)]
    if settled == sure or any(corner is None for corner in corners):
        return quad, sure
    mixed = np.array(corners, np.float32)
    return (mixed, settled) if is_convex(mixed) else (quad, sure)


def _beside(
    models: Models, picture: NDArray[np.uint8], quad: Quad, asked: list[tuple[int, float]]
) -> list[tuple[Line, float]]:
    """What shows as far inside (below nought: outside) of these sides, at most four of them, and how surely."""
    begin, end = quad, np.roll(quad, -1, axis=0)
    aside = inwards(begin, end)
    # the network takes four at a time, so what is lacking is filled up
    full = [*asked, *asked[:1] * (_AT_ONCE - len(asked))]
    sides, shifts = [side for side, _ in full], np.array([shift for _, shift in full], np.float32)[:, None]
    first, last = begin[sides] + shifts * aside[sides], end[sides] + shifts * aside[sides]
    depth, weight = _votes(models.side(strip_planes(strips_along(picture, first, last))))
    first, last = voted_lines((first, last), _ALONG, depth, weight, _NEAR)
    shown = _shown(first, last, picture.shape)
    seen = [float(weight[at][shown[at]].mean()) if shown[at].any() else 0.0 for at in range(len(asked))]
    return [((first[at], last[at]), one) for at, one in enumerate(seen)]


def _inset(quad: Quad) -> Quad:
    """The outline with its sides a little further in."""
    way = np.roll(quad, -1, axis=0) - quad
    after = way / np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
    before = np.roll(after, 1, axis=0)
    sine = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    return np.asarray(quad + _INWARDS * (after - before) / np.maximum(sine, 0.1)[:, None], np.float32)


def _shown(begin: Points, end: Points, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which stations of these lines (lines, stations) lie well inside the picture."""
    places = begin[:, None] + _ALONG[None, :, None] * (end - begin)[:, None]
    x, y = places[..., 0], places[..., 1]
    shown = (x > _RIM) & (y > _RIM) & (x < shape[1] - 1 - _RIM) & (y < shape[0] - 1 - _RIM)
    return np.asarray(shown & (_ALONG > 0) & (_ALONG < 1))


def _overall(quad: Quad, sure: list[float], shape: tuple[int, ...]) -> float:
    """How sure the sides are on the average; what lies outside the picture has no say."""
    count = _shown(quad, np.roll(quad, -1, axis=0), shape).sum(axis=1)
    return float((count * sure).sum() / count.sum()) if count.any() else 0.0


def _votes(chances: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where each station sees the side (pixels inwards), and how sure it is."""
    depths = chances[:, :DEPTHS]
    looks = np.arange(DEPTHS, dtype=np.float32)[None, :, None]
    peak = cv2.blur(depths.reshape(-1, depths.shape[2]), (1, 1)).reshape(depths.shape).argmax(axis=1)
    narrow = depths * (np.abs(looks - peak[:, None]) <= _WINDOW)
    held = np.maximum(narrow.sum(axis=1), 1e-6)
    place = (narrow * looks).sum(axis=1) / held
    depth = (place - (DEPTHS - 1) / 2) * DEPTH_STEP
    return depth.astype(np.float32), np.where(held < 0.05, 0, held).astype(np.float32)
