"""Draws text, tables, seals and portraits on a generated sheet, in millimetres."""

import functools
import math
from pathlib import Path

import qrcode
from PIL import ImageDraw, ImageFont

# Debian's fonts-noto-cjk. Face 2 of each collection is Simplified Chinese; face 0 is Japanese and would give
# 直 角 骨 令 foreign shapes.
_FACES = {
    False: Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    True: Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"),
}
_SIMPLIFIED_CHINESE = 2

INK = (28, 28, 32)
RED = (196, 32, 34)
_MARK = (247, 227, 222)

Colour = tuple[int, int, int]


@functools.lru_cache(maxsize=64)
def face(size_px: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The Simplified Chinese face at `size_px`. Raises OSError when fonts-noto-cjk is not installed."""
    return ImageFont.truetype(str(_FACES[bold]), max(2, size_px), index=_SIMPLIFIED_CHINESE)


class Pen:
    """Writes from top to bottom between the margins; every measure is in millimetres."""

    def __init__(self, draw: ImageDraw.ImageDraw, size_mm: tuple[float, float], px_per_mm: float) -> None:
        self._draw = draw
        self._size_mm = size_mm
        self._scale = px_per_mm
        self._margin = 22.0
        self._top = 24.0

    def _px(self, *mm: float) -> list[float]:
        return [value * self._scale for value in mm]

    def _point(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        return x_mm * self._scale, y_mm * self._scale

    def _font(self, height_mm: float, bold: bool) -> ImageFont.FreeTypeFont:
        return face(round(height_mm * self._scale), bold)

    def gap(self, height_mm: float) -> None:
        """Leave room."""
        self._top += height_mm

    def title(self, text: str) -> None:
        """A centred headline."""
        font = self._font(8.0, bold=True)
        left = (self._size_mm[0] * self._scale - font.getlength(text)) / 2
        self._draw.text((left, self._top * self._scale), text, INK, font)
        self._top += 18

    def text(self, text: str, height_mm: float, bold: bool = False) -> None:
        """One line at the left margin."""
        self.at(self._margin, self._top, text, height_mm, bold)
        self._top += height_mm * 1.75

    def paragraph(self, text: str, height_mm: float) -> None:
        """Text with the first line indented by two characters, wrapped at the right margin."""
        font = self._font(height_mm, bold=False)
        room = (self._size_mm[0] - 2 * self._margin) * self._scale
        line = "　　"
        for character in text:
            if font.getlength(line + character) > room and character not in "，。；、）":
                self.text(line, height_mm)
                line = ""
            line += character
        self.text(line, height_mm)
        self._top += height_mm * 0.3

    def at(
        self, left: float, top: float, text: str, height_mm: float, bold: bool = False, colour: Colour = INK
    ) -> None:
        """Text at a place of its own."""
        self._draw.text(self._point(left, top), text, colour, self._font(height_mm, bold))

    def table(
        self, rows: tuple[tuple[str, ...], ...], widths: tuple[float, ...], row_mm: float = 9.0
    ) -> None:
        """A ruled table; `widths` are those of its columns."""
        thickness = max(1, round(0.35 * self._scale))
        for row in rows:
            left = self._margin
            for cell, width in zip(row, widths, strict=True):
                box = self._px(left, self._top, left + width, self._top + row_mm)
                self._draw.rectangle(box, outline=INK, width=thickness)
                self.at(left + 2, self._top + (row_mm - 5.4) / 2, cell, 4.0)
                left += width
            self._top += row_mm
        self._top += 6

    def tint(self, colour: Colour) -> None:
        """Colour the whole sheet, with the fine wavy lines of a card."""
        width, height = self._px(*self._size_mm)
        self._draw.rectangle((0, 0, width, height), colour)
        self.mark()
        darker = (colour[0] - 22, colour[1] - 14, colour[2] - 6)
        for row in range(3, int(self._size_mm[1]), 3):
            wave = [
                (x * self._scale, (row + 0.8 * math.sin(x / 4 + row)) * self._scale)
                for x in range(int(self._size_mm[0]) + 2)
            ]
            self._draw.line(wave, darker, max(1, round(0.12 * self._scale)))

    def box(self, box_mm: tuple[float, float, float, float]) -> None:
        """An empty frame."""
        self._draw.rectangle(self._px(*box_mm), outline=INK, width=max(1, round(0.3 * self._scale)))

    def code(self, text: str, corner_mm: tuple[float, float], wide_mm: float) -> None:
        """A QR code with its quiet zone."""
        code = qrcode.QRCode(border=4)
        code.add_data(text)
        rows = code.get_matrix()
        left, top = corner_mm
        module = wide_mm / len(rows)
        self._draw.rectangle(self._px(left, top, left + wide_mm, top + wide_mm), fill=(255, 255, 255))
        for down, row in enumerate(rows):
            for right, dark in enumerate(row):
                if dark:
                    x, y = left + right * module, top + down * module
                    self._draw.rectangle(self._px(x, y, x + module, y + module), fill=INK)

    def portrait(self, box_mm: tuple[float, float, float, float]) -> None:
        """A drawn head and shoulders: nobody's photograph."""
        left, top, right, bottom = box_mm
        wide, high = right - left, bottom - top
        self._draw.rectangle(self._px(*box_mm), (205, 220, 234))
        shoulders = self._px(left, bottom - high * 0.38, right, bottom + high * 0.38)
        self._draw.pieslice(shoulders, 180, 360, (74, 88, 112))
        inset = wide * 0.27
        self._draw.ellipse(
            self._px(left + inset, top + high * 0.16, right - inset, top + high * 0.70), (232, 200, 178)
        )
        hair = self._px(left + wide * 0.25, top + high * 0.12, right - wide * 0.25, top + high * 0.60)
        self._draw.pieslice(hair, 180, 360, (40, 34, 32))

    def seal(self, text: str, centre_mm: tuple[float, float], radius_mm: float) -> None:
        """A round red stamp with 示例 in its middle."""
        x, y = centre_mm
        ring = self._px(x - radius_mm, y - radius_mm, x + radius_mm, y + radius_mm)
        self._draw.ellipse(ring, outline=RED, width=max(1, round(0.9 * self._scale)))
        for place, character in enumerate(text):
            turn = math.radians(-90 + 200 * (place / max(1, len(text) - 1) - 0.5))
            self._draw.text(
                (
                    (x + 0.74 * radius_mm * math.cos(turn)) * self._scale,
                    (y + 0.74 * radius_mm * math.sin(turn)) * self._scale,
                ),
                character,
                RED,
                self._font(radius_mm * 0.26, bold=True),
                anchor="mm",
            )
        centre = (x * self._scale, (y + radius_mm * 0.25) * self._scale)
        self._draw.text(centre, "示例", RED, self._font(radius_mm * 0.4, bold=True), anchor="mm")

    def mark(self) -> None:
        """示例 in pale red under the text, so that no picture of the sheet passes for a real document."""
        width, height = self._size_mm
        font = self._font(min(width, height) * 0.27, bold=True)
        self._draw.text(self._point(width / 2, height * 0.56), "示　例", _MARK, font, anchor="mm")
