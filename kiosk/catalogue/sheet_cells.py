"""Between a value and what stands in a cell. `read_cell` never fails: what it cannot read it hands on as it is written,
so that the same check refuses it with the same words as in a file."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kiosk.catalogue.sheets import Cell, Column
from kiosk.words import Words

NOTHING = "—"  #: an empty list where blank means the usual one
_WIDE = str.maketrans("＝，；：＞、", "=,;:>,")
_YES, _NO = ("是", "yes", "true", "1"), ("否", "no", "false", "0")
_GROUPS = (
    "origin",
    "applicant",
    "step",
    "delivery",
    "size",
    "paper",
    "trust",
    "reads",
    "layout",
    "level",
    "check",
    "staff",
)


class Labels:
    """The names of values in the clerk's language, and back."""

    def __init__(self, words: Words) -> None:
        self._names = {group: words.under(f"workbook.value.{group}") for group in _GROUPS}
        self._values = {
            group: {
                name: value.replace("_", "-") if group == "reads" else value for value, name in names.items()
            }
            for group, names in self._names.items()
        }

        self.yes, self.no = words("workbook.yes"), words("workbook.no")

    def names(self, group: str) -> tuple[str, ...]:
        """All of a group, for its drop-down."""
        return tuple(self._names[group].values())

    def name(self, group: str, value: str) -> str:
        """What the clerk sees; the value itself when it has no name."""
        return self._names[group].get(value.replace("-", "_"), value)

    def value(self, group: str, name: str) -> str:
        """What the clerk meant; `name` itself when it is none of them."""
        return self._values[group].get(name, name)


def write_cell(column: Column, value: Any, labels: Labels) -> str:
    """What stands in the cell for `value`; "" for None."""
    if value is None:
        return ""
    match column.cell:
        case Cell.LINES:
            return "\n".join(value)
        case Cell.NAMES:
            return ", ".join(value)
        case Cell.FLAG:
            return labels.yes if value else labels.no
        case Cell.PAIR:
            return f"{value[0]} > {value[1]}"
        case Cell.LABEL:
            return labels.name(column.group, str(value))
        case Cell.LABELS:
            return "、".join(labels.name(column.group, str(one)) for one in value) or NOTHING
        case Cell.RULES:
            return "; ".join(f"{question}={','.join(among)}" for question, among in value.items())
        case Cell.TIMES:
            return "; ".join(f"{answer}={times}" for answer, times in value.items())
        case _:
            return str(value)


def read_cell(column: Column, text: str, labels: Labels) -> Any:
    """The value that `text` stands for; None when the cell is blank."""
    text = text.strip()
    if not text:
        return None
    match column.cell:
        case Cell.SLOT:
            return text.zfill(2) if text.isdecimal() else text
        case Cell.LINES:
            return [line.strip() for line in text.splitlines() if line.strip()]
        case Cell.NAMES:
            return _names(text)
        case Cell.FLAG:
            return _flag(text)
        case Cell.NUMBER:
            return _number(text)
        case Cell.DAY:
            return _day(text)
        case Cell.PAIR:
            return [_number(part.strip()) for part in text.translate(_WIDE).split(">")]
        case Cell.LABEL:
            return labels.value(column.group, text)
        case Cell.LABELS:
            return [] if text == NOTHING else [labels.value(column.group, one) for one in _names(text)]
        case Cell.RULES:
            return _rules(text)
        case Cell.TIMES:
            return _times(text)
        case _:
            return text


def _names(text: str) -> list[str]:
    return [name for name in re.split(r"[,\s]+", text.translate(_WIDE)) if name]


def _flag(text: str) -> Any:
    said = text.lower()
    if said in _YES:
        return True
    return False if said in _NO else text


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _day(text: str) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _pairs(text: str) -> Iterable[tuple[str, str]] | None:
    parts = [part for part in re.split(r"[;\n]", text.translate(_WIDE)) if part.strip()]
    pairs = [(name.strip(), value.strip()) for name, mark, value in (p.partition("=") for p in parts) if mark]
    return pairs if len(pairs) == len(parts) else None


def _rules(text: str) -> Any:
    pairs = _pairs(text)
    if pairs is None:
        return text
    rules: Mapping[str, list[str]] = {name: _names(value) for name, value in pairs}
    return rules if len(rules) == len(list(pairs)) else text


def _times(text: str) -> Any:
    pairs = _pairs(text)
    return text if pairs is None else {name: _number(value) for name, value in pairs}
