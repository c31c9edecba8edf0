"""A page from the document scanner, or of a PDF, goes the way of a photographed one: flattened, judged, encoded.

Most scanners show white to the edges and no desk, so that no outline is found; the scanned area is then the sheet,
turned as its print says, because a feeder pulls paper in a little crooked.
"""

from dataclasses import replace

import cv2
import numpy as np

from ground.clock import Clock
from kiosk.capture.calibration import TrueSize, standard_size
from kiosk.capture.clean import Mode
from kiosk.capture.find import find_sheet
from kiosk.capture.flatten import Pixels, SheetSize, is_landscape, px_per_mm
from kiosk.capture.judge import Seen, Verdict
from kiosk.capture.outline import Quad
from kiosk.capture.page import Found, Page, Stopwatch, developed, whole
from kiosk.capture.skew import skew_deg
from kiosk.capture.still import Still

_MM_PER_INCH = 25.4
_TOLERANCE = 0.06  # of the size: what an outline may differ from the sheet that the slot asks for. Chosen
_SQUARE = 0.015  # sine of what a corner may differ from 90°: a scanner sees no perspective. Chosen: 0.9°
_EDGES = (Verdict.CUT_OFF, Verdict.NO_SHEET)  # a scan that ends at its edges is a sheet, and not cut off


def page_of_scan(
    scanned: Pixels | Still,
    resolution_dpi: int,
    size: SheetSize,
    *,
    mode: Mode = Mode.COLOUR,
    seen: Seen | None = None,
    clock: Clock | None = None,
) -> Page:
    """The page in a picture that was scanned at `resolution_dpi`. Never refused: the sheet did go through."""
    still = scanned if isinstance(scanned, Still) else Still(scanned)
    watch = Stopwatch(clock, still.decode_ms)
    pixels = still.pixels
    sheet = find_sheet(pixels)
    if sheet is not None and not (_fits(sheet.corners, resolution_dpi, size) and _is_square(sheet.corners)):
        sheet = None
    quad = _level(pixels) if sheet is None else sheet.corners
    watch.lap("find")
    found = Found(still, () if sheet is None else (sheet,), quad, _true(quad, resolution_dpi, size))
    page = developed(found, mode=mode, seen=seen, watch=watch)
    verdicts = tuple(fault for fault in page.verdicts if fault not in _EDGES)
    if sheet is None and size is not SheetSize.FREE and not _fits(quad, resolution_dpi, size):
        verdicts = (Verdict.NO_SHEET, *verdicts)  # a card somewhere on the glass, and nobody knows where
    return replace(page, verdicts=verdicts)


def _true(corners: Quad, resolution_dpi: int, size: SheetSize) -> TrueSize:
    """The asked size where the scan fits it; else its own millimetres, which a scanner knows."""
    scale = resolution_dpi / _MM_PER_INCH
    if size is not SheetSize.FREE and _fits(corners, resolution_dpi, size):
        shorter, longer = size.mm
        mm = (longer, shorter) if is_landscape(corners) else (shorter, longer)
        return TrueSize(size, mm, scale, True)
    return standard_size(corners, scale)


def _level(pixels: Pixels) -> Quad:
    """The corners of the picture, turned about its middle so that the print between them is level."""
    corners = whole(pixels)
    turned = skew_deg(pixels)
    if turned == 0.0:
        return corners
    middle = corners.mean(axis=0)
    move = cv2.getRotationMatrix2D((float(middle[0]), float(middle[1])), -turned, 1.0)
    return np.asarray(cv2.transform(corners[None], move)[0], np.float32)


def _fits(corners: Quad, resolution_dpi: int, size: SheetSize) -> bool:
    """Whether the outline is as large as the wanted sheet; a frame or a table on it is not its edge."""
    seen = px_per_mm(corners, size) * _MM_PER_INCH
    return abs(seen / resolution_dpi - 1) <= _TOLERANCE


def _is_square(corners: Quad) -> bool:
    """Whether the corners are right angles; where the scan cut a crooked sheet off, they are not."""
    sides = np.roll(corners, -1, axis=0) - corners
    sides /= np.maximum(np.linalg.norm(sides, axis=1, keepdims=True), 1e-6)
    return bool(np.abs((sides * np.roll(sides, -1, axis=0)).sum(axis=1)).max() <= _SQUARE)
