"""Every sentence a person reads, as data: all TOML files of `config/words/<language>/`, as one flat table.

Nested tables become dotted keys: `[form.problem] phone = "…"` is `form.problem.phone`. `kiosk.words` puts
facts into the sentences; `config.mistakes` uses them to say what is wrong with a configuration.
"""

import tomllib
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parent / "words"
LANGUAGES = ("zh-Hans", "en")


class WordsError(Exception):
    """The words cannot be used."""

    code = "C108"


def load_sentences(folder: Path, language: str, without: Container[str] = ()) -> dict[str, str]:
    """Key → sentence, of every file in `folder`/`language` but those `without`.

    Raises `WordsError` (which file, which key).
    """
    files = sorted(file for file in (folder / language).glob("*.toml") if file.stem not in without)
    if not files:
        raise WordsError(f"{folder / language}: no words in this language")
    sentences: dict[str, str] = {}
    origin: dict[str, Path] = {}
    for file in files:
        for key, sentence in _flat(_tree(file)):
            if not isinstance(sentence, str) or not sentence.strip():
                raise WordsError(f"{file}: {key} is not a sentence")
            if key in origin:
                raise WordsError(f"{file}: {key} stands in {origin[key].name} already")
            sentences[key], origin[key] = sentence, file
    return sentences


def load_texts(folder: Path, language: str) -> dict[str, str]:
    """Chinese text of the catalogue → the same in `language`, of every file in `folder`/`language`/catalogue.

    Raises `WordsError`.
    """
    texts: dict[str, str] = {}
    for file in sorted((folder / language / "catalogue").glob("*.toml")):
        for source, text in _tree(file).items():
            if not isinstance(text, str) or not text.strip():
                raise WordsError(f"{file}: {source} is not translated")
            if source in texts:
                raise WordsError(f"{file}: {source} stands in another file already")
            texts[source] = text
    return texts


@lru_cache(maxsize=4)
def shipped_sentences(language: str) -> Mapping[str, str]:
    """The sentences that come with the program, read once."""
    return load_sentences(SHIPPED, language)


def _tree(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WordsError(f"{file}: {error}") from error


def _flat(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        key = f"{above}{name}"
        if isinstance(value, dict):
            yield from _flat(value, f"{key}.")
        else:
            yield key, value
