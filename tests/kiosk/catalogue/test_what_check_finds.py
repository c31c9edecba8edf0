"""`catalogue check` against the list of issue 6: each kind of mistake is found, with its file and its line."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.check import check_catalogue

TODAY = date(2026, 11, 21)
TOPICS = """\
matters:
  - code: T01
    name: "开示例店"
    origin: new
    lead: "示例局"
  - code: T02
    name: "示例登记一件事"
    origin: new
    lead: "示例局"
"""
DICTIONARY = """\
fields:
  - {name: phone, label: "手机号码", check: phone}
  - {name: reason, label: "事由", check: text}
"""
DEPARTMENTS = """\
departments:
  - {name: "示例局"}
  - {name: "另一局", formerly: ["老局"]}
"""
SYNONYMS = 'synonyms:\n  T01: ["小店"]\n  T02: ["登记"]\n'
RECOMMEND = """\
city: ["示例"]
recommendations:
  - {matter: T02, reason: "示例", sample: true, home: here}
  - {matter: T02, reason: "示例", sample: true, earlier: [T01], answers: {kind: [old]}}
"""
OFFICES = """\
hotline: {name: "热线", number: "12345"}
contacts:
  - {department: "另一局", number: "0728-1234567"}
points:
  - {name: "窗口", matters: [T02]}
  - {name: "现场", serves: ["派出所"]}
"""
PACKAGE = """\
matter: T02
version: "1"
sample: true
effective_until: 2026-12-31
minutes: 5
notice:
  {what: "示", who_for: "示", who_decides: "示", how_long: "示", fee: "示", not_here: [], next_steps: ["示"], ask: "示"}
questions:
  - name: kind
    text: "哪一种？"
    choices: [{value: old, label: "旧"}, {value: new, label: "新"}]
  - name: more
    text: "还要吗？"
    when: {kind: [new]}
    choices: [{value: some, label: "要"}, {value: none, label: "不要"}]
form:
  - section: "联系"
    fields: [phone, reason]
materials:
  - {slot: "00", name: "户口簿", max_pages: 2, hint: "示", source: "示"}
  - {slot: "01", name: "身份证", max_pages: 2, hint: "示", source: "示"}
items:
  T02-1:
    name: "登记"
    department: "示例局"
    in_person: {why: "示", where: "派出所"}
    fields: [phone, reason]
    materials: ["00", {slot: "01", when: {more: [some]}}]
  T02-2:
    name: "备案"
    department: "另一局"
    when: {more: [some]}
    after: [T02-1]
    fields: [phone]
"""
FILES = {
    "topics": TOPICS,
    "dictionary": DICTIONARY,
    "departments": DEPARTMENTS,
    "synonyms": SYNONYMS,
    "recommend": RECOMMEND,
    "offices": OFFICES,
    "t02": PACKAGE,
}


@dataclass(frozen=True)
class Case:
    """A change of one place, and what is found: the code, the file, and where the line stands under the change."""

    what: str
    code: str
    file: str
    old: str
    new: str
    below: int = 0
    stops: bool = True


CASES = [
    Case("one matter under two names", "K301", "topics", '"示例登记一件事"', '"我要办理示例店"', 0, False),
    Case("one office under two entries", "K230", "departments", '["老局"]', '["示例局"]'),
    Case("two matters called alike", "K317", "synonyms", '"登记"', '"小店"', 0, False),
    Case("one field under two names", "K318", "dictionary", '"事由"', '"手机号码"', 0, False),
    Case("one paper under two slots", "K316", "t02", '"身份证"', '"户口簿"', 0, False),
    Case(
        "a question never asked",
        "K304",
        "t02",
        "form:\n",
        '  - name: late\n    text: "？"\n    '
        "when: {kind: [old], more: [some]}\n    choices: [{value: a, label: a}, {value: b, label: b}]\nform:\n",
        0,
        False,
    ),
    Case(
        "an item that never applies",
        "K305",
        "t02",
        "    when: {more: [some]}\n    after",
        "    when: {more: [some], kind: [old]}\n    after",
        -3,
        False,
    ),
    Case(
        "answers that lead to nothing",
        "K306",
        "t02",
        '    department: "示例局"\n',
        '    department: "示例局"\n    when: {kind: [new]}\n',
        -3,
        False,
    ),
    Case(
        "a material that nobody needs", "K302", "t02", ', {slot: "01", when: {more: [some]}}', "", -7, False
    ),
    Case(
        "a field that nobody is asked",
        "K303",
        "t02",
        "    fields: [phone, reason]\n    materials",
        "    fields: [phone]\n    materials",
        -9,
        False,
    ),
    Case("a field without a label", "K104", "dictionary", 'label: "事由", ', ""),
    Case("a field with a blank label", "K105", "dictionary", 'label: "事由"', 'label: " "'),
    Case(
        "items that wait for each other", "K222", "t02", "    in_person", "    after: [T02-2]\n    in_person"
    ),
    Case("a question that asks for itself", "K210", "t02", "when: {kind: [new]}", "when: {more: [some]}"),
    Case("an item of a department that does not exist", "K225", "t02", '"另一局"', '"哪一局"'),
    Case(
        "a lead that does not exist",
        "K225",
        "topics",
        '    lead: "示例局"\n  - code',
        '    lead: "哪里"\n  - code',
    ),
    Case("an expired package", "K313", "t02", "2026-12-31", "2026-11-20", 0, False),
    Case(
        "a recommendation of nothing",
        "K202",
        "recommend",
        'matter: T02, reason: "示例", sample: true, home',
        'matter: T09, reason: "示例", sample: true, home',
    ),
    Case("a recommendation after nothing", "K202", "recommend", "earlier: [T01]", "earlier: [T09]"),
    Case("a recommendation to everybody", "K105", "recommend", ", home: here", ""),
    Case("a recommendation by an unknown question", "K209", "recommend", "{kind: [old]}", "{knd: [old]}"),
    Case("a recommendation by an unknown answer", "K211", "recommend", "{kind: [old]}", "{kind: [odl]}"),
    Case("ages in the wrong order", "K105", "recommend", "home: here", "age: {least: 60, most: 50}"),
    Case("no city to go by", "K315", "recommend", 'city: ["示例"]', "city: []", 2, False),
    Case("a number of nobody", "K225", "offices", '"另一局"', '"哪一局"'),
    Case("a number that is none", "K105", "offices", '"0728-1234567"', '"问一问"'),
    Case("a place of no matter", "K202", "offices", "[T02]", "[T09]"),
    Case("a place that nobody is sent to", "K314", "offices", '"派出所"', '"车管所"', 0, False),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_sound_catalogue_has_nothing_to_say(folder: Path) -> None:
    report = check_catalogue(folder, TODAY)
    assert [one.said() for one in (*report.mistakes, *report.warnings)] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_it_is_found_with_file_and_line(folder: Path, case: Case) -> None:
    path = folder / f"{case.file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(case.old) == 1
    path.write_text(text.replace(case.old, case.new), encoding="utf-8")
    line = text[: text.index(case.old)].count("\n") + 1 + case.below
    report = check_catalogue(folder, TODAY)
    found = report.mistakes if case.stops else report.warnings
    assert (case.code, path.name, line) in [(one.code, one.file, one.line) for one in found], [
        one.said() for one in found
    ]
    for language in ("zh-Hans", "en"):
        assert all("{" not in one.said(language).split(": ", 2)[-1] or one.code == "K105" for one in found)
