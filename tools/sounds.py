"""`python -m tools.sounds`: writes `kiosk/catalogue/sounds.txt`, how characters and the odd words among them sound.

From pypinyin (MIT licence) and its tables. They take a fifth of a second to load and 30 MB to hold; what the search
needs of them is this file, which is parsed in milliseconds. Run again when pypinyin is renewed; a test compares.
"""

from collections.abc import Iterator
from pathlib import Path

from pypinyin import Style
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict
from pypinyin.style import convert

SOUNDS = Path(__file__).parent.parent / "kiosk" / "catalogue" / "sounds.txt"
_LONGEST = 3  # characters of an odd word: longer ones are idioms, which no matter is called
_HEAD = """\
# How characters sound, without tones: a syllable and its characters; then words in which one of them sounds otherwise.
# Written by tools/sounds.py from pypinyin's tables (MIT licence). Do not edit.
"""


def table() -> str:
    """The whole file."""
    single = _single()
    by_sound: dict[str, list[str]] = {}
    for sign, sound in single.items():
        by_sound.setdefault(sound, []).append(sign)
    lines = [f"{sound}\t{''.join(sorted(signs))}\n" for sound, signs in sorted(by_sound.items())]
    words = [f"{word}\t{' '.join(sounds)}\n" for word, sounds in sorted(_odd(single))]
    return _HEAD + "".join((*lines, *words))


def _single() -> dict[str, str]:
    han = {chr(code): readings for code, readings in pinyin_dict.items() if _is_han(code)}
    return {sign: _plain(readings.split(",")[0]) for sign, readings in han.items()}


def _is_han(code: int) -> bool:
    return code == 0x3007 or 0x3400 <= code <= 0x4DBF or 0x4E00 <= code <= 0x9FFF


def _odd(single: dict[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for word, readings in phrases_dict.items():
        sounds = tuple(_plain(reading[0]) for reading in readings)
        if len(word) != len(sounds) or len(word) > _LONGEST or not _in_daily_use(word):
            continue
        if any(single.get(sign) != sound for sign, sound in zip(word, sounds, strict=True)):
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
