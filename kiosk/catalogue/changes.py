"""Which files become what when a workbook is taken in. Pure: texts in, texts out."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel, ValidationError

from kiosk.catalogue.document import UnreadableDocument, parse_text
from kiosk.catalogue.sources import DEPARTMENTS, DICTIONARY, SYNONYMS, TOPICS, Source, Sources, read_sources
from kiosk.catalogue.write_yaml import dumped, leading_comments, package_text, patched, plain_entry


def changed_texts(old: Sources, new: Sources, texts: Mapping[str, str]) -> dict[str, str]:
    """File → what it becomes; files that stay as they are are left out. `texts`: file → what it says now."""
    made: dict[str, str] = {}
    lists: tuple[tuple[str, str, Callable[[Sources], Source[Any] | None]], ...] = (
        (TOPICS, "matters", lambda sources: sources.topics),
        (DICTIONARY, "fields", lambda sources: sources.dictionary),
        (DEPARTMENTS, "departments", lambda sources: sources.departments),
    )
    for file, key, of in lists:
        before, after = of(old), of(new)
        if after is not None and (before is None or before.parsed != after.parsed):
            made[file] = _list_text(before, after, key, texts.get(file, ""))
    if old.synonyms.parsed != new.synonyms.parsed:
        made[SYNONYMS] = _synonyms_text(old, new, texts.get(SYNONYMS, ""))
    before_packages = {source.document.file: source.parsed for source in old.packages}
    for source in new.packages:
        file = source.document.file
        if before_packages.get(file) != source.parsed:
            made[file] = package_text(source.parsed, texts.get(file))
    return made


def says_the_same(folder: Path, made: Mapping[str, str], wanted: Sources) -> bool:
    """Whether the files of `folder`, with those of `made` in their places, say what is wanted.

    Raises `CatalogueError`.
    """
    with TemporaryDirectory() as place:
        for path in folder.glob("*.yaml"):
            (Path(place) / path.name).write_bytes(path.read_bytes())
        for name, text in made.items():
            (Path(place) / name).write_text(text, encoding="utf-8")
        return _said(read_sources(Path(place))) == _said(wanted)


def _said(sources: Sources) -> tuple[Any, ...]:
    offices = sources.departments.parsed if sources.departments else None
    packages = {source.document.file: source.parsed for source in sources.packages}
    return sources.topics.parsed, sources.dictionary.parsed, sources.synonyms.parsed, offices, packages


def _list_text(old: Source[Any] | None, new: Source[Any], key: str, text: str) -> str:
    before: tuple[BaseModel, ...] = getattr(old.parsed, key) if old else ()
    after: tuple[BaseModel, ...] = getattr(new.parsed, key)
    blocks: dict[str | int | None, Any] = {
        position: [plain_entry(after[position])]
        for position in range(len(before))
        if before[position] != after[position]
    }
    if len(after) > len(before):
        blocks[None] = [plain_entry(entry) for entry in after[len(before) :]]
    whole = {key: [plain_entry(entry) for entry in after]}
    return _patched_or_whole(text, old, key, blocks, new.parsed, whole)


def _synonyms_text(old: Sources, new: Sources, text: str) -> str:
    before, after = old.synonyms.parsed.synonyms, new.synonyms.parsed.synonyms
    blocks: dict[str | int | None, Any] = {
        code: {code: list(names)} for code, names in after.items() if code in before and before[code] != names
    }
    added = {code: list(names) for code, names in after.items() if code not in before}
    if added:
        blocks[None] = added
    whole = {"synonyms": {code: list(names) for code, names in after.items()}}
    return _patched_or_whole(text, old.synonyms, "synonyms", blocks, new.synonyms.parsed, whole)


def _patched_or_whole(
    text: str,
    old: Source[Any] | None,
    key: str,
    blocks: Mapping[str | int | None, Any],
    wanted: BaseModel,
    whole: Any,
) -> str:
    """The old text with its changes; where it is laid out so that they do not fit in, everything anew."""
    if old is not None and text:
        made = patched(text, old.document, key, blocks)
        if _parses_to(made, wanted):
            return made
    return leading_comments(text) + dumped(whole)


def _parses_to(text: str, wanted: BaseModel) -> bool:
    try:
        return type(wanted).model_validate(parse_text("", text).content) == wanted
    except (UnreadableDocument, ValidationError):
        return False
