"""What of a page is paper, and how bright and of what colour the light on it is, place by place.

Seen on a page reduced to about 220 pixels (A4 then has 19 dpi, a pixel is 1.4 mm), where print has melted into its
paper. Photographs, stamps and coloured fields are no paper: what the light does there is filled in from around them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Small = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR, a page so reduced
Light = NDArray[np.float32]  #: (height, width, 3) float32, BGR: what white paper would show there, 0…255

SEEN_AT = 320  #: pixels of the longer side, at most: A4 at 300 dpi halved four times has 219
_CLOSED = 5  # pixels: 7 mm, more than lines of print are apart
_TINT = 0.11  # logarithm: how far the colour of shadowed paper strays (sky and lamp differ)
_STEEP = (
    0.09  # logarithm a pixel: the edge of a shadow is mostly wider than 4 mm, that of a photograph is not
)
_BRIGHT = 0.75  # of the brightest paper: as dark as lamps leave a page's corners
_EVEN = 1.35  # between the brighter and the darker parts of paper that lies in a shadow of its own
_RECTANGLE = 0.45  # of its frame: a photograph whose sky is as white as the paper still fills so much
_DARKEST = 0.25  # of the brightest paper: in a deeper shadow nothing is left to be seen
_LEAST_PAPER = 0.12  # of the page: below, the page is a picture and has no paper to measure
_THINNEST = 5  # pixels: 7 mm
_LARGEST_HOLE = 0.4  # of the page: a ring around more than that is a frame, not a photograph
_LAMPS = ((0.5, 1.25), (0.75, 1.6))  # blue / green and red / green of white paper under any lamp; chosen
_LARGE = 30  # pixels of such a reduced page: a quarter of the smallest ID photograph
_LOGARITHMS = np.log(np.maximum(np.arange(256), 1)).astype(np.float32)


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
    blue_log, green_log, red_log = cv2.split(cv2.LUT(closed, _LOGARITHMS))
    tints = (blue_log - green_log, red_log - green_log)
    brightness = cv2.GaussianBlur(cv2.cvtColor(closed, cv2.COLOR_BGR2GRAY), (3, 3), 0).astype(np.float32)
    bright = float(np.percentile(brightness, 90))
    lit = brightness >= 0.8 * bright
    usual = [float(np.median(tint[lit])) for tint in tints]
    maybe = brightness > _DARKEST * bright
    for tint, middle in zip(tints, usual, strict=True):
        maybe &= np.abs(tint - middle) < _TINT
    maybe &= _slope(brightness) < _STEEP
    paper = _even_parts(maybe, brightness / max(bright, 1.0))
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


def _even_parts(maybe: NDArray[np.bool_], brightness: NDArray[np.float32]) -> NDArray[np.bool_]:
    """The parts without an edge in them that are bright, or evenly dark as paper in a shadow is.

    A photograph falls into parts at its edges, too, but those are neither.
    """
    solid = cv2.morphologyEx(maybe.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, found, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    paper = np.zeros(count, np.bool_)
    for part in range(1, count):
        left, top, width, height, area = found[part]
        if area < _LARGE:
            continue
        around = np.s_[top : top + height, left : left + width]
        low, middle, high = np.percentile(brightness[around][labels[around] == part], (15, 50, 85))
        paper[part] = middle > _BRIGHT or high < _EVEN * low
    return np.asarray(paper[labels])


def _filled(strange: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What is no paper, with the holes in it, and as the rectangle that photographs are where it nearly is one."""
    mask = cv2.morphologyEx(strange.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    most = _LARGEST_HOLE * mask.size
    for outline in outlines:
        area = cv2.contourArea(outline)
        if not _LARGE <= area <= most:
            continue
        cv2.drawContours(mask, [outline], -1, 1, cv2.FILLED)
        frame = cv2.minAreaRect(outline)
        if area >= _RECTANGLE * frame[1][0] * frame[1][1]:
            cv2.fillConvexPoly(mask, np.rint(cv2.boxPoints(frame)).astype(np.int32), 1)
    # The hard edge of a shadow is a thin line and no picture: there, too, the light is as bright as the paper shows.
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((_THINNEST, _THINNEST), np.uint8))
    return np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8))) > 0


def _filled_in(levels: Light, known: NDArray[np.bool_]) -> Light:
    """The light where paper is, softened, and in between what its neighbourhood suggests, from near to far."""
    share = cv2.merge([known.astype(np.float32)] * 3)
    pyramid = [(levels * share, share)]
    while min(pyramid[-1][1].shape[:2]) > 4:
        value, weight = pyramid[-1]
        size = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
        pyramid.append(
            (
                cv2.resize(value, size, interpolation=cv2.INTER_AREA),
                cv2.resize(weight, size, interpolation=cv2.INTER_AREA),
            )
        )
    value, weight = pyramid.pop()
    whole = value.sum(axis=(0, 1)) / max(float(weight[..., 0].sum()), 1e-6)
    filled = value + (1 - weight) * whole
    for value, weight in reversed(pyramid):
        coarse = cv2.resize(filled, weight.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        filled = value + (1 - weight) * coarse
    return np.asarray(cv2.GaussianBlur(filled, (0, 0), 0.9), np.float32)


def _even(levels: Light, brightness: NDArray[np.float32]) -> Light:
    """Light that leaves a picture as it is but for its exposure."""
    return np.full_like(levels, float(np.percentile(brightness, 98)))
