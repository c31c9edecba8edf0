"""A second look at what is about to leave: it finds nothing, or the bundle is not written.

It does not make the bundle clean, the allow-list does. It is there for the day when the allow-list has a hole.
"""

import base64
import binascii
import re
import unicodedata
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Final

from kiosk.domain.identity import number_problem

_LEFT, _RIGHT = r"(?<![0-9A-Za-z.+/_-])", r"(?![0-9A-Za-z+/_=-])(?!\.[0-9])"
_NUMBER: Final = re.compile(
    rf"{_LEFT}[1-9][0-9]{{5}}(?:[ -]?(?:19|20)[0-9]{{6}})[ -]?[0-9]{{3}}[0-9Xx]{_RIGHT}"
)
_MOBILE: Final = re.compile(rf"{_LEFT}(?:\+?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]{{4}}){{2}}{_RIGHT}")
_LANDLINE: Final = re.compile(
    rf"{_LEFT}0[1-9][0-9]{{1,2}}[ -][0-9]{{7,8}}{_RIGHT}|{_LEFT}0[1-9][0-9]{{9,10}}{_RIGHT}"
)
_MAGIC: Final[Mapping[str, bytes]] = {
    "png": b"\x89PNG\r\n",
    "jpeg": b"\xff\xd8\xff",
    "pdf": b"%PDF-",
    "age": b"age-encryption.org",
    "key": b"PRIVATE KEY-----",
}
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/]{16,}={0,2}")
_HEX: Final = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")


def found_in(members: Mapping[str, bytes], secrets: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Member and what was found there (number, telephone, picture, secret …); never the thing itself.

    `secrets`: whatever must not be there in any case: names that are known, tokens, hashes of PINs.
    """
    needles = [secret for secret in secrets if len(secret) >= 2]
    found = []
    for name, content in members.items():
        kinds = dict.fromkeys(_kinds(content, needles))
        kinds |= dict.fromkeys(_kinds(name.encode("utf-8"), needles))
        found += [(name, kind) for kind in kinds]
    return found


def _kinds(content: bytes, needles: list[str]) -> Iterator[str]:
    yield from (kind for kind, magic in _MAGIC.items() if magic in content)
    for secret in needles:
        if any(secret.encode(encoding, "replace") in content for encoding in _ENCODINGS):
            yield "secret"
    for text in _texts(content):
        yield from _in_text(text, needles)
    for decoded in _inside(content):
        yield from (kind for kind, magic in _MAGIC.items() if decoded.startswith(magic))
        yield from _in_text(decoded.decode("utf-8", "replace"), needles)


def _texts(content: bytes) -> Iterator[str]:
    """The bytes as text, and once more without escapes and in plain digits."""
    text = content.decode("utf-8", "replace")
    yield text
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if "%" in plain:
        plain = urllib.parse.unquote(plain)
    if "&" in plain:
        plain = unescape(plain)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain)
    if plain != text:
        yield plain
    if b"\0" in content:
        yield content.decode("utf-16-le", "replace")
        yield content.decode("utf-16-be", "replace")


def _inside(content: bytes) -> Iterator[bytes]:
    """What base64 and hex in it hold; a hash holds nothing that anybody reads."""
    for pattern, decode in ((_BASE64, _from_base64), (_HEX, binascii.unhexlify)):
        for found in pattern.finditer(content):
            try:
                decoded = decode(found[0])
            except (binascii.Error, ValueError):
                continue
            if sum(32 <= byte < 127 or byte >= 0x80 for byte in decoded) == len(decoded):
                yield decoded


def _from_base64(text: bytes) -> bytes:
    bare = text.rstrip(b"=")
    return base64.b64decode(bare + b"=" * (-len(bare) % 4), validate=True)


def _in_text(text: str, needles: list[str]) -> Iterator[str]:
    if any(number_problem(re.sub(r"[ -]", "", found[0]).upper()) is None for found in _NUMBER.finditer(text)):
        yield "number"
    if _MOBILE.search(text) or _LANDLINE.search(text):
        yield "telephone"
    if any(secret in text for secret in needles):
        yield "secret"
