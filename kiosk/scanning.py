"""Sheets that go through the document scanner: all in one go, and then the same way as photographed ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from devices.document_scanner import DocumentScanner, PaperSource, ScanJob, ScannedPage
from devices.errors import Condition, Refused
from kiosk.capture.fingerprint import Seen
from kiosk.capture.flatten import SheetSize
from kiosk.capture.origin import Origin, Way
from kiosk.capture.page import Page
from kiosk.capture.scan import page_of_scan
from kiosk.journey import events as ev
from kiosk.workers import Worker, code_of

#: seconds; a slow flatbed takes 15 s a page at 300 dpi, and a feeder job has up to ten pages in one visit
_SCAN_DEADLINE_S: Final = 180.0
_PAGES_DEADLINE_S: Final = 60.0


class ScanDesk:
    """The scans of a visit, and the way to end the one that is running when she leaves."""

    def __init__(
        self,
        scanner: Worker[DocumentScanner],
        image_work: Worker[object],
        post: Callable[[ev.WorldEvent], None],
    ) -> None:
        self._scanner, self._image_work, self._post = scanner, image_work, post
        self._wanted = 0
        self._running: DocumentScanner | None = None

    def scan_in(self, ticket: int, size: SheetSize, most: int, *, seen: Seen | None = None) -> None:
        """Ask for at most `most` pages; what came before a jam is kept. Posts `PagesScanned` or `PageFailed`.

        `seen` are the pages that the visit has already.
        """
        self._wanted = ticket

        def failed(code: str) -> None:
            self._post(ev.PageFailed(ticket, code))

        def scan(device: DocumentScanner) -> None:
            self._running = device
            origin = Origin(way=Way.SCANNER, device=device.identity())
            try:
                sheets, stopped = taken_in(device, most, lambda: self._wanted == ticket)
            finally:
                self._running = None

            def make(_: object) -> None:
                pages = pages_of(sheets, size, seen or Seen())
                self._post(
                    ev.PagesScanned(ticket, tuple(replace(page, origin=origin) for page in pages), stopped)
                )

            if self._wanted == ticket:
                self._image_work.ask(make, failed, _PAGES_DEADLINE_S)

        self._scanner.ask(scan, failed, _SCAN_DEADLINE_S)

    def give_up(self) -> None:
        """She left: no further sheet is drawn in, and the pages that came are dropped."""
        self._wanted = 0
        self._scanner.drop_jobs()
        running = self._running
        if running is not None:
            running.cancel()


def pages_of(sheets: Sequence[ScannedPage], size: SheetSize, seen: Seen) -> Iterator[Page]:
    """A page for each scanned sheet; a sheet that went through twice is noticed."""
    for sheet in sheets:
        page = page_of_scan(sheet.pixels, sheet.resolution_dpi, size, seen=seen)
        seen.add(page.fingerprint)
        yield page


def taken_in(
    device: DocumentScanner, most: int, wanted: Callable[[], bool] = lambda: True
) -> tuple[list[ScannedPage], str]:
    """The pages, and the code of what stopped them early ("" for nothing).

    The feeder first; when it is empty, the glass, where there is one. It ends before the next sheet when it
    is no longer `wanted`. Raises `DeviceError` when nothing came.
    """
    sheets: list[ScannedPage] = []
    try:
        for page in device.scan(ScanJob(source=PaperSource.FEEDER, most_pages=most)):
            sheets.append(page)
            if not wanted():
                break
    except Refused as refused:
        if sheets:
            return sheets, code_of(refused)
        sources = device.capabilities().get("sources")
        glass = isinstance(sources, list | tuple) and PaperSource.FLATBED.value in sources
        if not glass or refused.condition not in (Condition.FEEDER_EMPTY, Condition.BAD_COMMAND):
            raise
        sheets.extend(device.scan(ScanJob(source=PaperSource.FLATBED, most_pages=1)))
    return sheets, ""
