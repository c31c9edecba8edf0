"""Approximate search: does a text hold something that is at most so many letters off?"""

import itertools


def errors_within(word: str, text: str, allowed: int) -> int | None:
    """The fewest letters (changed, missing or too many) by which some part of `text` differs from `word`.

    None when that is more than `allowed` (which must be smaller than the word is long).
    """
    if not _may_hold(word, text, allowed):
        return None
    best = _fewest_errors(word, text)
    return best if best <= allowed else None


def _may_hold(word: str, text: str, allowed: int) -> bool:
    """With k errors, at least one of k + 1 pieces of the word is unharmed: a quick no for almost every text."""
    pieces = allowed + 1
    cuts = [len(word) * part // pieces for part in range(pieces + 1)]
    return any(word[first:last] in text for first, last in itertools.pairwise(cuts))


def _fewest_errors(word: str, text: str) -> int:
    """Myers' bit-parallel search (J. ACM 46, 1999): one step a letter of `text`, whatever the word's length."""
    places: dict[str, int] = {}
    for at, letter in enumerate(word):
        places[letter] = places.get(letter, 0) | 1 << at
    every = (1 << len(word)) - 1
    last = 1 << (len(word) - 1)
    up, down, errors = every, 0, len(word)
    best = errors
    for letter in text:
        same = places.get(letter, 0)
        diagonal = (((same & up) + up) ^ up) | same | down
        right_up = down | (~(diagonal | up) & every)
        right_down = up & diagonal
        errors += bool(right_up & last) - bool(right_down & last)
        right_up = right_up << 1 & every
        right_down = right_down << 1 & every
        up = right_down | (~(diagonal | right_up) & every)
        down = right_up & diagonal
        best = min(best, errors)
    return best
