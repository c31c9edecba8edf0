"""A clerk adds a whole new matter by workbook alone: template, typing, import, and it can be found and tried out."""

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from config.sentences import SHIPPED as SENTENCES
from kiosk.catalogue.load import load_catalogue
from kiosk.catalogue.sheets import SHEETS
from kiosk.words import Words
from tools.cli import main

SHIPPED = Path(__file__).parents[2] / "config" / "catalogue"
TODAY = date(2026, 11, 21)
WORDS = Words.load(SENTENCES, "zh-Hans")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "catalogue"))


def take_in(book: Path, folder: Path) -> int:
    return main(["catalogue", "import", str(book), "--folder", str(folder)])


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def fill(book: Any, sheet: str, rows: Iterable[dict[str, object]]) -> None:
    """Type rows below what stands in a sheet."""
    page = book[WORDS(f"workbook.sheet.{sheet}")]
    last = max(row for row in range(1, page.max_row + 1) if page.cell(row, 1).value)
    for number, cells in enumerate(rows, start=last + 1):
        for column, value in cells.items():
            page.cell(number, SHEETS[sheet].column(column) + 1, value)


NEW: dict[str, list[dict[str, object]]] = {
    "matter": [
        {
            "code": "N11",
            "name": "养犬登记一件事",
            "origin": "新增清单",
            "lead": "市公安局",
            "partners": "市农业农村局",
            "open_ended": "否",
            "synonyms": "狗证\n遛狗",
        }
    ],
    "package": [
        {
            "matter": "N11",
            "version": 1,
            "sample": "是",
            "minutes": 6,
            "short_name": "养犬登记",
            "by_hand": "否",
        }
    ],
    "notice": [
        {
            "matter": "N11",
            "what": "给狗登记。",
            "who_for": "在天门养狗的人。",
            "who_decides": "公安机关。",
            "how_long": "以公安机关答复为准。",
            "fee": "以公布的为准。",
            "next_steps": "送到公安机关\n凭编号查进度",
            "ask": "拨打 12345",
        }
    ],
    "questions": [{"matter": "N11", "name": "dog_kind", "text": "养的是哪一种？"}],
    "choices": [
        {"matter": "N11", "question": "dog_kind", "value": "guide", "label": "导盲犬"},
        {"matter": "N11", "question": "dog_kind", "value": "other", "label": "别的"},
    ],
    "form": [
        {"matter": "N11", "section": "养犬人", "name": "name"},
        {"matter": "N11", "section": "养犬人", "name": "phone"},
        {"matter": "N11", "section": "狗", "name": "dog_breed", "when": "dog_kind＝other"},
    ],
    "materials": [
        {
            "matter": "N11",
            "slot": 0,  # what a spreadsheet makes of 00
            "name": "免疫证明",
            "max_pages": 2,
            "hint": "盖章的那一页",
            "source": "动物医院",
            "paper": "复印件",
            "valid_months": 12,
        }
    ],
    "items": [
        {
            "matter": "N11",
            "code": "N11-1",
            "published": "否",
            "name": "养犬登记",
            "department": "市公安局",
            "level": "镇级",
            "fields": "name、phone，dog_breed",
            "statutory": 10,
            "promised": 5.0,
        }
    ],
    "item_materials": [{"matter": "N11", "item": "N11-1", "slot": 0, "when": "dog_kind=other"}],
    "delivery": [{"matter": "N11", "way": "窗口领"}, {"matter": "N11", "item": "N11-1", "way": "邮寄"}],
    "dictionary": [
        {"name": "dog_breed", "label": "狗的品种", "check": "文字", "required": "否", "longest": 20}
    ],
}


def test_a_new_matter_by_workbook_alone(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = texts(folder)
    book = tmp_path / "new.xlsx"
    assert main(["catalogue", "export", str(book), "--template", "--folder", str(folder)]) == 0
    typed = load_workbook(book)
    for sheet, rows in NEW.items():
        fill(typed, sheet, rows)
    typed.save(book)
    assert take_in(book, folder) == 0
    assert "新主题 N11 养犬登记一件事" in capsys.readouterr().out
    catalogue = load_catalogue(folder, TODAY)
    matter = catalogue.matter("N11")
    assert matter.complete and matter.sample
    assert [field.name for field in matter.fields] == ["name", "phone", "dog_breed"]
    assert (matter.materials[0].slot, matter.materials[0].valid_months) == ("00", 12)
    assert matter.items[0].days is not None and matter.items[0].days.promised == 5
    assert catalogue.search("狗证")[0].code == "N11"
    after = texts(folder)
    assert after.keys() - before.keys() == {"n11.yaml"}
    for name in (
        "topics.yaml",
        "dictionary.yaml",
        "synonyms.yaml",
    ):  # every line that was there is there still
        assert after[name].startswith(before[name])
    assert take_in(book, folder) == 0
    assert texts(folder) == after
