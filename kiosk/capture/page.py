"""One photographed sheet becomes one page: found, flattened, judged, encoded. All in memory."""

import hashlib
from dataclasses import dataclass, field

import cv2
import numpy as np

from kiosk.capture.find import Sheet, find_sheet
from kiosk.capture.flatten import DPI, Pixels, SheetSize, flatten
from kiosk.capture.judge import Measures, Verdict, judged, measure
from kiosk.capture.origin import Origin
from kiosk.capture.outline import Quad

_QUALITY = 85  # JPEG; about 0.5 MB for a page of print at 300 dpi
_VIEW_SIDE = 1400  # pixels of the longer side; the screen shows a page about 1000 px wide
_THUMBNAIL_SIDE = 480  # pixels of the longer side; the largest thumbnail of a screen is 280 px wide
_SMALLEST_SIDE = 64  # pixels; no camera delivers less

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is kept, with what is known of its making."""

    jpeg: bytes = field(repr=False)
    view_jpeg: bytes = field(repr=False)  #: at most 1400 pixels long, to be looked at on the whole screen
    thumbnail_jpeg: bytes = field(repr=False)  #: at most 480 pixels long
    width: int  #: pixels
    height: int  #: pixels
    dpi: int
    size: SheetSize
    sha256: str  #: of `jpeg`
    source_sha256: str  #: of the camera's untouched pixels
    corners: Corners | None  #: in the untouched picture, clockwise from its top left; None: taken whole
    confidence: float  #: 0…1, of the corners
    verdicts: tuple[Verdict, ...]  #: what is wrong with it; the citizen may insist all the same
    measures: Measures
    origin: Origin | None = None  #: entered by whoever asked for the picture

    @property
    def accepted(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.verdicts

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height on paper."""
        return self.width / self.dpi * 25.4, self.height / self.dpi * 25.4


@dataclass(frozen=True, slots=True)
class Refusal:
    """No page came of it."""

    verdicts: tuple[Verdict, ...]


def take_page(pixels: Pixels, size: SheetSize, *, insist: bool = False) -> Page | Refusal:
    """Make a page of the sheet in `pixels`.

    A page with faults is still a page and carries its verdicts. Only when no sheet is found is there a `Refusal`;
    with `insist` the whole picture is then taken, marked `no_sheet`, so that nobody is ever stuck.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or min(pixels.shape[:2]) < _SMALLEST_SIDE:
        return Refusal((Verdict.NO_SHEET,))
    sheet = find_sheet(pixels)
    if sheet is None and not insist:
        return Refusal((Verdict.NO_SHEET,))
    quad = whole(pixels) if sheet is None else sheet.corners
    measures = measure(pixels, quad, size)
    verdicts = judged(measures)
    if sheet is None:
        faults = (fault for fault in verdicts if fault is not Verdict.CUT_OFF)
        verdicts = (Verdict.NO_SHEET, *faults)
    return made_page(pixels, quad, sheet, size, measures, verdicts)


def made_page(
    pixels: Pixels,
    quad: Quad,
    sheet: Sheet | None,
    size: SheetSize,
    measures: Measures,
    verdicts: tuple[Verdict, ...],
) -> Page:
    """The page inside `quad`, encoded. `sheet` is None when no outline was found and all is taken."""
    flat = flatten(pixels, quad, size)
    jpeg = _encoded(flat)
    return Page(
        jpeg=jpeg,
        view_jpeg=_smaller(flat, _VIEW_SIDE),
        thumbnail_jpeg=_smaller(flat, _THUMBNAIL_SIDE),
        width=flat.shape[1],
        height=flat.shape[0],
        dpi=DPI,
        size=size,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        source_sha256=hashlib.sha256(np.ascontiguousarray(pixels).data).hexdigest(),
        corners=None if sheet is None else tuple((float(x), float(y)) for x, y in sheet.corners),
        confidence=0.0 if sheet is None else sheet.confidence,
        verdicts=verdicts,
        measures=measures,
    )


def whole(pixels: Pixels) -> Quad:
    """The corners of the picture itself."""
    right, bottom = pixels.shape[1] - 1, pixels.shape[0] - 1
    return np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], np.float32)


def _encoded(flat: Pixels) -> bytes:
    """JPEG with the resolution written into its JFIF header, where OpenCV leaves "unknown"."""
    jpeg = bytearray(cv2.imencode(".jpg", flat, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1])
    if jpeg[6:11] == b"JFIF\x00":
        jpeg[13:18] = b"\x01" + 2 * DPI.to_bytes(2, "big")  # unit: dots per inch; x and y density
    return bytes(jpeg)


def _smaller(flat: Pixels, side: int) -> bytes:
    shrink = min(1.0, side / max(flat.shape[:2]))
    small = cv2.resize(flat, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])[1])
