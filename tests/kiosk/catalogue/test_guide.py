"""The guide says all of a matter that a citizen must know, and says of a sample that it is one."""

from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.combine import combine
from kiosk.catalogue.guide import GuideSection, guide, guide_title
from kiosk.catalogue.load import load_catalogue
from kiosk.catalogue.offices import Here
from kiosk.words import Words

ROOT = Path(__file__).parents[3]
CATALOGUE = load_catalogue(ROOT / "config" / "catalogue", date(2026, 11, 21))
WORDS = Words.load(ROOT / "config" / "words", "zh-Hans")
COMPLETE = [matter.code for matter in CATALOGUE.matters if matter.complete]


def drawn(code: str, answers: dict[str, str] | None = None) -> dict[str, GuideSection]:
    sections = guide(CATALOGUE.matter(code), WORDS, answers, CATALOGUE.offices, Here())
    return {section.name: section for section in sections}


def text(sections: dict[str, GuideSection]) -> str:
    return "\n".join(line for section in sections.values() for line in section.lines)


@pytest.mark.parametrize("code", COMPLETE)
def test_everything_that_may_be_asked_for_stands_in_it(code: str) -> None:
    matter, sections = CATALOGUE.matter(code), drawn(code)
    said = text(sections)
    plan = combine(matter, None)
    assert all(material.name in said for material in plan.materials)
    assert all(item.name in said and item.department in said for item in plan.items)
    assert all(field.label in said for field in plan.fields)
    assert matter.notice is not None
    assert all(line in said for line in (matter.notice.what, *matter.notice.not_here))
    assert all(len(row) == max(1, len(s.columns)) for s in sections.values() for row in s.rows)
    assert not any(cell.strip() != cell for s in sections.values() for row in s.rows for cell in row)


@pytest.mark.parametrize("code", COMPLETE)
def test_a_sample_says_so_twice(code: str) -> None:
    matter = CATALOGUE.matter(code)
    assert matter.sample
    assert guide_title(matter, WORDS).endswith("（示例）")
    assert WORDS("guide.sample_note") in drawn(code)["basics"].lines


def test_a_matter_without_a_package_is_honest() -> None:
    sections = drawn("C13")
    assert list(sections) == ["basics", "ask"]
    assert "牵头部门：天门市民政局" in sections["basics"].lines
    assert WORDS("guide.not_here") in sections["basics"].lines
    assert sections["ask"].lines[-1] == "政务服务便民热线：12345"
    assert guide_title(CATALOGUE.matter("C13"), WORDS) == "居民身故一件事 办事指南"


def test_published_items_are_told_even_without_a_package() -> None:
    assert "items" in drawn("N09")
    assert "线下移交" in text(drawn("N09"))


def test_answers_make_it_her_own() -> None:
    answers = dict.fromkeys(("driving", "student", "disabled", "fund"), "none")
    hers, all_of_it = drawn("C28", answers), drawn("C28")
    assert "军队机动车驾驶证" in text(all_of_it) and "军队机动车驾驶证" not in text(hers)
    assert "看情况" not in text(hers)
    assert len(hers["items"].rows) == 12


def test_what_may_stand_for_a_paper_is_said_where_no_item_insists() -> None:
    rows = {row[0]: row for row in drawn("C28")["materials"].rows}
    assert rows["居民户口簿"][-1] == "有电子居民户口簿，免交"
    assert rows["入伍前户口注销证明"][-1] == "可签承诺书"


def test_narrow_paper_names_its_columns() -> None:
    section = GuideSection("x", "题", ("材料", "页数", "哪里拿"), (("户口簿", "2 页", ""),))
    assert section.lines == ("户口簿；页数：2 页",)
    assert section.shown == (0, 1)  # a column in which nothing stands is not drawn
