"""An A4 page with a frame that should lie 20 mm inside the paper's edges, and scales to see that nothing is shrunk."""

from pathlib import Path
from typing import Final

from fpdf import FPDF

from kiosk.words import Words

RULER_MM: Final = 20.0  #: the frame lies so far inside
_LONGEST_MM: Final = 40  # the ruler's marks, from the edge of the page inwards
_WIDE_MM, _HIGH_MM = 210.0, 297.0  # ISO 216 A4


def ruled_page(words: Words, fonts: Path) -> bytes:
    """The page as PDF; measured is from the paper's edge to the frame, on all sides. Raises OSError without fonts."""
    page = FPDF(format="A4")
    page.set_auto_page_break(False)
    page.add_font("sc", "", fonts / "NotoSansSC-Regular.otf")
    page.add_page()
    page.set_line_width(0.2)
    page.rect(RULER_MM, RULER_MM, _WIDE_MM - 2 * RULER_MM, _HIGH_MM - 2 * RULER_MM)
    for horizontal, far in ((True, False), (True, True), (False, False), (False, True)):
        _ruler(page, horizontal=horizontal, far=far)
    page.set_font("sc", size=14)
    page.set_xy(RULER_MM + 30, 110)
    page.multi_cell(_WIDE_MM - 2 * RULER_MM - 60, 9, words("setup.margins_page"))
    return bytes(page.output())


def _ruler(page: FPDF, *, horizontal: bool, far: bool) -> None:
    """A mark a millimetre, numbered from where the paper's edge should be; 100 % when ten of them measure 10 mm."""
    page.set_font("sc", size=7)
    long_side = _WIDE_MM if horizontal else _HIGH_MM
    across = (_HIGH_MM if horizontal else _WIDE_MM) / 2
    for mm in range(_LONGEST_MM + 1):
        at = long_side - mm if far else float(mm)
        length = 6.0 if mm % 10 == 0 else 4.0 if mm % 5 == 0 else 2.5
        if horizontal:
            page.line(at, across, at, across - length)
        else:
            page.line(across, at, across + length, at)
        if mm % 10 == 0:
            place = (at - 2, across - 8) if horizontal else (across + 7, at + 1)
            page.text(*place, str(mm))
