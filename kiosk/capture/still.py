"""The border where a picture comes in: camera still, uploaded file, USB stick. Nothing of it is trusted.

The header is looked at before anything is decoded, so that a few bytes cannot claim gigabytes, and only formats that
citizens really have are tried. A JPEG is decoded once, into memory that is used again.
"""

import hashlib
import io
import itertools
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from PIL.TiffImagePlugin import TiffImageFile

from ground.clock import Clock
from kiosk.capture.buffers import BUFFERS
from kiosk.capture.pdf import MOST_PAGES, rendered
from kiosk.capture.unreadable import Reason, Unreadable

Pixels = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR, origin top left

MOST_PIXELS = 64_000_000  # of the brief: the finest document cameras and most phones end at 50 megapixels
MOST_BYTES = 64 << 20  # of a file: a JPEG of 64 megapixels has up to 40 MB
_MOST_SIDE = 32_000  # pixels: OpenCV's warp ends at 32,767, and no sheet is that long and narrow
_MOST_SCANS = 100  # of a progressive JPEG: encoders write ten; thousands are a way to keep a processor busy
_MOST_TILE = 4 << 20  # pixels of one TIFF tile: a reader allocates a whole one whatever the picture's size
_BAND = 512  # rows that are worked on at once
_FORMATS = ("PNG", "WEBP", "TIFF", "BMP", "JPEG")  # what Pillow is allowed to look for
_JPEG, _SCAN, _EXIF, _PDF = b"\xff\xd8\xff", b"\xff\xda", b"Exif\0\0", b"%PDF-"
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")  # brands of ISO/IEC 23008-12 and AVIF
_BEGINNINGS = (_JPEG, b"\x89PNG\r\n\x1a\n", b"RIFF", b"II*\0", b"MM\0*")
_SHORTEST = 64  # bytes: less than any of these needs for its header
_PDF_WITHIN = 1024  # bytes: where ISO 32000 readers still accept the header
_ORIENTATION, _TILE_WIDTH, _TILE_HEIGHT = 274, 322, 323  # TIFF 6.0 tags; Exif uses the first too
_SUBFILE, _REDUCED = 254, 1  # TIFF 6.0: NewSubfileType, and its bit for "smaller copy of another picture"

#: Exif 2.3, tag Orientation: whether the stored picture is mirrored, and then turned
_UPRIGHT: dict[int, tuple[bool, int | None]] = {
    2: (True, None),
    3: (False, cv2.ROTATE_180),
    4: (True, cv2.ROTATE_180),
    5: (True, cv2.ROTATE_90_COUNTERCLOCKWISE),
    6: (False, cv2.ROTATE_90_CLOCKWISE),
    7: (True, cv2.ROTATE_90_CLOCKWISE),
    8: (False, cv2.ROTATE_90_COUNTERCLOCKWISE),
}
_ONE_AT_A_TIME = threading.Lock()  # warnings.catch_warnings changes what holds for the whole process


@dataclass(frozen=True, slots=True)
class Still:
    """One picture as it came in, upright as its own header says."""

    pixels: Pixels = field(repr=False)
    encoded: bytes | None = field(default=None, repr=False)  #: the untouched file; None where there is none
    source: str = ""  #: file name, slot or device; never shown to a citizen
    resolution_dpi: int | None = (
        None  #: of a page without perspective, scanned or rendered; None: a photograph
    )
    decode_ms: float = field(default=0.0, compare=False)  #: what decoding took, where a clock was handed in

    @property
    def sha256(self) -> str:
        """Hex, of the file as it came; of the pixels where there is none (26 ms at 13 MP)."""
        came = np.ascontiguousarray(self.pixels).data if self.encoded is None else self.encoded
        return hashlib.sha256(came).hexdigest()


def opened(
    data: bytes, *, most_pixels: int = MOST_PIXELS, source: str = "", clock: Clock | None = None
) -> Still:
    """The one picture in `data`: JPEG, PNG, WebP, TIFF or BMP. Raises `Unreadable`, for a TIFF of several too.

    Grey, CMYK, 16-bit and transparent pictures come out as 8-bit BGR as they look on white paper. The pixels lie in
    memory that is used again once nobody holds them. With a `clock` the still knows how long that took.
    """
    begun = clock.instant() if clock else 0.0
    pictures = list(itertools.islice(_pictures(data, most_pixels, source), 2))
    if len(pictures) > 1:
        raise Unreadable(Reason.SEVERAL_PICTURES)
    return replace(pictures[0], decode_ms=(clock.instant() - begun) * 1e3) if clock else pictures[0]


