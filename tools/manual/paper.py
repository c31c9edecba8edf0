"""A4 pages with the typefaces embedded: what can be set on them, one method for each kind of block."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.fonts import TTFFont
from fpdf.outline import OutlineSection
from PIL import Image

from kiosk.words import Words
from tools.fonts import SYSTEM_FONTS, face_number
from tools.manual.runs import Line, Run, lines_of, widest

MARGIN: Final = 20.0  # mm
_PLAIN, _BOLD = "NotoSansSC-Regular-core.otf", "NotoSansSC-Bold-core.otf"
_CODE: Final = (SYSTEM_FONTS / "opentype/noto/NotoSansCJK-Regular.ttc", "Noto Sans Mono CJK SC")
_BODY, _SMALL, _CODE_PT = 10.5, 9.0, 9.0  # points
_HEADS: Final = {1: 22.0, 2: 15.0, 3: 12.0}  # points
_LEADING: Final = 0.62  # mm of a line for each point: 1.75 times, as Chinese wants it
_PAD: Final = 1.6  # mm inside a cell
_LEAST_COLUMN: Final = 14.0  # mm
_PICTURE: Final = 50.0  # mm wide: three abreast
_WIDE_PICTURE: Final = 120.0
_ENTRIES: Final = 42  # of the contents, on a page
_WHOLE: Final = 10  # lines of code that are not parted by a page's end
_GAP: Final = 6.0  # mm between pictures
_BLUE, _INK, _GREY = (31, 78, 121), (27, 31, 36), (90, 101, 114)
_PALE, _RULE = (238, 242, 247), (184, 193, 204)


@dataclass(frozen=True, slots=True)
class Picture:
    """One of the program's screens, and what it shows."""

    file: Path
    said: str


