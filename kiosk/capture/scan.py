"""A page from the document scanner goes the way of a photographed one: outlined, flattened, judged, encoded.

Most scanners show white to the edges and no desk, so that no outline is found; the scanned area is then the sheet.
"""

from kiosk.capture.find import find_sheet
from kiosk.capture.flatten import Pixels, SheetSize, px_per_mm
from kiosk.capture.judge import Verdict, judged, measure
from kiosk.capture.outline import Quad
from kiosk.capture.page import Page, made_page, whole

_MM_PER_INCH = 25.4
_TOLERANCE = 0.06  # of the size: what an outline may differ from the sheet that the slot asks for. Chosen
_EDGES = (Verdict.CUT_OFF,)  # a scan that ends at its edges is not cut off


def page_of_scan(pixels: Pixels, resolution_dpi: int, size: SheetSize) -> Page:
    """The page in `pixels`, which were scanned at `resolution_dpi`. Never refused: the sheet did go through."""
    sheet = find_sheet(pixels)
    if sheet is not None and not _fits(sheet.corners, resolution_dpi, size):
        sheet = None
    quad = whole(pixels) if sheet is None else sheet.corners
    measures = measure(pixels, quad, size)
    verdicts = tuple(fault for fault in judged(measures) if fault not in _EDGES)
    if sheet is None and not _fits(quad, resolution_dpi, size):
        verdicts = (Verdict.NO_SHEET, *verdicts)  # a card somewhere on the glass, and nobody knows where
    return made_page(pixels, quad, sheet, size, measures, verdicts)


def _fits(corners: Quad, resolution_dpi: int, size: SheetSize) -> bool:
    """Whether the outline is as large as the wanted sheet; a frame or a table on it is not its edge."""
    seen = px_per_mm(corners, size) * _MM_PER_INCH
    return abs(seen / resolution_dpi - 1) <= _TOLERANCE
