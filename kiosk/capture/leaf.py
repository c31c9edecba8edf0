"""A leaf of the document that is being bound: the JPEG as it will be stored, and how to draw it anew."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import simplejpeg
from numpy.typing import NDArray

#: (height, width, 3) BGR or (height, width, 1) grey; uint8, origin top left
Drawn = NDArray[np.uint8]

QUALITY = 85  # as pages are encoded when they are taken: encoding them anew then changes almost nothing
_DENSITY_AT = slice(13, 18)  # of a JFIF header: unit, x and y density (ITU-T T.871 §10.1)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the PDF."""

    jpeg: bytes = field(repr=False)
    dpi: int
    finest: int  #: dpi of `draw`
    draw: Callable[[], Drawn] = field(repr=False)  #: the finished picture at its finest, from kept pixels


def decoded(jpeg: bytes) -> Drawn:
    """The pixels of a JPEG of ours. Raises ValueError when it is none."""
    grey = simplejpeg.decode_jpeg_header(jpeg)[2] == "Gray"
    return np.asarray(simplejpeg.decode_jpeg(jpeg, "GRAY" if grey else "BGR"))


def encoded(pixels: Drawn, quality: int, dpi: int) -> bytes:
    """A JPEG with the resolution written into its JFIF header."""
    grey = pixels.shape[2] == 1
    room = np.ascontiguousarray(pixels)
    jpeg = simplejpeg.encode_jpeg(
        room,
        quality=quality,
        colorspace="GRAY" if grey else "BGR",
        colorsubsampling="Gray" if grey else "420",
    )
    return with_density(jpeg, dpi)


def with_density(jpeg: bytes, dpi: int) -> bytes:
    """The same picture; its header says `dpi`."""
    if jpeg[6:11] != b"JFIF\x00":
        raise ValueError("not a JFIF file")
    told = bytearray(jpeg)
    told[_DENSITY_AT] = b"\x01" + 2 * dpi.to_bytes(2, "big")  # dots per inch
    return bytes(told)
