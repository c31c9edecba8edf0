"""Sheets that go through the document scanner: all in one go, and then the same way as photographed ones."""

from collections.abc import Callable
from typing import Final

from devices.document_scanner import DocumentScanner, PaperSource, ScanJob, ScannedPage
from devices.errors import Condition, Refused
from kiosk.capture.flatten import SheetSize
from kiosk.capture.scan import page_of_scan
from kiosk.journey import events as ev
from kiosk.workers import Worker, code_of

#: seconds; a slow flatbed takes 15 s a page at 300 dpi, and a feeder job has up to ten pages in one visit
_SCAN_DEADLINE_S: Final = 180.0
_PAGES_DEADLINE_S: Final = 60.0


def scan_in(
    scanner: Worker[DocumentScanner],
    image_work: Worker[object],
    ticket: int,
    size: SheetSize,
    most: int,
    post: Callable[[ev.WorldEvent], None],
) -> None:
    """Ask for at most `most` pages; what came before a jam is kept. Posts `PagesScanned` or `PageFailed`."""

    def failed(code: str) -> None:
        post(ev.PageFailed(ticket, code))

    def scan(device: DocumentScanner) -> None:
        sheets, stopped = taken_in(device, most)

        def make(_: object) -> None:
            pages = tuple(page_of_scan(sheet.pixels, sheet.resolution_dpi, size) for sheet in sheets)
            post(ev.PagesScanned(ticket, pages, stopped))

        image_work.ask(make, failed, _PAGES_DEADLINE_S)

    scanner.ask(scan, failed, _SCAN_DEADLINE_S)


def taken_in(device: DocumentScanner, most: int) -> tuple[list[ScannedPage], str]:
    """The pages, and the code of what stopped them early ("" for nothing).

    The feeder first; when it is empty, the glass, where there is one. Raises `DeviceError` when nothing came.
    """
    sheets: list[ScannedPage] = []
    try:
        for page in device.scan(ScanJob(source=PaperSource.FEEDER, most_pages=most)):
            sheets.append(page)
    except Refused as refused:
        if sheets:
            return sheets, code_of(refused)
        sources = device.capabilities().get("sources")
        glass = isinstance(sources, list | tuple) and PaperSource.FLATBED.value in sources
        if not glass or refused.condition not in (Condition.FEEDER_EMPTY, Condition.BAD_COMMAND):
            raise
        sheets.extend(device.scan(ScanJob(source=PaperSource.FLATBED, most_pages=1)))
    return sheets, ""
