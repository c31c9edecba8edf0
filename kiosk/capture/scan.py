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
from kiosk.capture.find import find_sheets
from kiosk.capture.flatten import Pixels, SheetSize, is_landscape, px_per_mm
from kiosk.capture.judge import Seen, Verdict
from kiosk.capture.outline import Quad
from kiosk.capture.page import Found, Page, Stopwatch, developed, whole
from kiosk.capture.skew import skew_deg
from kiosk.capture.still import Still

_MM_PER_INCH = 25.4
_TOLERANCE = 0.06  # of the size: what an outline may differ from the sheet that the slot asks for. Chosen
_SQUARE = 0.015  # sine of what a corner may differ from 90°: a scanner sees no perspective. Chosen: 0.9°
_ENDS_MM = 3.0  # from the scan's edge: a side as near as this is where the glass ends, not the sheet. Chosen
_ENOUGH = 0.6  # confidence: on the glass lies nothing but what she laid there, so less is asked than on a desk. Chosen
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
    sheet = next(iter(find_sheets(pixels, most=1, enough=_ENOUGH, things=False)), None)
    if sheet is not None:
        extent = (pixels.shape[1], pixels.shape[0])
        sheet = replace(sheet, corners=_completed(sheet.corners, extent, resolution_dpi, size))
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


def _completed(corners: Quad, extent: tuple[int, int], resolution_dpi: int, size: SheetSize) -> Quad:
    """The outline of a sheet that touches the scan's edges, with the lost sides where the others and its size put them.

    A card laid crooked into the corner of the glass loses a millimetre or two there. `extent` is the scan's width and
    height in pixels. What would not come out within 3 mm of the outline stays as it is.
    """
    scale = resolution_dpi / _MM_PER_INCH
    lost = {side for side in range(4) if _at_edge(corners, side, extent, _ENDS_MM * scale)}
    anchors = [place for place in range(4) if not lost & {place, (place - 1) % 4}]
    if not lost or not anchors or size is SheetSize.FREE:
        return corners
    points = corners[:, 0] + 1j * corners[:, 1].astype(np.complex128)
    sides = np.roll(points, -1) - points
    turned = sides * np.array([1, -1j, -1, 1j])  # each onto the first
    along = turned[[side for side in range(4) if side not in lost]].sum()
    first, second = (side * scale for side in size.mm)
    if (abs(sides[0]) + abs(sides[2]) > abs(sides[1]) + abs(sides[3])) != (first > second):
        first, second = second, first
    square = np.array([0, first, first + 1j * second, 1j * second]) * along / max(abs(along), 1e-6)
    square += (points - square)[anchors].mean()
    completed = np.stack([square.real, square.imag], axis=1).astype(np.float32)
    return completed if np.abs(completed - corners).max() <= _ENDS_MM * scale else corners


def _at_edge(corners: Quad, side: int, extent: tuple[int, int], near: float) -> bool:
    """Whether a side runs along the edge of the scan."""
    ends = corners[[side, (side + 1) % 4]]
    return bool((ends < near).all(axis=0).any() or (ends > np.array(extent) - 1 - near).all(axis=0).any())


def _fits(corners: Quad, resolution_dpi: int, size: SheetSize) -> bool:
    """Whether the outline is as large as the wanted sheet; a frame or a table on it is not its edge."""
    seen = px_per_mm(corners, size) * _MM_PER_INCH
    return abs(seen / resolution_dpi - 1) <= _TOLERANCE


def _is_square(corners: Quad) -> bool:
    """Whether the corners are right angles; where the scan cut a crooked sheet off, they are not."""
    sides = np.roll(corners, -1, axis=0) - corners
    sides /= np.maximum(np.linalg.norm(sides, axis=1, keepdims=True), 1e-6)
    return bool(np.abs((sides * np.roll(sides, -1, axis=0)).sum(axis=1)).max() <= _SQUARE)
