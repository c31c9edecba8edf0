"""Notices on the page printer: handed over, followed until they are out."""

import contextlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from devices.errors import Condition, Refused
from devices.page_printer import Job, PagePrinter
from kiosk.journey import events as ev
from kiosk.stage import Sheet
from kiosk.workers import Worker, code_of

_PRINT_DEADLINE_S: Final = 60.0
_LOOK_EVERY_S: Final = 1.0
_LOOK_DEADLINE_S: Final = 15.0


class SheetDesk:
    """The sheets of a visit. Called from the main thread."""

    def __init__(
        self,
        printer: Worker[PagePrinter],
        post: Callable[[ev.WorldEvent], None],
        fonts: Sequence[Path],
        sheets_out: Callable[[int], None] = lambda sheets: None,
        shift_mm: tuple[float, float] = (0.0, 0.0),
        mark: str = "",
    ) -> None:
        """`sheets_out` is told how many sheets came out; it may fail with OSError, and nothing else follows from it.

        `shift_mm`: right and down, as it was measured for this printer. `mark`: at the head of every page.
        """
        self._printer, self._post, self._fonts, self._shift_mm = printer, post, fonts, shift_mm
        self._sheets_out, self._mark = sheets_out, mark

    def put_out(self, ticket: int, sheet: Sheet) -> None:
        """Posts `Printed` or `PrintFailed`."""

        def failed(code: str) -> None:
            self._printer.unwatch()
            self._post(ev.PrintFailed(ticket, code))

        def do(printer: PagePrinter) -> None:
            from kiosk.notice_pdf import (
                NoFont,
                sheet_pdf,
            )  # fpdf2 takes its time: not before the face is there

            try:
                pdf = sheet_pdf(replace(sheet, mark=self._mark), self._fonts, self._shift_mm)
            except NoFont as error:
                failed(error.code)
                return
            job = printer.submit(pdf, f"notice-{uuid.uuid4()}")
            self._printer.watch(lambda one: follow(one, job), failed, _LOOK_EVERY_S, _LOOK_DEADLINE_S)

        def follow(printer: PagePrinter, job: Job) -> None:
            report = printer.follow(job)
            if not report.state.over:
                return
            self._printer.unwatch()
            with contextlib.suppress(OSError):
                self._sheets_out(report.sheets_out or (1 if report.came_out is None else 0))
            if report.came_out is False:
                self._post(ev.PrintFailed(ticket, code_of(Refused(Condition.UNRECOVERABLE))))
            else:
                self._post(ev.Printed(ticket))

        self._printer.ask(do, failed, _PRINT_DEADLINE_S)
