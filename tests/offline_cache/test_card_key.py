"""A key that only the card has: the same each time, another for every other card, and one that age takes."""

import pyrage
import pytest

from offline_cache.card_key import PORTRAIT_BYTES, bech32, card_key
from offline_cache.errors import Corrupt
from offline_cache.seal import Recipients, seal_to

PORTRAIT = bytes(range(256)) * 4
NUMBER = "429006199003070019"


def test_the_same_card_opens_what_was_sealed_to_it() -> None:
    key = card_key(PORTRAIT, NUMBER)
    again = card_key(bytes(PORTRAIT), NUMBER)
    assert key is not None and key == again
    assert key.open(seal_to(b"her page", Recipients((key.public,)))) == b"her page"


@pytest.mark.parametrize(
    "other", [(PORTRAIT[:-1] + b"\x00", NUMBER), (PORTRAIT, "429006199205120028"), (PORTRAIT[::-1], NUMBER)]
)
def test_no_other_card_does(other: tuple[bytes, str]) -> None:
    key, stranger = card_key(PORTRAIT, NUMBER), card_key(*other)
    assert key is not None and stranger is not None
    with pytest.raises(Corrupt):
        stranger.open(seal_to(b"her page", Recipients((key.public,))))


@pytest.mark.parametrize("portrait", [b"", PORTRAIT[:-1], bytes(PORTRAIT_BYTES), b"\xff" * PORTRAIT_BYTES])
def test_without_a_portrait_there_is_no_key(portrait: bytes) -> None:
    assert card_key(portrait, NUMBER) is None


def test_it_is_told_to_nobody() -> None:
    assert "SECRET" not in repr(card_key(PORTRAIT, NUMBER))


def test_bech32_is_what_the_standard_says() -> None:
    """BIP 173's test vectors: an empty part, and one of all signs; and age's own reading of a key."""
    assert bech32("a", b"") == "a12uel5l"
    assert bech32("age-secret-key-", bytes(range(32))).startswith("age-secret-key-1qqqsyqcyq5rqwzqf")
    for _ in range(20):
        secret = pyrage.x25519.Identity.generate()
        text = str(secret).lower()
        signs = [("qpzry9x8gf2tvdw0s3jn54khce6mua7l".index(sign)) for sign in text.rpartition("1")[2][:-6]]
        held = 0
        for sign in signs:
            held = held << 5 | sign
        raw = (held >> (len(signs) * 5 - 256)).to_bytes(32, "big")
        assert bech32("age-secret-key-", raw) == text
