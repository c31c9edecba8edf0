"""Say what is wrong with a photographed sheet while the citizen can still mend it."""

import enum
from dataclasses import dataclass, field

import numpy as np

from kiosk.capture.find import Sheet
from kiosk.capture.fingerprint import Seen, fingerprint
from kiosk.capture.flatten import Pixels, SheetSize
from kiosk.capture.judge_blur import blur_px
from kiosk.capture.judge_cover import covered_mm, margin, side_margin
from kiosk.capture.judge_light import glare_mm2, light
from kiosk.capture.judge_print import print_of
from kiosk.capture.judge_view import view_of
from kiosk.capture.outline import Quad

__all__ = ["Evidence", "Measures", "Seen", "Verdict", "fingerprint", "judged", "measure_page"]


class Verdict(enum.StrEnum):
    """What can be wrong with a page; `kiosk.words` holds the sentence for each."""

    BLURRED = "blurred"
    DARK = "dark"
    GLARE = "glare"
    CUT_OFF = "cut_off"
    COVERED = "covered"
    BLANK = "blank"
    DUPLICATE = "duplicate"
    NO_SHEET = "no_sheet"
    SEVERAL = "several"
    UPSIDE_DOWN = "upside_down"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a page that was just taken."""

    pixels: Pixels  #: the untouched picture, (height, width, 3) uint8, BGR
    sheets: tuple[Sheet, ...]  #: in `pixels`, the most convincing first; (): none was found, all is taken
    #: the flattened page before cleaning, 150 dpi, turned upright if it was; every judge so far looks at the untouched
    #: `pixels`, which show the desk as well
    flat: Pixels
    size: SheetSize
    text_orientation: (
        int  #: 0, 90, 180, 270: degrees clockwise by which `flat` must still be turned to be read
    )
    px_per_mm: float  #: of `pixels`, on the paper


@dataclass(frozen=True, slots=True)
class Measures:
    """The numbers behind the verdicts."""

    blur_px: float  #: sigma of the print's edges in camera pixels, worst direction; 0 when the sheet shows no print
    blur_mm: float  #: the same on the paper
    paper: float  #: brightness 0…255 of the sheet's lightest part, in its strongest colour
    margin: float  #: smallest distance of a corner from the picture's edge, in parts of the picture's width
    side_margin: float = 1.0  #: the same of a whole side: of its farther end
    sheets: int = 1  #: how many were found
    text_orientation: int = 0  #: degrees clockwise by which the page must be turned to be read
    known: bool = False  #: the page was taken before in this visit
    glare_mm2: float = 0.0  #: area of reflections over print
    covered_mm: float = 0.0  #: of the sheet's edge, by a hand or a thing
    print_cells: int = 99  #: squares of 5 mm that hold print
    fingerprint: bytes = field(default=b"", repr=False)  #: of the sheet as it lay, for `Seen`


# Edges of a good lens measure 1.0 to 1.65 pixels (sigma, with the sampling's own share). Print 4 mm high stays readable
# up to a defocus of about 0.18 mm. A coarse camera is not the citizen's doing, so both must be passed.
MOST_BLUR_PX = 1.7
_BLURRED_MM = 0.19
#: of 255 for white paper. Chosen: 2.7 stops under; thin strokes meet the camera's noise from there on
LEAST_PAPER = 100.0
_CUT_OFF = 0.0025  # of the picture's width: a corner nearer to the edge cannot be told from one outside
_CUT_ALONG = (
    0.006  # the same of a whole side; where paper runs out of the picture, the finder ends it up to here
)
_GLARE_MM2 = 18.0  # two characters of 4 mm
_COVERED_MM = 6.0  # a finger's tip pressed flat is 8 to 12 mm wide
_BLANK_CELLS = 3  # squares of 5 mm. Chosen: a page number or a signature is more


def measure_page(evidence: Evidence, seen: Seen | None = None) -> Measures:
    """Look at a page that was just taken. `seen`: the pages kept in this visit."""
    pixels, sheets = evidence.pixels, evidence.sheets
    corners = sheets[0].corners if sheets else _whole(pixels)
    view = view_of(pixels, corners, evidence.px_per_mm)
    found = print_of(view)
    blur = blur_px(pixels, view, found)
    mark = fingerprint(view.sheet)
    return Measures(
        blur_px=blur,
        blur_mm=blur / max(evidence.px_per_mm, 1e-3),
        paper=light(view),
        margin=margin(pixels.shape, corners),
        side_margin=side_margin(pixels.shape, corners),
        sheets=len(sheets),
        text_orientation=evidence.text_orientation,
        known=seen is not None and seen.knows(mark),
        glare_mm2=glare_mm2(view),
        covered_mm=covered_mm(view) if sheets else 0.0,
        print_cells=found.amount,
        fingerprint=mark,
    )


def judged(measures: Measures) -> tuple[Verdict, ...]:
    """The verdicts that follow from the numbers, the gravest first."""
    m = measures
    blank = m.print_cells < _BLANK_CELLS
    named = (
        (Verdict.NO_SHEET, m.sheets == 0),
        (Verdict.SEVERAL, m.sheets > 1),
        (Verdict.CUT_OFF, m.sheets > 0 and (m.margin < _CUT_OFF or m.side_margin < _CUT_ALONG)),
        (Verdict.COVERED, m.covered_mm >= _COVERED_MM),
        (Verdict.DARK, m.paper < LEAST_PAPER),
        (Verdict.BLURRED, not blank and m.blur_px > MOST_BLUR_PX and m.blur_mm > _BLURRED_MM),
        (Verdict.GLARE, m.glare_mm2 >= _GLARE_MM2),
        (Verdict.BLANK, blank),
        (Verdict.UPSIDE_DOWN, m.text_orientation == 180),
        (Verdict.DUPLICATE, m.known and not blank),
    )
    return tuple(verdict for verdict, holds in named if holds)


def _whole(pixels: Pixels) -> Quad:
    right, bottom = pixels.shape[1] - 1, pixels.shape[0] - 1
    return np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], np.float32)
