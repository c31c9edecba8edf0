"""How sharp the print is, in camera pixels, by direction: a shaken picture is blurred along one only."""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.judge_print import Print
from kiosk.capture.judge_view import Grey, View

_TILES = 7  # looks at full resolution, where the most print is. Chosen: more cost time and change nothing
_TILE = 104  # pixels
_STRONG = 0.5  # of the strongest ink of all tiles: pale print beside bold print says nothing
_LEAST = 0.07  # of the paper: what noise and JPEG leave on empty paper
_STEEPEST = 0.01  # of a tile's pixels: strokes cross, end and turn; the cleanest edges tell the lens
_BETTER = 60  # percentile of the tiles: a crease or a smudged line is not the lens
_ENOUGH = 2  # squares of 5 mm with print: a mark or two
_ROOT = float(
    np.sqrt(2 * np.pi)
)  # the slope in the middle of an edge blurred by sigma is its height / (sigma √2π)

Place = tuple[float, float]


def blur_px(pixels: NDArray[np.uint8], view: View, found: Print) -> float:
    """Sigma of the print's sharpest edges in the worst direction, in camera pixels; 0 when there is no print."""
    if found.amount < _ENOUGH:
        return 0.0
    tiles = [cv2.cvtColor(tile, cv2.COLOR_BGR2GRAY) for tile in _tiles(pixels, view, _busiest(view, found))]
    return _sigma(tiles)


def _busiest(view: View, found: Print) -> list[Place]:
    """The places with most print whose strokes run both ways; places of `view.colour`."""
    rim = max(1, round(4 * view.scale))
    inner = view.grey[rim:-rim, rim:-rim]
    size = tuple(max(1, round(side / (7 * view.scale))) for side in view.grey.shape[::-1])
    across, down = (
        cv2.convertScaleAbs(cv2.Sobel(inner, cv2.CV_16S, dx, dy, ksize=3), alpha=0.25)
        for dx, dy in ((1, 0), (0, 1))
    )
    both = cv2.min(*(cv2.resize(slope, size, interpolation=cv2.INTER_AREA) for slope in (across, down)))
    step = [(side - 2 * rim) / cells for side, cells in zip(view.grey.shape, both.shape, strict=True)]
    order = np.argsort(both, axis=None)[::-1][:_TILES]
    return [
        (view.ring + rim + (column + 0.5) * step[1], view.ring + rim + (row + 0.5) * step[0])
        for row, column in zip(*np.unravel_index(order, both.shape), strict=True)
    ]


def _tiles(pixels: NDArray[np.uint8], view: View, places: list[Place]) -> list[NDArray[np.uint8]]:
    """Squares of the untouched picture around these places."""
    if not places:
        return []
    spots = cv2.perspectiveTransform(np.array([places], np.float32), view.back)[0]
    height, width = pixels.shape[:2]
    side = min(_TILE, height, width)
    tiles = []
    for x, y in spots:
        left = int(np.clip(x - side / 2, 0, width - side))
        top = int(np.clip(y - side / 2, 0, height - side))
        tiles.append(pixels[top : top + side, left : left + side])
    return tiles


def _sigma(tiles: list[Grey]) -> float:
    """Across, down and along both diagonals are judged apart, so that motion in one direction cannot hide.

    Slopes are weighed against the strongest ink of the tile: a thin stroke smeared by motion keeps steep edges but
    loses its blackness.
    """
    ranges = [np.percentile(tile[::2, ::2], (0.5, 99.5)) for tile in tiles]
    heights = [float(light - dark) for dark, light in ranges]
    least = max([_STRONG * max(heights, default=0.0), 6.0])
    sharp = [
        _sharpness(tile, height)
        for tile, height, (_, light) in zip(tiles, heights, ranges, strict=True)
        if height >= max(least, _LEAST * float(light))
    ]
    if not sharp:
        return 0.0
    worst = float(np.percentile(np.stack(sharp), _BETTER, axis=0).min())
    return 1 / (max(worst, 0.01) * _ROOT)


def _sharpness(tile: Grey, height: float) -> NDArray[np.float64]:
    """The steepest slopes across, down and along the two diagonals, in parts of the ink's height a pixel."""
    across = cv2.Sobel(tile, cv2.CV_16S, 1, 0, ksize=3)
    down = cv2.Sobel(tile, cv2.CV_16S, 0, 1, ksize=3)
    rank = max(1, round(_STEEPEST * tile.size / 2))
    steep = np.abs(np.stack([across, down, across + down, across - down])[:, ::2]).reshape(4, -1)
    return np.asarray(np.partition(steep, -rank, axis=1)[:, -rank] / (8 * height))
