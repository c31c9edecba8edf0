"""A clerk keeps the catalogue with a workbook alone: out, changed, in again; and what is wrong is told by its cell."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from config.sentences import SHIPPED as SENTENCES
from kiosk.catalogue.assemble import assemble
from kiosk.catalogue.from_sheets import Workbook
from kiosk.catalogue.load import load_catalogue
from kiosk.catalogue.merge_sheets import merge
from kiosk.catalogue.sheet_cells import Labels
from kiosk.catalogue.sheets import SHEETS
from kiosk.catalogue.sources import Sources, read_sources
from kiosk.words import Words
from tools.catalogue_opened import UnfitWorkbook, open_book
from tools.catalogue_workbook import write_all
from tools.cli import main

SHIPPED = Path(__file__).parents[2] / "config" / "catalogue"
TODAY = date(2026, 11, 21)
WORDS = Words.load(SENTENCES, "zh-Hans")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "catalogue"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every matter, as it is shipped."""
    book = tmp_path_factory.mktemp("book") / "all.xlsx"
    assert main(["catalogue", "export", str(book), "--folder", str(SHIPPED)]) == 0
    return book


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newborn's matter alone."""
    book = tmp_path_factory.mktemp("book") / "c02.xlsx"
    assert main(["catalogue", "export", str(book), "C02", "--folder", str(SHIPPED)]) == 0
    return book


@pytest.fixture(scope="module")
def sources() -> Sources:
    return read_sources(SHIPPED)


@pytest.fixture(scope="module")
def read(one: Path) -> Workbook:
    return open_book(one, [WORDS])


def take_in(book: Path, folder: Path, *more: str) -> int:
    return main(["catalogue", "import", str(book), "--folder", str(folder), *more])


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def position(sheet: str, column: str) -> int:
    return SHEETS[sheet].column(column) + 1


def fill(book: Any, sheet: str, rows: Iterable[dict[str, object]]) -> None:
    """Type rows below what stands in a sheet."""
    page = book[WORDS(f"workbook.sheet.{sheet}")]
    last = max(row for row in range(1, page.max_row + 1) if page.cell(row, 1).value)
    for number, cells in enumerate(rows, start=last + 1):
        for column, value in cells.items():
            page.cell(number, position(sheet, column), value)


def changed(source: Path, target: Path, sheet: str, row: int, column: str, value: object) -> str:
    """A copy with one cell changed; the name of the cell as it is told."""
    book = load_workbook(source)
    page = book[WORDS(f"workbook.sheet.{sheet}")]
    cell = page.cell(row, position(sheet, column))
    cell.value = value
    book.save(target)
    return f"{target.name} {page.title}!{cell.coordinate}"


