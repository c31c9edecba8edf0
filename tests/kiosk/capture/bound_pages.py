"""Pages for the binder's tests: print, empty paper and cards, drawn with what OpenCV has."""

import hashlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray

from kiosk.capture.bind import bind
from kiosk.capture.flatten import SheetSize
from kiosk.capture.judge import Measures, Verdict
from kiosk.capture.leaf import Drawn, decoded, encoded
from kiosk.capture.page import Page

MARK = "仅供办理居住证申领使用 2026-11-21"
FONTS = (Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),)
INK = 30
PAPER = 246


def printed(width: int, height: int, lines: int, *, seed: int = 0, planes: int = 3) -> Drawn:
    """Paper with so many lines of print and a little of the camera's noise."""
    chance = np.random.default_rng(seed)
    sheet = np.full((height, width), PAPER, np.uint8)
    for line in range(lines):
        text = "".join(chr(chance.integers(65, 90)) for _ in range(width // 24))
        cv2.putText(sheet, text, (30, 60 + 44 * line), cv2.FONT_HERSHEY_SIMPLEX, 1.0, INK, 3, cv2.LINE_AA)
    noise = np.empty(sheet.shape, np.int8)
    cv2.setRNGSeed(seed + 1)
    cv2.randn(noise, 0, 2.0)
    sheet = np.clip(sheet.astype(np.int16) + noise, 0, 255).astype(np.uint8)
    return np.repeat(sheet[:, :, None], planes, axis=2)


def page_of(
    pixels: Drawn,
    size: SheetSize = SheetSize.A4,
    *,
    dpi: int = 300,
    verdicts: tuple[Verdict, ...] = (),
) -> Page:
    jpeg = encoded(pixels, 85, dpi)
    measures = Measures(0.0, 0.0, 240.0, 0.1)
    return Page(
        jpeg=jpeg,
        view_jpeg=jpeg,
        thumbnail_jpeg=jpeg,
        width=pixels.shape[1],
        height=pixels.shape[0],
        dpi=dpi,
        size=size,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        source_sha256="a" * 64,
        corners=((10.4, 20.0), (900.0, 20.0), (900.0, 1200.6), (10.0, 1200.0)),
        confidence=1.0,
        verdicts=verdicts,
        measures=measures,
    )


def card(level: int, *, standing: bool = False) -> Page:
    """A card of one light colour with a bar of ink along its top."""
    pixels = np.full((638, 1011, 3), (level, 235, 225), np.uint8)
    pixels[60:90, 60:950] = INK
    if standing:
        pixels = np.ascontiguousarray(np.rot90(pixels, -1))
    return page_of(pixels, SheetSize.CARD)


def stored(pdf: bytes) -> list[tuple[bytes, tuple[float, float], NDArray[np.uint8]]]:
    """Of each page of a PDF: the JPEG, the size on paper in millimetres, the pixels."""
    found = []
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            ((_, image),) = page.get_images().items()
            jpeg = bytes(image.read_raw_bytes())
            left, low, right, top = (float(edge) for edge in page.MediaBox)
            found.append(
                (jpeg, ((right - left) / 72 * 25.4, (top - low) / 72 * 25.4), np.asarray(decoded(jpeg)))
            )
    return found


def jpegs(pdf: bytes) -> Sequence[bytes]:
    return [jpeg for jpeg, _, _ in stored(pdf)]


def bind_marked(pages: Sequence[Page]) -> bytes:
    return bind(pages, watermark=MARK, fonts=FONTS)
