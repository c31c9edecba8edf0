"""Search that finds what people call it: Chinese, pinyin, initials, other names, and small slips of the finger.

Everything is computed at load; a key stroke costs dictionary look-ups and string searches (`find` ≤ 5 ms).
Better matches come first: the code, then the whole name, its beginning, a part of it, the same by sound, the
initials, most of the words, and a spelling that is one or two letters off.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence

from kiosk.catalogue.fuzzy import fewest_errors, pieces_of
from kiosk.catalogue.lines import Lines
from kiosk.catalogue.model import Matter
from kiosk.catalogue.slips import Grams, Weighed, swapped
from kiosk.catalogue.spelled import Spelled, plain, sound_of, spelled

#: what people say around the thing that they want; dropped when something is left without it
_FILLERS = re.compile(
    r"^(我想|我要|想要|想|要|怎么|如何|去|给我|帮我)+|(怎么办理?|在哪里?办理?|一件事|吗|呢|的)+$"
)
_SHORTEST_SLIP = 4  # letters; in a shorter word one letter off is another word
_SHORTEST_TEXT_SLIP = 3  # characters
_LONGEST_QUERY = 40  # characters that are looked at; no name is longer
_ENOUGH = 0.5  # of a query's words must be found when not all of it is

# Ranks: the smaller the better. Chosen so that a sure match of a lesser text beats a vague one of a better text.
_CODE, _WHOLE, _BEGINS, _PART, _SOUND, _INITIALS, _SLIP, _MOST = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)
_A_LETTER = 0.45  # each letter that is off
_LEFT_OUT = 0.2
_LESS_OF_IT = 0.4  # most that is added when a slip is in a small part of a long text


class Index:
    """All texts by which a matter can be found. `entries`: the same, spelled before (`spelled(matters)`)."""

    def __init__(self, matters: Iterable[Matter], entries: Sequence[Spelled] | None = None) -> None:
        listed = list(matters)
        self.entries = tuple(spelled(listed) if entries is None else entries)
        self._order = {matter.code: position for position, matter in enumerate(listed)}
        self._by_plain_code = {plain(matter.code): matter.code for matter in listed}
        self._text = [entry.text for entry in self.entries]
        self._sound = [entry.sound for entry in self.entries]
        self._initial = [entry.initials for entry in self.entries]
        self._starts = [entry.starts for entry in self.entries]
        self._texts, self._sounds, self._initials = (
            Lines(self._text),
            Lines(self._sound),
            Lines(self._initial),
        )
        self._sound_grams = Grams(self._sound)
        self._text_pairs = Weighed(self._text)

    def find(self, text: str) -> list[str]:
        """Codes of the matters that `text` may mean, best first; empty for a blank text."""
        query = plain(text)[:_LONGEST_QUERY]
        if not query:
            return []
        wanted = _FILLERS.sub("", query) or query
        found: dict[str, float] = {}
        if query in self._by_plain_code:
            found[self._by_plain_code[query]] = _CODE
        for spoken in dict.fromkeys((query, wanted)):
            self._note(found, self._sure(spoken))
        if not found:
            self._note(found, self._slips(wanted))
            self._note(found, self._swaps(wanted))
        if not found or not query.isascii():
            self._note(found, self._most_words(wanted))
        return sorted(found, key=lambda code: (found[code], self._order[code]))

    def _note(self, found: dict[str, float], ranked: Iterable[tuple[int, float]]) -> None:
        for number, rank in ranked:
            entry = self.entries[number]
            rank += entry.weight
            if rank < found.get(entry.code, math.inf):
                found[entry.code] = rank

    def _sure(self, query: str) -> Iterator[tuple[int, float]]:
        sound = sound_of(query)
        candidates = set(self._texts.holding(query))
        if sound:
            candidates |= set(self._sounds.holding(sound))
        if query.isascii():
            candidates |= set(self._initials.holding(query))
        for number in candidates:
            rank = self._rank(number, query, sound)
            if rank is not None:
                yield number, rank

    def _most_words(self, query: str) -> Iterator[tuple[int, float]]:
        """Entries that hold most of the query's pairs of characters."""
        for number, share in self._text_pairs.shares(query, _ENOUGH):
            yield number, _MOST + 1 - share

    def _slips(self, query: str) -> Iterator[tuple[int, float]]:
        """A letter or two off by sound; in Chinese also one wrong character, however it sounds."""
        sound = sound_of(query)
        allowed = min(2, len(sound) // _SHORTEST_SLIP)
        if allowed:
            for number, off in self._sound_grams.nearly(sound, allowed):
                # A letter that was left out is likelier than a wrong one.
                left_out = _LEFT_OUT if _in_order(sound, self._sound[number]) else 0.0
                yield number, self._slip_rank(off, len(sound), len(self._sound[number])) - left_out
        if len(query) >= _SHORTEST_TEXT_SLIP and not query.isascii():
            pieces = pieces_of(query, 1)
            for number in {number for piece in pieces for number in self._texts.holding(piece)}:
                text = self._text[number]
                # Most texts are told apart by counting: all characters but one must be there.
                if sum(sign in text for sign in query) < len(query) - 1:
                    continue
                if fewest_errors(query, text) == 1:
                    # A wrong character is a wrong syllable: worth two letters.
                    yield number, self._slip_rank(2, len(query), len(text))

    def _swaps(self, query: str) -> Iterator[tuple[int, float]]:
        """Two neighbouring letters in each other's place are one slip, not two."""
        if not query.isascii() or len(query) < _SHORTEST_SLIP:
            return
        for way in swapped(query):
            for number in self._sounds.holding(way):
                yield number, self._slip_rank(1, len(way), len(self._sound[number]))

    def _slip_rank(self, off: int, said: int, whole: int) -> float:
        return _SLIP + _A_LETTER * off + _LESS_OF_IT * max(0.0, 1 - said / whole)

    def _rank(self, number: int, query: str, sound: str) -> float | None:
        text = self._text[number]
        if query in text:
            if query == text:
                return _WHOLE
            # A longer rest means that less of the name was said.
            rest = 1 - len(query) / len(text)
            return (_BEGINS if text.startswith(query) else _PART) + rest
        if len(sound) >= 2 and self._begins_a_syllable(number, sound):
            return _SOUND + 1 - len(sound) / len(self._sound[number])
        if query.isascii() and self._initial[number].startswith(query):
            return _INITIALS + 0.4 * (1 - len(query) / len(self._initial[number]))
        if query.isascii() and len(query) >= 2 and query in self._initial[number]:
            return _INITIALS + 0.5
        return None

    def _begins_a_syllable(self, number: int, sound: str) -> bool:
        text, starts = self._sound[number], self._starts[number]
        at = text.find(sound)
        while at >= 0:
            if at in starts:
                return True
            at = text.find(sound, at + 1)
        return False


def _in_order(letters: str, text: str) -> bool:
    """Whether all `letters` stand in `text` in this order, with others between them."""
    rest = iter(text)
    return all(letter in rest for letter in letters)