def stills(
    data: bytes,
    *,
    most_pixels: int = MOST_PIXELS,
    most_pages: int = MOST_PAGES,
    source: str = "",
    clock: Clock | None = None,
) -> Iterator[Still]:
    """Every picture in `data`, one after another: what `opened` takes, TIFFs of several pages, and PDFs.

    Raises `Unreadable`, at the latest when the first page is asked for that is too many or spoilt.
    """
    if is_pdf(data):
        pictures = pages_of_pdf(data, most_pages=most_pages, source=source)
    else:
        pictures = _pictures(data, most_pixels, source)
    begun = clock.instant() if clock else 0.0
    for number, still in enumerate(pictures):
        if number == most_pages:
            raise Unreadable(Reason.TOO_MANY_PAGES)
        yield replace(still, decode_ms=(clock.instant() - begun) * 1e3) if clock else still
        del still  # its memory may be used for the next
        begun = clock.instant() if clock else 0.0


def is_pdf(data: bytes) -> bool:
    """Whether a reader would take this for a PDF."""
    return _PDF in data[:_PDF_WITHIN]


def pages_of_pdf(data: bytes, *, most_pages: int = MOST_PAGES, source: str = "") -> Iterator[Still]:
    """The pages of a PDF as they are printed, each rendered when it is asked for.

    At most 300 dpi and 16 megapixels. Done in a child process with little memory and time, because neither the file
    nor the library that reads it is trusted. Raises `Unreadable`: encrypted, with scripts or programs to start, too
    many pages, too large, broken.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    for pixels, dpi in rendered(data, most_pages):
        yield Still(pixels, None, source, dpi)


def _pictures(data: bytes, most_pixels: int, source: str) -> Iterator[Still]:
    if not data:
        raise Unreadable(Reason.EMPTY)
    if len(data) > MOST_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise Unreadable(Reason.HEIC)
    if data.startswith(_JPEG):
        pixels = _jpeg(data, most_pixels)
        if pixels is not None:
            yield Still(_turned(pixels, _jpeg_orientation(data)), data, source)
            return
    for pixels in _by_pillow(data, most_pixels):
        yield Still(pixels, data, source)


# --- JPEG, the usual case ---


def _jpeg(data: bytes, most_pixels: int) -> Pixels | None:
    """None where libjpeg-turbo's simple interface does not know the colours: CMYK, odd subsampling."""
    try:
        height, width, space, _ = simplejpeg.decode_jpeg_header(data, strict=False)
    except (ValueError, KeyError):  # KeyError: a subsampling without a name
        return None
    _check_size(width, height, most_pixels)
    if space in ("CMYK", "YCCK"):
        return None
    if data.count(_SCAN) > _MOST_SCANS:
        raise Unreadable(Reason.TOO_COSTLY)
    room = BUFFERS.array(height, width, 3)
    try:
        return np.asarray(_decoded(data, room, strict=True))
    except ValueError as error:
        if "remature end" in str(error):  # libjpeg's JWRN_JPEG_EOF: half of the page would be grey
            raise Unreadable(Reason.TRUNCATED) from error
    try:
        return np.asarray(_decoded(data, room, strict=False))  # odd, but whole: libjpeg only warned
    except ValueError as error:
        raise Unreadable(Reason.BROKEN) from error


def _decoded(data: bytes, room: Pixels, *, strict: bool) -> Any:
    return simplejpeg.decode_jpeg(
        data, "BGR", fastdct=True, fastupsample=True, buffer=room.reshape(-1), strict=strict
    )


def _jpeg_orientation(data: bytes) -> int:
    """What Exif says of the camera's pose; 1, as it is, when it says nothing that makes sense."""
    if _EXIF not in data[: 1 << 17]:
        return 1
    try:
        with _quiet(), Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001  Pillow's readers of metadata raise whatever a hostile header makes them raise
        return 1


