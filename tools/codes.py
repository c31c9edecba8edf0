"""`codes IMAGE… [--json]`: the codes in photographs. Exit 2 when a file could not be read; the others are still done.

Texts are untrusted. They are reported as they are and nothing is opened; in the form for people, characters that
could steer a terminal are shown as escapes.
"""

import argparse
import io
import unicodedata
import warnings
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kiosk.capture.codes import SeenCode, find_codes
from kiosk.words import Words
from tools.cli import ROOT
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT

_LONGEST = 256 << 20  # bytes of a file; chosen: 60 megapixels fit unpacked, /dev/zero does not
_PNG = b"\x89PNG\r\n\x1a\n"
#: control, format (direction marks), surrogate, private and unassigned characters; separators of lines
_STEERING = ("C", "Zl", "Zp")


class NoPicture(Exception):
    """A file is missing, or is no picture."""


def run(asked: argparse.Namespace) -> int:
    """Each picture in turn."""
    words = Words.load(ROOT / "config" / "words", "zh-Hans")
    done = 0
    for image in asked.images:
        try:
            codes = find_codes(picture(image), every=True)
        except NoPicture as error:
            complain(words("codes.unreadable", file=shown(str(image)), why=str(error)))
            done = BAD_INPUT
            continue
        if asked.json:
            say_json(told(image, codes))
        else:
            for line in lines(image, codes, words):
                say(line)
    return done


def picture(path: Path) -> NDArray[np.uint8]:
    """The pixels of a JPEG, PNG or other picture file: BGR, turned upright as EXIF says. Raises `NoPicture`."""
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise NoPicture(getattr(error, "strerror", None) or type(error).__name__) from error
    if len(data) > _LONGEST or _is_bomb(data):
        raise NoPicture("too large")
    packed = np.frombuffer(data, np.uint8)
    try:
        pixels = cv2.imdecode(packed, cv2.IMREAD_COLOR) if data else None
        if data.startswith(_PNG) and pixels is not None:
            pixels = _on_white(cv2.imdecode(packed, cv2.IMREAD_UNCHANGED), pixels)
    except cv2.error as error:  # a picture of impossible size
        raise NoPicture(error.err) from error
    if pixels is None:
        raise NoPicture("not a picture")
    return np.asarray(pixels, np.uint8)


def told(image: Path, codes: tuple[SeenCode, ...]) -> dict[str, Any]:
    """One picture's line of JSON. File names that are not UTF-8 keep their odd bytes as escapes."""
    return {
        "source": str(image).encode("utf-8", "backslashreplace").decode("utf-8"),
        "codes": [
            {
                "text": code.text,
                "symbology": code.symbology,
                "polygon": [[round(x, 1), round(y, 1)] for x, y in code.polygon],
            }
            for code in codes
        ],
    }


def lines(image: Path, codes: tuple[SeenCode, ...], words: Words) -> list[str]:
    """One picture's lines for people."""
    name = shown(str(image))
    if not codes:
        return [words("codes.none", file=name)]
    head = words("codes.found", file=name, count=len(codes))
    return [head, *(f"  {code.symbology:12} {shown(code.text)}" for code in codes)]


def shown(text: str) -> str:
    r"""A text fit for a terminal: what could move its cursor, colour or direction stands as an escape (`\x1b`)."""
    return "".join(_escaped(character) if _steers(character) else character for character in text)


def _steers(character: str) -> bool:
    return character == "\\" or unicodedata.category(character).startswith(_STEERING)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _is_bomb(data: bytes) -> bool:
    """Whether the file's head promises more pixels than a terminal has memory for: some kB can claim gigabytes."""
    try:
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            Image.open(io.BytesIO(data)).close()
    except Image.DecompressionBombError:
        return True
    except Exception:  # noqa: BLE001  a head that Pillow cannot read in whatever way; the decoder has the last word
        return False
    return False


def _on_white(whole: Any, colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture with transparent parts as it looks on paper; codes are often saved without a background."""
    if whole is None or whole.ndim != 3 or whole.shape[2] != 4 or whole.shape[:2] != colours.shape[:2]:
        return colours
    opaque = whole[:, :, 3:].astype(np.float32) / np.iinfo(whole.dtype).max
    return np.asarray(np.rint(colours * opaque + 255 * (1 - opaque)), np.uint8)
