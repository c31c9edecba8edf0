"""From the catalogue's files to the rows of the clerk's workbook."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kiosk.catalogue.assemble import in_force
from kiosk.catalogue.parse import ItemFacts, ItemNeeds, MatterFacts, Package
from kiosk.catalogue.sheet_cells import Labels, write_cell
from kiosk.catalogue.sheets import SHEETS, Rows
from kiosk.catalogue.sources import Sources

Entry = Mapping[str, Any]


def to_sheets(sources: Sources, codes: Iterable[str], today: date, labels: Labels) -> Rows:
    """The rows of the matters `codes` with their packages in force `today`; all fields and departments.

    Raises KeyError for an unknown code.
    """
    facts = {matter.code: matter for matter in sources.topics.parsed.matters}
    packages = in_force([source.parsed for source in sources.packages], today)
    writer = _Writer(labels)
    for code in codes:
        writer.matter(facts[code], sources.synonyms.parsed.synonyms.get(code, ()))
        package = packages.get(code)
        if package is not None:
            writer.package(package)
        writer.items(facts[code], package)
    for field in sources.dictionary.parsed.fields:
        writer.row("dictionary", (), field.model_dump())
        for choice in field.choices:
            writer.row("field_choices", (field.name,), choice.model_dump())
    for office in sources.departments.parsed.departments if sources.departments else ():
        writer.row("departments", (), office.model_dump())
    return writer.rows()


class _Writer:
    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._rows: dict[str, list[tuple[str, ...]]] = {name: [] for name in SHEETS}

    def rows(self) -> Rows:
        return {name: tuple(rows) for name, rows in self._rows.items()}

    def row(self, sheet: str, keys: tuple[str, ...], entry: Entry) -> None:
        """A row of the keys and of what the entry says at each column's place."""
        columns = SHEETS[sheet].columns[len(keys) :]
        cells = (write_cell(column, _at(entry, column.place), self._labels) for column in columns)
        self._rows[sheet].append((*keys, *cells))

    def matter(self, facts: MatterFacts, synonyms: tuple[str, ...]) -> None:
        self.row("matter", (), {**facts.model_dump(), "synonyms": synonyms})
        if facts.published is not None:
            self.row("published", (facts.code,), facts.published.model_dump())

    def package(self, package: Package) -> None:
        told = package.model_dump()
        code = package.matter
        self.row("package", (code,), told)
        self.row("notice", (code,), told["notice"])
        for question in told["questions"]:
            self.row("questions", (code,), question)
            for choice in question["choices"]:
                self.row("choices", (code, question["name"]), choice)
        for section in told["form"]:
            for field in section["fields"]:
                self.row(
                    "form", (code,), {**field, "section": section["section"], "repeat": section["repeat"]}
                )
        for name in ("materials", "promises"):
            for entry in told[name]:
                self.row(name, (code,), entry)
        for way in told["delivery"]:
            self.row("delivery", (code, ""), {"way": way})

    def items(self, facts: MatterFacts, package: Package | None) -> None:
        needs = dict(package.items) if package else {}
        for item in facts.items:
            self._item(facts.code, item.code, item, needs.pop(item.code, None))
        for code, own in needs.items():
            self._item(facts.code, code, None, own)

    def _item(self, matter: str, code: str, facts: ItemFacts | None, needs: ItemNeeds | None) -> None:
        told = needs.model_dump() if needs else {}
        if facts is not None:
            more = [name for name in told.get("aliases", ()) if name not in facts.aliases]
            told |= facts.model_dump() | {"aliases": [*facts.aliases, *more]}
        flag = write_cell(SHEETS["items"].columns[2], facts is not None, self._labels)
        self.row("items", (matter, code, flag), told)
        for material in told.get("materials", ()):
            self.row("item_materials", (matter, code), material)
        for way in told.get("delivery", ()):
            self.row("delivery", (matter, code), {"way": way})


def _at(entry: Any, place: tuple[str, ...]) -> Any:
    for step in place:
        if entry is None:
            return None
        entry = entry.get(step)
    return entry
