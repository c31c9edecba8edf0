"""Turn the slanted sheet of a photograph into a page of its true size."""

import enum

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.outline import Quad

Pixels = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR, origin top left

DPI = 300  # what archives prefer for A4; the pipeline's one resolution
_MM_PER_INCH = 25.4


class SheetSize(enum.StrEnum):
    """The sizes of sheet that a material slot may ask for; the values are those of `Material.size`."""

    A4 = "A4"
    CARD = "card"

    @property
    def mm(self) -> tuple[float, float]:
        """Shorter and longer side in millimetres (ISO 216; ISO/IEC 7810 ID-1)."""
        return (210.0, 297.0) if self is SheetSize.A4 else (54.0, 85.6)

    @property
    def pixels(self) -> tuple[int, int]:
        """Shorter and longer side at 300 dpi."""
        shorter, longer = (round(side / _MM_PER_INCH * DPI) for side in self.mm)
        return shorter, longer


def is_landscape(corners: Quad) -> bool:
    """Whether the sheet is wider than high as it lies in the picture."""
    across, down = _sides(corners)
    return across > down


def px_per_mm(corners: Quad, size: SheetSize) -> float:
    """How finely the camera saw the sheet."""
    across, down = _sides(corners)
    return (across + down) / sum(size.mm)


def flatten(pixels: Pixels, corners: Quad, size: SheetSize) -> Pixels:
    """The sheet seen straight from above at 300 dpi, upright or lying as it lay.

    A4 gives 2480 × 3508 pixels or 3508 × 2480, a card 638 × 1011 or 1011 × 638.
    """
    shorter, longer = size.pixels
    width, height = (longer, shorter) if is_landscape(corners) else (shorter, longer)
    # Pixel centres have whole coordinates, so the page's outline lies half a pixel outside the first and last.
    page = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - np.float32(0.5)
    move = cv2.getPerspectiveTransform(np.ascontiguousarray(corners, np.float32), page)
    flat = cv2.warpPerspective(
        pixels, move, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat)


def _sides(corners: Quad) -> tuple[float, float]:
    """Mean length of the two sides across and of the two sides down, pixels."""
    top, right, bottom, left = (
        float(np.linalg.norm(corners[(place + 1) % 4] - corners[place])) for place in range(4)
    )
    return (top + bottom) / 2, (left + right) / 2
