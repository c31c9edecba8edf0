"""A language is a folder: what it lacks is named key by key, and said in Chinese; complete, it is offered by itself."""

import shutil
from pathlib import Path

import pytest

from config.languages import FOR_TECHNICIANS, LEADING, gaps, languages
from config.load import check
from config.sentences import SHIPPED, load_sentences
from kiosk.words import Spoken, Words
from tools.config import said_of_languages

ROOT = SHIPPED.parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped words, and English once more under another tag."""
    for tag, source in ((LEADING, LEADING), ("en", "en"), ("tjc", "en")):
        shutil.copytree(SHIPPED / source, tmp_path / tag)
    (tmp_path / "tjc" / "language.toml").write_text('[language]\nname = "Bizika"\n', encoding="utf-8")
    return tmp_path


def without(folder: Path, file: str, line: str) -> None:
    path = folder / "tjc" / file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [one for one in lines if not one.startswith(line)]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), encoding="utf-8")


@pytest.mark.parametrize("tag", languages(SHIPPED))
def test_what_is_shipped_is_complete(tag: str) -> None:
    assert gaps(SHIPPED, tag) == gaps(SHIPPED, LEADING)
    assert gaps(SHIPPED, tag).complete
    assert said_of_languages(SHIPPED) == []


def test_shipped_files_of_technicians_exist() -> None:
    assert {path.stem for path in (SHIPPED / LEADING).glob("*.toml")} >= FOR_TECHNICIANS


def test_a_complete_folder_is_offered_by_itself(folder: Path) -> None:
    assert [one.name for one in Spoken.load(folder, LEADING).offered] == ["中文", "English", "Bizika"]


def test_what_it_lacks_is_named_and_said_in_chinese(folder: Path) -> None:
    without(folder, "receipt.toml", "keep = ")
    assert gaps(folder, "tjc").lacking == ("receipt.keep",)
    assert [one.tag for one in Spoken.load(folder, LEADING).offered] == [LEADING, "en"]
    assert Words.load(folder, "tjc")("receipt.keep") == "请保管好这张凭条"
    assert Words.load(folder, "tjc")("receipt.at") == "Time"
    (told,) = said_of_languages(folder)
    assert "config/words/tjc" in told
    assert "receipt.keep" in told


def test_a_sentence_with_other_facts_is_not_said(folder: Path) -> None:
    path = folder / "tjc" / "receipt.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('pages = "{count} p."', 'pages = "{pages} p."'), encoding="utf-8")
    assert gaps(folder, "tjc").other_facts == ("receipt.pages",)
    assert Words.load(folder, "tjc")("receipt.pages", count=3) == "3 页"


def test_technicians_sentences_need_not_be_translated(folder: Path) -> None:
    for name in FOR_TECHNICIANS - {"tools"}:  # it holds what citizens are told of errors, too
        (folder / "tjc" / f"{name}.toml").unlink()
    assert gaps(folder, "tjc").complete
    assert Words.load(folder, "tjc")("trial.card", kind="x", photo_bytes=1).startswith("读到了")


def test_a_language_that_is_not_there_cannot_be_the_first(tmp_path: Path) -> None:
    text = (ROOT / "config" / "terminal.toml").read_text(encoding="utf-8")
    file = tmp_path / "terminal.toml"
    file.write_text(text.replace('first = "zh-Hans"', 'first = "tlh"'), encoding="utf-8")
    (mistake,) = check(file, env={})
    assert "zh-Hans / en" in mistake.said()


@pytest.mark.parametrize("tag", languages(SHIPPED))
def test_every_key_is_there_with_its_facts(tag: str) -> None:
    leading, own = load_sentences(SHIPPED, LEADING), load_sentences(SHIPPED, tag)
    assert sorted(leading.keys() ^ own.keys()) == []
