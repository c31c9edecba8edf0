"""How Chinese text sounds: pinyin without tones, one syllable a character. From `sounds.txt` (see tools/sounds.py)."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("sounds.txt")
_LONGEST = 3  # characters of a word that sounds otherwise than its characters


@cache
def _tables() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Character → syllable; word → its syllables where they differ from that."""
    single: dict[str, str] = {}
    odd: dict[str, list[str]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        first, _, second = line.partition("\t")
        if first.isascii():
            single.update(dict.fromkeys(second, first))
        else:
            odd[first] = second.split(" ")
    return single, odd


def pinyin(text: str) -> Iterator[str]:
    """A syllable for each character of `text`; a character that has none stays as it is."""
    single, odd = _tables()
    at = 0
    while at < len(text):
        for length in range(_LONGEST, 1, -1):
            word = odd.get(text[at : at + length])
            if word is not None:
                yield from word
                at += length
                break
        else:
            yield single.get(text[at], text[at])
            at += 1
