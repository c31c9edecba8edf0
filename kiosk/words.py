"""Every sentence a citizen or technician reads, by key and language. The data is in `config/words/`."""

import difflib
from collections.abc import Mapping
from pathlib import Path

from config.sentences import load_sentences


class UnknownWords(KeyError):
    """No sentence has this key, or a fact that the sentence mentions was not given."""


class Words:
    """The sentences of one language: `words("form.problem.phone")`, `words("done.number", number="…")`."""

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        self.language = language
        self._sentences = dict(sentences)

    @classmethod
    def load(cls, folder: Path, language: str) -> "Words":
        """The sentences of `folder`/`language`. Raises `config.sentences.WordsError`."""
        return cls(language, load_sentences(folder, language))

    def __call__(self, key: str, /, **facts: object) -> str:
        """The sentence with its facts put in; others are ignored. Raises `UnknownWords`."""
        sentence = self.raw(key)
        try:
            return sentence.format_map(facts)
        except KeyError as error:
            raise UnknownWords(f"{key} ({self.language}) needs the fact {error}") from error

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
