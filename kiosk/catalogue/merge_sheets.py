"""A workbook laid over the catalogue that is there: what it would become, and everything that is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel

from config.mistakes import Mistake
from kiosk.catalogue.check import check_sources
from kiosk.catalogue.document import Document, Place
from kiosk.catalogue.from_sheets import BookReader, Cells, Entry, Workbook, package_entry, published_items
from kiosk.catalogue.parse import Dictionary, Package, Synonyms, Topics
from kiosk.catalogue.parse_terms import Departments
from kiosk.catalogue.sheet_cells import Labels
from kiosk.catalogue.sources import DEPARTMENTS, Source, Sources, parse_document

_Parsed = TypeVar("_Parsed", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Merged:
    """What the catalogue would be. Without mistakes `sources` is whole and sound."""

    sources: Sources | None
    mistakes: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...] = ()


def merge(sources: Sources, book: Workbook, file: str, labels: Labels, today: date) -> Merged:
    """`book`, read from the workbook `file`, over `sources`. Mistakes name sheet and cell.

    Matters, fields and departments with the same name are replaced, a package with the same first day, too; all others
    stay as they are.
    """
    cells = Cells(file)
    known = {item.code: item.aliases for m in sources.topics.parsed.matters for item in m.items}
    reader = BookReader(book, labels, cells, known)
    reader.check()
    if reader.mistakes:
        return Merged(None, tuple(reader.mistakes))
    mistakes: list[Mistake] = []
    made = _merged(sources, reader, mistakes)
    warnings: tuple[Mistake, ...] = ()
    if made is not None and not mistakes:
        report = check_sources(made, today)
        mistakes.extend(report.mistakes)
        warnings = report.warnings
    ours = tuple(_placed(warning, cells) for warning in warnings if (warning.line or 0) < 0)
    return Merged(None if mistakes else made, tuple(_placed(one, cells) for one in mistakes), ours)


def _placed(mistake: Mistake, cells: Cells) -> Mistake:
    """With the cell instead of a line, where it stands in the workbook."""
    if mistake.line is None or mistake.line >= 0:
        return mistake
    return replace(mistake, file=cells.name(mistake.line), line=None)


def _merged(sources: Sources, reader: BookReader, mistakes: list[Mistake]) -> Sources | None:
    topics = parse_document(_topics(sources, reader), Topics, mistakes)
    dictionary = parse_document(_dictionary(sources, reader), Dictionary, mistakes)
    synonyms = parse_document(_synonyms(sources, reader), Synonyms, mistakes)
    departments = parse_document(_departments(sources, reader), Departments, mistakes)
    packages = _packages(sources, reader, mistakes)
    if topics is None or dictionary is None or synonyms is None or departments is None:
        return None
    return replace(
        sources,
        topics=topics,
        dictionary=dictionary,
        synonyms=synonyms,
        departments=departments if departments.parsed.departments else sources.departments,
        packages=packages,
    )


def _laid_over(old: Document, key: str, name: str, entries: Iterable[Entry]) -> Document:
    """A list of named entries, with those of the workbook in the place of their namesakes, or at the end."""
    content = list(old.content[key]) if isinstance(old.content, dict) else []
    lines = dict(old.lines)
    places = {entry.get(name): position for position, entry in enumerate(content)}
    for entry in entries:
        position = places.get(entry.content.get(name), len(content))
        lines = {place: line for place, line in lines.items() if place[:2] != (key, position)}
        lines |= {(key, position, *place): line for place, line in entry.lines.items()}
        content[position : position + 1] = [entry.content]
    return Document(old.file, {key: content}, lines)


def _topics(sources: Sources, reader: BookReader) -> Document:
    document = sources.topics.document
    known = {entry["code"]: entry for entry in document.content["matters"]}
    told = {row.cells[0]: row for row in reader.rows("matter")}
    entries = []
    for code in dict.fromkeys((*told, *(row.cells[0] for row in reader.rows("items")))):
        items = published_items(reader, code)
        if code not in told and not items:
            continue
        entry = reader.entry("matter", told[code]) if code in told else Entry(dict(known.get(code, {})))
        entry.content.pop("synonyms", None)
        entry.content.pop("items", None)
        for item in items:
            entry.add("items", item)
        for published in reader.entries("published", code):
            entry.put("published", published)
        if "published" in known.get(code, {}):
            entry.content.setdefault("published", known[code]["published"])
        entries.append(entry)
    return _laid_over(document, "matters", "code", entries)


def _synonyms(sources: Sources, reader: BookReader) -> Document:
    old = sources.synonyms.document
    said = dict(sources.synonyms.parsed.synonyms)
    lines = dict(old.lines)
    for row in reader.rows("matter"):
        entry = reader.entry("matter", row)
        names = entry.content.get("synonyms", [])
        if names or row.cells[0] in said:
            said[row.cells[0]] = names
            lines[("synonyms", row.cells[0])] = entry.lines[("synonyms",)]
    return Document(old.file, {"synonyms": said}, lines)


def _dictionary(sources: Sources, reader: BookReader) -> Document:
    entries = []
    for row in reader.rows("dictionary"):
        entry = reader.entry("dictionary", row)
        for choice in reader.entries("field_choices", row.cells[0]):
            entry.add("choices", choice)
        entries.append(entry)
    return _laid_over(sources.dictionary.document, "fields", "name", entries)


def _departments(sources: Sources, reader: BookReader) -> Document:
    empty: dict[str, list[Any]] = {"departments": []}
    lines: dict[Place, int] = {}
    old = sources.departments.document if sources.departments else Document(DEPARTMENTS, empty, lines)
    return _laid_over(old, "departments", "name", reader.entries("departments"))


def _packages(sources: Sources, reader: BookReader, mistakes: list[Mistake]) -> tuple[Source[Package], ...]:
    packages = list(sources.packages)
    for row in reader.rows("package"):
        entry = package_entry(reader, row.cells[0], row)
        name = file_of(packages, row.cells[0], entry.content.get("effective_from"))
        made = parse_document(Document(name, entry.content, entry.lines), Package, mistakes)
        if made is not None:
            packages = [package for package in packages if package.document.file != name]
            packages.append(made)
    return tuple(packages)


def file_of(packages: Iterable[Source[Package]], code: str, first_day: object) -> str:
    """The file that holds the package of `code` from `first_day` on, or the name that a new one gets."""
    ours = [package for package in packages if package.parsed.matter == code]
    for package in ours:
        if package.parsed.effective_from == first_day:
            return package.document.file
    return f"{code.lower()}-{first_day}.yaml" if ours else f"{code.lower()}.yaml"
