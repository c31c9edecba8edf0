"""What is said to the service of 良田 (Eloam) and what its answers mean: pure functions.

Source: shared protocol notes, document_camera.md §5.1.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from devices.errors import Condition, Garbled, Refused

Size = tuple[int, int]  # width, height in pixels

_SIZE = re.compile(r"(\d{3,5})\s*[*xX×,]\s*(\d{3,5})")


def format_grab(head: str, quality: int) -> dict[str, str]:
    """The body of `/video=grabimage` for a plain, uncropped picture in the answer (§5.1)."""
    return {
        "filepath": "base64",
        "rotate": "0",
        "cutpage": "0",
        "deskew": "0",
        "deskewval": "0",
        "camidx": head,
        "ColorMode": "0",
        "quality": str(quality),
        "bAutoAdjust": "",
        "bIsPrint1to1": "",
    }


def parse_sizes(said: Mapping[str, Any]) -> list[Size]:
    """The sizes that an answer lists, in whatever form: texts like 4160*3120, or objects with width and height."""
    sizes = [size for value in said.values() for size in _sizes_in(value)]
    return list(dict.fromkeys(sizes))


def _sizes_in(value: object, depth: int = 0) -> Iterator[Size]:
    if isinstance(value, str):
        for match in _SIZE.finditer(value):
            yield int(match[1]), int(match[2])
    elif isinstance(value, dict) and depth < 3:
        sides = [str(value.get(side, "")) for side in ("width", "height")]
        if all(side.isascii() and side.isdigit() and len(side) < 6 for side in sides):
            yield int(sides[0]), int(sides[1])
        else:
            for inner in value.values():
                yield from _sizes_in(inner, depth + 1)
    elif isinstance(value, list) and depth < 3:
        for inner in value:
            yield from _sizes_in(inner, depth + 1)


def accept(said: Mapping[str, Any], path: str, otherwise: Condition) -> None:
    """Raise unless the service says yes: `code` is 0, as a number or as a text (§5.1)."""
    code = said.get("code")
    if code is None or isinstance(code, dict | list):
        raise Garbled(path=path, reason="no code")
    text = str(code).strip()
    if text not in ("0", "0.0"):
        raise Refused(otherwise, path=path, code=text if re.fullmatch(r"-?\w{1,6}", text, re.A) else "")
