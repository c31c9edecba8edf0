"""The terminal's own Ed25519 key: it puts this terminal's name to requests and to exports, and opens nothing.

Made at enrolment; the private half never leaves this machine. It lies in a file of mode 0600 in the data folder, or in
the credentials folder that systemd hands to the service (`LoadCredentialEncrypted=terminal.key:…`).
"""

import base64
import binascii
import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from offline_cache.durable import write_secret
from offline_cache.errors import BadKey

FILE = "terminal.key"
ALGORITHM = "ed25519"
_PUBLIC_BYTES = 32  # RFC 8032
_LONGEST_FILE = 4096


def key_id_of(public: bytes) -> str:
    """How a public key is called for short: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


class PublicKey:
    """Somebody's Ed25519 public key."""

    def __init__(self, raw: bytes) -> None:
        """`raw`: 32 bytes. Raises `BadKey`."""
        if len(raw) != _PUBLIC_BYTES:
            raise BadKey(why="no ed25519 key")
        self.raw = raw
        self.key_id = key_id_of(raw)
        self._key = Ed25519PublicKey.from_public_bytes(raw)

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """A key as it is written: base64. Raises `BadKey`."""
        try:
            return cls(base64.b64decode(text.strip(), validate=True))
        except (binascii.Error, ValueError) as error:
            raise BadKey(why="no base64") from error

    def signed(self, content: bytes, signature: bytes) -> bool:
        """Whether `signature` is this key's under `content`."""
        try:
            self._key.verify(signature, content)
        except InvalidSignature:
            return False
        return True


class TerminalKey:
    """The private key of this terminal."""

    algorithm = ALGORITHM

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self._raw = private.public_key().public_bytes_raw()
        self.key_id = key_id_of(self._raw)

    @classmethod
    def new(cls) -> "TerminalKey":
        """A key nobody has; not on any disk yet."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, file: Path) -> "TerminalKey | None":
        """The key in `file` (PKCS #8, PEM), None when there is no such file. Raises `BadKey`."""
        try:
            with file.open("rb") as opened:
                private = load_pem_private_key(opened.read(_LONGEST_FILE), password=None)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise BadKey(why="unreadable", file=file.name, error=type(error).__name__) from None
        if not isinstance(private, Ed25519PrivateKey):
            raise BadKey(why="no ed25519 key", file=file.name)
        return cls(private)

    def save(self, file: Path) -> None:
        """Write to `file`, durably, readable by this user alone; what stood there is replaced. Raises `CacheError`."""
        pem = self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_secret(file, pem)

    @property
    def public(self) -> str:
        """The public half, base64 of its 32 bytes: what the platform is given."""
        return base64.b64encode(self._raw).decode("ascii")

    def sign(self, content: bytes) -> bytes:
        """The signature of `content`, 64 bytes."""
        return self._private.sign(content)
