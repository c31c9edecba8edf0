"""The colours that a page's numbers stand for: sRGB as an ICC profile of version 2, which PDF/A-1 asks for.

Written here because Pillow's profile is of version 4 (newer than PDF/A-1 knows) and dated with the moment of its
making. Layout: ICC.1:1998-09; primaries adapted to D50 and curve: IEC 61966-2-1.
"""

import struct
from functools import cache

_D50 = (0.9642, 1.0, 0.8249)
_RED, _GREEN, _BLUE = (
    (0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)
)  # fmt: skip
_STEPS = 1024  # of the curve; with 256 the darkest levels would be a level off
_VERSION = 0x02100000  # 2.1.0
_DATE = (2026, 1, 1, 0, 0, 0)  # fixed: the profile must not tell when it was made


@cache
def srgb_profile() -> bytes:
    """The profile, always the same bytes."""
    curve = _curve()
    tags = (
        (b"desc", _description(b"sRGB")),
        (b"cprt", b"text\0\0\0\0" + b"No copyright, use freely\0"),
        (b"wtpt", _xyz(_D50)),
        (b"rXYZ", _xyz(_RED)),
        (b"gXYZ", _xyz(_GREEN)),
        (b"bXYZ", _xyz(_BLUE)),
        (b"rTRC", curve),
        (b"gTRC", curve),
        (b"bTRC", curve),
    )
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    for name, content in tags:
        if content not in places:  # the three curves share their place
            places[content] = start + len(body)
            body += content + b"\0" * (-len(content) % 4)
        table += name + struct.pack(">II", places[content], len(content))
    return _header(start + len(body)) + struct.pack(">I", len(tags)) + table + body


def _header(size: int) -> bytes:
    return (
        struct.pack(">I4sI", size, b"", _VERSION)
        + b"mntrRGB XYZ "
        + struct.pack(">6H", *_DATE)
        + b"acsp"
        + bytes(28)  # platform, flags, maker, model, attributes, intent (perceptual): none said
        + _fixed(_D50)
        + bytes(48)
    )


def _curve() -> bytes:
    levels = (step / (_STEPS - 1) for step in range(_STEPS))
    light = (level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels)
    return b"curv\0\0\0\0" + struct.pack(f">I{_STEPS}H", _STEPS, *(round(value * 65535) for value in light))


def _description(name: bytes) -> bytes:
    text = name + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(4 + 4 + 2 + 1 + 67)


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(value)


def _fixed(value: tuple[float, float, float]) -> bytes:
    return struct.pack(">3i", *(round(part * 65536) for part in value))
