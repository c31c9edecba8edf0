"""Reads a workbook that may come from anywhere: what is no table of texts and numbers is refused in plain words."""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import CellCoordinatesException, InvalidFileException

from config.mistakes import Mistake, near
from kiosk.catalogue.from_sheets import ReadRow, ReadSheet, Workbook
from kiosk.catalogue.sheets import SHEETS, Sheet
from kiosk.words import Words

MOST_BYTES = 10_000_000  # of the file; chosen: all 65 matters are 150 kB
MOST_UNPACKED = 60_000_000  # of all its parts together: nobody types that much, and it fits in memory
MOST_PARTS = 300
MOST_ROWS = 5000  # of a sheet
MOST_COLUMNS = 60
LONGEST_CELL = 4000  # characters; Excel's own limit is 32,767
_FORBIDDEN = {  # parts that a table of texts has no use for
    "vbaproject": "宏",
    "externallinks/": "指向别的文件的链接",
    "activex": "控件",
    "embeddings/": "嵌入的文件",
}
_XML = (".xml", ".rels")
_REFERENCE = ("dictionary", "field_choices", "departments")  # an empty template has these
_NO_TABLE = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    AttributeError,
    TypeError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    AssertionError,
    MemoryError,
    InvalidFileException,
    CellCoordinatesException,
    SyntaxError,  # what both XML readers raise
    OverflowError,
)  # what openpyxl, zipfile and zlib are known to raise on a damaged file


class UnfitWorkbook(Exception):
    """The file cannot be taken in."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(", ".join(mistake.code for mistake in self.mistakes))


def open_book(path: Path, languages: Sequence[Words]) -> Workbook:
    """Its sheets as texts. Raises `UnfitWorkbook` (K401 to K409). Headings of any of `languages` are known."""
    try:
        _look_at_the_parts(path)
        with warnings.catch_warnings(
            action="ignore"
        ):  # openpyxl's, of styles and validations that it does not keep
            book = load_workbook(path, read_only=True, keep_links=False)
    except _NO_TABLE as error:
        raise _unfit("K401", path, said=type(error).__name__) from error
    except UnfitWorkbook:
        raise
    try:
        return _Reading(path, languages).all_of(book)
    except UnfitWorkbook:
        raise
    except _NO_TABLE as error:
        raise _unfit("K401", path, said=type(error).__name__) from error
    finally:
        book.close()


def _unfit(code: str, path: Path, **facts: str) -> UnfitWorkbook:
    return UnfitWorkbook([Mistake(code=code, file=path.name, facts={"near": ""} | facts)])


def _look_at_the_parts(path: Path) -> None:
    """Before anything is unpacked: how much it is, and what is in it."""
    if path.stat().st_size > MOST_BYTES:
        raise _unfit("K402", path, said=f"{path.stat().st_size // 1_000_000} MB")
    with zipfile.ZipFile(path) as parts:
        listed = parts.infolist()
        # zipfile gives no more of a part than the size that it declares, so the declared sizes bound the memory.
        if len(listed) > MOST_PARTS or sum(part.file_size for part in listed) > MOST_UNPACKED:
            raise _unfit("K402", path, said=f"{sum(part.file_size for part in listed) // 1_000_000} MB")
        for part in listed:
            for piece, said in _FORBIDDEN.items():
                if piece in part.filename.lower():
                    raise _unfit("K408", path, said=said)
            # Null bytes: a part in UTF-16 is looked through, too.
            if part.filename.endswith(_XML) and b"<!DOCTYPE" in parts.read(part).replace(b"\0", b"").upper():
                raise _unfit("K408", path, said="DOCTYPE")


class _Reading:
    def __init__(self, path: Path, languages: Sequence[Words]) -> None:
        self._path = path
        self._languages = languages
        self._mistakes: list[Mistake] = []

    def all_of(self, book: Any) -> Workbook:
        titles = {
            words(f"workbook.sheet.{name}"): sheet
            for words in self._languages
            for name, sheet in SHEETS.items()
        }
        found = {}
        for page in book.worksheets:
            sheet = titles.get(page.title.strip())
            if sheet is not None:
                found[sheet.name] = self._sheet(page, sheet)
        if self._mistakes:
            raise UnfitWorkbook(self._mistakes)
        if not any(read.rows for name, read in found.items() if name not in _REFERENCE):
            raise _unfit("K409", self._path)
        return found

    def _sheet(self, page: Any, sheet: Sheet) -> ReadSheet:
        rows = self._rows(page)
        at = self._columns(page.title, sheet, next(rows, (1, ()))[1])
        letters = tuple(get_column_letter(at[c.name] + 1) if c.name in at else "" for c in sheet.columns)
        read = []
        for number, cells in rows:
            texts = tuple(
                cells[at[c.name]] if c.name in at and at[c.name] < len(cells) else "" for c in sheet.columns
            )
            if any(texts):
                read.append(ReadRow(number, texts))
        return ReadSheet(page.title, letters, tuple(read))

    def _columns(self, title: str, sheet: Sheet, heads: Sequence[str]) -> dict[str, int]:
        names = {
            words(f"workbook.column.{sheet.name}.{column.name}"): column.name
            for words in self._languages
            for column in sheet.columns
        }
        at: dict[str, int] = {}
        for position, head in enumerate(heads):
            if head in names:
                at.setdefault(names[head], position)
            elif head:
                self._complain("K404", title, position, 1, name=head, near=near(head, names))
        key = sheet.columns[0].name
        if key not in at:
            wanted = self._languages[0](f"workbook.column.{sheet.name}.{key}")
            self._complain("K406", title, 0, 1, name=wanted)
        return at

    def _rows(self, page: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Row by row, without the blank end of each."""
        page.reset_dimensions()  # what a file says of its own size is not believed
        for number, row in enumerate(page.iter_rows(max_col=MOST_COLUMNS), start=1):
            if number > MOST_ROWS:
                said = f"{page.title} {number} 行"
                raise _unfit("K402", self._path, said=said)
            yield (
                number,
                tuple(self._text(page.title, position, number, cell) for position, cell in enumerate(row)),
            )

    def _text(self, title: str, position: int, number: int, cell: Any) -> str:
        value = cell.value
        if value is None:
            return ""
        if cell.data_type == "f":
            self._complain("K403", title, position, number)
            return ""
        match value:
            case bool():
                return self._languages[0]("workbook.yes" if value else "workbook.no")
            case datetime():
                text = value.date().isoformat()
            case date():
                text = value.isoformat()
            case float() if value.is_integer():
                text = str(int(value))
            case _:
                text = _clean(str(value))
        if len(text) > LONGEST_CELL:
            self._complain("K402", title, position, number, said=f"{len(text)}")
        return text

    def _complain(self, code: str, title: str, position: int, number: int, **facts: str) -> None:
        place = f"{self._path.name} {title}!{get_column_letter(position + 1)}{number}"
        self._mistakes.append(Mistake(code=code, file=place, facts={"near": ""} | facts))


def _clean(text: str) -> str:
    """Line ends as here, and without the signs that no keyboard makes."""
    text = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff]", "", text).strip()
