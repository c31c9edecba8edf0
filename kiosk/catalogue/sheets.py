"""The clerk's workbook as data: which sheets it has, which columns, and what may stand in a cell.

A column's `path` is its place in the YAML entry that a row becomes. Headings, help and the names of values are words
(`workbook.…`). Reading and writing of .xlsx files is `tools`' work; here everything is text in rows.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

HEAD_ROWS = 1  #: rows above the first entry


class Cell(enum.StrEnum):
    """How a value is written in a cell."""

    TEXT = "text"
    SLOT = "slot"  #: two digits, whatever a spreadsheet makes of them
    LINES = "lines"  #: several texts, one a line
    NAMES = "names"  #: several codes, with commas between
    FLAG = "flag"
    NUMBER = "number"
    DAY = "day"
    PAIR = "pair"  #: two numbers: before > after
    LABEL = "label"  #: one of a closed list, by its name in words
    LABELS = "labels"
    RULES = "rules"  #: question=answer,answer; question=answer
    TIMES = "times"  #: answer=number; answer=number


@dataclass(frozen=True, slots=True)
class Column:
    """A column. Its name is that of its heading: `workbook.column.<sheet>.<name>`."""

    name: str
    cell: Cell = Cell.TEXT
    path: tuple[str, ...] = ()  #: () means (name,)
    group: str = ""  #: of LABEL and LABELS: `workbook.value.<group>`
    among: str = ""  #: "sheet.column": a drop-down of what stands there; other values may be typed, too

    @property
    def place(self) -> tuple[str, ...]:
        """Where the value stands in the entry."""
        return self.path or (self.name,)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: one kind of entry, one a row. Its first `keys` columns say to what a row belongs, and are no values."""

    name: str
    columns: tuple[Column, ...]
    keys: int = 1
    named_by: str = ""  #: the column that a mistake of the whole row is told at; "": the first that is no key

    @property
    def naming(self) -> int:
        """The position of that column, from 0."""
        return self.column(self.named_by) if self.named_by else min(self.keys, len(self.columns) - 1)

    def column(self, name: str) -> int:
        """The position of a column, from 0."""
        return [column.name for column in self.columns].index(name)


_MATTER = Column("matter", among="matter.code")
_WHEN = Column("when", Cell.RULES)
_SAMPLE_CHOICE = (Column("value"), Column("label"), Column("explanation"))

