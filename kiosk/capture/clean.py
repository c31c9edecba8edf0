"""Make a flattened page look as its paper does in good light: even, white, its stamps red, its photographs natural.

One gain for each place and colour, measured on the reduced page and applied in one pass of whole numbers. Nothing is
sharpened and no stroke is drawn that was not there; the untouched original is kept until the citizen has confirmed.
"""

import enum

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.buffers import BUFFERS
from kiosk.capture.flatten import Pixels
from kiosk.capture.paper import SEEN_AT, Light, Paper, seen_paper

_GREY_OF_GAINS = np.array([[0.299, 0.587, 0.114]], np.float32)  # blue, green, red: as `_grey` weighs them
Grey = NDArray[np.uint8]  #: (height, width) uint8

_WHITE = 253.0  # what paper becomes. Chosen: its grain then ends at 255 and its darkest specks stay above 245
_SHOWN = 245.0  # what the brightest tenth of a picture without white paper becomes
_MOST_GAIN = 4.5  # a deeper shadow has no print left in it, only noise
_DULLEST = 0.9  # paper that is brighter than white, from a lamp's reflection, is darkened no further
_SMALLEST_SIDE = 64  # pixels: less is no page, and is left alone
_CARD_SIDE = 1300  # pixels of the longer side: cards and photographs have no white paper to go by
_ROWS = 4  # of a page at 300 dpi
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


def clean(
    flat: Pixels, mode: Mode = Mode.COLOUR, *, half: Pixels | None = None, out: Pixels | None = None
) -> Pixels:
    """The flattened page in good light: (height, width, 3) for COLOUR, (height, width) for GREY and BW.

    `half`: the page reduced by `halved`, where the caller has it already. `out`: where to write COLOUR, which may be
    `flat` itself.
    """
    height, width = flat.shape[:2]
    if min(height, width) < _SMALLEST_SIDE:
        return flat if mode is Mode.COLOUR else _grey(flat)
    small = halved(flat) if half is None else half
    while max(small.shape[:2]) >= SEEN_AT:
        small = halved(small)
    gain = _exposure(small) if max(height, width) <= _CARD_SIDE else _evened(seen_paper(small))
    if mode is Mode.COLOUR:
        return _lit(flat, gain, BUFFERS.array(*flat.shape) if out is None else out)
    even = _lit(_grey(flat), cv2.transform(gain, _GREY_OF_GAINS), BUFFERS.array(height, width))
    return even if mode is Mode.GREY else _black_and_white(even)


def halved(pixels: Pixels) -> Pixels:
    """Half as wide and high, without an odd last row or column: then OpenCV needs a tenth of the time."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    even = pixels[: 2 * height, : 2 * width]
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA))


def _evened(paper: Paper) -> Light:
    """Factors that make white paper white everywhere, or leave coloured paper its colour and only even its light."""
    if paper.white:
        factors = np.maximum(_WHITE / np.maximum(paper.light, 1), _DULLEST)
        strongest = factors.max(axis=2, keepdims=True)
        return np.asarray(
            factors * np.minimum(1, _MOST_GAIN / strongest), np.float32
        )  # alike, so no tint remains
    grey = paper.light @ np.array([0.114, 0.587, 0.299], np.float32)
    bright = float(np.percentile(grey, 90))
    wanted = max(bright, min(_SHOWN, bright * _BRIGHTER))
    factors = np.clip(wanted / np.maximum(grey, 1), _DULLEST, _MOST_GAIN)
    return np.repeat(factors[:, :, None], 3, axis=2).astype(np.float32)


def _exposure(small: Pixels) -> Light:
    """One factor for all of a card or photograph."""
    bright = float(np.percentile(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), 98))
    factor = float(np.clip(_SHOWN / max(bright, 1.0), 1.0, _BRIGHTER))
    return np.full(small.shape, factor, np.float32)


def _lit(page: NDArray[np.uint8], gain: Light, out: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Every pixel times its gain, in whole numbers.

    The gains are brought to 8 bits with steps as fine as the largest of them allows, and drawn out between; four rows
    of the page, a third of a millimetre, share one row of them, so that they stay in the processor's cache.
    """
    height, width = page.shape[:2]
    steps = 255 / float(gain.max())
    coarse = np.rint(gain * steps).astype(np.uint8)
    fine = cv2.resize(coarse, (width, -(-height // _ROWS)), interpolation=cv2.INTER_LINEAR)
    for first in range(_ROWS):
        rows = page[first::_ROWS]
        cv2.multiply(rows, fine[: len(rows)], dst=out[first::_ROWS], scale=1 / steps)
    return out


def _grey(flat: Pixels) -> Grey:
    """Grey in which red ink is dark: OpenCV's weights with those of red and blue (0.30, 0.11) exchanged."""
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY, dst=BUFFERS.array(*flat.shape[:2])))


def _black_and_white(even: Grey) -> Grey:
    """0 and 255: ink is what is darker than its neighbourhood, by more where that is lively (Sauvola)."""
    half = halved(even)
    side = (_NEIGHBOURHOOD, _NEIGHBOURHOOD)
    mean = cv2.boxFilter(half, cv2.CV_32F, side, borderType=cv2.BORDER_REPLICATE)
    square = cv2.sqrBoxFilter(half, cv2.CV_32F, side, borderType=cv2.BORDER_REPLICATE)
    lively = cv2.sqrt(cv2.max(square - mean * mean, 0.0))
    level = mean * (1 - _STRICT + lively * (_STRICT / 128))
    limit = cv2.max(np.rint(level).astype(np.uint8), float(_BLACK))
    drawn = cv2.resize(limit, even.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.compare(even, drawn, cv2.CMP_GT))
