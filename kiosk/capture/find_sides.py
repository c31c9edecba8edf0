"""The last step: each side is looked at closely, in a strip cut along it, by a network that knows what edges are."""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.find_lines import voted_quad
from kiosk.capture.find_models import Models
from kiosk.capture.find_net import BEYOND, DEPTH_STEP, DEPTHS, STATIONS, strip_planes, strips
from kiosk.capture.outline import Quad, clockwise, crossing, is_convex

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
    for shift in _SHIFTS:
        if min(sure) >= _WEAK:
            break
        quad, sure = _elsewhere(models, picture, quad, sure, shift)
    inwards = np.full((4, len(_ALONG)), _INWARDS, np.float32)
    exact = voted_quad(quad, _ALONG, inwards, np.ones_like(inwards), _NEAR)
    return clockwise(exact), _overall(quad, sure, picture.shape)


def _looked(models: Models, picture: NDArray[np.uint8], guess: Quad) -> tuple[Quad, list[float]]:
    """The guess moved onto what shows beside it, and how surely each side shows, 0…1; 1 outside the picture."""
    depth, weight = _votes(models.side(strip_planes(strips(picture, guess))))
    quad = voted_quad(guess, _ALONG, depth, weight, _NEAR)
    shown = _shown(quad, picture.shape)
    return quad, [float(weight[side][shown[side]].mean()) if shown[side].any() else 1.0 for side in range(4)]


def _elsewhere(
    models: Models, picture: NDArray[np.uint8], quad: Quad, sure: list[float], shift: float
) -> tuple[Quad, list[float]]:
    """Sides that do not show where they were guessed are looked for beside it: a printed frame runs like the rim."""
    aside = np.array([[shift if one < _WEAK else 0.0] for one in sure], np.float32) * np.ones_like(_ALONG)
    found, there = _looked(models, picture, voted_quad(quad, _ALONG, aside, np.ones_like(aside), _NEAR))
    better = [now > max(_CLEARLY, before + _BETTER) for now, before in zip(there, sure, strict=True)]
    lines = [
        (one[side], one[(side + 1) % 4]) for side, one in enumerate(found if new else quad for new in better)
    ]
    corners = [crossing(*lines[side - 1], *lines[side]) for side in range(4)]
    if not any(better) or any(corner is None for corner in corners):
        return quad, sure
    mixed = np.array(corners, np.float32)
    if not is_convex(mixed):
        return quad, sure
    return mixed, [now if new else before for now, before, new in zip(there, sure, better, strict=True)]


def _shown(quad: Quad, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which stations of the sides (4, stations) lie well inside the picture."""
    places = quad[:, None] + _ALONG[None, :, None] * (np.roll(quad, -1, axis=0) - quad)[:, None]
    x, y = places[..., 0], places[..., 1]
    shown = (x > _RIM) & (y > _RIM) & (x < shape[1] - 1 - _RIM) & (y < shape[0] - 1 - _RIM)
    return np.asarray(shown & (_ALONG > 0) & (_ALONG < 1))


def _overall(quad: Quad, sure: list[float], shape: tuple[int, ...]) -> float:
    """How sure the sides are on the average; what lies outside the picture has no say."""
    count = _shown(quad, shape).sum(axis=1)
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
