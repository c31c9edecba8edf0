"""What of a page is paper, and how bright and of what colour the light on it is, place by place.

Seen on a page reduced to an eighth (37 dpi: a pixel is 0.7 mm), where print has melted into its paper. Photographs,
stamps and coloured fields are no paper: what the light does there is filled in from around them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Small = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR, a page at 37 dpi
Light = NDArray[np.float32]  #: (height, width, 3) float32, BGR: what white paper would show there, 0…255

REDUCED = 8  #: times smaller than the page
_CLOSED = 7  # pixels: 5 mm, more than lines of print are apart
_TINT = 0.11  # logarithm: how far the colour of shadowed paper strays (sky and lamp differ)
_STEEP = 0.16  # logarithm a pixel: the edge of a shadow is wider than 3 mm, that of a photograph is not
_DARKEST = 0.25  # of the brightest paper: in a deeper shadow nothing is left to be seen
_LEAST_PAPER = 0.12  # of the page: below, the page is a picture and has no paper to measure
_LARGEST_HOLE = 0.4  # of the page: a ring around more than that is a frame, not a photograph
_LAMPS = ((0.5, 1.25), (0.75, 1.6))  # blue / green and red / green of white paper under any lamp; chosen
_LARGE = 40  # pixels of such a reduced page: a quarter of the area of an ID photograph


@dataclass(frozen=True, slots=True)
class Paper:
    """The light on a page."""

    light: Light
    white: bool  #: paper under some lamp; False: coloured paper or a picture, whose colours must stay
    photos: NDArray[np.bool_]  #: (height, width): where no paper is


def seen_paper(small: Small) -> Paper:
    """The light on the page `small`."""
    closed = cv2.morphologyEx(
        cv2.GaussianBlur(small, (3, 3), 0), cv2.MORPH_CLOSE, np.ones((_CLOSED, _CLOSED), np.uint8)
    )
    levels = np.maximum(closed.astype(np.float32), 1)
    green = np.log(levels[:, :, 1])
    tints = np.stack([np.log(levels[:, :, 0]) - green, np.log(levels[:, :, 2]) - green], axis=2)
    brightness = cv2.GaussianBlur(cv2.cvtColor(closed, cv2.COLOR_BGR2GRAY), (3, 3), 0).astype(np.float32)
    bright = float(np.percentile(brightness, 90))
    usual = np.median(tints[brightness >= 0.8 * bright], axis=0)
    paper = (np.abs(tints - usual).max(axis=2) < _TINT) & (brightness > _DARKEST * bright)
    paper &= _slope(brightness) < _STEEP
    photos = _filled(~paper)
    if 1 - photos.mean() < _LEAST_PAPER:
        return Paper(_even(levels, brightness), False, photos)
    light = _filled_in(levels, ~photos)
    blue, red = np.exp(usual)
    white = _LAMPS[0][0] <= blue <= _LAMPS[0][1] and _LAMPS[1][0] <= red <= _LAMPS[1][1]
    return Paper(light, bool(white), photos)


def _slope(brightness: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much the logarithm of the brightness changes from one pixel to the next."""
    log = np.log(np.maximum(brightness, 1))
    across, down = (cv2.Sobel(log, cv2.CV_32F, dx, dy, ksize=3, scale=1 / 8) for dx, dy in ((1, 0), (0, 1)))
    return np.asarray(cv2.magnitude(across, down))


def _filled(strange: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What is no paper, with the holes in it: a grey coat within a photograph, the white of a stamp."""
    mask = cv2.morphologyEx(strange.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    most = _LARGEST_HOLE * mask.size
    for outline in outlines:
        if _LARGE <= cv2.contourArea(outline) <= most:
            cv2.drawContours(mask, [outline], -1, 1, cv2.FILLED)
    return np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8))) > 0


def _filled_in(levels: Light, known: NDArray[np.bool_]) -> Light:
    """The light where paper is, softened, and in between what its neighbourhood suggests, from near to far."""
    share = known.astype(np.float32)
    pyramid = [(levels * share[:, :, None], share)]
    while min(pyramid[-1][1].shape) > 4:
        value, weight = pyramid[-1]
        size = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
        pyramid.append(
            (
                cv2.resize(value, size, interpolation=cv2.INTER_AREA),
                cv2.resize(weight, size, interpolation=cv2.INTER_AREA),
            )
        )
    value, weight = pyramid.pop()
    whole = value.sum(axis=(0, 1)) / max(float(weight.sum()), 1e-6)
    filled = value + (1 - weight)[:, :, None] * whole
    for value, weight in reversed(pyramid):
        coarse = cv2.resize(filled, weight.shape[::-1], interpolation=cv2.INTER_LINEAR)
        filled = value + (1 - weight)[:, :, None] * coarse
    return np.asarray(cv2.GaussianBlur(filled, (0, 0), 1.5), np.float32)


def _even(levels: Light, brightness: NDArray[np.float32]) -> Light:
    """Light that leaves a picture as it is but for its exposure."""
    return np.full_like(levels, float(np.percentile(brightness, 98)))
