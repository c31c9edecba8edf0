"""Signing without writing: somebody who cannot write confirms by key what she would have signed.

The signature stays what it is to everybody: one sealed picture, its hash, what it signs, when. The picture then shows
in print what she confirmed, and the manifest says so and why (`made`, `reason`). ADR 0061.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np

from devices.receipt_printer.columns import width
from devices.receipt_printer.glyphs import COLUMN_DOTS, GlyphBook, MissingFont
from kiosk.capture.watermark import FONTS

#: why a name was not written; "" when it was
Reason = Literal["", "cannot_write"]

_MARGIN_PX = 24
_SCALE = 2  # of a 24-dot character, as the watermark's
_LINE_PX = 64
_LEAST_PX = 1200  # wide, as a written signature


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What she confirmed, and why she did not write."""

    reason: Reason
    said: tuple[str, ...] = field(repr=False)  #: what stood on the screen, line by line
    fonts: Sequence[Path] = FONTS

    def told(self) -> dict[str, str]:
        """What the manifest's `signature` says beside its four members."""
        return {"made": "confirmed", "reason": self.reason}

    def picture(self, digest: str, at: datetime) -> bytes:
        """A PNG, black on white: what she confirmed, the digest that it is bound to, when."""
        code = " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
        below = (code, at.isoformat(timespec="seconds"))
        try:
            book = GlyphBook(tuple(self.fonts))
        except MissingFont:
            return _plainly((_WITHOUT_FONT, *below))
        drawn = [
            np.asarray(
                book.line(text, width(text) * COLUMN_DOTS * _SCALE, scale=_SCALE).convert("L"), np.uint8
            )
            for text in (*self.said, *below)
        ]
        across = max(_LEAST_PX, *(line.shape[1] + 2 * _MARGIN_PX for line in drawn))
        sheet = np.full((len(drawn) * _LINE_PX + 2 * _MARGIN_PX, across), 255, np.uint8)
        for number, line in enumerate(drawn):
            top = _MARGIN_PX + number * _LINE_PX
            sheet[top : top + line.shape[0], _MARGIN_PX : _MARGIN_PX + line.shape[1]] = 255 - line
        return _png(sheet)


#: where the terminal has no typeface: a case is not lost for that
_WITHOUT_FONT: Final = "CONFIRMED BY KEY, NOT WRITTEN"


def _plainly(lines: Sequence[str]) -> bytes:
    sheet = np.full((len(lines) * _LINE_PX + 2 * _MARGIN_PX, 2 * _LEAST_PX), 255, np.uint8)
    for number, text in enumerate(lines, start=1):
        cv2.putText(
            sheet, text, (_MARGIN_PX, number * _LINE_PX), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 2, cv2.LINE_AA
        )
    return _png(sheet)


def _png(sheet: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    return bytes(cv2.imencode(".png", sheet, (cv2.IMWRITE_PNG_COMPRESSION, 1))[1])
