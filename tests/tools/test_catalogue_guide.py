"""`catalogue guide`: a page and a PDF of the same words, small, with the face embedded, and 示例 on every sheet."""

from pathlib import Path

import pypdfium2
import pytest

from tools.cli import ROOT, main

FONTS = ROOT / "build" / "fonts"


def pages(file: Path) -> list[str]:
    with pypdfium2.PdfDocument(file) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guide")
    assert main(["catalogue", "guide", "C28", "--out", str(folder)]) == 0
    return folder


def test_both_are_written_from_the_same_words(made: Path) -> None:
    page = (made / "C28.html").read_text(encoding="utf-8")
    text = "".join(pages(made / "C28.pdf")).replace("\r\n", "").replace("\n", "")
    for said in ("军人退役一件事", "退役报到", "市退役军人事务局", "居民户口簿", "政务服务便民热线：12345"):
        assert said in page and said in text
    assert "<svg" in page


def test_every_sheet_of_a_sample_says_so(made: Path) -> None:
    sheets = pages(made / "C28.pdf")
    assert len(sheets) >= 3
    assert all("示例" in sheet for sheet in sheets)


def test_the_file_is_small_and_carries_its_face(made: Path) -> None:
    content = (made / "C28.pdf").read_bytes()
    assert len(content) < 300_000
    assert b"/FontFile" in content


def test_a_matter_without_a_package_is_one_sheet_without_a_badge(tmp_path: Path) -> None:
    file = tmp_path / "c13.pdf"
    assert main(["catalogue", "guide", "C13", "--out", str(file)]) == 0
    (sheet,) = pages(file)
    assert "还没有公布" in sheet and "示例" not in sheet
    assert list(tmp_path.iterdir()) == [file]


def test_her_own_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(
        '{"driving": "none", "student": "none", "disabled": "none", "fund": "none"}', encoding="utf-8"
    )
    file = tmp_path / "c28.html"
    assert main(["catalogue", "guide", "C28", "--out", str(file), "--answers", str(answers)]) == 0
    assert "军队机动车驾驶证" not in file.read_text(encoding="utf-8")
    answers.write_text('{"driving": "maybe"}', encoding="utf-8")
    assert main(["catalogue", "guide", "C28", "--out", str(file), "--answers", str(answers)]) == 2
    assert "driving=maybe" in capsys.readouterr().err


def test_no_fonts_no_guide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "x.pdf")
    assert main(["catalogue", "guide", "C13", "--out", out, "--fonts", str(tmp_path)]) == 2
    assert "缺少字体" in capsys.readouterr().err
    assert not (tmp_path / "x.pdf").exists()
