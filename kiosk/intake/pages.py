"""From an untrusted file to pages, by the same judge that looks at photographed ones."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import cv2

from kiosk.capture.flatten import SheetSize
from kiosk.capture.origin import Origin, Way
from kiosk.capture.page import Page, take_page
from kiosk.capture.scan import page_of_scan
from kiosk.capture.still import Still, stills

_MM_PER_INCH: Final = 25.4
#: of the ratio of its sides: how near a picture must come to the sheet's own to be taken for a scan of it. Cameras take
#: 4:3, 3:2 and 16:9, which are 6 % and more away from A4; chosen between
_FLAT_WITHIN: Final = 0.03
_FLAT_DPI: Final = (90, 1300)  # what scanning apps and scanners write; outside of it the likeness is chance
_THUMBNAIL_SIDE: Final = 320  # pixels of the longer side


def pages_of(data: bytes, size: SheetSize, way: Way, *, most_pages: int) -> Iterator[Page]:
    """A page of each picture in `data`, one after the other. Raises `Unreadable`.

    A page with faults is a page and bears its verdicts: she sees it, and may insist. Where no sheet is found at all the
    whole picture is the page, marked `no_sheet`: a phone cannot be asked to try once more by itself.
    """
    for still in stills(data, most_pages=most_pages):
        yield replace(page_of(still, size), origin=Origin(way=way))


def page_of(still: Still, size: SheetSize) -> Page:
    """The page in one picture: a page of a PDF or a flat scan as from the scanner, anything else as from the camera."""
    dpi = still.resolution_dpi or flat_dpi(still, size)
    if dpi is not None:
        return page_of_scan(still, dpi, size)
    made = take_page(still, size)
    if isinstance(made, Page):
        return made
    insisted = take_page(still, size, insist=True)
    if isinstance(insisted, Page):
        return insisted
    return page_of_scan(still, _FLAT_DPI[0], size)  # a stamp of a picture, too small for a camera


def flat_dpi(still: Still, size: SheetSize) -> int | None:
    """The resolution of a picture that is a scan of the sheet and nothing else; None for a photograph.

    Scanning apps write the sheet alone, in its own proportions.
    """
    if size is SheetSize.FREE:
        return None
    shorter, longer = size.mm
    sides = sorted(still.pixels.shape[:2])
    if abs(sides[1] / sides[0] / (longer / shorter) - 1) > _FLAT_WITHIN:
        return None
    dpi = round(sides[1] / longer * _MM_PER_INCH)
    return dpi if _FLAT_DPI[0] <= dpi <= _FLAT_DPI[1] else None


def thumbnail_of(data: bytes) -> bytes:
    """A small JPEG of the first picture in `data`. Raises `Unreadable`."""
    still = next(stills(data))
    shrink = min(1.0, _THUMBNAIL_SIDE / max(still.pixels.shape[:2]))
    small = cv2.resize(still.pixels, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])[1])
