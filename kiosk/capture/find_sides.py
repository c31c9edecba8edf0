"""The last step: each side is looked at closely, in a strip cut along it, by a network that knows what edges are."""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.find_lines import voted_quad
from kiosk.capture.find_models import Models
from kiosk.capture.find_net import BEYOND, DEPTH_STEP, DEPTHS, STATIONS, strip_planes, strips
from kiosk.capture.outline import Quad, clockwise

_WINDOW = 3  # looks on both sides of the likeliest that have a say in where exactly
_ALONG = np.linspace(-BEYOND, 1 + BEYOND, STATIONS, dtype=np.float32).reshape(-1, 4).mean(axis=1)
_INWARDS = (
    0.2  # pixels at 640: pictures of two generators that took no part in training lie 0.2 to 0.45 further in
)
_LOOKS = 2  # at most; the second only where the first moved a corner far, for it saw the side slantwise
_SETTLED = 4.0  # pixels at 640
_RIM = 6.0  # pixels: a side this close to the picture's edge is where the picture ends, and proves nothing
_NEAR = 1.0  # pixels at 640: farther from the line a vote is a wrinkle or an error


def closer(models: Models, picture: NDArray[np.uint8], guess: Quad) -> tuple[Quad, float]:
    """The guess brought onto its edges in `picture` (about 640 pixels long), and how surely they were seen, 0…1."""
    for _ in range(_LOOKS):
        chances = models.side(strip_planes(strips(picture, guess)))
        depth, weight = _votes(chances)
        before, guess = guess, voted_quad(guess, _ALONG, depth, weight, _NEAR)
        if np.abs(guess - before).max() < _SETTLED:
            break
    inwards = np.full_like(depth, _INWARDS)
    exact = voted_quad(guess, _ALONG, inwards, np.ones_like(depth), _NEAR)
    return clockwise(exact), _seen(guess, weight, picture.shape)


def _seen(quad: Quad, weight: NDArray[np.float32], shape: tuple[int, ...]) -> float:
    """How sure the votes are on the average; what lies outside the picture has none."""
    places = quad[:, None] + _ALONG[None, :, None] * (np.roll(quad, -1, axis=0) - quad)[:, None]
    x, y = places[..., 0], places[..., 1]
    shown = (x > _RIM) & (y > _RIM) & (x < shape[1] - 1 - _RIM) & (y < shape[0] - 1 - _RIM)
    shown &= (_ALONG > 0) & (_ALONG < 1)
    return float(weight[shown].mean()) if shown.any() else 0.0


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
