"""Slips of the finger: which texts hold something that is a letter or two off? Counted quickly, then looked at."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.catalogue.fuzzy import fewest_errors

_WIDTH = 2  # letters a piece: three would miss too much of a short word
_MOST_LOOKED_AT = 80  # chosen: 25 µs each; those that hold most of the word come first


class Grams:
    """Texts by number, and which of them hold which pairs of letters."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        held: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(texts):
            for gram in _grams(text):
                held[gram].append(number)
        self._held: dict[str, NDArray[np.int32]] = {
            gram: np.array(numbers, np.int32) for gram, numbers in held.items()
        }

    def candidates(self, word: str, errors: int) -> NDArray[np.int64]:
        """Every text that may hold `word` with so few errors, and some others; those with most of it first.

        An error spoils at most two pairs. `word` has at least 2 · (`errors` + 1) letters, so one pair is always left.
        """
        grams = _grams(word)
        lists = [self._held[gram] for gram in grams if gram in self._held]
        if not lists:
            return np.zeros(0, np.int64)
        counts = np.bincount(np.concatenate(lists), minlength=len(self._texts))
        fitting = np.flatnonzero(counts >= max(1, len(grams) - _WIDTH * errors))
        return fitting[np.argsort(-counts[fitting], kind="stable")]

    def nearly(self, word: str, errors: int) -> Iterator[tuple[int, int]]:
        """Texts that hold `word` with at most so many errors: number and errors. At most 80 texts are looked at."""
        for number in self.candidates(word, errors)[:_MOST_LOOKED_AT].tolist():
            off = fewest_errors(word, self._texts[number])
            if off <= errors:
                yield number, off


class Weighed:
    """Texts by number, and how much of a query's pairs of characters each holds; rare pairs say more."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        held: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(texts):
            for gram in _grams(text):
                held[gram].append(number)
        self._held = {gram: np.array(numbers, np.int32) for gram, numbers in held.items()}

    def shares(self, query: str, least: float) -> Iterator[tuple[int, float]]:
        """Texts that hold at least the share `least` (0…1) of the query: number and share."""
        pairs = _grams(query)
        if len(pairs) < 2:
            return
        none = np.zeros(0, np.int32)
        lists = [self._held.get(pair, none) for pair in pairs]
        worth = [float(np.log(1 + self._count / (1 + len(numbers)))) for numbers in lists]
        held = np.zeros(self._count)
        for numbers, value in zip(lists, worth, strict=True):
            held[numbers] += value
        share = held / sum(worth)
        for number in np.flatnonzero(share >= least).tolist():
            yield number, float(share[number])


def swapped(word: str) -> tuple[str, ...]:
    """`word` with two neighbouring letters in each other's place, every way to do so."""
    ways = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    return tuple(dict.fromkeys(way for way in ways if way != word))


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + _WIDTH] for at in range(len(text) - _WIDTH + 1))
