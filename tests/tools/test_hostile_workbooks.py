"""Workbooks that may come from anywhere: damaged, huge, hostile, or typed by somebody in a hurry."""

import random
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from config.sentences import SHIPPED as SENTENCES
from kiosk.catalogue.from_sheets import ReadRow, ReadSheet, Workbook
from kiosk.catalogue.merge_sheets import merge
from kiosk.catalogue.sheet_cells import Labels
from kiosk.catalogue.sheets import SHEETS
from kiosk.catalogue.sources import Sources, read_sources
from kiosk.catalogue.to_sheets import to_sheets
from kiosk.words import Words
from tests.kiosk.catalogue.random_matters import MANY
from tools.catalogue_opened import UnfitWorkbook, open_book
from tools.cli import main

SHIPPED = Path(__file__).parents[2] / "config" / "catalogue"
TODAY = date(2026, 11, 21)
WORDS = Words.load(SENTENCES, "zh-Hans")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "catalogue"))


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newborn's matter alone."""
    book = tmp_path_factory.mktemp("book") / "c02.xlsx"
    assert main(["catalogue", "export", str(book), "C02", "--folder", str(SHIPPED)]) == 0
    return book


def take_in(book: Path, folder: Path) -> int:
    return main(["catalogue", "import", str(book), "--folder", str(folder)])


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def refused(book: Path, folder: Path, capsys: pytest.CaptureFixture[str], code: str) -> None:
    before = texts(folder)
    assert take_in(book, folder) == 2
    said = capsys.readouterr().err
    assert code in said and "Traceback" not in said
    assert texts(folder) == before


@pytest.mark.parametrize("content", [b"", b"matter: C02\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + bytes(2000)])
def test_no_workbook_at_all(
    content: bytes, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "no.xlsx"
    book.write_bytes(content)
    refused(book, folder, capsys, "K401")


def test_a_file_that_is_not_there(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(tmp_path / "nowhere.xlsx", folder, capsys, "K401")


def test_a_workbook_that_is_cut_off(
    one: Path, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = one.read_bytes()
    book = tmp_path / "cut.xlsx"
    for part in (10, 3, 2):
        book.write_bytes(whole[: len(whole) * (part - 1) // part])
        refused(book, folder, capsys, "K401")


def parts_of(one: Path, target: Path, change: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(one) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.get(name) or old.read(name))
        for name in change.keys() - set(old.namelist()):
            new.writestr(name, change[name])
    return target


def test_damaged_parts(one: Path, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("xl/workbook.xml", "xl/worksheets/sheet4.xml", "xl/styles.xml", "[Content_Types].xml"):
        for content in (b"<nothing", b"<a/>"):
            book = parts_of(one, tmp_path / "damaged.xlsx", {name: content})
            before = texts(folder)
            assert take_in(book, folder) in (0, 2)
            assert "Traceback" not in capsys.readouterr().err
            assert texts(folder) == before


def test_flipped_bytes(one: Path, tmp_path: Path) -> None:
    whole, chance, book = one.read_bytes(), random.Random(6), tmp_path / "flipped.xlsx"
    for _ in range(30):
        flipped = bytearray(whole)
        for _ in range(6):
            flipped[chance.randrange(len(flipped))] = chance.randrange(256)
        book.write_bytes(bytes(flipped))
        try:
            open_book(book, [WORDS])
        except UnfitWorkbook as error:
            assert all(mistake.said() for mistake in error.mistakes)


_TYPED = st.sampled_from(
    (
        "",
        "=",
        "；；",
        "a=",
        "=b",
        "1e400",
        "nan",
        "-1",
        "00",
        "9" * 20,
        "是",
        "2026-13-01",
        "—",
        "x\ny",
        "{n}",
    )
)


@settings(max_examples=2000 if MANY else 40)
@given(st.data())
def test_whatever_is_typed_is_told_or_taken(data: st.DataObject) -> None:
    book = dict(_shipped_book())
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(book)))
        read = book[name]
        number = data.draw(st.integers(0, len(read.rows) - 1)) if read.rows else None
        if number is not None:
            row = read.rows[number]
            at = data.draw(st.integers(0, len(row.cells) - 1))
            cells = (*row.cells[:at], data.draw(_TYPED | st.text(max_size=8)).strip(), *row.cells[at + 1 :])
            rows = (*read.rows[:number], replace(row, cells=cells), *read.rows[number + 1 :])
            book[name] = replace(read, rows=rows)
    merged = merge(_shipped_sources(), book, "x.xlsx", Labels(WORDS), TODAY)
    assert (merged.sources is None) == bool(merged.mistakes)
    assert all(mistake.said() for mistake in merged.mistakes)


@cache
def _shipped_sources() -> Sources:
    return read_sources(SHIPPED)


@cache
def _shipped_book() -> Workbook:
    rows = to_sheets(_shipped_sources(), ["C02", "C28"], TODAY, Labels(WORDS))
    return {
        name: ReadSheet(
            name,
            tuple(get_column_letter(at + 1) for at in range(len(SHEETS[name].columns))),
            tuple(ReadRow(number, cells) for number, cells in enumerate(told, start=2)),
        )
        for name, told in rows.items()
    }


def test_a_zip_bomb(one: Path, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bomb = parts_of(one, tmp_path / "bomb.xlsx", {"xl/media/image1.png": bytes(70_000_000)})
    assert bomb.stat().st_size < 1_000_000
    refused(bomb, folder, capsys, "K402")


def test_entities_and_macros(
    one: Path, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    refused(parts_of(one, tmp_path / "e.xlsx", {"xl/workbook.xml": laughs}), folder, capsys, "K408")
    refused(parts_of(one, tmp_path / "m.xlsx", {"xl/vbaProject.bin": b"x"}), folder, capsys, "K408")


def test_a_row_far_away(one: Path, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "far.xlsx"
    typed = load_workbook(one)
    typed[WORDS("workbook.sheet.materials")].cell(1_000_000, 3, "远")
    typed.save(book)
    refused(book, folder, capsys, "K402")


def test_an_empty_workbook(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "empty.xlsx"
    assert main(["catalogue", "export", str(book), "--template", "--folder", str(folder)]) == 0
    refused(book, folder, capsys, "K409")
