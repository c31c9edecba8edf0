"""Codes seen by the document camera: QR, Code 128, PDF417, Data Matrix and their kin, in any ordinary photograph.

Most pictures give up their code at the first, quick look (zxing-cpp for QR codes on the grey picture). Those that do
not climb a ladder: each rung shows the readers the picture changed in one way. The ladder is as long as the rungs it
has, never as long as a clock allows, so the same picture always gives the same answer. What each rung brings stands in
ADR 0019. Contents are untrusted: texts are reported as they are, and nothing is done with them.
"""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.codes_readers import (
    EVERY,
    Grey,
    Polygon,
    SeenCode,
    agreed,
    merged,
    moved,
    strong,
    zbar,
    zxing,
)
from kiosk.capture.codes_sharpen import blurs, sharpened

__all__ = ["Polygon", "SeenCode", "find_codes", "glanced"]

Rung = Callable[[Grey], list[SeenCode]]

_SMALL = 2_000_000  # pixels: a picture up to this size climbs the whole ladder; a larger one is reduced to it first
_LEAST = 8  # pixels: shorter sides hold no symbol of any kind

#: pixels: chosen; a code of 30 mm on an A4 field has 4 of them a module then, and a look takes 12 ms of a core
_GLANCED = 1280


def find_codes(pixels: NDArray[np.uint8], *, every: bool = False) -> tuple[SeenCode, ...]:
    """The codes in a picture, (height, width, 3) uint8 BGR or (height, width) uint8 grey; empty when there are none.

    As soon as a look finds something, that is the answer. With `every` the whole ladder is climbed in any case: for
    pictures that may hold several codes, of several kinds or in several states; some thirty times slower on easy ones.
    Raises ValueError for arrays that are no picture.
    """
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] != 3):
        raise ValueError(f"a picture is uint8, grey or BGR; this is {pixels.dtype} {pixels.shape}")
    if min(pixels.shape[:2]) < _LEAST:
        return ()
    grey = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    looks = _climbed(grey)
    if every:
        return merged(code for codes in looks for code in codes)
    return next((merged(codes) for codes in looks if codes), ())


def glanced(pixels: NDArray[np.uint8]) -> tuple[SeenCode, ...]:
    """The codes in a live picture that are easily seen. The next picture is another chance.

    Looked at with at most `_GLANCED` pixels on the longer side; the corners are told in those.
    """
    grey = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    scale = _GLANCED / max(grey.shape)
    if scale < 1:
        small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        grey = np.asarray(small, np.uint8)
    return merged(_quick(grey) or _evened(grey))


def _climbed(grey: Grey) -> Iterator[list[SeenCode]]:
    """What each rung finds, in turn, as far as somebody asks."""
    yield _quick(grey)
    yield _evened(grey)
    if grey.size <= _SMALL:
        for rung in _LADDER:
            yield rung(grey)
        return
    yield _all_kinds(grey)
    scale = (_SMALL / grey.size) ** 0.5
    reduced = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    for rung in (_quick, _evened, *_LADDER):
        yield [moved(code, scale) for code in rung(reduced)]


def _quick(grey: Grey) -> list[SeenCode]:
    return [code for code in zxing(grey) if strong(code)]


def _evened(grey: Grey) -> list[SeenCode]:
    """Shadows and darkness: each pixel against the mean of those around it; a little blur against grain."""
    soft = cv2.GaussianBlur(grey, (0, 0), 1.0)
    mean, below = cv2.ADAPTIVE_THRESH_MEAN_C, 2
    black = cv2.adaptiveThreshold(soft, 255, mean, cv2.THRESH_BINARY, 19, below)
    return [code for code in zxing(np.asarray(black, np.uint8), black_and_white=True) if strong(code)]


def _larger(grey: Grey) -> list[SeenCode]:
    """Small modules, and symbols cut out without their quiet zone: enlarged, on white."""
    border = 12
    scale = 2 if max(grey.shape) > 200 else 4
    framed = cv2.copyMakeBorder(grey, border, border, border, border, cv2.BORDER_CONSTANT, value=255)
    large = cv2.resize(framed, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return [moved(code, scale, border) for code in zxing(np.asarray(large, np.uint8)) if strong(code)]


def _contrasty(grey: Grey) -> list[SeenCode]:
    """Faint print and soft shadows: contrast drawn up tile by tile (CLAHE)."""
    tiles = cv2.createCLAHE(3.0, (8, 8))
    return [code for code in zxing(np.asarray(tiles.apply(grey), np.uint8)) if strong(code)]


def _softer(grey: Grey) -> list[SeenCode]:
    """Modules broken by grain or compression: blurred until they close."""
    soft = cv2.GaussianBlur(grey, (0, 0), 1.6)
    return [code for code in zxing(np.asarray(soft, np.uint8)) if strong(code)]


def _deblurred(grey: Grey) -> list[SeenCode]:
    """Defocus and motion, measured in the picture and divided out."""
    for blur in blurs(grey):
        for sharp in sharpened(grey, blur):
            if codes := [code for code in zxing(sharp) if strong(code)]:
                return codes
    return []


def _all_kinds(grey: Grey) -> list[SeenCode]:
    """Every other symbology; what has weak checks must be read alike in another look."""
    codes = zxing(grey, EVERY)
    if all(strong(code) for code in codes):
        return codes
    soft = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.8), np.uint8)
    again = [code for code in zxing(soft) if code.symbology in ("MicroQRCode", "RMQRCode")]
    return agreed(codes, [*zbar(grey), *again])


def _other_reader(grey: Grey) -> list[SeenCode]:
    return [code for code in zbar(grey) if strong(code)]


_LADDER: tuple[Rung, ...] = (
    _deblurred,
    _larger,
    _contrasty,
    _softer,
    _all_kinds,
    _other_reader,
)
