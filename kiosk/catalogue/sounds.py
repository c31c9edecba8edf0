"""How Chinese text sounds: pinyin without tones, one syllable a character. From `sounds.txt` (see tools/sounds.py)."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOUNDS = Path(__file__).with_name("sounds.txt")
ROW = 64  #: characters a line
NONE = "-"  #: for a code point that nobody pronounces
#: CJK Unified Ideographs and Extension A: every character that a keyboard here can type. 〇 is looked after below
BLOCKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
_OTHERS = {"〇": "ling"}
_LONGEST = 3  # characters of a word that sounds otherwise than its characters


@cache
def _tables() -> tuple[dict[int, str], dict[str, str]]:
    """Number of a row of characters → their syllables; word → its syllables where they differ from those."""
    rows: dict[int, str] = {}
    odd: dict[str, str] = {}
    for line in SOUNDS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        first, _, sounds = line.partition(" ")  # split when asked for: this is on the way of a key stroke
        if first.isascii():
            rows[int(first, 16) // ROW] = sounds
        else:
            odd[first] = sounds
    return rows, odd


def pinyin(text: str) -> Iterator[str]:
    """A syllable for each character of `text`; a character that has none stays as it is."""
    rows, odd = _tables()
    at = 0
    while at < len(text):
        for length in range(_LONGEST, 1, -1):
            word = odd.get(text[at : at + length])
            if word is not None:
                yield from word.split(" ")
                at += length
                break
        else:
            yield _single(text[at], rows)
            at += 1


def _single(sign: str, rows: dict[int, str]) -> str:
    row = rows.get(ord(sign) // ROW)
    sound = row.split(" ")[ord(sign) % ROW] if row else NONE
    return _OTHERS.get(sign, sign) if sound == NONE else sound
