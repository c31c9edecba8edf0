"""The two readers behind one vocabulary: zxing-cpp and zbar, their names, their bytes, and whom to believe.

A reading counts when the symbology's own error correction or check characters bore it out. Where these are weak (one
digit or none), a pattern of print can pass for a code; such a reading counts only when both readers give it alike, or,
for the little brothers of QR, which zbar does not know, when it is read again from the picture blurred a little.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from pyzbar.pyzbar import ZBarSymbol
from pyzbar.pyzbar import decode as zbar_decode

from kiosk.capture.codes_text import text_of

Grey = NDArray[np.uint8]  #: (height, width) uint8
Polygon = tuple[tuple[float, float], ...]  #: four corners, x and y in pixels

QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
EVERY = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.AllReadable])
_ITSELF = {"EAN13", "EAN8", "UPCE", "MicroQRCode", "RMQRCode", "MicroPDF417"}
_OUR_WORD = {
    "EANUPC": "EAN13",
    "ISBN": "EAN13",
    "UPCA": "EAN13",
    "ITF14": "ITF",
    "AztecCode": "Aztec",
    "AztecRune": "Aztec",
}
#: whose error correction or checks leave chance no room; of Code 39 only long ones
_STRONG = {
    "QRCode",
    "DataMatrix",
    "PDF417",
    "MicroPDF417",
    "Aztec",
    "MaxiCode",
    "Code128",
    "Code93",
    "EAN13",
}
_LONG = 8  # characters of Code 39: each checks itself, but a line of print can pass for two or three
_RETAIL = {"EAN13", "EAN8", "UPCE"}  # zbar hands out UPC-E written in full, as EAN-13
#: zbar's names; what it calls PDF417 and SQ it cannot read, and UPC is asked for as EAN-13
_ZBAR = {
    ZBarSymbol.QRCODE: "QRCode",
    ZBarSymbol.CODE128: "Code128",
    ZBarSymbol.CODE93: "Code93",
    ZBarSymbol.CODE39: "Code39",
    ZBarSymbol.EAN13: "EAN13",
    ZBarSymbol.EAN8: "EAN8",
    ZBarSymbol.I25: "ITF",
    ZBarSymbol.DATABAR: "DataBar",
    ZBarSymbol.DATABAR_EXP: "DataBar",
    ZBarSymbol.CODABAR: "Codabar",
}
_ZBAR_NAMES = {symbol.name: name for symbol, name in _ZBAR.items()}


@dataclass(frozen=True, slots=True)
class SeenCode:
    """A code that was read. Its text is untrusted: nothing here opens, follows or runs it."""

    text: str
    symbology: str  #: "QRCode", "Code128", "PDF417", "DataMatrix", "EAN13", "Aztec", …
    polygon: Polygon  #: four corners in pixels of the picture, from the symbol's own top left, around it
    raw: bytes  #: what the symbol holds, before any reading as text


def zxing(
    grey: Grey, formats: zxingcpp.BarcodeFormats = QR, *, black_and_white: bool = False
) -> list[SeenCode]:
    """What zxing-cpp reads and its error correction accepts, weak symbologies included."""
    binarizer = zxingcpp.Binarizer.BoolCast if black_and_white else zxingcpp.Binarizer.LocalAverage
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(grey), formats=formats, binarizer=binarizer, text_mode=zxingcpp.TextMode.HexECI
    )
    return [_seen(barcode) for barcode in found if barcode.valid and barcode.bytes]


def zbar(grey: Grey) -> list[SeenCode]:
    """What zbar reads, weak symbologies included. Nothing beyond ASCII, for there it hands out its own guess."""
    seen = []
    for symbol in zbar_decode(np.ascontiguousarray(grey), symbols=list(_ZBAR)):
        raw = bytes(symbol.data)
        if not raw or not raw.isascii():
            continue
        polygon = _four([(float(x), float(y)) for x, y in symbol.polygon])
        seen.append(SeenCode(raw.decode("ascii"), _ZBAR_NAMES[symbol.type], polygon, raw))
    return seen


def strong(code: SeenCode) -> bool:
    """Whether one reader's word is enough."""
    return code.symbology in _STRONG or (code.symbology == "Code39" and len(code.text) >= _LONG)


def agreed(codes: Iterable[SeenCode], others: Iterable[SeenCode]) -> list[SeenCode]:
    """Those of `codes` that stand by themselves or that another look gave alike."""
    alike = {_key(other) for other in others}
    return [code for code in codes if strong(code) or _key(code) in alike]


def merged(codes: Iterable[SeenCode]) -> tuple[SeenCode, ...]:
    """Each symbol once: the same text of the same symbology at the same place is one symbol."""
    kept: list[SeenCode] = []
    for code in codes:
        if not any(_same(code, other) for other in kept):
            kept.append(code)
    return tuple(kept)


def moved(code: SeenCode, scale: float, border: float = 0.0) -> SeenCode:
    """A code seen in a picture with a border and enlarged, in the coordinates of the original."""
    return replace(code, polygon=tuple((x / scale - border, y / scale - border) for x, y in code.polygon))


def _seen(barcode: zxingcpp.Barcode) -> SeenCode:
    place = barcode.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    polygon = tuple((float(corner.x), float(corner.y)) for corner in corners)
    return SeenCode(text_of(barcode.bytes, barcode.text), _word(barcode), polygon, barcode.bytes)


def _word(barcode: zxingcpp.Barcode) -> str:
    """Our word for a symbology: families by their family's name, kinds that differ on paper by their own."""
    itself = str(barcode.format.name)
    name = itself if itself in _ITSELF else str(barcode.symbology.name)
    return _OUR_WORD.get(name, name)


def _key(code: SeenCode) -> tuple[str, bytes]:
    """What two looks at one symbol have in common."""
    return "EAN13" if code.symbology in _RETAIL else code.symbology, code.raw


def _same(one: SeenCode, other: SeenCode) -> bool:
    if _key(one) != _key(other):
        return False
    first, second = (np.array(code.polygon, np.float32) for code in (one, other))
    apart = float(np.hypot(*(first.mean(0) - second.mean(0))))
    return apart <= max(float(np.ptp(first, 0).max()), float(np.ptp(second, 0).max())) / 2


def _four(points: list[tuple[float, float]]) -> Polygon:
    """zbar outlines with any number of points; a line's outline may be flat."""
    if len(points) == 4:
        return tuple(points)
    if not points:
        return ((0.0, 0.0),) * 4
    box = cv2.boxPoints(cv2.minAreaRect(np.array(points, np.float32)))
    return tuple((float(x), float(y)) for x, y in box)
