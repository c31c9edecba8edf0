"""A key that only her card has: derived from the bytes of its chip, kept nowhere.

Whoever lays the same card on again opens what was sealed to it; the terminal without the card cannot, and neither can
who steals its disk. Source: HKDF (RFC 5869) over the 1024 bytes of the portrait, which no other reading and no copy of
the card's face gives; the key is written as age writes it (age-encryption.org/v1: X25519, Bech32 of BIP 173).
"""

from collections.abc import Iterable

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from offline_cache.drafts import OwnKey

PORTRAIT_BYTES = 1024  # WLT, of every card of the family
_SALT = b"tianmen kiosk: drafts of a visit, v1"
_KEY_BYTES = 32
_PREFIX = "age-secret-key-"
_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"  # BIP 173
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK_SIGNS = 6


def card_key(portrait: bytes, number: str) -> OwnKey | None:
    """The key of this card; None where the reader's service does not hand out the portrait's own bytes."""
    if len(portrait) != PORTRAIT_BYTES or len(set(portrait)) < 2:  # nothing, or a service's filler
        return None
    hkdf = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=_SALT, info=number.encode("utf-8"))
    return OwnKey(bech32(_PREFIX, hkdf.derive(portrait)).upper())


def bech32(prefix: str, content: bytes) -> str:
    """`content` as BIP 173 writes it, in small letters, without its limit of 90 signs."""
    groups = list(_fives(content))
    spread = [ord(sign) >> 5 for sign in prefix] + [0] + [ord(sign) & 31 for sign in prefix]
    check = _polymod([*spread, *groups, *[0] * _CHECK_SIGNS]) ^ 1
    groups += [check >> 5 * (_CHECK_SIGNS - 1 - place) & 31 for place in range(_CHECK_SIGNS)]
    return prefix + "1" + "".join(_CHARSET[group] for group in groups)


def _fives(content: bytes) -> Iterable[int]:
    """Groups of five bits, the last one filled up with zeros."""
    bits, held = 0, 0
    for byte in content:
        held, bits = held << 8 | byte, bits + 8
        while bits >= 5:
            bits -= 5
            yield held >> bits & 31
    if bits:
        yield held << 5 - bits & 31


def _polymod(groups: Iterable[int]) -> int:
    check = 1
    for group in groups:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ group
        for place, step in enumerate(_GENERATOR):
            check ^= step if top >> place & 1 else 0
    return check
