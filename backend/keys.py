"""The platform's secrets: the age identity that opens cases, the operator's token, the key of the check digits.

They are made at the first start, in the data folder's `keys/`, mode 0600. Whoever loses `identity.age` can open
no case that was sealed to it: back it up apart from the rest.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from pathlib import Path

import pyrage

from backend.durable import PRIVATE, private_folder, write_once

IDENTITY_FILE = "identity.age"
OPERATOR_FILE = "operator.token"
CHECK_FILE = "check.key"


class CannotOpen(Exception):
    """A sealed part is not sealed to this platform, or was damaged."""


def new_token() -> str:
    """A bearer token nobody can guess: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """How a token is kept: its SHA-256. A token is random, so it needs no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


def _kept(file: Path, make: Callable[[], str]) -> str:
    if not file.exists():
        write_once(file, make() + "\n")
    file.chmod(PRIVATE)
    return file.read_text(encoding="utf-8").strip()


class Keys:
    """The secrets of one data folder; those that are missing are made."""

    def __init__(self, folder: Path) -> None:
        private_folder(folder)
        secret = _kept(folder / IDENTITY_FILE, lambda: str(pyrage.x25519.Identity.generate()))
        self._identity = pyrage.x25519.Identity.from_str(secret)
        self._operator = token_hash(_kept(folder / OPERATOR_FILE, new_token))
        self._check_key = bytes.fromhex(_kept(folder / CHECK_FILE, lambda: secrets.token_hex(32)))

    @property
    def recipient(self) -> str:
        """The public key (`age1…`) that terminals seal to."""
        return str(self._identity.to_public())

    def is_operator(self, token: str) -> bool:
        """Whether `token` is the operator's; takes the same time either way."""
        return hmac.compare_digest(token_hash(token), self._operator)

    def open(self, sealed: bytes) -> bytes:
        """What `sealed` holds. Raises `CannotOpen`."""
        try:
            return bytes(pyrage.decrypt(sealed, [self._identity]))
        except pyrage.DecryptError as error:
            raise CannotOpen from error

    def check_of(self, acceptance_number: str, last_four: str) -> str:
        """What is kept of an id number's last four, to answer progress by: a keyed hash bound to its case.

        The key lies apart from the database, so that a copy of the database alone gives nobody's digits away.
        """
        said = f"{acceptance_number}\n{last_four.upper()}".encode()
        return hmac.new(self._check_key, said, hashlib.sha256).hexdigest()
