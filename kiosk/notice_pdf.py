"""A notice as a PDF of one A4 page or more, for the page printer. Names nobody."""

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fpdf import FPDF

from kiosk.stage import Sheet

_FACE: Final = "sc"
_MARGIN_MM: Final = 20
_TITLE_PT, _BODY_PT = 22, 14  # body: 5 mm high, for old eyes
_LINE_MM: Final = 9.0


class NoFont(Exception):
    """No typeface for Chinese is installed, so nothing can be set on A4."""

    code = "D100"


def sheet_pdf(sheet: Sheet, fonts: Sequence[Path], shift_mm: tuple[float, float] = (0.0, 0.0)) -> bytes:
    """The sheet, set in the first typeface that is there. Raises `NoFont`.

    `shift_mm`: all of it so far to the right and down, because this printer prints as far to the left and too high.
    """
    try:
        return _set(sheet, fonts, shift_mm)
    finally:
        # a typeface that was taken apart is 30 MB of objects that refer to each other: a face that prints a notice for
        # each who asks would hold ten of them before Python looked for such rubbish by itself (docs/adr/0084)
        gc.collect()


class _Marked(FPDF):
    """Every page begins with the mark, if there is one."""

    def __init__(self, mark: str) -> None:
        super().__init__(format="A4")
        self._mark = mark

    def header(self) -> None:
        """Called by fpdf2 at each new page."""
        if self._mark:
            self.set_font(_FACE, size=_TITLE_PT)
            self.multi_cell(0, _LINE_MM * 1.4, self._mark, border=1, align="C", new_x="LMARGIN", new_y="NEXT")
            self.ln(_LINE_MM)
            self.set_font(_FACE, size=_BODY_PT)


def _set(sheet: Sheet, fonts: Sequence[Path], shift_mm: tuple[float, float]) -> bytes:
    face = next((path for path in fonts if path.is_file()), None)
    if face is None:
        raise NoFont
    page = _Marked(sheet.mark)
    right, down = shift_mm
    page.set_margins(_MARGIN_MM + right, _MARGIN_MM + down, _MARGIN_MM - right)
    page.set_auto_page_break(True, _MARGIN_MM - down)
    page.add_font(_FACE, fname=str(face))
    page.add_page()
    page.set_font(_FACE, size=_TITLE_PT)
    page.multi_cell(0, _LINE_MM * 1.4, sheet.title, new_x="LMARGIN", new_y="NEXT")
    page.set_font(_FACE, size=_BODY_PT)
    for line in sheet.lines:
        page.ln(_LINE_MM / 2)
        page.multi_cell(0, _LINE_MM, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())
