"""Find the sheets on the desk: four corners each, or nothing.

A small network looks at the whole picture, made small, and says where paper, its edges and its cores are; each core
becomes an outline. A second network then looks at strips along the four sides and says where exactly each runs.
What is hardly sure enough is looked at once more (`find_doubt`), for telephones and planks have true edges, too. Both
networks were trained on generated scenes (`tools/outline`). Without their models the classical way finds one sheet.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.find_classical import find_classically
from kiosk.capture.find_doubt import is_no_sheet
from kiosk.capture.find_models import Models, models
from kiosk.capture.find_net import HEIGHT, SIDE_SCALE, WIDTH, planes
from kiosk.capture.find_overview import Guess, guesses
from kiosk.capture.find_sides import closer
from kiosk.capture.outline import Quad, Sheet, clockwise, overlap

__all__ = ["ENOUGH", "Pixels", "Sheet", "find_sheet", "find_sheets"]

Pixels = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR, origin top left

_SMALLEST_SIDE = 32  # pixels; no camera delivers less
#: confidence below this is a thing or a pattern of the desk; chosen on generated desks (ADR 0022)
ENOUGH = 0.67
_SURE = 0.86  # confidence from which no second look is needed: of 1,700 empty desks none comes above 0.84 (ADR 0052)
# how surely the sides of things and of sheets are seen; between them confidence rises. On tuned desks (ADR 0022)
_BLURRED, _CLEAR = 0.5, 0.8
_ON = 0.5  # of the smaller one's area: two outlines that share more are two views of one sheet. Chosen


def find_sheet(pixels: Pixels) -> Sheet | None:
    """The most convincing sheet, or None on an empty desk. `pixels` as `devices` delivers them: any size."""
    return next(iter(find_sheets(pixels, most=1)), None)


def find_sheets(
    pixels: Pixels, most: int = 4, *, enough: float = ENOUGH, things: bool = True
) -> tuple[Sheet, ...]:
    """At most `most` sheets, the most convincing first; () on an empty desk. `pixels` may be of any size.

    Sheets of less confidence than `enough` are left out. `things`: whether anything but sheets may lie there, as on a
    desk; on a scanner's glass it may not.
    """
    return find_with(models(), pixels, most, enough, things=things)


def find_with(
    networks: Models | None, pixels: Pixels, most: int = 4, enough: float = ENOUGH, *, things: bool = True
) -> tuple[Sheet, ...]:
    """The same by these networks; without any by brightness and edges, and then one sheet at most."""
    if min(pixels.shape[:2]) < _SMALLEST_SIDE:
        return ()
    if networks is None:
        sheet = find_classically(pixels)
        return () if sheet is None else (sheet,)
    picture = reduced(pixels)
    upright = picture.shape[0] > picture.shape[1]
    lying = cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE) if upright else picture
    small = cv2.resize(lying, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    maps = networks.overview(planes(np.asarray(small, np.uint8)))
    map_size = (maps.shape[2], maps.shape[1])
    sure = []
    for guess in guesses(maps, most)[: most + 1]:  # one may turn out to be what the other lies on
        if guess.strength >= enough:
            around = _moved(guess.quad, map_size, (lying.shape[1], lying.shape[0]))
            exact, seen = closer(networks, lying, around)
            confidence = _confidence(guess, seen)
            if confidence >= enough and not (things and confidence < _SURE and is_no_sheet(lying, exact)):
                sure.append((exact, confidence))
    sheets = []
    for quad, confidence in _apart(sure)[:most]:
        corners = _turned_back(quad, lying.shape[1]) if upright else quad
        exact = _moved(corners, (picture.shape[1], picture.shape[0]), (pixels.shape[1], pixels.shape[0]))
        sheets.append(Sheet(clockwise(exact), round(confidence, 4)))
    return tuple(sheets)


def _apart(sure: list[tuple[Quad, float]]) -> list[tuple[Quad, float]]:
    """Without those that lie for the most part on a surer one or under it: a plank, a photo on a page."""
    kept: list[tuple[Quad, float]] = []
    for quad, confidence in sorted(sure, key=lambda pair: -pair[1]):
        if all(overlap(quad, other) < _ON for other, _ in kept):
            kept.append((quad, confidence))
    return [pair for pair in sure if any(pair[0] is quad for quad, _ in kept)]


def _confidence(guess: Guess, seen: float) -> float:
    """Both networks must be sure: a phone is a rectangle whose sides look wrong, a frame on a cloth has no core."""
    return guess.strength * min(1.0, max(0.0, (seen - _BLURRED) / (_CLEAR - _BLURRED)))


def reduced(pixels: Pixels) -> Pixels:
    """The picture about 640 long. From afar by skipping (13 MP take 39 MB to read), the last half by averaging."""
    longest = max(pixels.shape[:2])
    if longest > 2 * SIDE_SCALE:
        pixels = _resized(pixels, 2 * SIDE_SCALE / longest, cv2.INTER_LINEAR)
        longest = max(pixels.shape[:2])
    if longest == SIDE_SCALE:
        return pixels
    return _resized(
        pixels, SIDE_SCALE / longest, cv2.INTER_AREA if longest > SIDE_SCALE else cv2.INTER_LINEAR
    )


def _resized(pixels: Pixels, factor: float, sampling: int) -> Pixels:
    size = (max(8, round(pixels.shape[1] * factor)), max(8, round(pixels.shape[0] * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=sampling), np.uint8)


def _moved(quad: Quad, size: tuple[int, int], other: tuple[int, int]) -> Quad:
    """Points of a picture of `size` (width, height) in the same picture at another one; pixels' middles at 0, 1, 2."""
    factor = np.array(other, np.float64) / np.array(size, np.float64)
    return np.asarray((quad + 0.5) * factor - 0.5, np.float32)


def _turned_back(quad: Quad, width: int) -> Quad:
    """Points of a picture that was turned clockwise by 90° and is `width` wide now, as they were before."""
    return np.stack([quad[:, 1], width - 1 - quad[:, 0]], axis=1)
