"""The workbook holds whatever a file may say: a key that is added to the model needs a column, and words."""

import enum
import types
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from config.sentences import LANGUAGES, SHIPPED
from kiosk.catalogue import parse, parse_terms
from kiosk.catalogue.model import Check
from kiosk.catalogue.sheet_cells import Labels, read_cell, write_cell
from kiosk.catalogue.sheets import SHEETS, Cell, Column
from kiosk.catalogue.terms import Delivery, Paper, Step, Trust
from kiosk.reading.values import Kind
from kiosk.words import Words

WORDS = {language: Words.load(SHIPPED, language) for language in LANGUAGES}
LABELS = Labels(WORDS["zh-Hans"])
#: entry → its sheet, and keys that stand in sheets of their own
HOLDS: dict[type[BaseModel], tuple[str, set[str]]] = {
    parse.MatterFacts: ("matter", {"items", "published"}),
    parse_terms.PublishedFacts: ("published", set()),
    parse.Package: (
        "package",
        {"matter", "delivery", "notice", "questions", "form", "promises", "materials", "items"},
    ),
    parse.NoticeEntry: ("notice", set()),
    parse.QuestionEntry: ("questions", {"choices"}),
    parse.ChoiceEntry: ("choices", set()),
    parse.FormSection: ("form", {"fields"}),
    parse.FormField: ("form", set()),
    parse.MaterialEntry: ("materials", set()),
    parse.ItemFacts: ("items", set()),
    parse.ItemNeeds: ("items", {"materials", "delivery"}),
    parse.ItemMaterial: ("item_materials", set()),
    parse_terms.PromiseEntry: ("promises", set()),
    parse.FieldEntry: ("dictionary", {"choices"}),
    parse_terms.DepartmentFacts: ("departments", set()),
}
GROUPS: dict[str, type[enum.StrEnum]] = {
    "check": Check,
    "delivery": Delivery,
    "paper": Paper,
    "step": Step,
    "trust": Trust,
    "reads": Kind,
}


def places(entry: type[BaseModel], apart: set[str]) -> set[tuple[str, ...]]:
    """The place of every single value of an entry."""
    found: set[tuple[str, ...]] = set()
    for name, about in entry.model_fields.items():
        if name in apart:
            continue
        inner = _entry_in(about.annotation)
        found |= {(name, *place) for place in places(inner, set())} if inner else {(name,)}
    return found


def _entry_in(annotation: Any) -> type[BaseModel] | None:
    if get_origin(annotation) in (types.UnionType,) or str(get_origin(annotation)) == "typing.Union":
        return next((inner for inner in map(_entry_in, get_args(annotation)) if inner), None)
    while get_origin(annotation) is not None and hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


@pytest.mark.parametrize("entry", HOLDS, ids=lambda entry: entry.__name__)
def test_every_key_has_a_column(entry: type[BaseModel]) -> None:
    sheet, apart = HOLDS[entry]
    assert places(entry, apart) <= {column.place for column in SHEETS[sheet].columns}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_and_column_has_its_own_words(language: str) -> None:
    words = WORDS[language]
    assert set(words.under("workbook.sheet")) == set(SHEETS)
    titles = [words(f"workbook.sheet.{name}") for name in SHEETS]
    assert len(set(titles)) == len(titles) and all(len(title) <= 31 for title in titles)  # Excel's limit
    for name, sheet in SHEETS.items():
        heads = words.under(f"workbook.column.{name}")
        assert set(heads) == {column.name for column in sheet.columns}
        assert len(set(heads.values())) == len(heads), name


@pytest.mark.parametrize(("group", "kind"), GROUPS.items())
def test_every_value_has_a_name_and_comes_back(group: str, kind: type[enum.StrEnum]) -> None:
    assert len(LABELS.names(group)) == len(set(LABELS.names(group))) == len(kind)
    for value in kind:
        shown = write_cell(Column("x", Cell.LABEL, group=group), value, LABELS)
        assert shown != value and read_cell(Column("x", Cell.LABEL, group=group), shown, LABELS) == value


@pytest.mark.parametrize(
    ("cell", "typed", "value"),
    [
        (
            Cell.RULES,
            "housing＝rented，school；errand = first",
            {"housing": ["rented", "school"], "errand": ["first"]},
        ),
        (Cell.RULES, "housing", "housing"),
        (Cell.RULES, "a=x; a=y", "a=x; a=y"),
        (Cell.TIMES, "one=1；two=2", {"one": 1, "two": 2}),
        (Cell.NAMES, "name、phone，birth number", ["name", "phone", "birth", "number"]),
        (Cell.LINES, " 一 \n\n二", ["一", "二"]),
        (Cell.PAIR, "83＞26", [83, 26]),
        (Cell.SLOT, "3", "03"),
        (Cell.FLAG, "是", True),
        (Cell.FLAG, "FALSE", False),
        (Cell.FLAG, "大概", "大概"),
        (Cell.NUMBER, "62.5", 62.5),
        (Cell.DAY, "2027-02-30", "2027-02-30"),
        (Cell.TEXT, "  ", None),
    ],
)
def test_what_is_typed_is_understood_or_handed_on(cell: Cell, typed: str, value: object) -> None:
    assert read_cell(Column("x", cell), typed, LABELS) == value


def test_an_empty_list_is_not_a_blank_cell() -> None:
    steps = Column("steps", Cell.LABELS, group="step")
    assert read_cell(steps, write_cell(steps, (), LABELS), LABELS) == []
    assert read_cell(steps, "", LABELS) is None
    assert write_cell(steps, None, LABELS) == ""
