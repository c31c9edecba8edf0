"""Writes the clerk's workbook: a sheet a kind of entry, headings with help, drop-downs, and everything kept as text."""

import re
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kiosk.catalogue.matrix import Matrix, as_cells, column_names
from kiosk.catalogue.sheet_cells import Labels
from kiosk.catalogue.sheets import HEAD_ROWS, SHEETS, Cell, Column, Rows, Sheet
from kiosk.words import Words

ROOM = 2000  # rows that have drop-downs; chosen: the largest package fills 120
_AUTHOR = "catalogue"
_HEAD = PatternFill("solid", fgColor="1F4E79")
_WRITTEN = Font(name="Microsoft YaHei", size=10)
_HEADING = Font(name="Microsoft YaHei", size=10, bold=True, color="FFFFFF")
_WIDE, _NARROW = 34, 14  # characters
_LONG = {Cell.LINES, Cell.NAMES, Cell.RULES}
_LONG_TEXTS = {"name", "text", "hint", "what", "who_for", "false_means", "title", "explanation", "label"}


def write_book(path: Path, rows: Rows, words: Words, labels: Labels) -> None:
    """Write `rows` to `path`, which must not be another program's. Raises OSError."""
    book = Workbook()
    about = book.active
    assert isinstance(about, Worksheet)
    _about(about, words)
    lists = _Lists(book.create_sheet(words("workbook.lists")), labels)
    for sheet in SHEETS.values():
        page = book.create_sheet(words(f"workbook.sheet.{sheet.name}"))
        _heads(page, sheet, words)
        for number, cells in enumerate(rows.get(sheet.name, ()), start=HEAD_ROWS + 1):
            for position, text in enumerate(cells, start=1):
                if text:
                    _write(page, number, position, text)
        for position, column in enumerate(sheet.columns, start=1):
            _column(page, position, column, lists, words)
    book.move_sheet(lists.page, len(SHEETS))
    lists.page.sheet_state = "hidden"
    book.save(path)


def write_matrix(path: Path, shown: Matrix, title: str) -> None:
    """The matrix of a matter as a workbook: the rows, and on a second sheet what the headings stand for."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = shown.matter.code
    names = column_names(shown.matter)
    heads, lines = as_cells(shown)
    for position, head in enumerate(heads, start=1):
        cell = page.cell(HEAD_ROWS, position, head)
        cell.font, cell.fill = _HEADING, _HEAD
        cell.alignment = Alignment(text_rotation=90 if position > len(shown.matter.questions) else 0)
        if head in names:
            cell.comment = Comment(names[head], _AUTHOR)
    for number, cells in enumerate(lines, start=HEAD_ROWS + 1):
        for position, text in enumerate(cells, start=1):
            if text:
                page.cell(number, position, text)
    page.freeze_panes = f"{get_column_letter(len(shown.matter.questions) + 1)}{HEAD_ROWS + 1}"
    page.auto_filter.ref = page.dimensions
    legend = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])  # what Excel allows
    for row in names.items():
        legend.append(row)
    book.save(path)


def _about(page: Worksheet, words: Words) -> None:
    page.title = words("workbook.about")
    page.column_dimensions["A"].width = 100
    for number, line in enumerate(words.under("workbook.guide").values(), start=1):
        cell = page.cell(number, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = _WRITTEN


def _heads(page: Worksheet, sheet: Sheet, words: Words) -> None:
    for position, column in enumerate(sheet.columns, start=1):
        cell = page.cell(HEAD_ROWS, position, words(f"workbook.column.{sheet.name}.{column.name}"))
        cell.font, cell.fill = _HEADING, _HEAD
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        help_key = f"workbook.help.{sheet.name}.{column.name}"
        if help_key in words:
            cell.comment = Comment(words.raw(help_key), _AUTHOR, width=260, height=110)
    page.freeze_panes = f"{get_column_letter(min(sheet.keys, 2) + 1)}{HEAD_ROWS + 1}"
    page.row_dimensions[HEAD_ROWS].height = 30


def _write(page: Worksheet, row: int, position: int, text: str) -> None:
    cell = page.cell(row, position)
    cell.value = text
    cell.data_type = "s"  # a text that begins with = stays a text
    cell.font = _WRITTEN
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")


class _Lists:
    """The hidden sheet from which closed lists are chosen."""

    def __init__(self, page: Worksheet, labels: Labels) -> None:
        self.page = page
        self._labels = labels
        self._known: dict[str, str] = {}

    def range_of(self, group: str) -> str:
        """Where the names of a group stand."""
        if group not in self._known:
            names = (self._labels.yes, self._labels.no) if group == "flag" else self._labels.names(group)
            position = len(self._known) + 1
            for number, name in enumerate(names, start=1):
                self.page.cell(number, position, name).number_format = "@"
            letter = get_column_letter(position)
            self._known[group] = f"'{self.page.title}'!${letter}$1:${letter}${len(names)}"
        return self._known[group]


def _column(page: Worksheet, position: int, column: Column, lists: _Lists, words: Words) -> None:
    letter = get_column_letter(position)
    long = column.cell in _LONG or column.name in _LONG_TEXTS
    page.column_dimensions[letter].width = _WIDE if long else _NARROW
    chosen = _choices(column, lists, words)
    if chosen is None:
        return
    closed = column.cell in (Cell.FLAG, Cell.LABEL)
    rule = DataValidation(type="list", formula1=chosen, allow_blank=True, showErrorMessage=closed)
    page.add_data_validation(rule)
    rule.add(f"{letter}{HEAD_ROWS + 1}:{letter}{ROOM}")


def _choices(column: Column, lists: _Lists, words: Words) -> str | None:
    if column.cell is Cell.FLAG:
        return lists.range_of("flag")
    if column.cell in (Cell.LABEL, Cell.LABELS):
        return lists.range_of(column.group)
    if column.among:
        other, _, name = column.among.partition(".")
        letter = get_column_letter(SHEETS[other].column(name) + 1)
        title = words(f"workbook.sheet.{other}")
        return f"'{title}'!${letter}${HEAD_ROWS + 1}:${letter}${ROOM}"
    return None
