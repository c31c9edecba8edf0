"""Where something is printed or written on a sheet, and whether there is anything at all."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.judge_view import Grey, View

_STROKE_MM = 2.4  # window in which a stroke and its paper are both seen
_LEAST = 0.13  # contrast of a stroke. Chosen: print through the sheet, folds and grain stay below 0.1, pencil above 0.2
_NOISE = 2.4  # times the quietest tenth: above it noise never counts as print
_MOST = 0.34  # a page full of print has no quiet tenth
_CELL_MM = 5.0  # one or two characters
_FULL = 0.16  # of a cell: what one character of 4 mm darkens; a crumb darkens less
_RIM_MM = 4.0  # at the edge: the desk, shadows, holes for filing


@dataclass(frozen=True, slots=True)
class Print:
    """The print of a sheet."""

    cells: NDArray[np.bool_]  #: squares of 5 mm: whether something stands there

    @property
    def amount(self) -> int:
        """How many squares of 5 mm hold print."""
        return int(np.count_nonzero(self.cells))


def print_of(view: View) -> Print:
    """Look for strokes, dark on light or light on dark."""
    side = max(3, round(_STROKE_MM * view.scale) | 1)
    window = np.ones((side, side), np.uint8)
    calm = cv2.blur(view.grey, (2, 2)) if view.scale > 3 else view.grey
    light, dark = cv2.dilate(calm, window), cv2.erode(calm, window)
    contrast = cv2.divide(cv2.subtract(light, dark), cv2.max(light, 24), scale=255.0)  # cheaper than floats
    quiet = float(np.percentile(contrast[::3, ::3], 10)) / 255
    least = min(max(_LEAST, _NOISE * quiet), _MOST)
    printed = cv2.threshold(contrast, least * 255, 255, cv2.THRESH_BINARY)[1]
    rim = max(1, round(_RIM_MM * view.scale))
    inner = np.zeros_like(printed)
    inner[rim:-rim, rim:-rim] = printed[rim:-rim, rim:-rim]
    return Print(_cells(inner, view.scale))


def _cells(printed: Grey, scale: float) -> NDArray[np.bool_]:
    size = tuple(max(1, round(side / (_CELL_MM * scale))) for side in printed.shape[::-1])
    shares = cv2.resize(printed, size, interpolation=cv2.INTER_AREA)
    return np.asarray(shares > _FULL * 255)
