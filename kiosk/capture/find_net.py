"""What the finder's networks are shown: the whole picture made small, and strips along guessed sides."""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.outline import Quad

Pixels = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR
Points = NDArray[np.float32]  #: (points, 2), x and y in pixels
Planes = NDArray[np.float32]  #: (4, height, width) float32: B, G, R and the local contrast, each about -1…1

WIDTH, HEIGHT = 256, 192  # of the overview
DEPTHS, STATIONS = 32, 96  # looks across and along a strip
DEPTH_STEP = 0.75  # pixels of a picture 640 wide between two looks across: ± 12 in all
SIDE_SCALE = 640  # pixels of the longer side at which strips are cut
BEYOND = 0.03  # of a side's length by which its strip goes on at both ends

_GAIN = 10.0  # of the local contrast: 25 levels of 255 fill the range; white paper on white differs by 1…6
_NEAR = 21  # pixels; the surroundings with which a pixel is compared


def planes(picture: Pixels) -> Planes:
    """A small picture (height, width, 3) as a network takes it in."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    out = np.empty((4, *grey.shape), np.float32)
    for place, colour in enumerate(cv2.split(picture)):
        np.multiply(colour, np.float32(2 / 255), out=out[place], dtype=np.float32)
    out[:3] -= 1
    near = cv2.boxFilter(grey, cv2.CV_32F, (_NEAR, _NEAR), borderType=cv2.BORDER_REFLECT)
    np.subtract(grey, near, out=out[3], dtype=np.float32)
    out[3] *= np.float32(_GAIN / 255)
    np.clip(out[3], -1, 1, out=out[3])
    return out


def strips(picture: Pixels, quad: Quad) -> NDArray[np.uint8]:
    """What lies along each side of `quad`: (4, DEPTHS, STATIONS, 3) uint8, from outside to inside.

    `picture` is about SIDE_SCALE long; `quad` is clockwise, in its pixels (the first one's middle at 0).
    """
    return strips_along(picture, quad, np.roll(quad, -1, axis=0))


def strips_along(picture: Pixels, begin: Points, end: Points) -> NDArray[np.uint8]:
    """The same along any lines, from `begin` (lines, 2) to `end`; inside is on the right of their way."""
    along = (end - begin)[:, None, None]
    length = np.maximum(np.linalg.norm(end - begin, axis=1), 1e-6)
    inward = np.stack([-(end - begin)[:, 1], (end - begin)[:, 0]], axis=1) / length[:, None]
    stations = np.linspace(-BEYOND, 1 + BEYOND, STATIONS, dtype=np.float32)[None, None, :, None]
    depths = ((np.arange(DEPTHS, dtype=np.float32) - (DEPTHS - 1) / 2) * DEPTH_STEP)[None, :, None, None]
    places = begin[:, None, None] + stations * along + depths * inward[:, None, None]
    grid = places.reshape(-1, STATIONS, 2).astype(np.float32)
    seen = cv2.remap(picture, grid, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen.reshape(-1, DEPTHS, STATIONS, 3), np.uint8)


def strip_planes(strip: NDArray[np.uint8]) -> Planes:
    """Strips (n, DEPTHS, STATIONS, 3) as (n, 4, DEPTHS, STATIONS), each compared with its own mean light."""
    colour = strip.astype(np.float32) * np.float32(2 / 255) - np.float32(1)
    grey = strip @ np.array([0.114, 0.587, 0.299], np.float32)
    contrast = np.clip((grey - grey.mean(axis=(1, 2), keepdims=True)) * np.float32(_GAIN / 255), -1, 1)
    return np.ascontiguousarray(np.concatenate([colour, contrast[..., None]], axis=3).transpose(0, 3, 1, 2))