def test_out_and_in_again_changes_nothing(
    whole: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = texts(folder)
    assert take_in(whole, folder) == 0
    assert texts(folder) == before
    assert "没有变化" in capsys.readouterr().out


def test_every_package_comes_back_from_the_workbook_alone(whole: Path, folder: Path) -> None:
    wanted = assemble(read_sources(folder), TODAY)
    for path in folder.glob("*.yaml"):
        path.unlink()
    for name, key in (("topics", "matters: []"), ("dictionary", "fields: []"), ("synonyms", "synonyms: {}")):
        (folder / f"{name}.yaml").write_text(key + "\n", encoding="utf-8")
    assert take_in(whole, folder) == 0
    found = assemble(read_sources(folder), TODAY)
    for one_wanted, one_found in zip(wanted, found, strict=True):
        assert one_wanted == one_found, one_wanted.code
    assert sum(matter.complete for matter in found) >= 12


def test_one_changed_cell_changes_one_entry(one: Path, folder: Path, tmp_path: Path) -> None:
    book = tmp_path / "changed.xlsx"
    changed(one, book, "matter", 2, "partners", "卫健\n人社\n医保")
    before = texts(folder)
    assert take_in(book, folder) == 0
    after = texts(folder)
    assert [name for name in after if after[name] != before[name]] == ["topics.yaml"]
    assert load_catalogue(folder, TODAY).matter("C02").partners == ("卫健", "人社", "医保")
    old, new = before["topics.yaml"].splitlines(), after["topics.yaml"].splitlines()
    gone = [line for line in old if line not in new]
    assert len(gone) <= 3 and all("code" not in line or "C02" in line for line in gone)


def test_a_changed_package_keeps_its_first_comment(one: Path, folder: Path, tmp_path: Path) -> None:
    book = tmp_path / "changed.xlsx"
    changed(one, book, "package", 2, "minutes", 25)
    assert take_in(book, folder) == 0
    text = (folder / "c02-newborn.yaml").read_text(encoding="utf-8")
    assert text.startswith((SHIPPED / "c02-newborn.yaml").read_text(encoding="utf-8").split("\n", 1)[0])
    assert load_catalogue(folder, TODAY).matter("C02").minutes == 25


def test_another_first_day_makes_another_package(one: Path, folder: Path, tmp_path: Path) -> None:
    book = tmp_path / "later.xlsx"
    changed(one, book, "package", 2, "effective_from", date(2027, 7, 1))
    assert take_in(book, folder) == 0
    assert (folder / "c02-2027-07-01.yaml").exists()
    assert load_catalogue(folder, date(2027, 6, 30)).matter("C02") == load_catalogue(SHIPPED, TODAY).matter(
        "C02"
    )


def test_a_look_first(one: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book, before = tmp_path / "changed.xlsx", texts(folder)
    changed(one, book, "package", 2, "minutes", 25)
    assert take_in(book, folder, "--check") == 0
    assert "C02 新生儿落户：改了 1 处" in capsys.readouterr().out
    assert texts(folder) == before


WRONG = [
    ("matter", "lead", "市不存在局", "K225"),
    ("package", "minutes", "一刻钟", "K105"),
    ("package", "sample", "也许", "K105"),
    ("package", "effective_until", "2020-01-01", "K228"),
    ("notice", "what", "", "K104"),
    ("questions", "when", "nobody=x", "K209"),
    ("questions", "when", "好像是", "K105"),
    ("choices", "question", "nobody", "K405"),
    ("choices", "value", "很好", "K105"),
    ("form", "name", "fone", "K204"),
    ("materials", "max_pages", "0", "K105"),
    ("materials", "promise", "nobody", "K223"),
    ("items", "after", "C02-9", "K221"),
    ("items", "promised", "500", "K105"),
    ("items", "fields", "name, fone", "K206"),
    ("item_materials", "slot", "98", "K207"),
    ("item_materials", "item", "C02-99", "K405"),
    ("materials", "matter", "C0A", "K405"),
    ("dictionary", "check", "看一眼", "K105"),
]


@pytest.mark.parametrize(("sheet", "column", "value", "code"), WRONG)
def test_a_mistake_is_told_by_its_cell(
    read: Workbook, sources: Sources, sheet: str, column: str, value: str, code: str
) -> None:
    first, *others = read[sheet].rows
    at = SHEETS[sheet].column(column)
    typed = replace(first, cells=(*first.cells[:at], value, *first.cells[at + 1 :]))
    book = {**read, sheet: replace(read[sheet], rows=(typed, *others))}
    mistakes = merge(sources, book, "wrong.xlsx", Labels(WORDS), TODAY).mistakes
    cell = f"wrong.xlsx {read[sheet].title}!{read[sheet].letters[at]}2"
    said = [mistake.said() for mistake in mistakes]
    assert any(line.startswith(f"{cell}: {code} ") for line in said), said
    assert not any("{" in line for line in said if "K105" not in line)


def test_a_mistake_stops_everything(
    one: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, before = tmp_path / "wrong.xlsx", texts(folder)
    cell = changed(one, book, "form", 2, "name", "fone")
    assert take_in(book, folder) == 2
    said = capsys.readouterr().err
    assert f"{cell}: K204" in said and "什么也没有改" in said
    assert texts(folder) == before


def test_a_formula_is_told_by_its_cell(one: Path, tmp_path: Path) -> None:
    book = tmp_path / "formula.xlsx"
    cell = changed(one, book, "materials", 2, "hint", "=A1")
    with pytest.raises(UnfitWorkbook) as caught:
        open_book(book, [WORDS])
    assert [mistake.said().split(" 这")[0] for mistake in caught.value.mistakes] == [f"{cell}: K403"]


def test_a_name_that_stands_twice(
    one: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "twice.xlsx"
    typed = load_workbook(one)
    fill(typed, "package", [{"matter": "C02", "version": "2"}])
    typed.save(book)
    assert take_in(book, folder) == 2
    assert "材料包!A3: K407" in capsys.readouterr().err


def test_a_disk_that_takes_only_some_of_it_leaves_the_catalogue_as_it_was(folder: Path) -> None:
    before = texts(folder)
    (folder / ".topics.yaml.new").mkdir()  # nothing can be written there
    with pytest.raises(OSError):
        write_all(folder, {"dictionary.yaml": "fields: []\n", "topics.yaml": "matters: []\n"})
    (folder / ".topics.yaml.new").rmdir()
    assert texts(folder) == before


def test_an_unknown_heading(
    one: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "heading.xlsx"
    cell = changed(one, book, "materials", 1, "trust", "可信级")
    assert take_in(book, folder) == 2
    assert f"{cell}: K404 不认识的列“可信级”。是不是想写 可信级别？" in capsys.readouterr().err


def test_drop_downs_offer_what_there_is(one: Path) -> None:
    page = load_workbook(one)[WORDS("workbook.sheet.items")]
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert rules["E2:E2000"] == "'部门'!$A$2:$A$2000"
    assert page["B1"].comment is not None
    assert page.freeze_panes == "C2"


def test_an_unknown_matter_is_not_exported(tmp_path: Path) -> None:
    assert main(["catalogue", "export", str(tmp_path / "x.xlsx"), "X99"]) == 2
    assert not (tmp_path / "x.xlsx").exists()
