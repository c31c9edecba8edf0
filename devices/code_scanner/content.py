"""Is what a scanner sent acceptable as text? Length, encoding, characters; and the symbology that it may name.

Source: shared protocol notes, others.md §2; AIM identifiers: ISO/IEC 15424 (from memory).
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final, Literal

from devices.errors import Garbled

Encoding = Literal["utf-8", "gb18030", "auto"]

#: bytes; the notes' cap for one code (§2). The largest QR code holds 2953
LONGEST: Final = 4096

#: what no honest code holds: control characters; format characters, which reorder or hide text; separators of
#: lines and paragraphs; lone surrogates
_REFUSED = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))

_AIM = re.compile(rb"\]([A-Za-z])([0-9A-Za-z])")
#: the code character of an AIM identifier -> symbology
_SYMBOLOGIES: Final[Mapping[bytes, str]] = {
    b"A": "Code39",
    b"C": "Code128",
    b"d": "DataMatrix",
    b"E": "EAN",
    b"e": "DataBar",
    b"F": "Codabar",
    b"G": "Code93",
    b"h": "HanXin",
    b"I": "ITF",
    b"L": "PDF417",
    b"Q": "QRCode",
    b"U": "MaxiCode",
    b"z": "Aztec",
}


def checked(raw: bytes, encoding: Encoding, max_bytes: int = LONGEST) -> str:
    """`raw` as text. "auto": UTF-8 where it is that, else GB 18030.

    Raises `Garbled` when it is empty, longer than `max_bytes`, not of that encoding, or holds characters that
    control, hide or reorder.
    """
    if not 0 < len(raw) <= max_bytes:
        raise Garbled(what="code", why="length", bytes=len(raw))
    text = _decoded(raw, encoding)
    if any(unicodedata.category(character) in _REFUSED for character in text):
        raise Garbled(what="code", why="control characters", bytes=len(raw))
    return text


def split_symbology(raw: bytes) -> tuple[str, bytes]:
    """The symbology named by an AIM identifier in front (`]Q1`), and the rest; "" and all of it without one."""
    found = _AIM.match(raw)
    if found is None:
        return "", raw
    return _SYMBOLOGIES.get(found[1], "other"), raw[found.end() :]


def _decoded(raw: bytes, encoding: Encoding) -> str:
    for name in ("utf-8", "gb18030") if encoding == "auto" else (encoding,):
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            continue
    raise Garbled(what="code", why="encoding", bytes=len(raw))
