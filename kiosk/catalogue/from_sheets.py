"""From the rows of the clerk's workbook to documents, as if they had been read from files, with each value's cell.

The place of a value is kept as a negative line; `Cells.name` tells which cell that is. So every check speaks of cells.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from config.mistakes import Mistake
from kiosk.catalogue.document import Place
from kiosk.catalogue.sheet_cells import Labels, read_cell
from kiosk.catalogue.sheets import SHEETS

_ONCE: Mapping[str, tuple[str, ...]] = {  # sheets in which a name may stand once: what tells their rows apart
    "matter": ("code",),
    "published": ("matter",),
    "package": ("matter",),
    "notice": ("matter",),
    "dictionary": ("name",),
    "departments": ("name",),
}
_OF_A_PACKAGE = ("notice", "questions", "form", "materials", "promises")
_BELONGS: tuple[
    tuple[str, tuple[str, ...], str, tuple[str, ...]], ...
] = (  # the rows of a sheet belong to rows of another: sheet, its columns, the other, its columns
    *((sheet, ("matter",), "package", ("matter",)) for sheet in _OF_A_PACKAGE),
    ("choices", ("matter", "question"), "questions", ("matter", "name")),
    ("item_materials", ("matter", "item"), "items", ("matter", "code")),
    ("delivery", ("matter", "item"), "items", ("matter", "code")),
    ("field_choices", ("field",), "dictionary", ("name",)),
)


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a sheet."""

    number: int  #: from 1, as the spreadsheet counts
    cells: tuple[str, ...]  #: in the order of `Sheet.columns`


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet as it was read."""

    title: str  #: as its tab says
    letters: tuple[str, ...]  #: the letter of each of `Sheet.columns`; "" for one that is missing
    rows: tuple[ReadRow, ...]


Workbook = Mapping[str, ReadSheet]


class Cells:
    """Every cell that said something, by a negative number."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._names: list[tuple[str, str]] = []

    def note(self, sheet: str, cell: str) -> int:
        """A number for the cell."""
        self._names.append((sheet, cell))
        return -len(self._names)

    def name(self, number: int) -> str:
        """FILE.xlsx 材料!C5"""
        sheet, cell = self._names[-number - 1]
        return f"{self._file} {sheet}!{cell}"


@dataclass(slots=True)
class Entry:
    """What one or more rows say, and where."""

    content: dict[str, Any] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)

    def add(self, key: str, other: "Entry") -> None:
        """Put another entry into the list `key`."""
        into = self.content.setdefault(key, [])
        self._note((key, len(into)), other)
        into.append(other.content)

    def put(self, key: str, other: "Entry") -> None:
        """Put another entry under `key`."""
        self.content[key] = other.content
        self._note((key,), other)

    def _note(self, base: Place, other: "Entry") -> None:
        self.lines |= {(*base, *place): line for place, line in other.lines.items()}


