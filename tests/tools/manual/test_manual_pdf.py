"""The manual as a PDF: all headings, all its typefaces, nothing outside the margins, the same bytes again."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from kiosk.words import Words
from tools.cli import ROOT
from tools.fonts import prepare
from tools.manual import book
from tools.manual.pdf import NotSet, manual_pdf, parsed, runs_of
from tools.manual.pictures import differs

FONTS = ROOT / "build" / "fonts"
MADE = datetime(2026, 11, 22, tzinfo=UTC)
MM = 72 / 25.4


@pytest.fixture(scope="module")
def words() -> Words:
    assert prepare(FONTS) == []
    return Words.load(ROOT / "config" / "words", "zh-Hans")


class Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture(scope="module")
def made(words: Words) -> tuple[bytes, list[str]]:
    heard, log = Heard(), logging.getLogger("fpdf")
    log.addHandler(heard)
    try:
        return manual_pdf(book.PAGES, words, "9.8.7", MADE, FONTS), heard.lines
    finally:
        log.removeHandler(heard)


@pytest.fixture
def opened(made: tuple[bytes, list[str]]) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(made[0])
    yield document
    document.close()


def test_no_sign_lacks_in_the_typefaces(made: tuple[bytes, list[str]]) -> None:
    assert [line for line in made[1] if "glyph" in line.lower()] == []


def test_every_heading_stands_in_the_outline_and_the_contents_tell_its_page(
    opened: pypdfium2.PdfDocument,
) -> None:
    heads = [
        (int(block.tag[1]), "".join(run.text for run in runs_of(block)))
        for page in book.PAGES
        for block in parsed(page.read_text(encoding="utf-8")).children
        if block.type == "heading"
    ]
    outline = [(mark.level + 1, mark.get_title(), mark.get_dest().get_index()) for mark in opened.get_toc()]
    assert [(level, title) for level, title, _ in outline] == heads
    contents = opened[1].get_textpage().get_text_bounded()
    for level, title, index in outline:
        page = opened[index].get_textpage().get_text_bounded()
        assert "".join(title.split()) in "".join(page.split())
        if level == 1:
            assert f"{title}{index + 1}" in "".join(contents.split())


def test_every_typeface_is_embedded_and_it_is_small(made: tuple[bytes, list[str]]) -> None:
    assert len(made[0]) < 2_000_000
    with pikepdf.open(BytesIO(made[0])) as pdf:
        fonts = {
            str(font.BaseFont): font
            for page in pdf.pages
            for font in page.Resources.get("/Font", {}).values()
        }
        assert len(fonts) == 3
        for name, font in fonts.items():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert any(key in descriptor for key in ("/FontFile2", "/FontFile3")), name
        assert len([1 for page in pdf.pages for _ in page.get_images()]) >= len(book.shown())


def test_each_page_keeps_its_margins_and_bears_version_and_number(opened: pypdfium2.PdfDocument) -> None:
    for number, page in enumerate(opened, start=1):
        drawn = page.render(scale=0.5, grayscale=True).to_pil()
        edge = round(14 * MM * 0.5)
        for box in ((0, 0, edge, drawn.height), (drawn.width - edge, 0, drawn.width, drawn.height)):
            assert drawn.crop(box).getextrema()[0] > 200, f"page {number} runs over its margin"
        text = page.get_textpage().get_text_bounded()
        if number > 1:
            assert "9.8.7" in text
            assert str(number) in text.split()
        assert len(text) > 30, f"page {number} is empty"


def test_the_same_page_gives_the_same_bytes(words: Words, tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text(
        "# 一\n\n先看`kiosk doctor`。\n\n| 甲 | 乙 |\n| --- | --- |\n| **1** | 2 |\n", encoding="utf-8"
    )
    first, second = (manual_pdf([page], words, "1", MADE, FONTS) for _ in range(2))
    assert first == second


def test_what_cannot_be_set_is_said(words: Words, tmp_path: Path) -> None:
    page = tmp_path / "b.md"
    page.write_text("# 一\n\n<table></table>\n", encoding="utf-8")
    with pytest.raises(NotSet, match="html_block"):
        manual_pdf([page], words, "1", MADE, FONTS)


def test_a_picture_is_replaced_only_when_an_eye_sees_why(tmp_path: Path) -> None:
    screen = Image.effect_noise((360, 640), 60).convert("RGB")
    kept = tmp_path / "kept.png"
    screen.quantize(64, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(kept)
    assert not differs(screen, kept)
    other = screen.copy()
    other.paste((190, 50, 20), (20, 500, 340, 560))
    assert differs(other, kept)
    assert differs(screen.resize((300, 640)), kept)
