"""A language that nobody speaks: every sentence in brackets and 40 % longer than in English.

What stands on a screen outside of brackets was written into the code; what is cut is cut in other languages, too.
"""

import re

from config.sentences import SHIPPED, load_sentences

TAG = "qps"  #: of the tags that BCP 47 leaves to private use
LONGER = 0.4
#: sentences that the screens take apart at their spaces: each part is one thing to touch, and stands alone
_LISTS = ("form.address_parts", "input.marks")
#: names are names in every language
_NAMES = ("brand", "receipt.brand", "language.name")
#: what English words are made longer with; words, so that lines break as they would
_MORE = "und noch ein paar Worte mehr als man im Englischen dafür braucht"


def sentence(key: str, said: str) -> str:
    """`said` in brackets and longer; its facts stay."""
    if key in _LISTS:
        return " ".join(f"[{part}]" for part in said.split())
    if key in _NAMES:
        return said
    room = round(len(re.sub(r"\{\w+\}", "", said)) * LONGER) - 2
    return f"[{said}{_padding(room)}]"


def text(said: str) -> str:
    """A text of the catalogue, in brackets of another kind."""
    return f"〔{said}〕"


def sentences() -> dict[str, str]:
    """Every sentence of the language, by its key."""
    return {key: sentence(key, said) for key, said in load_sentences(SHIPPED, "en").items()}


def outside_brackets(plain: str) -> str:
    """What of a drawn text stands in no brackets."""
    while True:
        shorter = re.sub(r"\[[^][〔〕]*\]|〔[^][〔〕]*〕", "", plain)
        if shorter == plain:
            return plain
        plain = shorter


def _padding(room: int) -> str:
    """About `room` characters, in whole words where there is room for some."""
    if room < 3:
        return "·" * room
    words = ""
    for word in (_MORE + " " + _MORE + " " + _MORE).split():
        if len(words) + len(word) + 1 > room:
            break
        words += f" {word}"
    return words or "·" * room
