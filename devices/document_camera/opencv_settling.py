"""When a camera has come to rest: exposure and focus, judged from its frames. Pure: no thread, no clock."""

import cv2
import numpy as np

from devices.document_camera.opencv_picture import Pixels

_BLIND = 16.0  # mean grey level below which a frame counts as not exposed yet
_STEADY = 4.0  # grey levels between two frames; more means that the exposure still moves
_STEADY_FRAMES = 2  # comparisons in a row
_ALIKE = 0.08  # of the sharpness, between two frames; sensor noise moves it by about 3 %
_CENTRE = 1024  # pixels of each side: enough print to judge, little enough to be quick


class Exposure:
    """Fed with frames until it rests."""

    def __init__(self) -> None:
        self._level: float | None = None
        self._steady = 0

    def rests(self, pixels: Pixels) -> bool:
        """Whether the brightness has stopped to move, this frame included."""
        before, self._level = self._level, brightness(pixels)
        still = before is not None and self._level >= _BLIND and abs(self._level - before) <= _STEADY
        self._steady = self._steady + 1 if still else 0
        return self._steady >= _STEADY_FRAMES


class Focus:
    """Fed with frames until it rests."""

    def __init__(self) -> None:
        self._sharp: float | None = None
        self._steady = 0

    def rests(self, pixels: Pixels) -> bool:
        """Whether the sharpness has stopped to move, this frame included."""
        before, self._sharp = self._sharp, sharpness(pixels)
        still = before is not None and abs(self._sharp - before) <= _ALIKE * max(before, self._sharp)
        self._steady = self._steady + 1 if still else 0
        return self._steady >= _STEADY_FRAMES


def brightness(pixels: Pixels) -> float:
    """Mean grey level 0…255, from every 16th pixel."""
    return float(np.mean(pixels[::16, ::16]))


def sharpness(pixels: Pixels) -> float:
    """Variance of the Laplacian in the middle of the picture: more is sharper, for one and the same subject."""
    height, width = pixels.shape[:2]
    top, left = max(0, (height - _CENTRE) // 2), max(0, (width - _CENTRE) // 2)
    centre = cv2.cvtColor(pixels[top : top + _CENTRE, left : left + _CENTRE], cv2.COLOR_BGR2GRAY)
    return float(cv2.Laplacian(centre, cv2.CV_32F).var())
