"""A page as JPEG keeps it: its brightness at full size, its colours at half.

Nothing is lost by that, since pages are kept as JPEG with colours at half size (4:2:0) and cameras deliver them so.
Half of the bytes that are moved, cleaned and turned are saved.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.buffers import BUFFERS
from kiosk.capture.calibration import TrueSize
from kiosk.capture.flatten import Pixels, flatten, pixels_of
from kiosk.capture.outline import Quad

Grey = NDArray[np.uint8]  #: (height, width) uint8

FOLD = 2  #: `Planes.half` is so many times smaller than the page
_BESIDE = 64  # pixels around the sheet: a turn by one degree reaches so far out of a side of 4,000
_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True)
class Planes:
    """One page."""

    luma: Grey  #: brightness by JFIF's weights (0.299 red, 0.587 green, 0.114 blue); ink or paper in black and white
    #: (⌈height / 2⌉, ⌈width / 2⌉, 3) BGR, the same page at half size; (…, …) where the page is kept without colours
    half: NDArray[np.uint8]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the page in pixels."""
        return self.luma.shape[1], self.luma.shape[0]

    @property
    def coloured(self) -> bool:
        """Whether the page has colours at all."""
        return self.half.ndim == 3

    def chroma(self) -> tuple[Grey, Grey]:
        """Cb and Cr as JFIF has them, at half size; of a page with colours."""
        shape = self.half.shape
        planes = cv2.cvtColor(self.half, cv2.COLOR_BGR2YCrCb, dst=BUFFERS.array(*shape))
        blue, red = (cv2.extractChannel(planes, place, dst=BUFFERS.array(*shape[:2])) for place in (2, 1))
        return np.asarray(blue), np.asarray(red)

    def turned(self, degrees: int) -> "Planes":
        """Turned clockwise by 0, 90, 180 or 270 degrees."""
        if degrees == 0:
            return self
        return Planes(*(_turned(plane, degrees) for plane in (self.luma, self.half)))


def half_of(pixels: Pixels, corners: Quad, true: TrueSize, level_deg: float = 0.0) -> Pixels:
    """`Planes.half` of the sheet, as it lies in the picture."""
    width, height = (-(-side // FOLD) for side in pixels_of(true.mm))
    room = BUFFERS.array(height, width, 3)
    return flatten(pixels, corners, true.size, mm=true.mm, level_deg=level_deg, fold=FOLD, out=room)


def luma_of(pixels: Pixels, corners: Quad, true: TrueSize, level_deg: float = 0.0) -> Grey:
    """`Planes.luma` of the sheet, as it lies in the picture."""
    left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int) - _BESIDE, 0)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + _BESIDE
    part = pixels[top:bottom, left:right]
    if part.size == 0:
        part, left, top = pixels, 0, 0
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY, dst=BUFFERS.array(*part.shape[:2]))
    width, height = pixels_of(true.mm)
    at = np.asarray(corners - np.array([left, top]), np.float32)
    room = BUFFERS.array(height, width)
    return flatten(np.asarray(grey), at, true.size, mm=true.mm, level_deg=level_deg, out=room)


def _turned(plane: NDArray[np.uint8], degrees: int) -> NDArray[np.uint8]:
    height, width, *colours = plane.shape
    shape = (height, width) if degrees == 180 else (width, height)
    return np.asarray(cv2.rotate(plane, _TURNS[degrees], dst=BUFFERS.array(*shape, *colours)))
