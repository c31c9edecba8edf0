"""The sheet and a rim of the desk around it, seen straight from above and much reduced: what most judges look at."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.outline import Quad

Grey = NDArray[np.uint8]  #: (height, width) uint8

RING_MM = 7.0  # of desk around the sheet: a finger that comes over the edge is seen on both sides of it
COARSE_RING = round(RING_MM)  #: looks of `View.coarse` around the sheet
_LONG_PX = (
    528  # of the sheet's longer side: 1.8 px/mm on A4, where a stroke leaves a trace. Costs 2.4 ms at 13 MP
)
_FINEST = 6.0  # px/mm: a card needs no more
_COARSEST = 0.5  # px/mm: a sheet whose scale is unknown


@dataclass(frozen=True, slots=True)
class View:
    """One look at the sheet, lying as it lies in the picture."""

    colour: NDArray[np.uint8]  #: (height, width, 3) BGR, the sheet with its ring
    grey: Grey  #: the sheet alone
    scale: float  #: px/mm
    ring: int  #: pixels
    back: NDArray[np.float64]  #: 3 × 3: from a place of `colour` to one of the camera's picture
    coarse: NDArray[np.uint8]  #: `colour` again, one look a millimetre: print melts away, a finger stays
    coarse_seen: NDArray[np.bool_]  #: which looks of `coarse` lie inside the camera's picture

    @property
    def sheet(self) -> NDArray[np.uint8]:
        """The sheet alone, (height, width, 3) BGR."""
        return self.colour[self.ring : -self.ring, self.ring : -self.ring]

    @property
    def coarse_sheet(self) -> NDArray[np.uint8]:
        """The sheet alone, (height, width, 3) BGR, one look a millimetre."""
        return self.coarse[COARSE_RING:-COARSE_RING, COARSE_RING:-COARSE_RING]


def view_of(pixels: NDArray[np.uint8], corners: Quad, px_per_mm: float) -> View:
    """Look at the sheet with these corners. `px_per_mm` is that of `pixels`."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    wide_mm, high_mm = (
        max(1.0, float(sides[at] + sides[at + 2]) / 2 / max(px_per_mm, 1e-3)) for at in (0, 1)
    )
    scale = max(_COARSEST, min(_LONG_PX / max(wide_mm, high_mm), _FINEST, px_per_mm))
    ring = max(2, round(RING_MM * scale))
    wide, high = (max(16, min(2 * _LONG_PX, round(side * scale))) for side in (wide_mm, high_mm))
    place = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32) + np.float32(ring - 0.5)
    move = cv2.getPerspectiveTransform(np.ascontiguousarray(corners, np.float32), place)
    size = (wide + 2 * ring, high + 2 * ring)
    colour = _looked(pixels, corners, move, size, int(px_per_mm / scale))
    grey = cv2.cvtColor(colour[ring:-ring, ring:-ring], cv2.COLOR_BGR2GRAY)
    looks = (max(9, round(wide / scale)) + 2 * COARSE_RING, max(9, round(high / scale)) + 2 * COARSE_RING)
    coarse = cv2.resize(colour, looks, interpolation=cv2.INTER_LINEAR)
    seen = cv2.resize(_seen(move, size, pixels), looks, interpolation=cv2.INTER_NEAREST).astype(np.bool_)
    back = np.linalg.inv(move) if abs(np.linalg.det(move)) > 1e-12 else np.eye(3)
    return View(colour, np.asarray(grey), scale, ring, back, np.asarray(coarse), seen)


def _looked(
    pixels: NDArray[np.uint8],
    corners: Quad,
    move: NDArray[np.float64],
    size: tuple[int, int],
    fold: int,
) -> NDArray[np.uint8]:
    """`pixels` moved into place. First reduced `fold` times: walking through 39 MB askew costs twice as much."""
    rim = 0.2 * float(np.ptp(corners, axis=0).max())
    left, top = np.clip(corners.min(axis=0) - rim, 0, np.array(pixels.shape[1::-1]) - 2).astype(int)
    right, bottom = np.ceil(
        np.clip(corners.max(axis=0) + rim, (left + 2, top + 2), pixels.shape[1::-1])
    ).astype(int)
    part = pixels[top:bottom, left:right]
    if fold >= 2:
        part = cv2.resize(
            part,
            (max(2, part.shape[1] // fold), max(2, part.shape[0] // fold)),
            interpolation=cv2.INTER_LINEAR,
        )
    across, down = (right - left) / part.shape[1], (bottom - top) / part.shape[0]
    full = np.array([[across, 0, left + (across - 1) / 2], [0, down, top + (down - 1) / 2], [0, 0, 1]])
    flags, border = cv2.INTER_LINEAR, cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpPerspective(part, move @ full, size, flags=flags, borderMode=border))


def _seen(move: NDArray[np.float64], size: tuple[int, int], pixels: NDArray[np.uint8]) -> Grey:
    """Which places lie inside the picture."""
    right, bottom = pixels.shape[1] - 2, pixels.shape[0] - 2
    frame = np.array([[[1, 1], [right, 1], [right, bottom], [1, bottom]]], np.float32)
    inside = np.zeros(size[::-1], np.uint8)
    outline = np.clip(cv2.perspectiveTransform(frame, move), -30000, 30000)
    cv2.fillConvexPoly(inside, np.rint(outline[0]).astype(np.int32), 1)
    return inside
