"""A page from the document scanner goes the way of a photographed one: outlined, flattened, judged, encoded.

Most scanners show white to the edges and no desk, so that no outline is found; the scanned area is then the sheet,
turned as its print says, because a feeder pulls paper in a little crooked.
"""

import cv2
import numpy as np

from kiosk.capture.find import find_sheet
from kiosk.capture.flatten import Pixels, SheetSize, px_per_mm
from kiosk.capture.judge import Verdict, judged, measure
from kiosk.capture.outline import Quad
from kiosk.capture.page import Page, made_page, whole
from kiosk.capture.skew import skew_deg

_MM_PER_INCH = 25.4
_TOLERANCE = 0.06  # of the size: what an outline may differ from the sheet that the slot asks for. Chosen
_SQUARE = 0.015  # sine of what a corner may differ from 90°: a scanner sees no perspective. Chosen: 0.9°
_EDGES = (Verdict.CUT_OFF,)  # a scan that ends at its edges is not cut off


def page_of_scan(pixels: Pixels, resolution_dpi: int, size: SheetSize) -> Page:
    """The page in `pixels`, which were scanned at `resolution_dpi`. Never refused: the sheet did go through."""
    sheet = find_sheet(pixels)
    if sheet is not None and not (_fits(sheet.corners, resolution_dpi, size) and _is_square(sheet.corners)):
        sheet = None
    quad = _level(pixels) if sheet is None else sheet.corners
    measures = measure(pixels, quad, size)
    verdicts = tuple(fault for fault in judged(measures) if fault not in _EDGES)
    if sheet is None and not _fits(quad, resolution_dpi, size):
        verdicts = (Verdict.NO_SHEET, *verdicts)  # a card somewhere on the glass, and nobody knows where
    return made_page(pixels, quad, sheet, size, measures, verdicts)


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
