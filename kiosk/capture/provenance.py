"""What is told of each page that is handed in, so that whoever doubts it can look into how it was made."""

from dataclasses import dataclass
from typing import Any

from kiosk.capture.leaf import Leaf
from kiosk.capture.origin import Origin
from kiosk.capture.page import Page
from kiosk.domain.case import TRUST


@dataclass(frozen=True, slots=True)
class PageMade:
    """The making of one page, from the picture that came in to the JPEG that is stored."""

    number: int  #: of the PDF's page on which it lies, from 1; two sides of a card share one
    origin: Origin | None
    source_sha256: str  #: hex, of the untouched picture as it came in
    corners: tuple[tuple[int, int], ...] | None  #: in that picture, pixels; None: it was taken whole
    size_tenth_mm: tuple[int, int]  #: width and height on paper, 856 × 540 for a card
    calibrated: bool  #: that size was measured, not taken from what the slot asks for
    mode: str  #: colour, grey or bw
    rotation: int  #: degrees clockwise by which it was turned to be read
    verdicts: tuple[str, ...]  #: what was found wrong and kept by the citizen all the same
    shown_sha256: str  #: hex, of the JPEG that she saw and kept
    sha256: str  #: hex, of the JPEG in the PDF
    dpi: int  #: of that JPEG
    watermark: bool

    def told(self) -> dict[str, Any]:
        """As it stands in the manifest: whole numbers only, so that both sides write them alike."""
        at = self.origin.at if self.origin else None
        return {
            "page": self.number,
            "way": self.origin.way.value if self.origin else "",
            "device": self.origin.device if self.origin else "",
            "at": at.isoformat() if at else "",
            "clock": self.origin.clock if self.origin else "",
            "source_sha256": self.source_sha256,
            "corners": None if self.corners is None else [list(corner) for corner in self.corners],
            "size_tenth_mm": list(self.size_tenth_mm),
            "calibrated": self.calibrated,
            "mode": self.mode,
            "rotation": self.rotation,
            "verdicts": list(self.verdicts),
            "shown_sha256": self.shown_sha256,
            "sha256": self.sha256,
            "dpi": self.dpi,
            "watermark": self.watermark,
            "trust": TRUST,
        }


def page_made(page: Page, number: int, leaf: Leaf, leaf_sha256: str, *, watermark: bool) -> PageMade:
    """What is told of `page`, which lies on `leaf`."""
    width, height = page.size_mm
    corners = page.corners
    return PageMade(
        number=number,
        origin=page.origin,
        source_sha256=page.source_sha256,
        corners=None if corners is None else tuple((round(x), round(y)) for x, y in corners),
        size_tenth_mm=(round(width * 10), round(height * 10)),
        calibrated=page.calibrated,
        mode=page.mode.value,
        rotation=page.rotation,
        verdicts=tuple(verdict.value for verdict in page.verdicts),
        shown_sha256=page.sha256,
        sha256=leaf_sha256,
        dpi=leaf.dpi,
        watermark=watermark,
    )
