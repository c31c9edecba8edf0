"""Turn the slanted sheet of a photograph into a page of its true size."""

import enum
import math

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.outline import Quad

Pixels = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR, origin top left
Size = tuple[float, float]  #: width and height

DPI = 300  # what archives prefer for A4; the pipeline's one resolution
_MM_PER_INCH = 25.4
_HALVED_FROM = (
    1.8  # source pixels for one of the page: from here on linear sampling would skip every other one
)


class SheetSize(enum.StrEnum):
    """The sizes of sheet that a material slot may ask for; the values are those of `Material.size`."""

    A4 = "A4"
    A5 = "A5"
    B5 = "B5"
    CARD = "card"
    PHOTO_1_INCH = "photo-1-inch"  # 一寸
    PHOTO_2_INCH = "photo-2-inch"  # 二寸
    FREE = "free"  # whatever it measures

    @property
    def mm(self) -> Size:
        """Shorter and longer side in millimetres; those of A4 for FREE, whose own are not known yet."""
        return _MM[self]

    @property
    def pixels(self) -> tuple[int, int]:
        """Shorter and longer side at 300 dpi."""
        return pixels_of(self.mm)


#: ISO 216; ISO/IEC 7810 ID-1; 一寸 and 二寸 as photographers cut them (25 × 35 and 35 × 49 mm)
_MM = {
    SheetSize.A4: (210.0, 297.0),
    SheetSize.A5: (148.0, 210.0),
    SheetSize.B5: (176.0, 250.0),
    SheetSize.CARD: (54.0, 85.6),
    SheetSize.PHOTO_1_INCH: (25.0, 35.0),
    SheetSize.PHOTO_2_INCH: (35.0, 49.0),
    SheetSize.FREE: (210.0, 297.0),
}


def pixels_of(mm: Size) -> tuple[int, int]:
    """Width and height at 300 dpi of what measures so many millimetres."""
    width, height = (max(1, round(side / _MM_PER_INCH * DPI)) for side in mm)
    return width, height


def is_landscape(corners: Quad) -> bool:
    """Whether the sheet is wider than high as it lies in the picture."""
    across, down = sides_of(corners)
    return across > down


def px_per_mm(corners: Quad, size: SheetSize) -> float:
    """How finely the camera saw the sheet, if it has this size."""
    across, down = sides_of(corners)
    return (across + down) / sum(size.mm)


def flatten(
    pixels: Pixels,
    corners: Quad,
    size: SheetSize,
    *,
    mm: Size | None = None,
    level_deg: float = 0.0,
    fold: int = 1,
    out: Pixels | None = None,
) -> Pixels:
    """The sheet seen straight from above at 300 dpi, upright or lying as it lay; `pixels` may be grey (2-D), too.

    A4 gives 2480 × 3508 pixels or 3508 × 2480, a card 638 × 1011 or 1011 × 638; with `mm` (width and height as it
    lies) exactly that. `level_deg` turns what is printed on it by so much counter-clockwise. `fold` reduces the page so
    many times, a last odd row or column counting as whole. `out` is written into when its shape fits.
    """
    if mm is None:
        shorter, longer = size.mm
        mm = (longer, shorter) if is_landscape(corners) else (shorter, longer)
    page = pixels_of(mm)
    if sum(sides_of(corners)) * fold > _HALVED_FROM * sum(page):
        pixels = np.asarray(cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
        corners = np.asarray((corners + 0.5) / 2 - 0.5, np.float32)
    flat = cv2.warpPerspective(
        pixels,
        _move(corners, page, level_deg, fold),
        (-(-page[0] // fold), -(-page[1] // fold)),
        dst=out,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(flat)


def sides_of(corners: Quad) -> Size:
    """Mean length of the two sides across and of the two sides down, pixels."""
    top, right, bottom, left = (
        float(np.linalg.norm(corners[(place + 1) % 4] - corners[place])) for place in range(4)
    )
    return (top + bottom) / 2, (left + right) / 2


def _move(corners: Quad, page: tuple[int, int], level_deg: float, fold: int) -> NDArray[np.float64]:
    # Pixel centres have whole coordinates, so the page's outline lies half a pixel outside the first and last.
    width, height = (side / fold for side in page)
    outline = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - np.float32(0.5)
    move = cv2.getPerspectiveTransform(np.ascontiguousarray(corners, np.float32), outline)
    if level_deg == 0.0:
        return np.asarray(move)
    turn = np.vstack(
        [cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), level_deg, 1.0), [0, 0, 1]]
    )
    return np.asarray(turn @ move)


def true_aspect(corners: Quad, picture: tuple[int, int]) -> float:
    """Width / height of the sheet itself, from one view, whatever the tilt.

    A rectangle's two directions are at right angles, so that its picture tells the focal length (square pixels, the
    lens's axis through the middle of `picture`, width and height in pixels); with it, the lengths of both sides
    follow. Seen from straight above, the focal length neither shows nor matters, and a usual one is assumed.
    """
    width, height = picture
    centred = np.asarray(corners, np.float64) - np.array([(width - 1) / 2, (height - 1) / 2])
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    seen = cv2.getPerspectiveTransform(unit, centred.astype(np.float32))
    across, down = seen[:, 0], seen[:, 1]
    squared = _focal_squared(across, down, float(max(picture)))
    lengths = [(side[0] ** 2 + side[1] ** 2) / squared + side[2] ** 2 for side in (across, down)]
    return math.sqrt(lengths[0] / max(lengths[1], 1e-12))


_USUAL_FOCAL = 1.25  # of the picture's longer side: a phone's 26 mm has 0.75, a document camera 1.1 to 1.5
_FOCALS = (0.6, 3.0)  # what lenses have
_SLANTED = 0.04  # of the distance, from one edge to the other: less does not tell the focal length


def _focal_squared(across: NDArray[np.float64], down: NDArray[np.float64], side: float) -> float:
    usual = (_USUAL_FOCAL * side) ** 2
    if min(abs(across[2]), abs(down[2])) < _SLANTED:
        return usual
    squared = -(across[0] * down[0] + across[1] * down[1]) / (across[2] * down[2])
    low, high = ((factor * side) ** 2 for factor in _FOCALS)
    return float(np.clip(squared, low, high)) if squared > 0 else usual
