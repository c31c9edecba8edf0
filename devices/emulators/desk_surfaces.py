"""The desks on which the emulated camera looks down, and the camera's own noise."""

import functools
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (height, width, 3) uint8, BGR

_DRAWN_WIDTH = 1600  # a desk is drawn at most this wide and enlarged: wood has no finer detail worth its time
_TILE = 512
_NOISE_SIGMA = 2.2  # grey levels; chosen: a lit UVC camera at low gain


def _coarse(
    chance: np.random.Generator, rows: int, columns: int, height: int, width: int
) -> NDArray[np.float32]:
    """Smooth random hills between -1 and 1."""
    seeds = chance.uniform(-1, 1, (max(2, rows), max(2, columns))).astype(np.float32)
    return np.asarray(cv2.resize(seeds, (width, height), interpolation=cv2.INTER_CUBIC))


def _tinted(tone: NDArray[np.float32], dark: tuple[int, int, int], bright: tuple[int, int, int]) -> Pixels:
    """`tone` 0…1 mapped to colours between `dark` and `bright` (BGR)."""
    share = np.clip(tone, 0, 1)[:, :, None]
    low, high = np.array(dark, np.float32), np.array(bright, np.float32)
    return (low + (high - low) * share).astype(np.uint8)


def _wood(chance: np.random.Generator, height: int, width: int) -> Pixels:
    """Planks with long grain and rings."""
    bend = _coarse(chance, 6, 4, height, width)
    rows = np.arange(height, dtype=np.float32)[:, None] / height
    rings = np.sin((rows * 34 + bend * 2.3) * 2 * np.pi) * 0.10
    fibre = _coarse(chance, height // 2, 40, height, width) * 0.16
    pores = _coarse(chance, height, 120, height, width) * 0.07
    planks = (np.floor(rows * 3.1) % 2) * 0.07
    tone = 0.5 + rings + fibre + pores + planks
    seams = np.abs((rows * 3.1) % 1 - 0.002) < 0.003
    tone = np.where(seams, tone - 0.25, tone)
    return _tinted(np.broadcast_to(tone, (height, width)).astype(np.float32), (38, 62, 92), (92, 138, 178))


def _dark(chance: np.random.Generator, height: int, width: int) -> Pixels:
    """A black rubber mat."""
    tone = 0.5 + 0.25 * _coarse(chance, height // 2, width // 2, height, width)
    return _tinted(tone + 0.1 * _coarse(chance, 4, 5, height, width), (26, 25, 24), (56, 54, 52))


def _plain(chance: np.random.Generator, height: int, width: int) -> Pixels:
    """Grey-blue laminate."""
    tone = 0.5 + 0.2 * _coarse(chance, height // 3, width // 3, height, width)
    return _tinted(tone + 0.2 * _coarse(chance, 3, 4, height, width), (128, 116, 100), (150, 138, 122))


def _white(chance: np.random.Generator, height: int, width: int) -> Pixels:
    """A white desk, barely darker than paper: the hard case."""
    tone = 0.5 + 0.3 * _coarse(chance, height // 3, width // 3, height, width)
    return _tinted(tone + 0.2 * _coarse(chance, 3, 4, height, width), (214, 218, 220), (228, 231, 233))


DESKS: dict[str, Callable[[np.random.Generator, int, int], Pixels]] = {
    "wood": _wood,
    "dark": _dark,
    "plain": _plain,
    "white": _white,
}


@functools.lru_cache(maxsize=4)
def surface(desk: str, width: int, height: int, seed: int) -> Pixels:
    """The empty desk, evenly lit. Do not write to it. Raises KeyError for an unknown desk."""
    shrink = min(1.0, _DRAWN_WIDTH / width)
    drawn_height, drawn_width = max(2, round(height * shrink)), max(2, round(width * shrink))
    pixels = DESKS[desk](np.random.default_rng(seed), drawn_height, drawn_width)
    pixels = np.ascontiguousarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_CUBIC))
    pixels.setflags(write=False)
    return pixels


@functools.lru_cache(maxsize=2)
def _noise(seed: int) -> tuple[Pixels, Pixels]:
    """A tile of sensor noise: what to add, what to take away."""
    tile = np.random.default_rng(seed + 7).normal(0, _NOISE_SIGMA, (_TILE, _TILE, 3))
    return np.clip(tile, 0, 255).astype(np.uint8), np.clip(-tile, 0, 255).astype(np.uint8)


def grain(picture: Pixels, seed: int) -> Pixels:
    """The picture with the sensor's noise, changed in place."""
    more, less = _noise(seed)
    height, width = picture.shape[:2]
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            spot = picture[top : top + _TILE, left : left + _TILE]
            high, wide = spot.shape[:2]
            spot[:] = cv2.subtract(cv2.add(spot, more[:high, :wide]), less[:high, :wide])
    return picture
