"""Every sentence a citizen or technician reads, by key and language. The data is in `config/words/`."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.languages import filled_up, gaps, languages
from config.sentences import load_texts


class UnknownWords(KeyError):
    """No sentence has this key, or a fact that the sentence mentions was not given."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language that may be chosen."""

    tag: str  #: BCP 47: "zh-Hans", "en"
    name: str  #: in its own letters


class Words:
    """The sentences of one language: `words("form.problem.phone")`, `words("done.number", number="…")`."""

    offered: tuple[Language, ...] = ()  #: other languages; none, unless they are `Spoken`

    def __init__(
        self, language: str, sentences: Mapping[str, str], texts: Mapping[str, str] | None = None
    ) -> None:
        self.language = language
        self._sentences = dict(sentences)
        self._texts = dict(texts or {})
        #: texts in which a number stands, "第 {n} 位家庭成员"
        self._numbered = [
            (re.compile(re.escape(source).replace(r"\{n\}", r"(\d+)")), text)
            for source, text in self._texts.items()
            if "{n}" in source
        ]

    @classmethod
    def load(cls, folder: Path, language: str) -> "Words":
        """The sentences of `folder`/`language`, in Chinese what it lacks. Raises `config.sentences.WordsError`."""
        return cls(language, filled_up(folder, language), load_texts(folder, language))

    @property
    def official(self) -> "Words | None":
        """The language in which an official must be able to read it, beside these; None when it is this one."""
        return None

    def speak(self, language: str) -> None:
        """These know one language and stay with it."""

    def __call__(self, key: str, /, **facts: object) -> str:
        """The sentence with its facts put in; others are ignored. Raises `UnknownWords`."""
        sentence = self.raw(key)
        try:
            return sentence.format_map(facts)
        except KeyError as error:
            raise UnknownWords(f"{key} ({self.language}) needs the fact {error}") from error

    def both(self, key: str, /, **facts: object) -> str:
        """The sentence, and behind it the official's where that is another. Raises `UnknownWords`."""
        said, official = self(key, **facts), self.official
        beside = official(key, **facts) if official is not None else said
        return said if beside == said else f"{said} {beside}"

    @property
    def translates(self) -> bool:
        """Whether texts of the catalogue are said in another language than theirs."""
        return bool(self._texts)

    def text(self, source: str) -> str:
        """A text of the catalogue in this language; as it is where nobody has translated it."""
        found = self._texts.get(source)
        if found is None:
            for pattern, text in self._numbered:
                match = pattern.fullmatch(source)
                if match is not None:
                    return text.format(n=match[1])
        return source if found is None else found

    def both_texts(self, source: str) -> str:
        """`text`, and behind it the catalogue's own where that is another."""
        said = self.text(source)
        return said if said == source else f"{said} {source}"

    def raw(self, key: str) -> str:
        """The sentence with its facts still in braces. Raises `UnknownWords`."""
        sentence = self._sentences.get(key)
        if sentence is None:
            raise UnknownWords(f"{key} ({self.language}){self._guess(key)}")
        return sentence

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    @property
    def keys(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._sentences)

    def under(self, prefix: str) -> dict[str, str]:
        """What stands directly under a key, in the order of the file: last part of the key → sentence."""
        above = f"{prefix}."
        below = {
            key.removeprefix(above): text for key, text in self._sentences.items() if key.startswith(above)
        }
        return {name: text for name, text in below.items() if "." not in name}

    def _guess(self, key: str) -> str:
        alike = difflib.get_close_matches(key, self._sentences, n=3)
        return f"; similar: {', '.join(alike)}" if alike else ""


class Spoken(Words):
    """The words of whoever stands here now: the terminal's own language, until she chooses another for her visit.

    Only the main thread speaks and listens; other threads take `ours`.
    """

    def __init__(self, ours: Words, others: Iterable[Words] = ()) -> None:
        super().__init__(ours.language, ours._sentences, ours._texts)
        self.ours = ours
        self._by_tag = {words.language: words for words in (ours, *others)}
        self.offered = tuple(Language(tag, one("language.name")) for tag, one in self._by_tag.items())

    @classmethod
    def load(cls, folder: Path, language: str) -> "Spoken":
        """All languages of `folder` that are complete, and `language`, in which every visit begins.

        Raises `config.sentences.WordsError`.
        """
        complete = (tag for tag in languages(folder) if tag != language and gaps(folder, tag).complete)
        return cls(Words.load(folder, language), [Words.load(folder, tag) for tag in complete])

    def of(self, language: str) -> Words:
        """The words of `language`; the terminal's own for "" and for one that is not there."""
        return self._by_tag.get(language, self.ours)

    @property
    def official(self) -> Words | None:
        """See `Words`: the terminal's own language, when another is spoken."""
        return None if self.language == self.ours.language else self.ours

    def speak(self, language: str) -> None:
        """Speak `language` from now on; "" is the terminal's own."""
        now = self.of(language)
        self.language, self._sentences = now.language, now._sentences
        self._texts, self._numbered = now._texts, now._numbered
