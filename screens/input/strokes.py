"""Rare characters: found by their strokes, by their parts, or by their number. No Kivy.

The strokes of 89,000 characters stand in Debian's `rime-data-stroke` (五笔画, from CNS 11643's own table): a text
file of characters and letters, h s p n z for 横 竖 撇 点 折. Writing parts one after the other writes their strokes:
土口 is 𠮷, 七七七 is 㐂, 龙天 is 䶮. So the same table serves who counts strokes and who names parts.
"""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk.catalogue.checks import is_han
from screens.input.commonness import level
from screens.input.composition import MOST_CANDIDATES, Composition
from screens.input.layouts import STROKES

#: Debian's package with the table; doctor names it when it is missing
PACKAGE = "rime-data-stroke"
TABLE = Path("/usr/share/rime-data/stroke.dict.yaml")

#: from as many strokes on characters are offered that have more; fewer begin thousands
_BEGIN_AT = 3
#: longer spellings than this are not looked up on: 𠔻, four times 興, has 64 strokes
_MOST_STROKES = 96

#: Unicode numbers have at most six digits; the smallest Han character has four
_MOST_DIGITS = 6
_LAST = 0x10FFFF


def installed(table: Path = TABLE) -> bool:
    """Whether the table is on this machine."""
    return table.is_file()


class StrokeTable:
    """The file as it is, 2 MB: finding a line in it takes a millisecond, sorting it would take half a second."""

    def __init__(self, path: Path = TABLE) -> None:
        """Raises `OSError`."""
        self._text = path.read_bytes()

    def exactly(self, strokes: str) -> Iterator[str]:
        """The characters that have just these strokes."""
        return (character for character, rest in self._lines(strokes, b"\n") if not rest)

    def beginning(self, strokes: str) -> list[str]:
        """The characters that go on after these strokes, shortest first."""
        found = sorted((len(rest), character) for character, rest in self._lines(strokes, b"") if rest)
        return [character for _, character in found]

    def strokes_of(self, character: str, *, other: bool = False) -> str:
        """The strokes of a character, "" when it is not known. `other`: as Taiwan writes it, which stands first."""
        line = f"\n{character}\t".encode()
        at = self._text.find(line) if other else self._text.rfind(line)
        return "" if at < 0 else self._text[at + len(line) : self._text.index(b"\n", at + 1)].decode()

    def _lines(self, strokes: str, ending: bytes) -> Iterator[tuple[str, bytes]]:
        """(character, further strokes) of all lines whose strokes begin so; with `ending` a line break: are so."""
        wanted = f"\t{strokes}".encode() + ending
        at = self._text.find(wanted)
        while at >= 0:
            end = self._text.index(b"\n", at)
            character = self._text[self._text.rindex(b"\n", 0, at) + 1 : at].decode()
            if len(character) == 1:
                yield character, self._text[at + 1 + len(strokes) : end]
            at = self._text.find(wanted, end)


@functools.cache
def table() -> StrokeTable:
    """The shipped table, read once. Raises `OSError`."""
    return StrokeTable()


class Finder:
    """A `PinyinEngine` whose letters are strokes and parts: "h", "s", "p", "n", "z", or a character."""

    name = "strokes"

    def __init__(
        self, open_table: Callable[[], StrokeTable] = table, drawable: Callable[[str], bool] = lambda _: True
    ) -> None:
        """`drawable`: whether the typefaces have a character; what cannot be seen is not offered."""
        self._open_table, self._drawable = open_table, drawable
        self._parts: list[str] = []

    def type(self, letter: str) -> Composition:
        """Add a stroke, or all strokes of a part."""
        if sum(map(len, self._strokes())) < _MOST_STROKES:
            self._parts.append(letter)
        return self._composition()

    def erase(self) -> Composition:
        self._parts = self._parts[:-1]
        return self._composition()

    def choose(self, index: int) -> Composition:
        character = self._composition().candidates[index]
        self.clear()
        return Composition(finished=character)

    def clear(self) -> None:
        self._parts = []

    def forget(self) -> None:
        self.clear()

    def _composition(self) -> Composition:
        spelled = "".join(STROKES.get(part, part) for part in self._parts)
        found: dict[str, None] = {}
        for character in self._found() if self._parts else ():
            if self._drawable(character):
                found[character] = None
            if len(found) == MOST_CANDIDATES:
                break
        return Composition(spelled, tuple(found))

    def _found(self) -> Iterator[str]:
        """What has just these strokes, everyday characters first; then what has one part inside the other."""
        strokes = self._strokes()
        written, known = "".join(strokes), self._open_table()
        yield from sorted(known.exactly(written), key=level)
        yield from sorted(known.exactly("".join(self._strokes(other=True))), key=level)
        if len(strokes) == 2 and len(strokes[0]) > 1 and len(strokes[1]) > 1:
            outer, inner = strokes
            yield from sorted(known.exactly(outer[:-1] + inner + outer[-1]), key=level)
        if len(written) >= _BEGIN_AT:
            yield from known.beginning(written)

    def _strokes(self, *, other: bool = False) -> list[str]:
        """The strokes of each part; a part that the table does not know has none."""
        known = self._open_table()
        return [part if part in STROKES else known.strokes_of(part, other=other) for part in self._parts]


class Numbers:
    """A `PinyinEngine` whose letters are the digits of a Unicode number: 20BB7 is 𠮷."""

    name = "numbers"

    def __init__(self) -> None:
        self._digits = ""

    def type(self, letter: str) -> Composition:
        if len(self._digits) < _MOST_DIGITS:
            self._digits += letter
        return self._composition()

    def erase(self) -> Composition:
        self._digits = self._digits[:-1]
        return self._composition()

    def choose(self, index: int) -> Composition:
        character = self._composition().candidates[index]
        self.clear()
        return Composition(finished=character)

    def clear(self) -> None:
        self._digits = ""

    def forget(self) -> None:
        self.clear()

    def _composition(self) -> Composition:
        return Composition(f"U+{self._digits}" if self._digits else "", self._meant())

    def _meant(self) -> tuple[str, ...]:
        """The character of this number, when it is one that a name can have."""
        code = int(self._digits or "0", 16)
        character = chr(code) if code <= _LAST else ""
        return (character,) if character and is_han(character) else ()
