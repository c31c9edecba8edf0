"""Endless noise from which desks, paper and skin are made: periodic squares, drawn once, laid anew each time."""

import functools
import math
from typing import Literal

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Plane = NDArray[np.float32]  #: (height, width), mean 0 and standard deviation 1 unless said otherwise
Matrix = NDArray[np.float64]  #: (3, 3), a projection

_SIDE = 1024  # pixels of a square
_POOL = 1 << 22

Weave = Literal["cloud", "fibre", "grain", "cells"]

# How strongly noise of a frequency is present: (slope over the frequency, stretch along x). Chosen by looking at them.
_SPECTRA: dict[Weave, tuple[float, float]] = {
    "cloud": (1.7, 1.0),
    "fibre": (1.1, 14.0),
    "grain": (0.35, 1.0),
    "cells": (0.0, 1.0),
}


@functools.cache
def square(weave: Weave) -> Plane:
    """One period of a noise, 1024 × 1024."""
    dice = np.random.default_rng((2015, list(_SPECTRA).index(weave)))
    slope, stretch = _SPECTRA[weave]
    along, down = np.meshgrid(np.fft.rfftfreq(_SIDE), np.fft.fftfreq(_SIDE))
    frequency = np.hypot(along * stretch, down) * _SIDE
    if weave == "cells":  # one size of blob: terrazzo, granite, leather
        strength = np.exp(-(((frequency - 50) / 34) ** 2))
    else:
        strength = 1 / np.maximum(frequency, 1.5) ** slope
    strength[0, 0] = 0
    plane = np.fft.irfft2(np.fft.rfft2(dice.standard_normal((_SIDE, _SIDE))) * strength)
    return np.asarray(plane / plane.std(), np.float32)


def laid(
    weave: Weave,
    seen: Matrix,
    size: tuple[int, int],
    period_mm: float,
    dice: Generator,
    turn: float | None = None,
    coarse: int = 1,
) -> Plane:
    """The noise as it lies on the desk in a picture of `size` (width, height); `seen` takes desk mm to pixels.

    `coarse`: drawn at this part of the size and enlarged, for noise without fine detail.
    """
    angle = float(dice.uniform(0, 2 * math.pi)) if turn is None else turn
    scale = _SIDE / period_mm
    cos, sin = math.cos(angle) * scale, math.sin(angle) * scale
    aside, down = dice.uniform(0, _SIDE, 2)
    to_noise = np.array([[cos, sin, aside], [-sin, cos, down], [0, 0, 1]])
    to_seen = np.diag([float(coarse), float(coarse), 1.0])
    drawn = cv2.warpPerspective(
        square(weave),
        to_noise @ np.linalg.inv(seen) @ to_seen,
        (-(-size[0] // coarse), -(-size[1] // coarse)),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_WRAP,
    )
    return np.asarray(drawn if coarse == 1 else cv2.resize(drawn, size, interpolation=cv2.INTER_LINEAR))


def normal(shape: tuple[int, ...], dice: Generator) -> Plane:
    """Normal numbers: a stretch of a pool, for drawing them anew would take longest of all. Not to be written to."""
    count = math.prod(shape)
    begin = int(dice.integers(0, _POOL))
    stretch = _pool()[begin : begin + _POOL]
    return (stretch[:count] if count <= _POOL else np.resize(stretch, count)).reshape(shape)


@functools.cache
def _pool() -> Plane:
    """Twice the same numbers, so that a stretch may begin anywhere in the first half."""
    return np.tile(np.random.default_rng(2016).standard_normal(_POOL, np.float32), 2)
