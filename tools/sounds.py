"""`python -m tools.sounds`: writes `kiosk/catalogue/sounds.txt`, how characters and the odd words among them sound.

From pypinyin (MIT licence) and its tables. They take a fifth of a second to load and 30 MB to hold; what the search
needs of them is this file, which is parsed in milliseconds. Run again when pypinyin is renewed; a test compares.
"""

from collections.abc import Iterator

from pypinyin import Style
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict
from pypinyin.style import convert

from kiosk.catalogue.sounds import BLOCKS, NONE, ROW, SOUNDS

_LONGEST = 3  # characters of an odd word: longer ones are idioms, which no matter is called
_HEAD = """\
# How characters sound, without tones: the first one's code point and the syllables of sixty-four in a row; then words
# in which a character sounds otherwise. Written by tools/sounds.py from pypinyin's tables (MIT licence). Do not edit.
"""


def table() -> str:
    """The whole file."""
    single = {code: _plain(readings.split(",")[0]) for code, readings in pinyin_dict.items()}
    rows = (
        f"{first:X} {' '.join(single.get(code, NONE) for code in range(first, first + ROW))}\n"
        for block in BLOCKS
        for first in block[::ROW]
    )
    words = (f"{word} {' '.join(sounds)}\n" for word, sounds in sorted(_odd(single)))
    return _HEAD + "".join((*rows, *words))


def _odd(single: dict[int, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for word, readings in phrases_dict.items():
        sounds = tuple(_plain(reading[0]) for reading in readings)
        if len(word) != len(sounds) or len(word) > _LONGEST or not _in_daily_use(word):
            continue
        if any(single.get(ord(sign)) != sound for sign, sound in zip(word, sounds, strict=True)):
            yield word, sounds


def _in_daily_use(word: str) -> bool:
    """Whether all its characters are among the 6,763 of GB 2312."""
    try:
        word.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _plain(reading: str) -> str:
    sound: str = convert(reading, Style.NORMAL, strict=False)
    return sound.replace("ü", "v")


if __name__ == "__main__":
    SOUNDS.write_text(table(), encoding="utf-8")
