"""Our own pinyin engine, for machines without librime: pypinyin's dictionaries turned round.

A syllable leads to its characters, commonest first: pypinyin has no frequencies, so a character ranks by its
level in GB 2312 (the 3,755 of level 1 are the everyday ones), then by how often it stands with this reading in
pypinyin's 47,000 phrases. Whole phrases come before single characters.
"""

import functools
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from pypinyin import Style
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict
from pypinyin.style import convert

from screens.input.commonness import level as level
from screens.input.composition import MOST_CANDIDATES, Composition

Syllables = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """What the engine looks up. `words` are two characters and longer."""

    characters: dict[str, tuple[str, ...]] = field(repr=False)  #: syllable → characters, commonest first
    words: dict[Syllables, tuple[str, ...]] = field(repr=False)  #: syllables → words
    longest: int = 0  #: syllables of the longest word


class SpellingEngine:
    """A `PinyinEngine` that remembers nothing between words."""

    name = "spelling"

    def __init__(self, tables: Tables | None = None) -> None:
        self.tables = tables or _shipped()
        self._letters = ""
        self._settled: list[tuple[str, str]] = []  #: (characters, the letters that they replaced)

    def type(self, letter: str) -> Composition:
        self._letters += letter
        return self._composition()

    def erase(self) -> Composition:
        if self._settled:
            _, letters = self._settled.pop()
            self._letters = letters + self._letters
        else:
            self._letters = self._letters[:-1]
        return self._composition()

    def choose(self, index: int) -> Composition:
        text, used = list(self._ranked())[index]
        self._settled.append((text, self._letters[:used]))
        self._letters = self._letters[used:]
        if self._letters.strip("'"):
            return self._composition()
        finished = "".join(characters for characters, _ in self._settled)
        self.clear()
        return Composition(finished=finished)

    def clear(self) -> None:
        self._letters, self._settled = "", []

    def forget(self) -> None:
        self.clear()

    def _composition(self) -> Composition:
        settled = "".join(characters for characters, _ in self._settled)
        spelled = " ".join(split(self._letters, self.tables.characters))
        return Composition(settled + spelled, tuple(text for text, _ in self._ranked()))

    def _ranked(self) -> Iterator[tuple[str, int]]:
        """Each candidate with the number of letters that it stands for, at most `MOST_CANDIDATES`."""
        seen: set[str] = set()
        for text, used in self._found():
            if len(seen) == MOST_CANDIDATES:
                return
            if text not in seen:
                seen.add(text)
                yield text, used

    def _found(self) -> Iterator[tuple[str, int]]:
        syllables = split(self._letters, self.tables.characters)
        known = tuple(_known(syllables, self.tables.characters))
        if not known:
            return
        if len(known) > 1:
            yield self._sentence(known), _letters_used(self._letters, known)
        for length in range(min(len(known), self.tables.longest), 1, -1):
            for word in self.tables.words.get(known[:length], ()):
                yield word, _letters_used(self._letters, known[:length])
        for character in self.tables.characters[known[0]]:
            yield character, _letters_used(self._letters, known[:1])

    def _sentence(self, syllables: Syllables) -> str:
        """The whole spelling at once: longest words first, else the commonest character."""
        text, rest = "", syllables
        while rest:
            for length in range(min(len(rest), self.tables.longest), 0, -1):
                found = (
                    self.tables.words.get(rest[:length]) if length > 1 else self.tables.characters[rest[0]]
                )
                if found:
                    text, rest = text + found[0], rest[length:]
                    break
        return text


def split(letters: str, syllables: Collection[str]) -> list[str]:
    """Letters as syllables, each as long as the rest allows; what makes none stays as it is, at the end.

    `'` parts two syllables by hand: xi'an.
    """
    parts: list[str] = []
    for run in letters.split("'"):
        found, rest = _split_run(run, syllables)
        parts += found
        if rest:
            parts.append(rest)
    return parts


def _split_run(run: str, syllables: Collection[str]) -> tuple[list[str], str]:
    """The split that leaves the fewest letters over; among equals the one whose first syllables are longest."""
    best: tuple[list[str], str] = ([], run)
    for length in range(min(6, len(run)), 0, -1):  # zhuang, chuang: no syllable is longer than six letters
        if run[:length] in syllables:
            parts, rest = _split_run(run[length:], syllables)
            if len(rest) < len(best[1]):
                best = ([run[:length], *parts], rest)
            if not rest:
                break
    return best


def _known(parts: list[str], characters: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for part in parts:
        if part not in characters:
            return
        yield part


def _letters_used(letters: str, syllables: Syllables) -> int:
    """How many of `letters` the syllables take, the ' between them counted."""
    used = 0
    for syllable in syllables:
        while letters[used] == "'":
            used += 1
        used += len(syllable)
    return used


@functools.cache
def _shipped() -> Tables:
    return build(pinyin_dict, phrases_dict)


def build(readings: dict[int, str], phrases: dict[str, list[list[str]]]) -> Tables:
    """Turn dictionaries (code point → readings with tone marks; phrase → reading per character) round."""
    often = Counter(
        (character, _plain(toned[0]))
        for phrase, toned_each in phrases.items()
        for character, toned in zip(phrase, toned_each, strict=True)
    )
    characters: defaultdict[str, list[str]] = defaultdict(list)
    for code, toned in readings.items():
        for syllable in {_plain(reading) for reading in toned.split(",")}:
            characters[syllable].append(chr(code))
    words: defaultdict[Syllables, list[str]] = defaultdict(list)
    for phrase, toned_each in phrases.items():
        words[tuple(_plain(toned[0]) for toned in toned_each)].append(phrase)
    return Tables(
        {s: tuple(sorted(found, key=lambda c: (level(c), -often[c, s]))) for s, found in characters.items()},
        {s: tuple(found) for s, found in words.items()},
        max((len(s) for s in words), default=0),
    )


def _plain(toned: str) -> str:
    """zhōng → zhong; lǜ → lv, as it is typed."""
    return _v(convert(toned, Style.NORMAL, strict=False))


def _v(syllable: str) -> str:
    return syllable.replace("ü", "v")
