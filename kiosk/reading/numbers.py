"""Numbers with a check character, and what to do when a sign of them was misread.

Sources: GB 11643-1999 (18-digit citizen number, `kiosk.domain.identity`), GB 32100-2015 (18-character unified social
credit code: registration authority, kind, region of 6 digits, body of 9, check character).
"""

import re
from collections.abc import Callable, Sequence

from kiosk.domain.identity import number_problem
from kiosk.reading.line import Sign

# GB 32100-2015, table 3: 31 signs (no I, O, S, V, Z) and the weights 3^(i-1) mod 31
USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_USCC = re.compile(f"[1-9A-Y][{USCC_SIGNS}][0-9]{{6}}[{USCC_SIGNS}]{{10}}", re.ASCII)

NUMBER_SIGNS = "0123456789X"
LENGTH = 18

# Signs that print alike. Chosen: those that a person confuses, too.
_ALIKE = (
    "0ODQU",
    "1IlL7T|",
    "2Z",
    "5S",
    "6Gb",
    "8B3",
    "9gq",
    "4A",
    "XxK×",
    "VY",
    "UV0",
    "CG",
    "EF",
    "MN",
    "PR",
    "HW",
)
_MENDED, _GUESSED = 0.8, 0.5  # confidence: by the engine's second thought, by likeness alone. Chosen
_THOUGHT = 0.01  # of likelihood
_LEAST = 0.005  # of likelihood: what only looks alike, the engine itself not having thought of it


def uscc_check(first_17: str) -> str:
    """The 18th character. Raises ValueError when a sign is none of the code's."""
    total = sum(USCC_SIGNS.index(sign) * weight for sign, weight in zip(first_17, _USCC_WEIGHTS, strict=True))
    return USCC_SIGNS[-total % 31]


def uscc_is_right(code: str) -> bool:
    """Whether a unified social credit code has the right form and check character."""
    return bool(_USCC.fullmatch(code)) and uscc_check(code[:17]) == code[17]


def number_is_right(number: str) -> bool:
    """Whether an 18-digit citizen number has the right form, a date in it and the right check character."""
    return number_problem(number) is None


def settled(signs: Sequence[Sign], alphabet: str, right: Callable[[str], bool]) -> tuple[str, float]:
    """What 18 signs say, and how likely it is: with the check character as witness, mended where only one way fits.

    Each sign is first taken as the likeliest of `alphabet` that it can be. If that is not right by the check, every
    single exchange is tried for what the engine also thought of, then for a letter or digit that prints alike; one that
    alone fits is taken, with less confidence. More than one, or none: the text stays as it was read.
    """
    choices = [_choices(sign, alphabet) for sign in signs]
    text = "".join(ways[0][0] if ways else sign.text for sign, ways in zip(signs, choices, strict=True))
    likely = 1.0
    for ways in choices:
        likely *= ways[0][1] if ways else 0.0
    if right(text):
        return text, _witnessed(likely, len(alphabet))
    for ways_of, sure in ((_thought, _MENDED), (_mistakable, _GUESSED)):
        mended = {
            mend
            for place, sign in enumerate(signs)
            for other in ways_of(sign)
            if other in alphabet and right(mend := text[:place] + other + text[place + 1 :])
        }
        if mended:
            return (mended.pop(), sure) if len(mended) == 1 else (text, min(_GUESSED, likely))
    return text, min(_GUESSED, likely)


def _thought(sign: Sign) -> list[str]:
    """What the engine itself thought of."""
    return [text for text, likely in sign.others if len(text) == 1 and likely >= _THOUGHT]


def _mistakable(sign: Sign) -> list[str]:
    """A digit for the letter that prints alike, or a letter for the digit; never a digit for a digit."""
    return [other for other in _alike(sign.text) if other.isdigit() != sign.text.isdigit()]


def _witnessed(likely: float, ways: int) -> float:
    """A wrong reading passes a check over n signs once in n times: so much of the doubt is left."""
    return 1 - (1 - likely) / ways


def _choices(sign: Sign, alphabet: str) -> list[tuple[str, float]]:
    """What a sign may be within an alphabet, likeliest first."""
    seen = {sign.text: sign.likely}
    for text, likely in sign.others:
        seen.setdefault(text, likely)
    for text, likely in list(seen.items()):
        for alike in _alike(text):
            seen.setdefault(alike, likely * _LEAST)
    ways = [(text, likely) for text, likely in seen.items() if len(text) == 1 and text in alphabet]
    return sorted(ways, key=lambda way: -way[1])


def _alike(text: str) -> set[str]:
    return {other for group in _ALIKE if text and text in group for other in group} - {text}
