"""Make a flattened page look as its paper does in good light: even, white, its stamps red, its photographs natural.

One gain for each place and colour, measured on a much reduced page, lights the page at half size; its brightness at
full size then follows, by as much as each place became lighter. All in whole numbers. Nothing is sharpened and no
stroke is drawn that was not there; the untouched original is kept until the citizen has confirmed.
"""

import enum

import cv2
import numpy as np

from kiosk.capture.buffers import BUFFERS
from kiosk.capture.flatten import Pixels
from kiosk.capture.paper import SEEN_AT, Light, Paper, seen_paper
from kiosk.capture.planes import Grey, Planes

_WHITE = 253.0  # what paper becomes. Chosen: its grain then ends at 255 and its darkest specks stay above 245
_SHOWN = 245.0  # what the brightest tenth of a picture without white paper becomes
_MOST_GAIN = 4.5  # a deeper shadow has no print left in it, only noise
_DULLEST = 0.9  # paper that is brighter than white, from a lamp's reflection, is darkened no further
_SMALLEST_SIDE = 64  # pixels: less is no page, and is left alone
_CARD_SIDE = 1300  # pixels of the longer side: cards and photographs have no white paper to go by
_BRIGHTER = 1.25  # times: as far as a picture without white paper is lit up
_NEIGHBOURHOOD = 41  # pixels at 150 dpi: 7 mm, wider than the strokes of a heading
_STRICT = (
    0.15  # Sauvola and Pietikäinen 2000 use 0.5 on grey paper; here it is white already and faint seals count
)
_BLACK = 90  # grey level that is ink whatever is around it: large black fields stay whole


class Mode(enum.StrEnum):
    """How a page is kept."""

    COLOUR = "colour"
    GREY = "grey"
    BW = "bw"


def clean(page: Planes, mode: Mode = Mode.COLOUR) -> Planes:
    """The page in good light; its `half` is grey, too, for GREY and BW.

    May write into the planes it is given, which are then no longer to be used.
    """
    if min(page.size) < _SMALLEST_SIDE:
        return page if mode is Mode.COLOUR else Planes(page.luma, _grey(page.half))
    small = page.half
    while max(small.shape[:2]) >= SEEN_AT:
        small = halved(small)
    gain = _exposure(small) if max(page.size) <= _CARD_SIDE else _evened(seen_paper(small))
    had = _weighed(page.half, cv2.COLOR_BGR2GRAY)
    half = _lit(page.half, gain)
    if mode is Mode.COLOUR:
        return Planes(_followed(page.luma, had, _weighed(half, cv2.COLOR_BGR2GRAY), gain), half)
    grey = _grey(half)
    luma = _followed(page.luma, had, grey, gain)
    if mode is Mode.GREY:
        return Planes(luma, grey)
    drawn = _black_and_white(luma, grey)
    return Planes(drawn, halved(drawn))


def halved(pixels: Pixels) -> Pixels:
    """Half as wide and high, without an odd last row or column: then OpenCV needs a tenth of the time."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    even = pixels[: 2 * height, : 2 * width]
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA))


def _evened(paper: Paper) -> Light:
    """Factors that make white paper white everywhere, or leave coloured paper its colour and only even its light."""
    if paper.white:
        factors = np.maximum(_WHITE / np.maximum(paper.light, 1), _DULLEST)
        strongest = np.maximum(np.maximum(factors[..., 0], factors[..., 1]), factors[..., 2])
        held = np.minimum(1, _MOST_GAIN / strongest)
        return np.asarray(factors * cv2.merge([held] * 3), np.float32)  # alike, so no tint remains
    grey = cv2.cvtColor(paper.light, cv2.COLOR_BGR2GRAY)
    bright = float(np.percentile(grey, 90))
    wanted = max(bright, min(_SHOWN, bright * _BRIGHTER))
    factors = np.clip(wanted / np.maximum(grey, 1), _DULLEST, _MOST_GAIN)
    return np.asarray(cv2.merge([factors] * 3), np.float32)


def _exposure(small: Pixels) -> Light:
    """One factor for all of a card or photograph."""
    bright = float(np.percentile(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), 98))
    factor = float(np.clip(_SHOWN / max(bright, 1.0), 1.0, _BRIGHTER))
    return np.full(small.shape, factor, np.float32)


def _lit(half: Pixels, gain: Light) -> Pixels:
    """Every pixel times its gain, which is brought to 8 bits with steps as fine as the largest of them allows."""
    steps = 255 / float(gain.max())
    coarse = np.rint(gain * steps).astype(np.uint8)
    fine = cv2.resize(
        coarse, half.shape[1::-1], dst=BUFFERS.array(*half.shape), interpolation=cv2.INTER_LINEAR
    )
    return np.asarray(cv2.multiply(half, fine, dst=fine, scale=1 / steps))


def _followed(luma: Grey, had: Grey, wanted: Grey, gain: Light) -> Grey:
    """The page's brightness, changed everywhere as that of its half was; never lighter than the light makes it.

    Written over `luma`; `had` is spoilt.
    """
    steps = 255 / float(gain.max())
    change = cv2.divide(wanted, had, dst=had, scale=steps)
    fine = cv2.resize(
        change, luma.shape[::-1], dst=BUFFERS.array(*luma.shape), interpolation=cv2.INTER_LINEAR
    )
    return np.asarray(cv2.multiply(luma, fine, dst=luma, scale=1 / steps))


def _grey(half: Pixels) -> Grey:
    """Grey in which red ink is dark: OpenCV's weights with those of red and blue (0.30, 0.11) exchanged."""
    return _weighed(half, cv2.COLOR_RGB2GRAY)


def _weighed(half: Pixels, weights: int) -> Grey:
    return np.asarray(cv2.cvtColor(half, weights, dst=BUFFERS.array(*half.shape[:2])))


def _black_and_white(even: Grey, half: Grey) -> Grey:
    """0 and 255: ink is what is darker than its neighbourhood, by more where that is lively (Sauvola)."""
    side = (_NEIGHBOURHOOD, _NEIGHBOURHOOD)
    mean = cv2.boxFilter(half, cv2.CV_32F, side, borderType=cv2.BORDER_REPLICATE)
    square = cv2.sqrBoxFilter(half, cv2.CV_32F, side, borderType=cv2.BORDER_REPLICATE)
    lively = cv2.sqrt(cv2.max(square - mean * mean, 0.0))
    level = mean * (1 - _STRICT + lively * (_STRICT / 128))
    limit = cv2.max(np.rint(level).astype(np.uint8), float(_BLACK))
    drawn = cv2.resize(limit, even.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.compare(even, drawn, cv2.CMP_GT))