_LIST = (
    Sheet(
        "matter",
        (
            Column("code"),
            Column("name"),
            Column("aliases", Cell.LINES),
            Column("origin", Cell.LABEL, group="origin"),
            Column("lead", among="departments.name"),
            Column("partners", Cell.LINES),
            Column("open_ended", Cell.FLAG),
            Column("synonyms", Cell.LINES),
        ),
        keys=0,
    ),
    Sheet(
        "published",
        (
            _MATTER,
            Column("items", Cell.NUMBER),
            Column("departments", Cell.NUMBER),
            Column("steps", Cell.NUMBER),
            Column("materials", Cell.NUMBER),
            Column("visits", Cell.NUMBER),
            Column("materials_counts", Cell.PAIR),
            Column("forms_counts", Cell.PAIR),
        ),
    ),
    Sheet(
        "package",
        (
            _MATTER,
            Column("version"),
            Column("sample", Cell.FLAG),
            Column("effective_from", Cell.DAY),
            Column("effective_until", Cell.DAY),
            Column("short_name"),
            Column("minutes", Cell.NUMBER),
            Column("by_hand", Cell.FLAG),
            Column("staff", Cell.LABEL, group="staff"),
            Column("applicants", Cell.LABELS, group="applicant"),
            Column("joint_steps", Cell.LABELS, group="step"),
            Column("acting_question", path=("acting", "question"), among="questions.name"),
            Column("acting_agent", Cell.NAMES, ("acting", "agent")),
            Column("acting_guardian", Cell.NAMES, ("acting", "guardian")),
            Column("acting_fields", Cell.NAMES, ("acting", "fields")),
            Column("acting_applicant", Cell.NAMES, ("acting", "applicant")),
        ),
    ),
    Sheet(
        "notice",
        (
            _MATTER,
            Column("what"),
            Column("who_for"),
            Column("who_decides"),
            Column("how_long"),
            Column("fee"),
            Column("not_here", Cell.LINES),
            Column("next_steps", Cell.LINES),
            Column("ask"),
        ),
    ),
    Sheet("questions", (_MATTER, Column("name"), Column("text"), _WHEN)),
    Sheet("choices", (_MATTER, Column("question", among="questions.name"), *_SAMPLE_CHOICE), keys=2),
    Sheet(
        "form",
        (
            _MATTER,
            Column("section"),
            Column("name", among="dictionary.name"),
            _WHEN,
            Column("repeat_question", path=("repeat", "question"), among="questions.name"),
            Column("repeat_times", Cell.TIMES, ("repeat", "times")),
            Column("repeat_label", path=("repeat", "label")),
        ),
        named_by="name",
    ),
    Sheet(
        "materials",
        (
            _MATTER,
            Column("slot", Cell.SLOT),
            Column("name"),
            Column("min_pages", Cell.NUMBER),
            Column("max_pages", Cell.NUMBER),
            Column("hint"),
            Column("source"),
            Column("size", Cell.LABEL, group="size"),
            Column("paper", Cell.LABEL, group="paper"),
            Column("trust", Cell.LABEL, group="trust"),
            Column("licence"),
            Column("promise", among="promises.name"),
            Column("valid_months", Cell.NUMBER),
            Column("picture"),
            Column("reads", Cell.LABELS, group="reads"),
            Column("reads_when", Cell.RULES),
            Column("form_code"),
            Column("layout", Cell.LABEL, group="layout"),
            Column("most_kb", Cell.NUMBER, ("budget", "most_kb")),
            Column("least_dpi", Cell.NUMBER, ("budget", "least_dpi")),
            Column("watermark", Cell.FLAG),
        ),
    ),
    Sheet(
        "items",
        (
            _MATTER,
            Column("code"),
            Column("published", Cell.FLAG),
            Column("name"),
            Column("department", among="departments.name"),
            Column("level", Cell.LABEL, group="level"),
            Column("online", Cell.FLAG),
            Column("note"),
            Column("aliases", Cell.LINES),
            _WHEN,
            Column("fields", Cell.NAMES),
            Column("after", Cell.NAMES),
            Column("statutory", Cell.NUMBER, ("days", "statutory")),
            Column("promised", Cell.NUMBER, ("days", "promised")),
            Column("why", path=("in_person", "why")),
            Column("where", path=("in_person", "where")),
            Column("address", path=("in_person", "address")),
            Column("hours", path=("in_person", "hours")),
            Column("forms", Cell.NUMBER),
            Column("visits", Cell.NUMBER),
            Column("steps", Cell.LABELS, group="step"),
            Column("basis"),
            Column("conditions"),
            Column("fee"),
            Column("result"),
        ),
        keys=3,
        named_by="code",
    ),
    Sheet(
        "item_materials",
        (
            _MATTER,
            Column("item", among="items.code"),
            Column("slot", Cell.SLOT, among="materials.slot"),
            _WHEN,
            Column("insists", Cell.FLAG),
        ),
        keys=2,
    ),
    Sheet(
        "delivery",
        (_MATTER, Column("item", among="items.code"), Column("way", Cell.LABEL, group="delivery")),
        keys=2,
    ),
    Sheet("promises", (_MATTER, Column("name"), Column("title"), Column("text"), Column("false_means"))),
    Sheet(
        "dictionary",
        (
            Column("name"),
            Column("label"),
            Column("check", Cell.LABEL, group="check"),
            Column("hint"),
            Column("required", Cell.FLAG),
            Column("prefill"),
            Column("otherwise"),
            Column("locked", Cell.FLAG),
            Column("secret"),
            Column("longest", Cell.NUMBER),
        ),
        keys=0,
    ),
    Sheet("field_choices", (Column("field", among="dictionary.name"), *_SAMPLE_CHOICE)),
    Sheet(
        "departments",
        (Column("name"), Column("aliases", Cell.LINES), Column("formerly", Cell.LINES)),
        keys=0,
    ),
)
SHEETS: Mapping[str, Sheet] = {sheet.name: sheet for sheet in _LIST}

Rows = Mapping[
    str, tuple[tuple[str, ...], ...]
]  #: sheet → rows of cells, each as long as the sheet's columns
