"""What may be said in a support bundle: the program's own words, codes and small numbers, and nothing else.

An allow-list by construction. A word passes when it stands as a literal in the very program that runs here (or in its
catalogue); a sentence when it is one of `config/words` with such words in its blanks. A name, a person's number or an
address is none of these, in whatever field it came.
"""

import builtins
import re
import string
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from config.sentences import LANGUAGES
from kiosk.words import Words
from tools.assemble import WORDS
from tools.cli import ROOT

#: folders whose literals are words; what invents citizens, and what knows pinyin or cards, is left out
_FOLDERS: Final = ("ground", "kiosk", "devices", "offline_cache", "config", "screens", "tools")
_NOT: Final = re.compile(r"/(emulators|rig|demo|soak|input|setup)/|/(samples|gallery|training)[a-z_]*\.py$")
_LITERAL: Final = re.compile(r"""(?<![A-Za-z0-9_])(["'])([A-Za-z][A-Za-z0-9_.-]{1,39})\1""")
_CATALOGUE: Final = re.compile(r"(?<![A-Za-z0-9_.-])[a-z]+[a-z0-9]*_[a-z0-9_]{1,30}(?![A-Za-z0-9_.-])")
_CLASS: Final = re.compile(r"^class ([A-Z][A-Za-z]{2,40})", re.M)
#: error and check codes; numbers of at most six digits with a unit; versions; catalogue codes of matters and slots
_SHAPES: Final = (
    re.compile(r"[A-Z]{1,2}[0-9]{2,3}"),
    re.compile(r"[+-]?[0-9]{1,6}(\.[0-9]{1,3})?( ?(%|ms|s|min|h|days|kB|KB|MB|GB|B|°C|C|V|A|W))?"),
    re.compile(r"[0-9]{1,3}(\.[0-9]{1,4}){1,3}"),
)
_PLACE: Final = re.compile(r"([a-z_0-9]{1,40})\.py:[0-9]{1,6}")
#: sentences that hold a free text as a whole say nothing of it
_BLANK_ALONE: Final = re.compile(r"\W*")
_LONGEST: Final = 400


class Vocabulary:
    """Judges strings; makes none."""

    def __init__(self, words: frozenset[str], files: frozenset[str], sentences: tuple[str, ...]) -> None:
        """`files`: names of modules, without `.py`. `sentences`: templates with blanks in braces."""
        self._words, self._files = words, files
        self._exact = frozenset(text for text in sentences if "{" not in text)
        self._templates = tuple(filter(None, map(_template, sentences)))

    def word(self, text: str) -> bool:
        """Whether this is a word of the program, a code, a small number or a place in the program."""
        if text in self._words or any(shape.fullmatch(text) for shape in _SHAPES):
            return True
        place = _PLACE.fullmatch(text)
        return place is not None and place[1] in self._files

    def words(self, text: str) -> bool:
        """The same of a list with commas; blank is fine."""
        return len(text) <= _LONGEST and all(
            not part or self.word(part) for part in re.split(r", ?", text.strip())
        )

    def sentence(self, text: str) -> bool:
        """Whether it is a list of words, or one of the program's sentences with such in its blanks."""
        if text in self._exact or self.words(text):
            return True
        if len(text) > _LONGEST:
            return False
        found = (template.fullmatch(text) for template in self._templates)
        return any(match and all(map(self.words, match.groups())) for match in found)

    def kept(self, text: str) -> str | None:
        """The text when it may be said, else None."""
        return text if self.sentence(text) else None

    def __contains__(self, text: str) -> bool:
        return text in self._words


def _template(sentence: str) -> re.Pattern[str] | None:
    """The sentence with its blanks as groups; None where it has none, or is nothing but blanks."""
    try:
        parts = list(string.Formatter().parse(sentence))
    except ValueError:
        return None
    fixed = "".join(text for text, *_ in parts)
    if all(blank is None for _, blank, *_ in parts) or _BLANK_ALONE.fullmatch(fixed):
        return None
    blanks = ("" if blank is None else "(.{0,80}?)" for _, blank, *_ in parts)
    return re.compile(
        "".join(re.escape(text) + blank for (text, *_), blank in zip(parts, blanks, strict=True))
    )


@lru_cache(maxsize=1)
def of_program() -> Vocabulary:
    """The vocabulary of the program that runs. Raises OSError."""
    words, files = set(_exceptions()), set(sys.stdlib_module_names)
    for path in _sources(ROOT):
        text = path.read_text(encoding="utf-8", errors="replace")
        words.update(found[1] for found in _LITERAL.findall(text))
        words.update(_CLASS.findall(text))
        files.add(path.stem)
    for path in (ROOT / "config" / "catalogue").rglob("*.yaml"):
        words.update(_CATALOGUE.findall(path.read_text(encoding="utf-8")))
    return Vocabulary(frozenset(words), frozenset(files), tuple(_sentences()))


def _exceptions() -> Iterator[str]:
    for name, found in vars(builtins).items():
        if isinstance(found, type) and issubclass(found, BaseException):
            yield name


def _sources(root: Path) -> Iterator[Path]:
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            if not _NOT.search(f"/{path.relative_to(root).as_posix()}"):
                yield path


def _sentences() -> Iterator[str]:
    """What checks say, in every language: values, hints, and doctor's own lines."""
    yield from _SAID_BY_DOCTOR
    for language in LANGUAGES:
        told = Words.load(WORDS, language)
        for key in told.keys:
            if key.startswith(("care.", "doctor.")) or (key.startswith("errors.") and key.endswith(".hint")):
                yield told.raw(key)


#: values of `tools.doctor` that are no sentences of `config/words`
_SAID_BY_DOCTOR: Final = (
    "waiting {waiting}, stuck {stuck}, link {link}",
    "{matters} matters, {complete} complete, {origin}",
    "{count} keys, {said}, {origin}",
    "list {version} of the platform",
    "none before enrolment",
    "{count} typefaces",
    "{count} crashes lately",
    "by strokes, parts and number",
)