class BookReader:
    """Makes entries of a workbook's rows. `aliases`: of every item that is published already; these stay facts."""

    def __init__(
        self, book: Workbook, labels: Labels, cells: Cells, aliases: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.aliases = aliases
        self._book = book
        self._labels = labels
        self._cells = cells
        self.mistakes: list[Mistake] = []

    def check(self) -> None:
        """What only a workbook can get wrong: rows that belong to nothing, names that stand twice."""
        for sheet, columns in _ONCE.items():
            seen: Counter[tuple[str, ...]] = Counter()
            for row in self.rows(sheet):
                key = self.key(sheet, row, columns)
                seen[key] += 1
                if seen[key] > 1:
                    self.complain("K407", sheet, row, columns[-1], name="、".join(key))
        for sheet, columns, other, theirs in _BELONGS:
            known = {self.key(other, row, theirs) for row in self.rows(other)}
            for row in self.rows(sheet):
                key = self.key(sheet, row, columns)
                of_matter = sheet == "delivery" and not key[-1]
                if key not in known and not of_matter:
                    facts = {"name": "、".join(key), "sheet": self.title(other)}
                    self.complain("K405", sheet, row, columns[-1], **facts)

    def complain(self, code: str, sheet: str, row: ReadRow, column: str, /, **facts: str) -> None:
        """A mistake in one cell."""
        place = self._cells.name(self._ref(sheet, row, SHEETS[sheet].column(column)))
        self.mistakes.append(Mistake(code=code, file=place, facts={"near": ""} | facts))

    def title(self, sheet: str) -> str:
        """What the sheet is called in this workbook."""
        return self._book[sheet].title if sheet in self._book else sheet

    def rows(self, sheet: str, *keys: str) -> Iterator[ReadRow]:
        """The rows whose first cells are `keys`."""
        for row in self._book[sheet].rows if sheet in self._book else ():
            if row.cells[: len(keys)] == keys:
                yield row

    def key(self, sheet: str, row: ReadRow, columns: tuple[str, ...]) -> tuple[str, ...]:
        """What some columns of a row say."""
        return tuple(row.cells[SHEETS[sheet].column(column)] for column in columns)

    def entry(self, sheet: str, row: ReadRow) -> Entry:
        """What a row says beyond its keys. Blank cells say nothing, but their places are known."""
        made, known = Entry(), SHEETS[sheet]
        made.lines[()] = self._ref(sheet, row, known.naming)
        for position, column in enumerate(known.columns):
            if position < known.keys:
                continue
            made.lines[column.place] = self._ref(sheet, row, position)
            value = read_cell(column, row.cells[position], self._labels)
            if value is None:
                continue
            into = made.content
            for step in column.place[:-1]:
                into = into.setdefault(step, {})
            into[column.place[-1]] = value
        return made

    def entries(self, sheet: str, *keys: str) -> Iterator[Entry]:
        """The entries of all rows whose first cells are `keys`."""
        return (self.entry(sheet, row) for row in self.rows(sheet, *keys))

    def flag(self, sheet: str, row: ReadRow, column: str) -> bool:
        """Whether a cell says yes."""
        position = SHEETS[sheet].column(column)
        return read_cell(SHEETS[sheet].columns[position], row.cells[position], self._labels) is True

    def _ref(self, sheet: str, row: ReadRow, position: int) -> int:
        letter = self._book[sheet].letters[position] or "A"
        return self._cells.note(self._book[sheet].title, f"{letter}{row.number}")


def package_entry(reader: BookReader, code: str, row: ReadRow) -> Entry:
    """The package of matter `code`, whose row in the sheet of packages is `row`."""
    made = reader.entry("package", row)
    made.content["matter"] = code
    made.lines[("matter",)] = made.lines[()]
    for notice in reader.entries("notice", code):
        notice.content.setdefault("not_here", [])
        made.put("notice", notice)
    for row in reader.rows("questions", code):
        question = reader.entry("questions", row)
        for choice in reader.entries("choices", code, row.cells[1]):
            question.add("choices", choice)
        made.add("questions", question)
    for name in ("materials", "promises"):
        made.content[name] = []
        for entry in reader.entries(name, code):
            made.add(name, entry)
    for section in _sections(reader, code):
        made.add("form", section)
    made.content["delivery"] = [one.content.get("way") for one in reader.entries("delivery", code, "")]
    made.put("items", _needs(reader, code))
    return made


def _sections(reader: BookReader, code: str) -> list[Entry]:
    """Rows of one section that follow each other are one section."""
    sections: list[Entry] = []
    for field_ in reader.entries("form", code):
        head = {"section": field_.content.pop("section", ""), "repeat": field_.content.pop("repeat", None)}
        last = sections[-1].content if sections else {}
        if not sections or any(last.get(key) != value for key, value in head.items()):
            here = {place: line for place, line in field_.lines.items() if place[:1] in ((), *_HEAD)}
            sections.append(Entry(dict(head), here))
        sections[-1].add("fields", field_)
    for section in sections:
        if section.content["repeat"] is None:
            del section.content["repeat"]
    return sections


_HEAD = (("section",), ("repeat",))


def _needs(reader: BookReader, code: str) -> Entry:
    """What each item needs: for one that was published, without what was published of it."""
    needs = Entry()
    for row in reader.rows("items", code):
        entry = reader.entry("items", row)
        if is_published(reader, row):
            told = {key: entry.content.pop(key, None) for key in _PUBLISHED}
            entry.content["aliases"] = _aliases(reader, row.cells[1], told["aliases"])[1]
        for material in reader.entries("item_materials", code, row.cells[1]):
            entry.add("materials", material)
        ways = [one.content.get("way") for one in reader.entries("delivery", code, row.cells[1])]
        if ways:
            entry.content["delivery"] = ways
        needs.put(row.cells[1], entry)
    return needs


def published_items(reader: BookReader, code: str) -> list[Entry]:
    """The items that the city published, as facts."""
    found = []
    for row in reader.rows("items", code):
        if is_published(reader, row):
            entry = reader.entry("items", row)
            kept = {key: entry.content[key] for key in _PUBLISHED if key in entry.content}
            kept["aliases"] = _aliases(reader, row.cells[1], kept.get("aliases"))[0]
            found.append(Entry({"code": row.cells[1], **kept}, entry.lines))
    return found


_PUBLISHED = ("name", "department", "level", "online", "note", "aliases")  # of an item: facts, not needs


def _aliases(reader: BookReader, code: str, told: list[str] | None) -> tuple[list[str], list[str]]:
    """Other names of a published item: those that are facts, and those that the package adds."""
    names = told or []
    known = reader.aliases.get(code, tuple(names))
    return [name for name in names if name in known], [name for name in names if name not in known]


def is_published(reader: BookReader, row: ReadRow) -> bool:
    """Whether the city published this item (else it is the package's own)."""
    return reader.flag("items", row, "published")
