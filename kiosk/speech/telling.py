"""What is said of a scene, as sentences: gathered by a `Teller`, made fit for the ear. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.words import Words

#: so many things are named one after the other; more than an ear keeps apart
MOST_NAMED: Final = 5
_QUOTES = re.compile('[《》「」『』“”"]')
_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_TAIL = re.compile(r"[0-9Xx]*\*{3,}([0-9Xx]{4})")
_STARS = re.compile(r"\*+")
#: numbers that are read digit by digit: of cases, of telephones, of cards; not what is counted or paid
_NUMBER = re.compile(r"(?<![0-9A-Za-z.])(?:[A-Z]{1,4}-)?\d[\d-]{3,}\d(?:-[0-9A-Z])?(?![0-9A-Za-z])")
_RANGE = re.compile(r"(?<=\d)\s*–\s*(?=\d)")
_SPAN = re.compile(r"([㐀-鿿豈-﫿\U00020000-\U0003ffff][^A-Za-z.:;?!]*)|[^㐀-鿿豈-﫿\U00020000-\U0003ffff]+")
_SAYS = re.compile(r"\w")
_PAUSES = re.compile(r"\s*[·\n|]+\s*")
_TWO_STOPS = re.compile(r"([。！？：；，.!?:;,])\s*[，,。.]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence."""

    text: str  #: for the ear
    key: str = ""  #: its words key where it has no facts: somebody may have recorded it

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Utterance:
    """All that a screen says, in order."""

    parts: tuple[Part, ...]
    language: str  #: zh-Hans or en

    @property
    def text(self) -> str:
        """In one piece."""
        return " ".join(part.text for part in self.parts)

    def since(self, before: "Utterance") -> "Utterance":
        """What is new in it."""
        known = {part.text for part in before.parts}
        return Utterance(tuple(part for part in self.parts if part.text not in known), self.language)


def digits(number: str) -> str:
    """A number as it is read: each digit by itself, a pause at each hyphen."""
    groups = [" ".join(group) for group in re.split(r"[^0-9A-Za-z*]+", number) if group]
    return ", ".join(groups)


def for_the_ear(text: str, words: Words) -> str:
    """`text` as an engine can say it: no quotation marks, line breaks or stars; long numbers digit by digit."""

    def date(found: re.Match[str]) -> str:
        return words("voice.date", year=found[1], month=int(found[2]), day=int(found[3]))

    said = _DATE.sub(date, _QUOTES.sub("", text))
    said = _TAIL.sub(lambda found: words("voice.tail", tail=digits(found[1])), said)
    said = _STARS.sub(words("voice.star").rstrip(), said)
    said = _NUMBER.sub(lambda found: digits(found[0]), said)
    said = _RANGE.sub(words("voice.range"), said)
    return _TWO_STOPS.sub(r"\1", _PAUSES.sub(words("voice.pause"), said.strip())).strip()


def spans(text: str, language: str) -> list[tuple[str, str]]:
    """`text` in pieces of one language each: names that come from the catalogue are Chinese on English screens, too."""
    if language == "zh-Hans":
        return [(text, language)]
    pieces = [(found[0].strip(), "zh-Hans" if found[1] else language) for found in _SPAN.finditer(text)]
    return [(piece, of) for piece, of in pieces if _SAYS.search(piece)]


class Teller:
    """Gathers the sentences of one scene."""

    def __init__(self, words: Words, *, private: bool) -> None:
        """`private`: only she hears it, so that her own data may be said."""
        self.words, self.private = words, private
        self._parts: list[Part] = []

    def say(self, key: str, /, **facts: object) -> None:
        """The sentence of `key`. It may have been recorded when it has no facts."""
        fixed = "{" not in self.words.raw(key)
        self._add(self.words(key, **facts), key if fixed else "")

    def tell(self, *texts: str) -> None:
        """Texts that come from catalogue or platform; empty ones are passed over."""
        for text in texts:
            self._add(text, "")

    def named(self, names: Sequence[str]) -> str:
        """Some names in one breath: the first of them, and how many more there are."""
        first = self.words("list.comma").join(name for name in names[:MOST_NAMED] if name)
        rest = len(names) - MOST_NAMED
        return first if rest <= 0 else f"{first}{self.words('list.semicolon')}{self._more(rest)}"

    def count_up(self, names: Sequence[str]) -> None:
        """What is chosen among: numbered, not more than an ear keeps."""
        for number, name in enumerate(names[:MOST_NAMED], start=1):
            self.say("voice.item", number=number, name=name)
        if len(names) > MOST_NAMED:
            self._add(self._more(len(names) - MOST_NAMED), "")

    def then(self, key: str, *others: str) -> None:
        """The main button by its words key, and the ones beside it."""
        self.say("voice.then", action=self.words(key))
        for other in others:
            self.say("voice.or", action=self.words(other))

    def trouble(self, code: str) -> None:
        """What a code says to her; nothing for ""."""
        if code:
            self.say(f"errors.{code}.citizen")

    def own(self, label: str, value: str) -> None:
        """Something of hers: only she may hear it."""
        if self.private:
            self.say("voice.value", label=label, value=value)

    def utterance(self) -> Utterance:
        """All of it."""
        return Utterance(tuple(self._parts), self.words.language)

    def _more(self, count: int) -> str:
        return self.words("voice.more", count=count)

    def _add(self, text: str, key: str) -> None:
        said = for_the_ear(text, self.words)
        if said and said not in (part.text for part in self._parts):
            self._parts.append(Part(said, key))
