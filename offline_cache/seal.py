"""Sealing: bytes go in, and only the platform can take them out again (age, or `sm`; both X25519).

The terminal holds public keys only. `Recipients` checks them once, at the border, so that a mistyped key is
found before a citizen stands in front of the machine and not while she hands in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pyrage

from offline_cache import sm_suite
from offline_cache.errors import BadRecipient

#: What is sealed with: age as everybody knows it, or SM4 and SM3 where a site must (ADR 0088).
Suite = Literal["international", "sm"]


@dataclass(frozen=True, slots=True)
class Recipients:
    """The public keys to which everything is sealed; any one of their holders can open it."""

    keys: tuple[str, ...]  #: `age1…`, one or more, each valid, none twice
    suite: Suite = "international"

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
    if recipients.suite == "sm":
        return sm_suite.seal(data, recipients.keys)
    sealed: bytes = pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(key) for key in recipients.keys])
    return sealed


def unsealed(sealed: bytes, secret: str) -> bytes:
    """What was sealed to the holder of `secret`, with whichever suite. Raises ValueError."""
    try:
        if sealed.startswith(sm_suite.MAGIC):
            return sm_suite.unseal(sealed, [secret])
        opened: bytes = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(secret)])
    except (pyrage.DecryptError, sm_suite.NotForUs) as error:
        raise ValueError("not sealed to this key, or damaged") from error
    return opened


def _check(which: int, key: str) -> None:
    if key.upper().startswith("AGE-SECRET-KEY-"):
        # A secret key on the terminal would undo all sealing; it must not be echoed into a log either.
        raise BadRecipient(which=which, why="this is a secret key; the terminal needs the public one, age1…")
    try:
        pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError as error:
        raise BadRecipient(which=which, key=key, why=str(error)) from error
