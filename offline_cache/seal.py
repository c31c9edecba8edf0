"""Sealing: bytes go in, and only the platform can take them out again (age, X25519).

The terminal holds public keys only. `Recipients` checks them once, at the border, so that a mistyped key is
found before a citizen stands in front of the machine and not while she hands in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyrage

from offline_cache.errors import BadRecipient


@dataclass(frozen=True, slots=True)
class Recipients:
    """The public keys to which everything is sealed; any one of their holders can open it."""

    keys: tuple[str, ...]  #: `age1…`, one or more, each valid, none twice

    @classmethod
    def parse(cls, texts: Sequence[str]) -> "Recipients":
        """Read public keys as people write them. Raises `BadRecipient` (facts: which, why)."""
        keys = tuple(dict.fromkeys(text.strip() for text in texts))
        if not keys:
            raise BadRecipient(why="none given")
        for which, key in enumerate(keys, start=1):
            _check(which, key)
        return cls(keys)


def seal(data: bytes, recipients: Sequence[str]) -> bytes:
    """Seal `data` to every recipient (`age1…`). Raises `BadRecipient` when there is none or one is no key."""
    return seal_to(data, Recipients.parse(recipients))


def seal_to(data: bytes, recipients: Recipients) -> bytes:
    """Seal `data` to recipients that were parsed before."""
    sealed: bytes = pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(key) for key in recipients.keys])
    return sealed


def _check(which: int, key: str) -> None:
    if key.upper().startswith("AGE-SECRET-KEY-"):
        # A secret key on the terminal would undo all sealing; it must not be echoed into a log either.
        raise BadRecipient(which=which, why="this is a secret key; the terminal needs the public one, age1…")
    try:
        pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError as error:
        raise BadRecipient(which=which, key=key, why=str(error)) from error
