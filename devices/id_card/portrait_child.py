"""Runs in a process of its own: loads the operator's WLT library and decodes one photograph.

In: one line of JSON (`portrait.GetBmpSettings` with a `folder`, or `UnpackSettings`), then 1024 bytes WLT.
Out: 102×126 pixels RGB, origin top left, and exit code 0; nothing and another code when there is no picture.
Imports the standard library only, so that it starts in some twenty milliseconds, and nothing of this project.

Source: shared protocol notes, id_card_reader.md §6.
"""

import ctypes
import json
import os
import resource
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

WIDTH, HEIGHT = 102, 126
_ROW = WIDTH * 3
_BMP_HEADER = 54  # §6: a BMP file is 54 + 126·308 bytes, a row of 306 padded to 308
_DONE = 1  # §6: what both styles return for success
_ROOM = 1 << 16  # the buffer of unpack: 38556 bytes are documented, some builds are said to write more [I]

NO_PICTURE = 3  #: exit code: the library said no, or what it left is no picture

Loader = Callable[[str], Any]  #: ctypes.CDLL, or a stand-in


def main(source: BinaryIO, sink: BinaryIO, load: Loader = ctypes.CDLL) -> int:
    """Decode what `source` brings; the exit code."""
    asked = json.loads(source.readline())
    wlt = source.read()
    pixels = (_by_file if asked["style"] == "get_bmp" else _by_buffer)(asked, wlt, load)
    if pixels is None:
        return NO_PICTURE
    sink.write(pixels)
    sink.flush()
    return 0


def _by_file(asked: dict[str, Any], wlt: bytes, load: Loader) -> bytes | None:
    """GetBmp(path, interface), in a folder that the parent made and will remove."""
    decode = getattr(load(asked["path"]), asked["symbol"])
    decode.argtypes, decode.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_int
    folder = Path(asked["folder"])
    source = folder / "card.wlt"
    source.write_bytes(wlt)
    if decode(str(source).encode(), asked["interface"]) != _DONE:
        return None
    pictures = [path for path in folder.iterdir() if path.suffix.lower() == ".bmp"]
    return rgb_of_bmp(pictures[0].read_bytes()) if pictures else None


def _by_buffer(asked: dict[str, Any], wlt: bytes, load: Loader) -> bytes | None:
    """unpack(wlt, bgr, n)."""
    decode = getattr(load(asked["path"]), asked["symbol"])
    decode.argtypes, decode.restype = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int), ctypes.c_int
    room = ctypes.create_string_buffer(_ROOM)
    if decode(ctypes.create_string_buffer(wlt, _ROOM), room, asked["third_argument"]) != _DONE:
        return None
    rows = [room.raw[at : at + _ROW] for at in range(0, HEIGHT * _ROW, _ROW)]
    return _rgb(reversed(rows) if asked["bottom_up"] else rows)


def rgb_of_bmp(bmp: bytes) -> bytes | None:
    """The pixels of an uncompressed 24-bit BMP of 102×126; None for any other."""
    if len(bmp) < _BMP_HEADER or not bmp.startswith(b"BM"):
        return None
    start = struct.unpack_from("<I", bmp, 10)[0]
    width, height, planes, depth, packed = struct.unpack_from("<iiHHI", bmp, 18)
    padded = (_ROW + 3) // 4 * 4
    if (width, abs(height), planes, depth, packed) != (WIDTH, HEIGHT, 1, 24, 0):
        return None
    if len(bmp) < start + HEIGHT * padded:
        return None
    rows = [bmp[at : at + _ROW] for at in range(start, start + HEIGHT * padded, padded)]
    return _rgb(reversed(rows) if height > 0 else rows)


def _rgb(rows: Any) -> bytes:
    """Rows of blue, green, red as red, green, blue."""
    pixels = bytearray(b"".join(rows))
    pixels[0::3], pixels[2::3] = pixels[2::3], pixels[0::3]
    return bytes(pixels)


def guarded(load: Loader = ctypes.CDLL) -> int:
    """`main` on the process's own pipes; the exit code.

    What the library prints must not get between the pixels, and what it crashes with must not lie on the disk: a
    core file would hold the card.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with os.fdopen(os.dup(1), "wb") as sink:
        os.dup2(2, 1)
        return main(sys.stdin.buffer, sink, load)


if __name__ == "__main__":
    sys.exit(guarded())
