"""The platform's secrets: the age identities that open cases, the operator's token, the key of the check digits, and
the key that signs what terminals download.

They are made at the first start, in the data folder's `keys/`, mode 0600. Whoever loses `identity.age` can open
no case that was sealed to it: back it up apart from the rest.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyrage

from backend.durable import PRIVATE, private_folder, write_anew, write_once
from backend.publisher import Publisher
from backend.sm_suite import MAGIC as _SM
from backend.sm_suite import NotOpened, open_sm

IDENTITY_FILE = "identity.age"
OPERATOR_FILE = "operator.token"
CHECK_FILE = "check.key"
PUBLISHER_FILE = "publisher.key"
_SECRET = "AGE-SECRET-KEY-"
_UNTIL = "# until "
_AGE = b"age-encryption.org/v1\n"  # how every age file begins (C2SP age.md)


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


@dataclass(frozen=True, slots=True)
class Identity:
    """A key that opens what was sealed to its recipient."""

    secret: str = field(repr=False)  #: AGE-SECRET-KEY-1…
    until: datetime | None  #: terminals seal to it until then; it opens for ever

    @property
    def recipient(self) -> str:
        """The public key, `age1…`."""
        return str(pyrage.x25519.Identity.from_str(self.secret).to_public())

    def written(self) -> str:
        """As it stands in the file, which is an identity file as age's own tools read it."""
        until = "" if self.until is None else f"{_UNTIL}{self.until.isoformat()}\n"
        return f"{until}{self.secret}\n"


def _identities(text: str) -> tuple[Identity, ...]:
    """The identities of a file, oldest first. Raises ValueError."""
    found: list[Identity] = []
    until = None
    for line in text.splitlines():
        if line.startswith(_UNTIL):
            until = datetime.fromisoformat(line.removeprefix(_UNTIL).strip())
        elif line.startswith(_SECRET):
            found.append(Identity(line.strip(), until))
            until = None
    if not found:
        raise ValueError("no age identity in the file")
    return tuple(found)


class Keys:
    """The secrets of one data folder; those that are missing are made."""

    def __init__(self, folder: Path, *, opens_age: bool = True) -> None:
        """Without `opens_age` no identity is made or read: what comes must have been opened before."""
        private_folder(folder)
        self._file = folder / IDENTITY_FILE
        self.identities: tuple[Identity, ...] = ()  #: oldest first; the last is the one to seal to
        if opens_age:
            self.identities = _identities(_kept(self._file, lambda: str(pyrage.x25519.Identity.generate())))
        self._operator = token_hash(_kept(folder / OPERATOR_FILE, new_token))
        self._check_key = bytes.fromhex(_kept(folder / CHECK_FILE, lambda: secrets.token_hex(32)))
        self.publisher = Publisher.kept(folder / PUBLISHER_FILE)

    @property
    def recipient(self) -> str:
        """The public key (`age1…`) that terminals seal to; "" when this platform opens nothing."""
        return self.identities[-1].recipient if self.identities else ""

    def change_recipient(self, until: datetime | None) -> str:
        """Make a new key to seal to, until that moment, and return its public half. The old ones open on."""
        new = Identity(str(pyrage.x25519.Identity.generate()), until)
        changed = (*self.identities, new)
        write_anew(self._file, "".join(identity.written() for identity in changed))
        self.identities = changed
        return new.recipient

    def is_operator(self, token: str) -> bool:
        """Whether `token` is the operator's; takes the same time either way."""
        return hmac.compare_digest(token_hash(token), self._operator)

    def open(self, sealed: bytes) -> bytes:
        """What `sealed` holds. Raises `CannotOpen`."""
        if not self.identities and not sealed.startswith((_AGE, _SM)):
            return sealed  # opened by the terminal, and brought over TLS
        try:
            if sealed.startswith(_SM):  # newest first: nearly all was sealed to the key of today
                return open_sm(sealed, [identity.secret for identity in reversed(self.identities)])
            held = [pyrage.x25519.Identity.from_str(identity.secret) for identity in self.identities]
            return bytes(pyrage.decrypt(sealed, held))
        except (pyrage.DecryptError, NotOpened) as error:
            raise CannotOpen from error

    def check_of(self, acceptance_number: str, last_four: str) -> str:
        """What is kept of an id number's last four, to answer progress by: a keyed hash bound to its case.

        The key lies apart from the database, so that a copy of the database alone gives nobody's digits away.
        """
        said = f"{acceptance_number}\n{last_four.upper()}".encode("utf-8", "surrogatepass")
        return hmac.new(self._check_key, said, hashlib.sha256).hexdigest()

    def person_of(self, number: str) -> str:
        """What is kept of an id number, to find a person's cases by: a keyed hash, the same however it was typed.

        Keyed, because there are few enough id numbers to try them all; the key lies apart from the database.
        """
        said = f"person\n{''.join(number.split()).upper()}".encode("utf-8", "surrogatepass")
        return hmac.new(self._check_key, said, hashlib.sha256).hexdigest()

    def page_token(self, about: str) -> str:
        """What a form of ours carries, so that a page from elsewhere cannot send it in an operator's name."""
        return hmac.new(self._check_key, f"form\n{about}".encode(), hashlib.sha256).hexdigest()
