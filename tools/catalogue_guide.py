"""`catalogue guide CODE --out DIR|FILE.html|FILE.pdf`: the guide and its flow chart on paper and as a page."""

import argparse
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from fpdf import FPDF
from fpdf.enums import TableCellFillMode
from fpdf.fonts import FontFace

from config.sentences import LANGUAGES, SHIPPED
from ground.clock import RealClock
from kiosk.catalogue.combine import Answers, combine
from kiosk.catalogue.flow_chart import ARROW, LEADING, PAD, TEXT, WIDTH, Band, ChartBox, flow_chart, wrapped
from kiosk.catalogue.guide import GuideSection, guide, guide_title
from kiosk.catalogue.guide_page import guide_page
from kiosk.catalogue.load import Catalogue
from kiosk.catalogue.model import Matter
from kiosk.journey.show import CHINA
from kiosk.words import Words
from tools.cli import ROOT
from tools.out import complain, say
from tools.settings import BAD_INPUT

FONTS: Final = ROOT / "build" / "fonts"
_FACE: Final = "sc"
_REGULAR: Final = "NotoSansSC-Regular.otf"
_MARGIN: Final = (210 - WIDTH) / 2
_TITLE, _HEAD, _BODY, _SMALL = 19, 13, 10, 9  # points
_LINE: Final = 5.6  # mm
_CELL_PAD: Final = 1.5  # mm
_ROOM: Final = 240.0  # mm of a page for what is not to be cut
_BLUE, _INK, _GREY, _RED, _PALE = (31, 78, 121), (27, 31, 36), (90, 101, 114), (179, 38, 30), (232, 238, 245)
_POINTS_PER_MM: Final = 72 / 25.4
_WIDTHS: Final = {  # of columns, in shares
    "materials": (42, 14, 25, 27, 27),
    "items": (44, 26, 22, 20),
    "flow": (14, 34, 60),
    "situations": (50, 60),
    "in_person": (30, 30, 50),
    "promises": (30, 34, 46),
    "form": (28, 80),
    "saved": (40, 20, 20),
}


def write_guide(asked: argparse.Namespace, catalogue: Catalogue, matter: Matter, answers: Answers) -> int:
    """Write what is asked for. Exit code 2 when it cannot be written, or the fonts are not there."""
    words = Words.load(SHIPPED, LANGUAGES[0])
    out: Path = asked.out
    wanted = (
        [out]
        if out.suffix in (".html", ".pdf")
        else [out / f"{matter.code}{end}" for end in (".html", ".pdf")]
    )
    fonts: Path = asked.fonts or FONTS
    if any(path.suffix == ".pdf" for path in wanted) and not (fonts / _REGULAR).exists():
        complain("缺少字体：运行 make setup")
        return BAD_INPUT
    sections = guide(matter, words, answers, catalogue.offices)
    chart = flow_chart(combine(matter, answers), words) if matter.complete else ()
    try:
        for path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".html":
                title, sample = words("guide.title", name=matter.name), words("guide.sample")
                page = guide_page(title, sample if matter.sample else "", sections, chart)
                path.write_text(page, encoding="utf-8")
            else:
                made = RealClock().now().astimezone(CHINA)
                path.write_bytes(guide_pdf(matter, sections, chart, words, made, fonts))
            say(str(path))
    except OSError as error:
        complain(f"写不了 {out.name}：{type(error).__name__}")
        return BAD_INPUT
    return 0


def guide_pdf(
    matter: Matter,
    sections: Iterable[GuideSection],
    chart: tuple[Band, ...],
    words: Words,
    made: datetime,
    fonts: Path,
) -> bytes:
    """A4 pages with the Chinese face embedded, as far as it is used. Raises OSError without fonts."""
    page = _Page(matter, words, made, fonts)
    for section in sections:
        page.section(section, chart)
    return bytes(page.output())


