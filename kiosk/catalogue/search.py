"""Search that finds what people call it: Chinese, pinyin, initials, other names, and small slips of the finger.

Everything is computed at load; a key stroke costs dictionary look-ups and string searches (`find` ≤ 5 ms).
Better matches come first: the code, then the whole name, its beginning, a part of it, the same by sound, the
initials, most of the words, and last a spelling that is one or two letters off.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pypinyin import lazy_pinyin

from kiosk.catalogue.fuzzy import fewest_errors, pieces_of
from kiosk.catalogue.lines import Lines
from kiosk.catalogue.model import Matter

_NOISE = re.compile(r"[\W_]+")
_HAN_OR_NOT = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+")
#: what people say around the thing that they want; dropped when something is left without it
_FILLERS = re.compile(
    r"^(我想|我要|想要|想|要|怎么|如何|去|给我|帮我)+|(怎么办理?|在哪里?办理?|一件事|吗|呢|的)+$"
)
_SHORTEST_SLIP = 4  # letters; in a shorter word one letter off is another word
_LONGEST_QUERY = 40  # characters that are looked at; no name is longer
_ENOUGH = 0.5  # of a query's words must be found when not all of it is

# Ranks: the smaller the better. Chosen so that a sure match of a lesser text beats a vague one of a better text.
_CODE, _WHOLE, _BEGINS, _PART, _SOUND, _INITIALS, _MOST, _SLIP = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
_NAME, _OTHER_NAME, _ITEM = (0.0, 0.1, 0.6)  # added, by where the text comes from


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    text: str  #: plain, without noise
    sound: str  #: full pinyin, syllables joined
    starts: frozenset[int]  #: positions in `sound` at which a syllable begins
    initials: str
    weight: float


class Index:
    """All texts by which a matter can be found."""

    def __init__(self, matters: Iterable[Matter]) -> None:
        listed = list(matters)
        self._order = {matter.code: position for position, matter in enumerate(listed)}
        self._entries = [entry for matter in listed for entry in _entries(matter)]
        self._texts = Lines(entry.text for entry in self._entries)
        self._sounds = Lines(entry.sound for entry in self._entries)
        self._initials = Lines(entry.initials for entry in self._entries)
        self._by_plain_code = {plain(matter.code): (matter.code,) for matter in listed}
        self._pairs: dict[str, set[int]] = defaultdict(set)
        for position, entry in enumerate(self._entries):
            for pair in _pairs(entry.text):
                self._pairs[pair].add(position)

    def find(self, text: str) -> list[str]:
        """Codes of the matters that `text` may mean, best first; empty for a blank text."""
        query = plain(text)[:_LONGEST_QUERY]
        if not query:
            return []
        wanted = _FILLERS.sub("", query) or query
        found = dict.fromkeys(self._by_plain_code.get(query, ()), _CODE)
        for spoken in dict.fromkeys((query, wanted)):
            self._note(found, self._sure(spoken))
        self._note(found, self._most_words(wanted))
        if not found:
            self._note(found, self._slips(wanted))
        return sorted(found, key=lambda code: (found[code], self._order[code]))

    def _note(self, found: dict[str, float], ranked: Iterable[tuple[_Entry, float]]) -> None:
        for entry, rank in ranked:
            found[entry.code] = min(found.get(entry.code, math.inf), rank + entry.weight)

    def _sure(self, query: str) -> Iterable[tuple[_Entry, float]]:
        sound = _sound(query)
        candidates = set(self._texts.holding(query))
        if sound:
            candidates |= set(self._sounds.holding(sound))
        if query.isascii():
            candidates |= set(self._initials.holding(query))
        for number in candidates:
            rank = _rank(self._entries[number], query, sound)
            if rank is not None:
                yield self._entries[number], rank

    def _most_words(self, query: str) -> Iterable[tuple[_Entry, float]]:
        """Entries that hold most of the query's pairs of characters; rare pairs say more than common ones."""
        pairs = _pairs(query)
        if len(pairs) < 2:
            return
        worth = {
            pair: math.log(1 + len(self._entries) / (1 + len(self._pairs.get(pair, ())))) for pair in pairs
        }
        held: dict[int, float] = defaultdict(float)
        for pair in pairs:
            for position in self._pairs.get(pair, ()):
                held[position] += worth[pair]
        whole = sum(worth.values())
        for position, sum_held in held.items():
            if sum_held / whole >= _ENOUGH:
                yield self._entries[position], _MOST + 1 - sum_held / whole

    def _slips(self, query: str) -> Iterable[tuple[_Entry, float]]:
        sound = _sound(query)
        allowed = min(2, len(sound) // _SHORTEST_SLIP)
        if not allowed:
            return
        pieces = pieces_of(sound, allowed)
        for number in {number for piece in pieces for number in self._sounds.holding(piece)}:
            off = fewest_errors(sound, self._entries[number].sound)
            if off <= allowed:
                yield self._entries[number], _SLIP + off


def plain(text: str) -> str:
    """Text as it is compared: full width made half, small letters, no spaces and punctuation."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())


def _rank(entry: _Entry, query: str, sound: str) -> float | None:
    if query in entry.text:
        if query == entry.text:
            return _WHOLE
        # A longer rest means that less of the name was said.
        rest = 1 - len(query) / len(entry.text)
        return (_BEGINS if entry.text.startswith(query) else _PART) + rest
    if len(sound) >= 2 and _begins_a_syllable(entry, sound):
        return _SOUND + 1 - len(sound) / len(entry.sound)
    if query.isascii() and entry.initials.startswith(query):
        return _INITIALS
    if query.isascii() and len(query) >= 2 and query in entry.initials:
        return _INITIALS + 0.5
    return None


def _begins_a_syllable(entry: _Entry, sound: str) -> bool:
    at = entry.sound.find(sound)
    while at >= 0:
        if at in entry.starts:
            return True
        at = entry.sound.find(sound, at + 1)
    return False


def _entries(matter: Matter) -> Iterable[_Entry]:
    texts = {plain(matter.name): _NAME, plain(matter.short_name): _NAME}
    for other in (*matter.aliases, *matter.synonyms):
        texts.setdefault(plain(other), _OTHER_NAME)
    for item in matter.items:
        texts.setdefault(plain(item.name), _ITEM)
    for text, weight in texts.items():
        syllables = _syllables(text)
        starts = []
        length = 0
        for syllable in syllables:
            starts.append(length)
            length += len(syllable)
        initials = "".join(syllable[0] for syllable in syllables)
        yield _Entry(matter.code, text, "".join(syllables), frozenset(starts), initials, weight)


def _syllables(text: str) -> list[str]:
    """Pinyin without tones, one syllable a character; other signs stay as they are, one by one."""
    syllables: list[str] = []
    for run in _HAN_OR_NOT.findall(text):
        syllables += list(run) if run.isascii() else lazy_pinyin(run)
    return syllables


def _sound(query: str) -> str:
    return query if query.isascii() else "".join(_syllables(query))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))
