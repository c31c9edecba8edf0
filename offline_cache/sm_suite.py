"""The suite `sm`: sealed with SM4-GCM, keys derived and header bound with SM3, to the same `age1…` keys (ADR 0088).

The shape is age's: a header with one wrapped file key for each recipient, closed by a MAC, then pieces of 64 KiB, each
sealed, numbered, and the last one marked. What differs is what it is made of, and that it says so in its first line.
Key agreement stays X25519: no well-kept Python library has SM2. Not a certified product, and not what a commercial
cryptography certificate (商用密码产品认证) is given for.

GB/T 32907 (SM4), GB/T 32905 (SM3), RFC 5869 (HKDF, with SM3), RFC 7748 (X25519), GCM of SP 800-38D with a tag of 16.
"""

import base64
import os
from collections.abc import Iterator, Sequence

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"tiantianshun-sm/1\n"
PIECE_BYTES = 64 * 1024
_TAG = 16
_MOST_RECIPIENTS = 20
_LONGEST_HEADER = 8192
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


class NotForUs(Exception):
    """It is sealed to somebody else, was damaged, or is no such file."""


def seal(data: bytes, recipients: Sequence[str]) -> bytes:
    """Seal to every recipient (`age1…`). Raises ValueError for one that is no key."""
    file_key = os.urandom(16)
    lines = [MAGIC]
    for recipient in recipients:
        public = raw_key(recipient)
        once = X25519PrivateKey.generate()
        ephemeral = once.public_key().public_bytes_raw()
        shared = once.exchange(X25519PublicKey.from_public_bytes(public))
        wrapped = _sealed(_wrapping(shared, ephemeral, public), bytes(12), file_key)
        lines.append(b"-> X25519 %s %s\n" % (base64.b64encode(ephemeral), base64.b64encode(wrapped)))
    head = b"".join(lines) + b"---"
    nonce = os.urandom(16)
    key = _derived(file_key, nonce, b"payload", 16)
    pieces = [
        _sealed(key, _number(number, last), piece) for number, last, piece in _pieces(data, PIECE_BYTES)
    ]
    return b"".join([head, b" ", base64.b64encode(_mac(file_key, head).finalize()), b"\n", nonce, *pieces])


def unseal(sealed: bytes, secrets: Sequence[str]) -> bytes:
    """What it holds, with any of these keys (`AGE-SECRET-KEY-1…`). Raises `NotForUs`."""
    end = sealed.find(b"\n--- ", 0, _LONGEST_HEADER)
    line = sealed.find(b"\n", end + 1, _LONGEST_HEADER)
    if not sealed.startswith(MAGIC) or end < 0 or line < 0:
        raise NotForUs("no sealed file")
    try:
        wrapped = [_recipient_line(each) for each in sealed[len(MAGIC) : end].split(b"\n")]
        file_key = _file_key(wrapped[:_MOST_RECIPIENTS], secrets)
        head, said = sealed[: end + 4], _plain(sealed[end + 5 : line])
        _mac(file_key, head).verify(said)
        nonce, body = sealed[line + 1 : line + 17], sealed[line + 17 :]
        key = _derived(file_key, nonce, b"payload", 16)
        pieces = _pieces(body, PIECE_BYTES + _TAG)
        return b"".join(_opened(key, _number(number, last), piece) for number, last, piece in pieces)
    except (ValueError, InvalidSignature, InvalidTag) as error:
        raise NotForUs(type(error).__name__) from error


def raw_key(text: str) -> bytes:
    """The 32 bytes of a key in Bech32 (BIP 173), `age1…` or `AGE-SECRET-KEY-1…`. Raises ValueError."""
    name, _, said = text.strip().lower().rpartition("1")
    values = [_BECH32.index(each) for each in said]
    spread = [ord(each) >> 5 for each in name] + [0] + [ord(each) & 31 for each in name]
    if _bech32_sum([*spread, *values]) != 1:
        raise ValueError("no key: the check digits are wrong")
    number = 0
    for value in values[:-6]:
        number = number << 5 | value
    spare = len(values[:-6]) * 5 - 256
    if not 0 <= spare < 5 or number & ((1 << spare) - 1):
        raise ValueError("no key: its length is wrong")
    return (number >> spare).to_bytes(32, "big")


def _bech32_sum(values: Sequence[int]) -> int:
    total = 1
    for value in values:
        top = total >> 25
        total = (total & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            total ^= generator if top >> bit & 1 else 0
    return total


def _recipient_line(line: bytes) -> tuple[bytes, bytes]:
    arrow, kind, ephemeral, wrapped = line.split(b" ")
    if (arrow, kind) != (b"->", b"X25519"):
        raise ValueError("a recipient of another kind")
    return _plain(ephemeral), _plain(wrapped)


def _plain(said: bytes) -> bytes:
    plain = base64.b64decode(said, validate=True)
    if base64.b64encode(plain) != said:
        raise ValueError("not the one way to write it")
    return plain


def _file_key(wrapped: Sequence[tuple[bytes, bytes]], secrets: Sequence[str]) -> bytes:
    for secret in secrets:
        own = X25519PrivateKey.from_private_bytes(raw_key(secret))
        public = own.public_key().public_bytes_raw()
        for ephemeral, content in wrapped:
            shared = own.exchange(X25519PublicKey.from_public_bytes(ephemeral))
            try:
                return _opened(_wrapping(shared, ephemeral, public), bytes(12), content)
            except InvalidTag:
                continue  # another recipient's
    raise NotForUs("sealed to somebody else")


def _wrapping(shared: bytes, ephemeral: bytes, public: bytes) -> bytes:
    return _derived(shared, ephemeral + public, b"tiantianshun-sm/1 X25519", 16)


def _derived(secret: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SM3(), length, salt, purpose).derive(secret)


def _mac(file_key: bytes, head: bytes) -> HMAC:
    mac = HMAC(_derived(file_key, b"", b"header", 32), SM3())
    mac.update(head)
    return mac


def _number(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _pieces(data: bytes, length: int) -> Iterator[tuple[int, bool, bytes]]:
    count = max(1, -(-len(data) // length))
    for number in range(count):
        yield number, number == count - 1, data[number * length : (number + 1) * length]


def _sealed(key: bytes, nonce: bytes, data: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    return encryptor.update(data) + encryptor.finalize() + encryptor.tag


def _opened(key: bytes, nonce: bytes, sealed: bytes) -> bytes:
    if len(sealed) < _TAG:
        raise ValueError("cut off")
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
    return decryptor.update(sealed[:-_TAG]) + decryptor.finalize()
