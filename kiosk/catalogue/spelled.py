"""The texts by which a matter can be found, spelled out: plain and by sound. Costly, so the cache keeps it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from kiosk.catalogue.model import Matter
from kiosk.catalogue.sounds import pinyin

_NOISE = re.compile(r"[\W_]+")
_HAN_OR_NOT = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+")
# Added to a match's rank, by where the text comes from: what it is called comes before a part of what it holds.
NAME, OTHER_NAME, ITEM = (0.0, 0.1, 0.6)


@dataclass(frozen=True, slots=True)
class Spelled:
    """One text of one matter."""

    code: str
    text: str  #: plain, without noise
    syllables: tuple[str, ...]  #: pinyin without tones; other signs one by one
    weight: float

    @property
    def sound(self) -> str:
        """Syllables joined."""
        return "".join(self.syllables)

    @property
    def initials(self) -> str:
        """The first letter of each syllable."""
        return "".join(syllable[0] for syllable in self.syllables)

    @property
    def starts(self) -> frozenset[int]:
        """Positions in `sound` at which a syllable begins."""
        return frozenset((0, *accumulate(len(syllable) for syllable in self.syllables[:-1])))


def spelled(matters: Iterable[Matter]) -> tuple[Spelled, ...]:
    """Every text of every matter: its names, other names, what people call it, and its items."""
    return tuple(entry for matter in matters for entry in _of(matter))


def _of(matter: Matter) -> Iterator[Spelled]:
    texts = {plain(matter.name): NAME, plain(matter.short_name): NAME}
    for other in (*matter.aliases, *matter.synonyms):
        texts.setdefault(plain(other), OTHER_NAME)
    for item in matter.items:
        for name in (item.name, *item.aliases):
            texts.setdefault(plain(name), ITEM)
    for text, weight in texts.items():
        if text:
            yield Spelled(matter.code, text, syllables(text), weight)


def plain(text: str) -> str:
    """Text as it is compared: full width made half, small letters, no spaces and punctuation."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())


def syllables(text: str) -> tuple[str, ...]:
    """Pinyin without tones, one syllable a character; other signs stay as they are, one by one."""
    found: list[str] = []
    for run in _HAN_OR_NOT.findall(text):
        found += list(run) if run.isascii() else pinyin(run)
    return tuple(found)


def sound_of(query: str) -> str:
    """How a query sounds."""
    return query if query.isascii() else "".join(syllables(query))
