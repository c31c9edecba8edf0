"""What `capture` tells of pages and of files that it cannot read: as JSON, and as lines for people."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.capture.page import Page
from kiosk.capture.still import Still
from kiosk.capture.unreadable import Unreadable
from kiosk.words import Words
from tools.codes import shown

Told = dict[str, Any]

_STAGES = ("decode", "find", "flatten", "clean", "judge", "encode", "total")


def facts(page: Page) -> Told:
    """A page's entry, without its source."""
    return {
        "corners": None if page.corners is None else rounded(np.array(page.corners)),
        "sheets_found": page.sheets_found,
        "size_mm": [round(side, 1) for side in page.size_mm],
        "size": page.size.value,
        "calibrated": page.calibrated,
        "dpi": page.dpi,
        "rotation": page.rotation,
        "verdicts": [verdict.value for verdict in page.verdicts],
        "accepted": page.accepted,
        "text_orientation": page.text_orientation,
        "ms": {stage: round(page.ms.get(stage, 0.0), 2) for stage in _STAGES},
    }


def numbered(still: Still, number: int) -> Told:
    """Which page of its file it is, where a file has several."""
    return {} if still.resolution_dpi is None and number == 1 else {"page": number}


def rounded(corners: NDArray[np.floating[Any]]) -> list[list[float]]:
    """Pixels of the source, clockwise from the corner nearest its top left."""
    return [[round(float(x), 2), round(float(y), 2)] for x, y in corners]


def name_of(path: Path) -> str:
    """The file's name as it was given; bytes that are no UTF-8 stand as escapes."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def error_of(error: Unreadable, words: Words) -> Told:
    """Code, and what to do."""
    return {"code": error.code, "hint": words(f"errors.{error.code}.hint")}


def unreadable(path: Path, error: Unreadable, words: Words) -> str:
    """One line about a file that is no picture."""
    return words("stills.unreadable", file=shown(str(path)), **error_of(error, words))


def line(path: Path, number: int, page: Page, words: Words) -> str:
    """One line about a page."""
    width, height = page.size_mm
    said = [words(f"stills.verdicts.{verdict.value}") for verdict in page.verdicts]
    return words(
        "stills.page",
        file=shown(str(path)),
        number=number,
        width=f"{width:.1f}",
        height=f"{height:.1f}",
        verdicts="、".join(said) or words("stills.accepted"),
    )
