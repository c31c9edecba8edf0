"""`catalogue …` as a clerk and a script call it."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tools.cli import main


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """The JSON of a verb that went well."""
    assert main(["catalogue", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_all_matters_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    rows = told(capsys, "list")
    assert len(rows) == 65
    assert all(row.keys() == {"code", "name", "aliases", "lead", "complete"} for row in rows)
    assert sum(row["complete"] for row in rows) == 12


def test_the_veterans_case_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    case = told(capsys, "simulate", "C28")
    saved = case["reductions"]
    assert {"items", "fields", "materials", "promises", "plan", "reductions"} <= case.keys()
    assert (saved["forms"], saved["materials"], saved["visits"]) == ([16, 1], [43, 12], [16, 3])
    assert saved["steps"] == [48, 18]
    assert len(case["items"]) == 16
    assert len(case["materials"]) == 12


def test_answers_make_the_case_smaller(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    answers = dict.fromkeys(("driving", "student", "disabled", "fund"), "none")
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(answers), encoding="utf-8")
    case = told(capsys, "simulate", "C28", "--answers", str(file))
    assert len(case["items"]) == 12
    assert "07" not in {material["slot"] for material in case["materials"]}
    file.write_text('{"driving": "maybe"}', encoding="utf-8")
    assert main(["catalogue", "simulate", "C28", "--answers", str(file)]) == 2
    assert "driving=maybe" in capsys.readouterr().err
    file.write_text("[]", encoding="utf-8")
    assert main(["catalogue", "simulate", "C28", "--answers", str(file)]) == 2


def test_every_paper_when_nothing_stands_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "simulate", "H01", "--papers")["reductions"]["materials"] == [83, 35]


def test_a_matter_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "show", "N04")["items"][4]["aliases"] == ["【省集中企保系统】灵活就业人员新增/续保"]
    assert main(["catalogue", "show", "C28"]) == 0
    assert "（示例）" in capsys.readouterr().out


@pytest.mark.parametrize("code", ["X99", "C28@soon"])
def test_an_unknown_matter_is_bad_input(capsys: pytest.CaptureFixture[str], code: str) -> None:
    assert main(["catalogue", "show", code]) == 2
    assert code in capsys.readouterr().err


def test_a_matrix_is_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["catalogue", "matrix", "C02", "--out", str(tmp_path / "c02.html")]) == 0
    assert "新生儿落户" in (tmp_path / "c02.html").read_text(encoding="utf-8")
    assert main(["catalogue", "matrix", "C02"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 9


def test_a_matrix_as_a_workbook(tmp_path: Path) -> None:
    assert main(["catalogue", "matrix", "C02", "--out", str(tmp_path / "c02.xlsx")]) == 0
    assert main(["catalogue", "matrix", "C02", "--out", str(tmp_path / "c02.tsv")]) == 0
    book = load_workbook(tmp_path / "c02.xlsx")
    rows = [[cell or "" for cell in row] for row in book["C02"].iter_rows(values_only=True)]
    table = (tmp_path / "c02.tsv").read_text(encoding="utf-8").splitlines()
    assert rows == [line.split("\t") for line in table]
    assert book.worksheets[1].title == "C02 新生儿落户"
    assert main(["catalogue", "matrix", "C02", "--out", str(tmp_path / "no" / "c02.xlsx")]) == 2


def test_two_days_differ(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "diff", "C28@2025-12-31", "C28@2026-01-01")
    assert {"place": "complete", "before": "False", "after": "True"} in found
    assert told(capsys, "diff", "C28", "C28") == []


def test_warnings_come_with_file_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "check")
    assert {warning["code"] for warning in found} == {"K307", "K308"}
    assert all(warning["severity"] == "warning" and warning["line"] for warning in found)
