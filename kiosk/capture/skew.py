"""How crooked the print of a scanned page is: its lines are level when the rows through them differ the most."""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.find import Pixels

_WORK_SIDE = 1000  # pixels of the longer side: a line of print is then four rows high
_MOST_DEG = 5.0  # a feeder cannot pull a sheet in more crooked without jamming
_COARSE_DEG, _FINE_DEG = 0.25, 0.02
_LEAST_INK = 400  # pixels of the reduced picture: two words
_LINES = 2.0  # times the usual contrast: print has 3 to 80, noise, photographs and scattered dots below 1.3
_CLEAR = 1.05  # times the contrast as it lies: less is not worth resampling the page for
_DARKER = 12  # grey levels below its surroundings


def skew_deg(pixels: Pixels) -> float:
    """By how many degrees the print is turned clockwise, -5…5; 0.0 when it is level or shows no lines."""
    shrink = min(1.0, _WORK_SIDE / max(pixels.shape[:2]))
    grey = cv2.cvtColor(
        cv2.resize(pixels, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY
    )
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, blockSize=31, C=_DARKER
    )
    rows, columns = np.nonzero(ink)
    if len(rows) < _LEAST_INK:
        return 0.0
    places = np.column_stack([columns, rows]).astype(np.float32)
    angles = np.arange(-_MOST_DEG, _MOST_DEG + _COARSE_DEG / 2, _COARSE_DEG)
    contrasts = [_contrast(places, float(angle)) for angle in angles]
    coarse = float(angles[int(np.argmax(contrasts))])
    if max(contrasts) < _LINES * float(np.median(contrasts)) or abs(coarse) > _MOST_DEG - _COARSE_DEG / 2:
        return 0.0  # no lines, or lines that lie farther off than a feeder can turn them
    fine = _best(places, coarse + np.arange(-_COARSE_DEG, _COARSE_DEG + _FINE_DEG / 2, _FINE_DEG))
    return fine if _contrast(places, fine) > _CLEAR * _contrast(places, 0.0) else 0.0


def _best(places: NDArray[np.float32], angles: NDArray[np.float64]) -> float:
    return float(max(angles, key=lambda angle: _contrast(places, float(angle))))


def _contrast(places: NDArray[np.float32], angle_deg: float) -> float:
    """How much neighbouring rows differ in ink once the page is turned back by `angle_deg`."""
    turn = np.deg2rad(angle_deg)
    across = places[:, 1] * np.cos(turn) - places[:, 0] * np.sin(turn)
    counts = np.bincount(np.round(across - across.min()).astype(np.int64)).astype(np.float64)
    return float(np.square(np.diff(counts)).sum())
