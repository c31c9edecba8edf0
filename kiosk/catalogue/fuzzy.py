"""Approximate search: does a text hold something that is at most so many letters off?"""

import itertools


def pieces_of(word: str, errors: int) -> list[str]:
    """`errors` + 1 pieces of `word`: a text that holds it with so few errors holds one of them unharmed.

    The word must have more letters than there are errors.
    """
    cuts = [len(word) * part // (errors + 1) for part in range(errors + 2)]
    return [word[first:last] for first, last in itertools.pairwise(cuts)]


def fewest_errors(word: str, text: str) -> int:
    """The fewest letters (changed, missing, too many) by which some part of `text` differs from `word`.

    Myers' bit-parallel search (J. ACM 46, 1999): one step a letter of `text`, whatever the word's length.
    """
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
        if right_up & last:
            errors += 1
        elif right_down & last:
            errors -= 1
        right_up = right_up << 1 & every
        right_down = right_down << 1 & every
        up = right_down | (~(diagonal | right_up) & every)
        down = right_up & diagonal
        if errors < best:
            best = errors
    return best
