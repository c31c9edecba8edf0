"""Pictures as OpenCV and cameras give them, and OpenCV kept quiet."""

import os
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (height, width, 3) uint8, BGR
Size = tuple[int, int]  # width, height in pixels

#: OpenCV waits so many seconds for a frame of a V4L2 camera (10 unless told otherwise, and no property changes it);
#: a 18 MP camera at 2 frames a second needs one or two for its first
_SELECT_S = "4"

_START, _END = b"\xff\xd8\xff", b"\xff\xd9"
_SCAN = 0xDA  # start of the coded pixels, in which FF D9 stands for the end and nothing else
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})


class Mode(NamedTuple):
    """One of the camera's two ways of working."""

    name: str  #: "preview" or "still"
    size: Size


class Picture(NamedTuple):
    """What a source delivers."""

    pixels: Pixels
    jpeg: bytes | None = None  #: the camera's own bytes of it, where it gives them


def whole_jpeg(data: bytes) -> bytes | None:
    """The JPEG at the start of `data` from FF D8 to FF D9, what a buffer holds behind it cut off; None if broken."""
    if not data.startswith(_START):
        return None
    scan = _scan_at(data)
    end = data.find(_END, scan) if scan is not None else -1
    return None if end < 0 else data[: end + 2]


def _scan_at(data: bytes) -> int | None:
    """Where the coded pixels begin; a thumbnail in the header has its own ends, which do not count."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        kind = data[place + 1]
        if kind == 0xFF:  # fill byte
            place += 1
        elif kind in _WITHOUT_LENGTH:
            place += 2
        else:
            length = int.from_bytes(data[place + 2 : place + 4], "big")
            if length < 2:
                return None
            if kind == _SCAN:
                return place + 2 + length
            place += 2 + length
    return None


def decoded(data: bytes) -> Pixels | None:
    """The pixels of a coded picture; None when it is none."""
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if pixels is None else np.asarray(pixels)


def read_capture(capture: Any) -> NDArray[np.uint8] | None:
    """What `cv2.VideoCapture` reads, whatever its shape; None when the frame was lost."""
    try:
        ok, pixels = capture.read()
    except cv2.error:  # a frame that cannot be decoded is a lost frame
        return None
    return pixels if ok and pixels is not None and pixels.size else None


def quieten() -> None:
    """Keep OpenCV and FFmpeg from writing to stderr and from waiting longer than is any use."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    os.environ.setdefault(
        "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", _SELECT_S
    )  # read at the first wait for a frame
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
