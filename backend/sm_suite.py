"""Opens what a terminal sealed with its suite `sm`: SM4-GCM, SM3, X25519, in the shape of age (docs/adr/0088).

The terminal's half stands in its own code; the two share no Python, only the format and its test vectors.
"""

import base64
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"tiantianshun-sm/1\n"
_TAG = 16
_PIECE = 64 * 1024 + _TAG
_MOST_RECIPIENTS = 20
_LONGEST_HEADER = 8192
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


class NotOpened(Exception):
    """It is sealed to somebody else, or was damaged."""


def open_sm(sealed: bytes, secrets: Sequence[str]) -> bytes:
    """What it holds, with any of the age identities `AGE-SECRET-KEY-1…`. Raises `NotOpened`."""
    end = sealed.find(b"\n--- ", 0, _LONGEST_HEADER)
    line = sealed.find(b"\n", end + 1, _LONGEST_HEADER)
    if not sealed.startswith(MAGIC) or end < 0 or line < 0:
        raise NotOpened("not of this suite")
    try:
        stanzas = sealed[len(MAGIC) : end].split(b"\n")[:_MOST_RECIPIENTS]
        file_key = _unwrapped([stanza.split(b" ") for stanza in stanzas], secrets)
        mac = HMAC(_derived(file_key, b"", b"header", 32), SM3())
        mac.update(sealed[: end + 4])
        mac.verify(_plain(sealed[end + 5 : line]))
        return _payload(file_key, sealed[line + 1 :])
    except (ValueError, InvalidSignature, InvalidTag) as error:
        raise NotOpened(type(error).__name__) from error


def _plain(said: bytes) -> bytes:
    """Base64 in its one canonical form: a file has one way to be written."""
    plain = base64.b64decode(said, validate=True)
    if base64.b64encode(plain) != said:
        raise NotOpened("not canonical")
    return plain


def _payload(file_key: bytes, said: bytes) -> bytes:
    """The pieces in their order: each number once, and the last one marked, so that nothing is cut off or moved."""
    key, body = _derived(file_key, said[:16], b"payload", 16), said[16:]
    starts = range(0, max(1, len(body)), _PIECE)
    opened = []
    for number, start in enumerate(starts):
        nonce = number.to_bytes(11, "big") + (b"\x01" if number == len(starts) - 1 else b"\x00")
        opened.append(_decrypted(key, nonce, body[start : start + _PIECE]))
    return b"".join(opened)


def _unwrapped(stanzas: Sequence[Sequence[bytes]], secrets: Sequence[str]) -> bytes:
    for secret in secrets:
        own = X25519PrivateKey.from_private_bytes(_secret_bytes(secret))
        public = own.public_key().public_bytes_raw()
        for stanza in stanzas:
            if len(stanza) != 4 or stanza[:2] != [b"->", b"X25519"]:
                raise NotOpened("a recipient of another kind")
            ephemeral = _plain(stanza[2])
            shared = own.exchange(X25519PublicKey.from_public_bytes(ephemeral))
            key = _derived(shared, ephemeral + public, b"tiantianshun-sm/1 X25519", 16)
            try:
                return _decrypted(key, bytes(12), _plain(stanza[3]))
            except InvalidTag:
                continue  # another recipient's
    raise NotOpened("sealed to somebody else")


def _secret_bytes(secret: str) -> bytes:
    """The 32 bytes of an identity that was checked when it was read: Bech32, 52 digits and 6 of check."""
    number = 0
    for digit in secret.strip().lower().rpartition("1")[2][:52]:
        number = number << 5 | _BECH32.index(digit)
    return (number >> 4).to_bytes(32, "big")


def _derived(secret: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SM3(), length, salt, purpose).derive(secret)


def _decrypted(key: bytes, nonce: bytes, sealed: bytes) -> bytes:
    if len(sealed) < _TAG:
        raise NotOpened("cut off")
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
    return decryptor.update(sealed[:-_TAG]) + decryptor.finalize()
