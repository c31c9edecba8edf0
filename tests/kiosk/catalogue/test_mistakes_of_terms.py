"""Mistakes about items of one's own, order, promises, offices, repeats, agents and dates, each with its line."""

from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.check import check_catalogue
from kiosk.catalogue.load import load_catalogue

TOPICS = """\
matters:
  - code: T01
    name: "示例登记一件事"
    origin: new
    lead: "示例局"
    published: {items: 2, departments: 2, forms_counts: [2, 1]}
  - code: T02
    name: "另外的事"
    origin: new
    lead: "示例局"
    items: [{code: T02-1, name: "公布的事项", department: "另一局"}]
"""
DICTIONARY = """\
fields:
  - {name: phone, label: "手机号码", check: phone}
  - {name: member, label: "家庭成员", check: name}
  - {name: member_x, label: "别的", check: name}
"""
DEPARTMENTS = """\
departments:
  - {name: "示例局", aliases: ["示例"]}
  - {name: "另一局", formerly: ["老局"]}
"""
PACKAGE = """\
matter: T01
version: "1"
sample: true
effective_from: 2026-01-01
effective_until: 2026-12-31
minutes: 5
notice:
  {what: "示", who_for: "示", who_decides: "示", how_long: "示", fee: "示", not_here: [], next_steps: ["示"], ask: "示"}
acting:
  question: who
  agent: [agent]
  fields: [phone]
questions:
  - name: who
    text: "给谁办？"
    choices: [{value: self, label: "自己"}, {value: agent, label: "别人"}]
form:
  - section: "联系"
    fields: [phone, member_x]
  - section: "家庭"
    repeat:
      question: who
      times: {agent: 2}
      label: "第 {n} 位"
    fields: [member]
promises:
  - {name: own_word, title: "承诺书", text: "属实", false_means: "撤销"}
materials:
  - {slot: "00", name: "示例", max_pages: 1, hint: "示", source: "示", promise: own_word}
items:
  T01-1:
    name: "示例登记"
    department: "示例"
    days: {statutory: 5, promised: 1}
    fields: [phone, member, member_x]
    materials: ["00"]
  T01-2:
    name: "示例备案"
    department: "老局"
    after: [T01-1]
    fields: [phone]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {"topics": TOPICS, "dictionary": DICTIONARY, "departments": DEPARTMENTS, "t01": PACKAGE}
    for name, text in (files | {"synonyms": "synonyms: {}\n"}).items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def change(folder: Path, old: str, new: str, file: str = "t01.yaml") -> int:
    """Replace the one place `old` by `new`; the line on which it stands."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_sound_catalogue_has_nothing_to_say(folder: Path) -> None:
    report = check_catalogue(folder, date(2026, 6, 1))
    assert (report.mistakes, report.warnings) == ((), ())
    matter = load_catalogue(folder, date(2026, 6, 1)).matter("T01")
    assert all(item.sample for item in matter.items)


MISTAKES = [
    ("K105", "promised: 1", "promised: 9", 0),
    ("K105", 'label: "第 {n} 位"', 'label: "成员"', 0),
    ("K204", "fields: [phone]\nquestions", "fields: [fone]\nquestions", 0),
    ("K211", "agent: [agent]", "agent: [agnt]", 0),
    ("K211", "times: {agent: 2}", "times: {agnt: 2}", 0),
    ("K219", '    name: "示例备案"\n', "", -1),
    ("K221", "after: [T01-1]", "after: [T01-9]", 0),
    ("K222", "    days:", "    after: [T01-2]\n    days:", 0),
    ("K223", "promise: own_word", "promise: own_wrod", 0),
    (
        "K224",
        "promises:\n",
        'promises:\n  - {name: own_word, title: "一", text: "一", false_means: "一"}\n',
        2,
    ),
    ("K225", '"老局"', '"老句"', 0),
    ("K226", "      question: who\n      times", "      question: how\n      times", -1),
    ("K227", "acting:\n  question: who", "acting:\n  question: how", 1),
    ("K228", "effective_until: 2026", "effective_until: 2025", 0),
]


@pytest.mark.parametrize(("code", "old", "new", "below"), MISTAKES)
def test_a_mistake_is_found_where_it_was_made(
    folder: Path, code: str, old: str, new: str, below: int
) -> None:
    line = change(folder, old, new) + below
    found = check_catalogue(folder).mistakes
    assert (code, line) in [(mistake.code, mistake.line) for mistake in found]
    assert all("{" not in mistake.said().split(": ", 1)[1] for mistake in found if mistake.code != "K105")


def test_a_published_item_keeps_its_published_name(folder: Path) -> None:
    change(folder, "matter: T01", "matter: T02")
    change(folder, "  T01-1:\n", "  T02-1:\n")
    assert [m.facts["key"] for m in check_catalogue(folder).mistakes if m.code == "K220"] == [
        "name",
        "department",
    ]


@pytest.mark.parametrize("name", ["示例局", "另一局"])
def test_a_published_office_that_no_list_knows(folder: Path, name: str) -> None:
    old = f'name: "{name}"'
    line = change(folder, old, 'name: "第三局"', "departments.yaml")
    assert line
    found = [m for m in check_catalogue(folder).mistakes if m.file == "topics.yaml"]
    assert {(m.code, m.facts["name"]) for m in found} == {("K225", name)}


def test_a_repeated_field_with_the_name_of_another(folder: Path) -> None:
    change(folder, "name: member_x", "name: member_2", "dictionary.yaml")
    change(folder, "fields: [phone, member_x]", "fields: [phone, member_2]")
    assert "K229" in [mistake.code for mistake in check_catalogue(folder).mistakes]


WARNINGS = [
    ("K311", ", promise: own_word}", "}"),
    ("K312", '"老局"', '"示例局"'),
    ("K312", "    fields: [phone]\n", "    fields: [phone]\n    forms: 2\n"),
    ("K313", "effective_until: 2026-12-31", "effective_until: 2026-03-31"),
]


@pytest.mark.parametrize(("code", "old", "new"), WARNINGS)
def test_a_warning_does_not_stop_the_terminal(folder: Path, code: str, old: str, new: str) -> None:
    change(folder, old, new)
    report = check_catalogue(folder, date(2026, 6, 1))
    assert report.mistakes == ()
    assert [warning.code for warning in report.warnings] == [code]
    assert all("{" not in warning.said() for warning in report.warnings)


def test_an_expired_package_is_not_used_any_more(folder: Path) -> None:
    assert load_catalogue(folder, date(2026, 12, 31)).matter("T01").complete
    assert not load_catalogue(folder, date(2027, 1, 1)).matter("T01").complete


def test_without_a_list_of_departments_none_is_looked_up(folder: Path) -> None:
    (folder / "departments.yaml").unlink()
    change(folder, '"老局"', '"任何局"')
    assert check_catalogue(folder).mistakes == ()