def _turned(pixels: Pixels, orientation: int) -> Pixels:
    mirrored, turn = _UPRIGHT.get(orientation, (False, None))
    if mirrored:
        pixels = np.asarray(cv2.flip(pixels, 1))
    return pixels if turn is None else np.asarray(cv2.rotate(pixels, turn))


# --- everything else ---


def _by_pillow(data: bytes, most_pixels: int) -> Iterator[Pixels]:
    """The pictures of a file, without the small copies that a TIFF may carry for file managers."""
    for number in itertools.count():
        try:
            with _quiet(), Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                pixels = _frame(image, number, most_pixels)
        except Unreadable:
            raise
        except StopIteration:
            return
        except Image.DecompressionBombError as error:
            raise Unreadable(Reason.TOO_LARGE) from error
        except UnidentifiedImageError as error:
            raise Unreadable(_unknown(data)) from error
        except Exception as error:
            cut = "truncated" in str(error) or isinstance(error, EOFError)
            raise Unreadable(Reason.TRUNCATED if cut else Reason.BROKEN) from error
        if pixels is not None:
            yield pixels


def _frame(image: Image.Image, number: int, most_pixels: int) -> Pixels | None:
    """Picture `number` of a file; None for a thumbnail. Raises StopIteration after the last."""
    if number > 0:
        if image.format != "TIFF":
            raise StopIteration
        try:
            image.seek(number)
        except EOFError:
            raise StopIteration from None
        if isinstance(image, TiffImageFile) and int(image.tag_v2.get(_SUBFILE, 0)) & _REDUCED:
            return None
    _check_size(*image.size, most_pixels)
    if isinstance(image, TiffImageFile):
        tile = int(image.tag_v2.get(_TILE_WIDTH, 0)) * int(image.tag_v2.get(_TILE_HEIGHT, 0))
        if tile > _MOST_TILE:
            raise Unreadable(Reason.TOO_LARGE)
    # Pillow turns TIFFs itself while it loads them.
    orientation = 1 if image.format == "TIFF" else int(image.getexif().get(_ORIENTATION, 1))
    return _turned(_bgr(image), orientation)


def _bgr(image: Image.Image) -> Pixels:
    """What Pillow holds, as 8-bit BGR on white paper."""
    if image.mode.startswith("I"):  # 16 bits a pixel, whatever the letters after it
        return np.asarray(cv2.cvtColor(_of_16_bits(np.asarray(image)), cv2.COLOR_GRAY2BGR))
    if image.mode == "F":
        raise Unreadable(Reason.NOT_A_PICTURE)  # measurements, not light
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return _on_white(np.asarray(image.convert("RGBA")))
    rgb = np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR, dst=BUFFERS.array(*rgb.shape)))


def _of_16_bits(grey: NDArray[Any]) -> NDArray[np.uint8]:
    # An 8-bit picture in a 16-bit file is not asked for: a dark 16-bit scan looks the same
    return np.asarray(np.clip(grey, 0, 65535) // 257, np.uint8)


def _on_white(rgba: NDArray[np.uint8]) -> Pixels:
    """Transparent parts as they look on paper, band by band so that little memory is needed."""
    pixels = BUFFERS.array(*rgba.shape[:2], 3)
    for top in range(0, rgba.shape[0], _BAND):
        band = rgba[top : top + _BAND].astype(np.uint16)
        opaque = band[:, :, 3:]
        pixels[top : top + _BAND] = (band[:, :, 2::-1] * opaque + 255 * (255 - opaque) + 127) // 255
    return pixels


def _check_size(width: int, height: int, most_pixels: int) -> None:
    if width * height > most_pixels or max(width, height) > _MOST_SIDE:
        raise Unreadable(Reason.TOO_LARGE)
    if min(width, height) < 1:
        raise Unreadable(Reason.BROKEN)


def _unknown(data: bytes) -> Reason:
    """A JPEG, PNG … whose header is spoilt or not whole, or something else altogether."""
    if not data.startswith(_BEGINNINGS):
        return Reason.NOT_A_PICTURE
    return Reason.TRUNCATED if len(data) < _SHORTEST else Reason.BROKEN


@contextmanager
def _quiet() -> Iterator[None]:
    """Pillow warns of odd metadata and of large pictures; the answer here is a reason, not a warning."""
    with _ONE_AT_A_TIME, warnings.catch_warnings(action="ignore"):
        yield
