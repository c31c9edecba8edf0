"""Files as a phone or a stick brings them: good ones, and those that mean harm."""

import io
import struct
import zlib

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image


def printed(width: int = 1240, height: int = 1754, seed: int = 3) -> NDArray[np.uint8]:
    """A sheet with lines of print-like marks, upright, as a scanner sees it."""
    random = np.random.default_rng(seed)
    sheet = np.full((height, width, 3), 244, np.uint8)
    step = max(12, height // 42)
    for row in range(4, 36):
        right = int(random.integers(width // 2, width - width // 9))
        for x in range(width // 9, right, step):
            if random.random() > 0.15:
                cv2.rectangle(
                    sheet, (x, row * step), (x + step * 2 // 3, row * step + step // 2), (40, 40, 40), -1
                )
    return sheet


def photographed(seed: int = 3) -> NDArray[np.uint8]:
    """The same sheet on a dark desk, a little askew: 4:3, as a phone takes it."""
    desk = np.full((1500, 2000, 3), (46, 62, 84), np.uint8)
    desk += np.random.default_rng(seed).integers(0, 12, desk.shape, np.uint8)
    sheet = printed(seed=seed)
    high, wide = sheet.shape[:2]
    there = np.array([[560, 90], [1450, 120], [1480, 1400], [530, 1380]], np.float32)
    flat = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    warp = cv2.getPerspectiveTransform(flat, there)
    seen = cv2.warpPerspective(sheet, warp, (2000, 1500), flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), warp, (2000, 1500)) > 127
    desk[inside] = seen[inside]
    return desk


def jpeg(pixels: NDArray[np.uint8]) -> bytes:
    return bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 88])[1])


def pdf(pages: int, script: str = "") -> bytes:
    """A PDF of so many printed A4 pages; `script` is run by readers that know no better."""
    held = io.BytesIO()
    sheets = [Image.fromarray(printed(620, 877, seed=page)) for page in range(pages)]
    sheets[0].save(held, "PDF", save_all=True, append_images=sheets[1:], resolution=75)
    if not script:
        return held.getvalue()
    with pikepdf.open(io.BytesIO(held.getvalue())) as made:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(script))
        made.Root.OpenAction = made.make_indirect(action)
        armed = io.BytesIO()
        made.save(armed)
    return armed.getvalue()


def bomb() -> bytes:
    """A PNG of some kilobytes that says it is 60,000 × 60,000."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(10**6)))
        + chunk(b"IEND", b"")
    )


PROGRAM = b"MZ\x90\x00" + bytes(200)
PAGE_OF_THE_WEB = b"<!doctype html><script>alert(1)</script>"
