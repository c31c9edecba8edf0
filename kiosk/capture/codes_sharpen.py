"""Undo a lens out of focus or a hand that moved: measure the blur in the picture itself, then divide it out.

A uniform blur multiplies the picture's spectrum by a function with zeros at regular places: a line of length L leaves
a zero every 1/L along its direction, a disk of radius r leaves rings. The spectrum of the spectrum's logarithm, the
cepstrum, turns this regularity into one deep dip: at distance L in the direction of the movement, or all around at
about 1.86 r. Bogert, Healy, Tukey 1963; Gennery 1973 for photographs; no training, no guessing.

Both blurs look the same turned by 180°, so their spectra are real, and every step here is done element by element on
OpenCV's packed real spectra, whose imaginary entries stay zero.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]  #: (height, width) uint8
Plane = NDArray[np.float32]

_LOOK = 512  # pixels of the square in which the blur is measured; chosen: enough periods of every blur below
_REACH = 34  # pixels: the cepstrum is searched this far; a blur of 17 pixels' radius spoils symbols of 12-pixel modules
_NEAREST = 4.0  # pixels: nearer to its centre the cepstrum shows the sheet's own print
_FLOOR = 1e-4  # of the mean power: below it is the sensor's grain
_DISK_DIP = 1.86  # distance of a disk's dip in radii; measured on disks of 2 to 9 pixels
_LINE_DEPTH = 0.035  # chosen: moved pictures dip by 0.057 to 0.080, others by up to 0.03
_DISK_DEPTH = 0.012  # chosen: pictures out of focus dip by 0.016 to 0.035, averaged around
_DISK_LEAST = 3.4  # pixels: modules near each other make rings as deep as those of smaller disks
_GRAINS = (0.01, 0.002)  # noise to signal in power: the safe guess first, then the sharper one


@dataclass(frozen=True, slots=True)
class Line:
    """The picture moved."""

    length: float  #: pixels
    angle: float  #: radians from the x axis, y downwards


@dataclass(frozen=True, slots=True)
class Disk:
    """The picture is out of focus."""

    radius: float  #: pixels


def blurs(grey: Grey) -> Iterator[Line | Disk]:
    """What blurred the picture, likeliest first; mostly nothing for a picture that is sharp or blurred otherwise.

    The evenest of patterns can pass for a blur: that costs an attempt, never a wrong text.
    """
    dips = _cepstrum(grey)
    side = 2 * _REACH + 1
    y, x = np.mgrid[-_REACH : _REACH + 1, -_REACH : _REACH + 1]
    away = np.hypot(x, y)
    line, depth = _deepest(dips, away)
    if depth > _LINE_DEPTH:
        yield line
    rings = np.round(away).astype(np.int64)
    sums = np.bincount(rings.ravel(), dips.ravel(), side) / np.maximum(
        np.bincount(rings.ravel(), None, side), 1
    )
    ring, ring_depth = _lowest(sums[int(_NEAREST) : _REACH])
    radius = (ring + int(_NEAREST)) / _DISK_DIP
    if ring_depth > _DISK_DEPTH and radius >= _DISK_LEAST:
        yield Disk(radius)


def sharpened(grey: Grey, blur: Line | Disk) -> Iterator[Grey]:
    """The picture with the blur divided out (Wiener), as careful as its grain may need, then bolder."""
    height, width = grey.shape
    margin = 24  # pixels mirrored around: the picture's rim is no edge
    high, wide = (cv2.getOptimalDFTSize(side + 2 * margin) for side in (height, width))
    around = (margin, high - height - margin, margin, wide - width - margin)
    framed = cv2.copyMakeBorder(grey, *around, cv2.BORDER_REFLECT).astype(np.float32)
    middle = float(framed.mean())
    seen = cv2.dft(framed - middle)
    blurring = cv2.dft(_kernel(blur, high, wide))
    for grain in _GRAINS:
        undo = blurring / (blurring * blurring + np.float32(grain))
        whole = cv2.dft(cv2.mulSpectrums(seen, undo, 0), flags=cv2.DFT_INVERSE | cv2.DFT_SCALE)
        cut = whole[margin : margin + height, margin : margin + width]
        yield _stretched(cut)


def _cepstrum(grey: Grey) -> Plane:
    """The dips around the cepstrum's centre: (2 · reach + 1) squared, near and far from it comparable."""
    height, width = grey.shape
    top, left = max(0, (height - _LOOK) // 2), max(0, (width - _LOOK) // 2)
    part = grey[top : top + _LOOK, left : left + _LOOK].astype(np.float32)
    part = (part - part.mean()) * cv2.createHanningWindow((part.shape[1], part.shape[0]), cv2.CV_32F)
    square = np.zeros((_LOOK, _LOOK), np.float32)
    square[: part.shape[0], : part.shape[1]] = part
    spectrum = cv2.dft(square)
    power = cv2.mulSpectrums(spectrum, spectrum, 0, conjB=True)
    floor = max(float(power.mean()) * 2 * _FLOOR, 1e-6)
    regular = cv2.dft(
        cv2.log(np.maximum(power, floor) / np.float32(floor)), flags=cv2.DFT_INVERSE | cv2.DFT_SCALE
    )
    near = np.roll(regular, (_REACH, _REACH), (0, 1))[: 2 * _REACH + 1, : 2 * _REACH + 1]
    return np.asarray(near, np.float32)


def _deepest(dips: Plane, away: NDArray[np.float64]) -> tuple[Line, float]:
    """The deepest single dip, its place found between the pixels, and its depth."""
    smooth = cv2.GaussianBlur(dips, (0, 0), 0.8)
    searched = np.where((away >= _NEAREST) & (away < _REACH - 2), smooth, np.float32(1))
    row, column = (int(place) for place in np.unravel_index(int(searched.argmin()), searched.shape))
    around = np.maximum(-smooth[row - 1 : row + 2, column - 1 : column + 2], 0)
    total = max(float(around.sum()), 1e-9)
    down = row - _REACH + float((around.sum(1) * (-1, 0, 1)).sum()) / total
    right = column - _REACH + float((around.sum(0) * (-1, 0, 1)).sum()) / total
    return Line(math.hypot(right, down), math.atan2(down, right)), -float(searched.min())


def _lowest(rings: NDArray[np.float64]) -> tuple[float, float]:
    """Place of the lowest ring, between the whole ones by a parabola, and its depth."""
    at = int(rings.argmin())
    depth = -float(rings[at])
    if not 0 < at < len(rings) - 1:
        return float(at), depth if at else 0.0
    before, here, after = rings[at - 1 : at + 2]
    bend = before - 2 * here + after
    return at + (0.5 * float((before - after) / bend) if bend > 0 else 0.0), depth


def _kernel(blur: Line | Disk, height: int, width: int) -> Plane:
    """What becomes of a single point, its centre at the array's origin."""
    extent = blur.length / 2 if isinstance(blur, Line) else blur.radius
    reach = math.ceil(extent) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    if isinstance(blur, Disk):
        spot = np.clip(blur.radius + 0.5 - np.hypot(x, y), 0, 1)
    else:
        along = np.abs(x * math.cos(blur.angle) + y * math.sin(blur.angle))
        aside = np.abs(y * math.cos(blur.angle) - x * math.sin(blur.angle))
        spot = np.clip(extent + 0.5 - along, 0, 1) * np.clip(1 - aside, 0, 1)
    whole = np.zeros((height, width), np.float32)
    whole[: 2 * reach + 1, : 2 * reach + 1] = spot / spot.sum()
    return np.asarray(np.roll(whole, (-reach, -reach), (0, 1)), np.float32)


def _stretched(plane: Plane) -> Grey:
    """To 8 bits: the middle 96 % of the brightnesses fill the range."""
    low, high = np.percentile(plane[::4, ::4], (2, 98))
    scale = 255.0 / max(float(high - low), 1e-3)
    return np.asarray(cv2.convertScaleAbs(np.maximum(plane - np.float32(low), 0), alpha=scale), np.uint8)
