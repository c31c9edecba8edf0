"""Pages of a file, made on the capture thread and posted like photographed ones."""

import threading
from collections.abc import Callable
from typing import Final

from kiosk.capture.flatten import SheetSize
from kiosk.capture.origin import Way
from kiosk.capture.unreadable import Unreadable
from kiosk.intake.pages import pages_of, thumbnail_of
from kiosk.journey import events as ev
from kiosk.workers import Worker

#: seconds: a PDF of twenty pages takes 1 s a page to render and as much to judge on a terminal's core
PAGES_DEADLINE_S: Final = 90.0
_THUMBNAIL_DEADLINE_S: Final = 20.0


class PageMaker:
    """Hands files to the capture thread. What was made for a visit that has ended is not posted."""

    def __init__(self, image_work: Worker[object], post: Callable[[ev.WorldEvent], None]) -> None:
        self._image_work, self._post = image_work, post
        self._lock = threading.Lock()
        self._visit = 0

    def forget(self) -> None:
        """The visit ended: what is being made is dropped when it is done."""
        with self._lock:
            self._visit += 1

    def make(
        self, ticket: int, data: bytes, size: SheetSize, way: Way, most: int, done: Callable[[], None]
    ) -> None:
        """`PageTaken` for one page, `PagesScanned` for several, `PageFailed` for none; `done` in any case."""
        visit = self._visit

        def say(event: ev.WorldEvent) -> None:
            done()
            with self._lock:
                if self._visit == visit:
                    self._post(event)

        def do(_: object) -> None:
            try:
                pages = tuple(pages_of(data, size, way, most_pages=most))
            except Unreadable as error:
                say(ev.PageFailed(ticket, error.code))
                return
            say(ev.PageTaken(ticket, pages[0]) if len(pages) == 1 else ev.PagesScanned(ticket, pages))

        self._image_work.ask(do, lambda code: say(ev.PageFailed(ticket, code)), PAGES_DEADLINE_S)

    def look_at(self, data: bytes, done: Callable[[bytes, str], None]) -> None:
        """A thumbnail, or b"" and the code of what is wrong with the file."""

        def do(_: object) -> None:
            try:
                picture = thumbnail_of(data)
            except Unreadable as error:
                done(b"", error.code)
                return
            done(picture, "")

        self._image_work.ask(do, lambda code: done(b"", code), _THUMBNAIL_DEADLINE_S)
