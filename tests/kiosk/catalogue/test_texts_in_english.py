"""The catalogue in English: every text of it, nothing that no text asks for, and what is hers stays as she wrote it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.sentences import SHIPPED, WordsError, load_texts
from kiosk.catalogue.load import Catalogue, load_catalogue
from kiosk.catalogue.model import Check, Choice, Field
from kiosk.catalogue.texts import coverage, named_in, texts_around, texts_of
from kiosk.journey import views
from kiosk.journey.in_her_language import in_her_language
from kiosk.words import Words

CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: an address is written in Chinese whatever is spoken; the brand of what is asked for at a window
WITH_CHINESE = {"写到门牌号，例如：某某街道某某路 1 号 2 栋 301 室"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(SHIPPED.parent / "catalogue", date(2026, 11, 21))


@pytest.fixture(scope="module")
def english() -> Mapping[str, str]:
    return load_texts(SHIPPED, "en")


def test_nothing_is_missing(catalogue: Catalogue, english: Mapping[str, str]) -> None:
    assert [one for one in coverage(catalogue, english) if one.lacking] == []


def test_nothing_is_translated_that_is_not_there(catalogue: Catalogue, english: Mapping[str, str]) -> None:
    there = {text for matter in catalogue.matters for text in texts_of(matter)} | {*texts_around(catalogue)}
    assert sorted(english.keys() - there) == []


def test_english_is_english(english: Mapping[str, str]) -> None:
    left = {source for source, text in english.items() if CHINESE.search(text)}
    assert left == WITH_CHINESE
    assert [text for source, text in english.items() if ("{n}" in source) != ("{n}" in text)] == []


def test_what_is_missing_is_counted_matter_by_matter(
    catalogue: Catalogue, english: Mapping[str, str]
) -> None:
    known = {source: text for source, text in english.items() if source != "房主身份证复印件"}
    (lacking,) = [one for one in coverage(catalogue, known) if one.lacking]
    assert (lacking.matter, lacking.lacking) == ("N02", ("房主身份证复印件",))
    assert lacking.texts > 60


def test_a_number_in_a_text_is_kept() -> None:
    words = Words.load(SHIPPED, "en")
    assert words.text("家庭成员 3") == "Family member 3"
    assert words.text("没有人译过的话") == "没有人译过的话"
    assert words.both_texts("劳动合同") == "Employment contract 劳动合同"


def test_what_she_wrote_is_hers() -> None:
    words = Words.load(SHIPPED, "en")
    school = Choice("school", "学校", "住在学校里")
    field = Field(name="x", label="学校名称", check=Check.CHOICE, section="申请人", choices=(school,))
    entry = views.FormEntry(field, "学校", "citizen")
    told = in_her_language(
        views.Form((), (entry,), False, today=datetime(2026, 1, 1, tzinfo=UTC)), words.text
    )
    (asked,) = told.asked
    assert (asked.value, asked.field.label, asked.field.section) == (
        "学校",
        "Name of the school",
        "Applicant",
    )
    assert asked.field.choices == (Choice("school", "The school", "You live at the school"),)
    review = views.Review(
        "居住证办理一件事", (), (("给谁办居住证？", "内地居民"),), (("学校名称", "学校"),), ()
    )
    told = in_her_language(replace(review, acts_for="学校"), words.text)
    assert told.fields == (("Name of the school", "学校"),)
    assert told.situations == (("Who is the permit for?", "A resident of the mainland"),)
    assert told.acts_for == "学校"


def test_a_view_without_such_texts_is_the_same_one() -> None:
    view = views.Matters("租房", (), 64)
    assert in_her_language(view, Words.load(SHIPPED, "en").text) is view


def test_matters_are_found_by_their_english_names(catalogue: Catalogue) -> None:
    text = Words.load(SHIPPED, "en").text
    assert [m.code for m in named_in(catalogue.matters, "residence perm", text)] == ["N02"]
    assert [m.code for m in named_in(catalogue.matters, "PHARM", text)] == ["C06"]
    assert named_in(catalogue.matters, " ", text) == ()


@pytest.mark.parametrize(("one", "two"), [('"甲" = 1', ""), ('"甲" = " "', ""), ('"甲" = "a"', '"甲" = "b"')])
def test_texts_that_cannot_be_used(tmp_path: Path, one: str, two: str) -> None:
    folder = tmp_path / "en" / "catalogue"
    folder.mkdir(parents=True)
    (folder / "one.toml").write_text(one, encoding="utf-8")
    (folder / "two.toml").write_text(two, encoding="utf-8")
    with pytest.raises(WordsError, match="甲"):
        load_texts(tmp_path, "en")