class Paper(FPDF):
    """The manual as it is written, block after block."""

    def __init__(self, words: Words, version: str, made: datetime, fonts: Path, entries: int) -> None:
        """`entries`: how many headings of the first two levels will come.

        Raises OSError without the typefaces, LookupError when the collection lacks the one for code.
        """
        super().__init__(format="A4")
        self._words = words
        self._known: dict[
            tuple[Run, float], float
        ] = {}  # widths: most of the text is the same few thousand signs
        title = words("manual.title")
        self._foot = words("manual.footer", title=title, version=version)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(False, MARGIN)
        self.add_font("plain", fname=fonts / _PLAIN)
        self.add_font("bold", fname=fonts / _BOLD)
        self.add_font("code", fname=_CODE[0], collection_font_number=face_number(*_CODE))
        self.set_title(title)
        self.set_lang("zh-Hans")
        self.set_creation_date(made)
        self._cover(version, made)
        self.add_page()
        self.insert_toc_placeholder(self._contents, pages=max(1, math.ceil(entries / _ENTRIES)))

    def close(self) -> None:
        """Close the typefaces, where nothing will be put out; fpdf2 closes them as it puts out."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    # --- around the text ---

    def _cover(self, version: str, made: datetime) -> None:
        self.add_page()
        self.set_y(90)
        name, _, kind = self._words("manual.title").partition(" ")
        for text, points in ((name, 30.0), (kind, 22.0)):
            self._ink("bold", points, _BLUE)
            self.cell(0, points * _LEADING, text, align="C", new_x="LMARGIN", new_y="NEXT")
        self.ln(8)
        self._ink("plain", 12, _GREY)
        told = (
            self._words("manual.version", version=version),
            f"{made:%Y-%m-%d}",
            self._words("manual.made"),
        )
        for text in told:
            self.cell(0, 8, text, align="C", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        """What it is, of which version, and the page."""
        if self.page_no() == 1:
            return
        self.set_y(-14)
        self._ink("plain", _SMALL, _GREY)
        self.cell(self.epw / 2, 5, self._foot)
        self.cell(self.epw / 2, 5, str(self.page_no()), align="R")

    def _ink(self, face: str, points: float, colour: tuple[int, int, int] = _INK) -> None:
        self.set_font(face, size=points)
        self.set_text_color(*colour)

    def _room(self, high: float) -> None:
        """A new page where what must stay together would not fit."""
        if self.get_y() + high > self.h - MARGIN:
            self.add_page()

    def _contents(self, _: FPDF, outline: list[OutlineSection]) -> None:
        """The table of contents: chapters and their parts, each with its page."""
        self.set_font("bold", size=_HEADS[1])
        self.set_text_color(*_BLUE)
        self.set_x(MARGIN)
        self.cell(0, _HEADS[1] * _LEADING, self._words("manual.contents"), new_x="LMARGIN", new_y="NEXT")
        listed = [section for section in outline if section.level < 2]
        high = _BODY * _LEADING * 0.8
        for number, section in enumerate(listed):
            if number and number % _ENTRIES == 0:
                self.add_page()
            self.ln(2 if section.level == 0 else 0)
            self.set_font("plain" if section.level else "bold", size=_BODY)
            self.set_text_color(*_INK)
            link = self.add_link(page=section.page_number)
            indent = 6 * section.level
            self.set_x(MARGIN + indent)
            self.cell(self.epw - indent - 12, high, section.name, link=link)
            page = str(section.page_number)
            self.cell(12, high, page, align="R", link=link, new_x="LMARGIN", new_y="NEXT")

    # --- blocks ---

    def head(self, level: int, text: str) -> None:
        """A heading; a chapter begins on a page of its own. It stands in the contents, too."""
        if level == 1 and self.get_y() > MARGIN:
            self.add_page()
        points = _HEADS[level]
        high = points * _LEADING
        self._room(3 * high + 12)
        self.ln(0 if level == 1 else 4)
        self._ink("bold", points, _BLUE)
        self.start_section(text, level=level - 1)
        self._ink("bold", points, _BLUE)
        for line in lines_of([Run(text, "bold")], self.epw, lambda run: self.get_string_width(run.text)):
            self.cell(0, high, line[0].text, new_x="LMARGIN", new_y="NEXT")
        self.ln(3 if level == 1 else 1.5)

    def paragraph(self, runs: Iterable[Run], indent: float = 0.0, mark: str = "") -> None:
        """Text over the whole width; `mark` stands before the first line (a bullet, a number)."""
        high = _BODY * _LEADING
        for number, line in enumerate(self._lines(runs, self.epw - indent, _BODY)):
            self._room(high)
            if mark and number == 0:
                self._ink("plain", _BODY)
                self.set_x(MARGIN + indent - 6)
                self.cell(5.5, high, mark, align="R")
            self._put(line, MARGIN + indent, self.get_y(), high, _BODY)
            self.set_xy(MARGIN, self.get_y() + high)
        self.ln(1.2 if mark else 2.2)

    def code(self, text: str, indent: float = 0.0) -> None:
        """Lines for a terminal, on a ground of their own."""
        high = _CODE_PT * _LEADING * 0.9
        lines = [
            line
            for source in text.rstrip("\n").split("\n")
            for line in self._lines([Run(source, "code")], self.epw - indent - 4, _CODE_PT)
        ]
        self.ln(0.5)
        if len(lines) <= _WHOLE:
            self._room(len(lines) * high)
        for line in lines:
            self._room(high)
            self.set_fill_color(*_PALE)
            self.rect(MARGIN + indent, self.get_y(), self.epw - indent, high + 0.1, style="F")
            self._put(line, MARGIN + indent + 2, self.get_y(), high, _CODE_PT)
            self.set_xy(MARGIN, self.get_y() + high)
        self.ln(3)

    def pictures(self, shown: Sequence[Picture]) -> None:
        """Screens beside each other, each with its words below; three portrait ones in a row."""
        for at in range(0, len(shown), 3):
            row = shown[at : at + 3]
            self._row_of_pictures(row)

    def _row_of_pictures(self, row: Sequence[Picture]) -> None:
        placed = []
        for picture in row:
            with Image.open(picture.file) as image:
                share = image.height / image.width
            width = _PICTURE if share > 1 else _WIDE_PICTURE
            said = self._lines([Run(picture.said)], width, _SMALL)
            placed.append((picture, width, width * share, said))
        tall = max(high for _, _, high, _ in placed)
        below = max(len(said) for *_, said in placed) * _SMALL * _LEADING
        self._room(tall + below + 4)
        x: float = MARGIN
        top = self.get_y() + 1
        for picture, width, high, said in placed:
            self.image(picture.file, x, top, width, high, alt_text=picture.said)
            self.set_draw_color(*_RULE)
            self.rect(x, top, width, high)
            for number, line in enumerate(said):
                self._put(line, x, top + tall + 1 + number * _SMALL * _LEADING, _SMALL * _LEADING, _SMALL)
            x += width + _GAP
        self.set_xy(MARGIN, top + tall + below + 5)

    def grid(self, rows: Sequence[Sequence[Sequence[Run]]]) -> None:
        """The first row is the heading, repeated on each page. Rows are not torn."""
        widths = self._widths(rows)
        head = rows[0]
        self.ln(1.5)
        for number, row in enumerate(rows):
            lines = [
                self._lines(cell, width - 2 * _PAD, _SMALL) for cell, width in zip(row, widths, strict=True)
            ]
            high = max(map(len, lines)) * _SMALL * _LEADING + 1.6
            if self.get_y() + high > self.h - MARGIN:
                self.add_page()
                if number:
                    self._table_row(
                        [self._lines(c, w - 2 * _PAD, _SMALL) for c, w in zip(head, widths, strict=True)],
                        widths,
                        headed=True,
                    )
            self._table_row(lines, widths, headed=number == 0)
        self.ln(3)

    def _table_row(self, lines: Sequence[Sequence[Line]], widths: Sequence[float], *, headed: bool) -> None:
        leading = _SMALL * _LEADING
        high = max(map(len, lines)) * leading + 1.6
        top = self.get_y()
        x: float = MARGIN
        self.set_draw_color(*_RULE)
        self.set_fill_color(*_PALE)
        self.set_line_width(0.2)
        for cell, width in zip(lines, widths, strict=True):
            self.rect(x, top, width, high, style="DF" if headed else "D")
            for number, line in enumerate(cell):
                self._put(line, x + _PAD, top + 0.8 + number * leading, leading, _SMALL)
            x += width
        self.set_xy(MARGIN, top + high)

    def _widths(self, rows: Sequence[Sequence[Sequence[Run]]]) -> list[float]:
        """Each column as wide as it wants, or shares by what it wants, never less than its longest word (a third)."""
        columns = list(zip(*rows, strict=True))
        wants = [max(self._wide(cell) for cell in column) + 2 * _PAD + 0.5 for column in columns]
        if sum(wants) <= self.epw:
            spare = (self.epw - sum(wants)) / len(wants)
            return [want + spare for want in wants]
        needs = [
            min(
                self.epw / 3,
                max(_LEAST_COLUMN, max(widest(cell, self._small) for cell in column) + 2 * _PAD + 0.5),
            )
            for column in columns
        ]
        needs = [min(need, want) for need, want in zip(needs, wants, strict=True)]
        more = [want - need for want, need in zip(wants, needs, strict=True)]
        share = (self.epw - sum(needs)) / sum(more)
        return [need + share * one for need, one in zip(needs, more, strict=True)]

    def rule(self) -> None:
        """A line across."""
        self.set_draw_color(*_RULE)
        self.line(MARGIN, self.get_y() + 2, self.w - MARGIN, self.get_y() + 2)
        self.ln(5)

    # --- text ---

    def _lines(self, runs: Iterable[Run], width: float, points: float) -> list[Line]:
        return lines_of(runs, width, lambda run: self._measured(run, points))

    def _wide(self, runs: Iterable[Run]) -> float:
        return sum(self._small(run) for run in runs)

    def _small(self, run: Run) -> float:
        return self._measured(run, _SMALL)

    def _measured(self, run: Run, points: float) -> float:
        known = self._known.get((run, points))
        if known is None:
            self.set_font(run.style, size=points)
            known = self._known[run, points] = float(self.get_string_width(run.text))
        return known

    def _put(self, line: Line, x: float, y: float, high: float, points: float) -> None:
        for run in line:
            self._ink(run.style, points)
            wide = float(self.get_string_width(run.text))
            self.set_xy(x, y)
            self.c_margin, kept = 0.0, self.c_margin
            self.cell(wide, high, run.text)
            self.c_margin = kept
            x += wide