class _Page(FPDF):
    def __init__(self, matter: Matter, words: Words, made: datetime, fonts: Path) -> None:
        super().__init__(format="A4")
        self._words = words
        self._matter = matter
        self._day = f"{made:%Y-%m-%d}"
        self.set_margin(_MARGIN)
        self.set_auto_page_break(True, _MARGIN)
        self.add_font(_FACE, "", fonts / _REGULAR)
        self.add_font(_FACE, "B", fonts / "NotoSansSC-Bold.otf")
        self.set_title(guide_title(matter, words))
        self.set_lang("zh-Hans")
        self.set_creation_date(made)
        self.add_page()
        self._heading()

    def header(self) -> None:
        """What every page says: whose it is, and that a sample is one."""
        self.set_xy(_MARGIN, 9)
        self.set_font(_FACE, "", _SMALL)
        self.set_text_color(*_GREY)
        version = self._words("guide.version", version=self._matter.version) if self._matter.complete else ""
        self.cell(120, 5, f"{self._matter.code}  {self._matter.name}  {version}")
        if self._matter.sample:
            self._badge(210 - _MARGIN - 16, 8.5)
        self.set_xy(_MARGIN, _MARGIN)

    def _badge(self, x: float, y: float) -> None:
        self.set_xy(x, y)
        self.set_font(_FACE, "B", _SMALL)
        self.set_text_color(255, 255, 255)
        self.set_fill_color(*_RED)
        self.cell(16, 6, self._words("guide.sample"), fill=True, align="C")

    def footer(self) -> None:
        """Day and number of the page."""
        self.set_xy(_MARGIN, -14)
        self.set_font(_FACE, "", _SMALL)
        self.set_text_color(*_GREY)
        self.cell(60, 5, self._day)
        pages = self._words("guide.page", page=self.page_no(), pages="{nb}")
        self.cell(0, 5, pages, align="R")

    def _heading(self) -> None:
        self.set_font(_FACE, "B", _TITLE)
        self.set_text_color(*_BLUE)
        title = self._words("guide.title", name=self._matter.name)
        self.multi_cell(
            0, 10, "\n".join(self._wrapped(title, WIDTH - 4)), align="L", new_x="LMARGIN", new_y="NEXT"
        )
        if self._matter.sample:
            self.set_font(_FACE, "", _BODY)
            self.set_text_color(*_RED)
            note = "\n".join(self._wrapped(self._words("guide.sample_note"), WIDTH - 4))
            self.multi_cell(0, _LINE, note, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(1)

    def section(self, section: GuideSection, chart: tuple[Band, ...]) -> None:
        """A heading and what stands below it."""
        if self.will_page_break(self._least(section, chart)):
            self.add_page()
        self.ln(3)
        self.set_font(_FACE, "B", _HEAD)
        self.set_text_color(*_BLUE)
        self.cell(0, 8, section.title, new_x="LMARGIN", new_y="NEXT")
        self.set_text_color(*_INK)
        if section.name == "flow" and chart:
            self._chart(chart)
        elif section.columns:
            self._table(section)
        else:
            self._lines(section)

    def _least(self, section: GuideSection, chart: tuple[Band, ...]) -> float:
        """What must fit below each other, in mm: a heading is never alone, a chart is whole where it can be."""
        if section.name != "flow" or not chart:
            return 26.0
        whole = sum(ARROW + band.height for band in chart)
        first = sum(ARROW + band.height for band in chart[:2])
        return 12.0 + (whole if whole < _ROOM else first)

    def _lines(self, section: GuideSection) -> None:
        self.set_font(_FACE, "", _BODY)
        note = self._words("guide.sample_note")
        for row in section.rows:
            if row[0] != note:  # stands below the title already
                first, *others = self._wrapped(row[0], WIDTH - 6)
                for text in (f"· {first}", *(f"   {other}" for other in others)):
                    self.cell(0, _LINE, text, new_x="LMARGIN", new_y="NEXT")

    def _table(self, section: GuideSection) -> None:
        self.set_font(_FACE, "", _SMALL)
        self.set_draw_color(184, 193, 204)
        self.set_fill_color(255, 255, 255)
        self.set_line_width(0.2)
        every = _WIDTHS.get(section.name, (1,) * len(section.columns))
        shares = tuple(every[at] for at in section.shown)
        widths = [WIDTH * share / sum(shares) - 2 * (_CELL_PAD + self.c_margin) for share in shares]
        with self.table(
            col_widths=shares,
            headings_style=FontFace(emphasis="BOLD", fill_color=_PALE, color=_INK),
            line_height=4.8,
            padding=(1, _CELL_PAD),
            cell_fill_mode=TableCellFillMode.NONE,
            text_align="LEFT",
            v_align="TOP",
        ) as table:
            for row in (section.columns, *section.rows):
                cells = table.row()
                for at, width in zip(section.shown, widths, strict=True):
                    cells.cell("\n".join(self._wrapped(row[at], width)))

    def _wrapped(self, text: str, width: float) -> list[str]:
        return wrapped(text, width, self.get_string_width)

    def _chart(self, chart: tuple[Band, ...]) -> None:
        for number, band in enumerate(chart):
            # The last stage and the end stay together; so do the hand-in and the first stage (see `section`).
            together = chart[number : number + 2] if number == len(chart) - 2 else (band,)
            if self.will_page_break(sum(ARROW + one.height for one in together)):
                self.add_page()
            if number:
                self._arrow(self.get_y())
                self.set_y(self.get_y() + ARROW)
            self._band(band, self.get_y())
            self.set_y(self.get_y() + band.height)

    def _arrow(self, top: float) -> None:
        x, tip = _MARGIN + WIDTH / 2, top + ARROW - 0.6
        self.set_draw_color(*_BLUE)
        self.set_fill_color(*_BLUE)
        self.set_line_width(0.7)
        self.line(x, top + 0.6, x, tip - 2)
        self.polygon([(x - 1.6, tip - 2.2), (x + 1.6, tip - 2.2), (x, tip)], style="F")

    def _band(self, band: Band, top: float) -> None:
        with self.local_context():
            if band.label:
                self._put(_MARGIN, top + band.height / 2 - LEADING / 2, band.label, "B", _BLUE)
            for box in band.boxes:
                self._box(box, top)
        self.set_y(top)

    def _box(self, box: ChartBox, top: float) -> None:
        x, y = _MARGIN + box.x, top + box.y
        self.set_draw_color(*_BLUE)
        self.set_fill_color(*(_BLUE if box.ends else (255, 255, 255)))
        self.set_line_width(0.4)
        self.rect(x, y, box.width, box.height, style="DF", round_corners=True, corner_radius=1.5)
        for number, line in enumerate(box.lines):
            down = y + PAD + number * LEADING
            if box.ends:
                self._put(x, down, line.text, "B", (255, 255, 255), box.width)
            else:
                ink = _GREY if line.kind == "note" else _INK
                self._put(x + PAD, down, line.text, "B" if line.kind == "head" else "", ink)

    def _put(
        self,
        x: float,
        y: float,
        text: str,
        emphasis: Literal["", "B"],
        ink: tuple[int, int, int],
        width: float = 0.0,
    ) -> None:
        """One line of text; centred when a width is given."""
        self.set_font(_FACE, emphasis, TEXT * _POINTS_PER_MM)
        self.set_text_color(*ink)
        self.set_xy(x, y)
        self.cell(width or self.get_string_width(text) + 2, LEADING, text, align="C" if width else "L")
