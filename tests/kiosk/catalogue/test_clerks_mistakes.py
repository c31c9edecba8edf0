"""Every mistake that a clerk can make is found, with its code and its line, and said in plain words."""

from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.check import check_catalogue
from kiosk.catalogue.load import CatalogueError, load_catalogue

TOPICS = """\
matters:
  - code: T01
    name: "示例登记一件事"
    origin: new
    lead: "示例局"
    items:
      - code: T01-1
        name: "示例登记"
        department: "示例局"
      - code: T01-2
        name: "示例备案"
        department: "另一局"
"""
DICTIONARY = """\
fields:
  - name: phone
    label: "手机号码"
    check: phone
  - name: reason
    label: "事由"
    check: choice
    choices: [{value: a, label: "甲"}, {value: b, label: "乙"}]
"""
PACKAGE = """\
matter: T01
version: "1"
sample: true
minutes: 5
notice:
  what: "示例"
  who_for: "示例"
  who_decides: "示例"
  how_long: "示例"
  fee: "示例"
  not_here: []
  next_steps: ["示例"]
  ask: "示例"
questions:
  - name: kind
    text: "哪一种？"
    choices: [{value: old, label: "旧"}, {value: new, label: "新"}]
  - name: more
    text: "还要吗？"
    when: {kind: [new]}
    choices: [{value: yes_please, label: "要"}, {value: no_thanks, label: "不要"}]
form:
  - section: "联系"
    fields:
      - phone
      - {name: reason, when: {kind: [new]}}
materials:
  - slot: "00"
    name: "示例材料"
    max_pages: 2
    hint: "示例"
    source: "示例"
items:
  T01-1:
    fields: [phone, reason]
    materials: ["00"]
  T01-2:
    when: {more: [yes_please]}
    fields: [phone]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "topics.yaml").write_text(TOPICS, encoding="utf-8")
    (tmp_path / "dictionary.yaml").write_text(DICTIONARY, encoding="utf-8")
    (tmp_path / "synonyms.yaml").write_text("synonyms:\n  T01: [登记]\n", encoding="utf-8")
    (tmp_path / "t01.yaml").write_text(PACKAGE, encoding="utf-8")
    return tmp_path


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the one place `old` by `new`; the line on which it stands."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_sound_catalogue_has_nothing_to_say(folder: Path) -> None:
    report = check_catalogue(folder)
    assert (report.mistakes, report.warnings) == ((), ())
    assert load_catalogue(folder, date(2026, 1, 1)).matter("T01").complete


MISTAKES = [
    ("K103", "t01.yaml", "minutes: 5", "minutes: 5\nminuts: 6", 1),
    ("K103", "topics.yaml", 'lead: "示例局"', 'lead: "示例局"\n    leed: "示例局"', 1),
    ("K105", "t01.yaml", "minutes: 5", "minutes: soon", 0),
    ("K105", "t01.yaml", 'version: "1"', "version: 1", 0),
    ("K105", "t01.yaml", 'slot: "00"', "slot: 00", 0),
    ("K105", "t01.yaml", "max_pages: 2", "max_pages: 99", 0),
    ("K105", "dictionary.yaml", "check: phone", "check: telephone", 0),
    ("K106", "t01.yaml", "minutes: 5", "minutes: 5\nminutes: 6", 1),
    ("K202", "t01.yaml", "matter: T01", "matter: T02", 0),
    ("K202", "synonyms.yaml", "T01", "T02", 0),
    ("K203", "t01.yaml", "  T01-2:", "  T01-3:", 0),
    ("K204", "t01.yaml", "      - phone", "      - phone\n      - fone", 1),
    ("K205", "t01.yaml", "      - phone", "      - phone\n      - phone", 1),
    ("K206", "t01.yaml", "fields: [phone, reason]", "fields: [phone, raeson]", 0),
    ("K207", "t01.yaml", 'materials: ["00"]', 'materials: ["01"]', 0),
    ("K209", "t01.yaml", "{more: [yes_please]}", "{moer: [yes_please]}", 0),
    ("K211", "t01.yaml", "{more: [yes_please]}", "{more: [yes_pleas]}", 0),
    ("K212", "t01.yaml", "{value: new,", "{value: old,", 0),
    ("K212", "t01.yaml", "- name: more", "- name: kind", 0),
    ("K213", "dictionary.yaml", "- name: reason", "- name: phone", 0),
    ("K214", "dictionary.yaml", "{value: b,", "{value: a,", -3),
    ("K214", "dictionary.yaml", "check: choice", "check: text", -2),
    ("K216", "topics.yaml", "code: T01-2", "code: T01-1", 0),
]


@pytest.mark.parametrize(("code", "file", "old", "new", "below"), MISTAKES)
def test_a_mistake_is_found_where_it_was_made(
    folder: Path, code: str, file: str, old: str, new: str, below: int
) -> None:
    line = change(folder, file, old, new) + below
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder, date(2026, 1, 1))
    assert (code, file, line) in [(m.code, m.file, m.line) for m in caught.value.mistakes]
    for said in caught.value.describe_mistakes():
        assert "{" not in said.split(": ", 1)[1]


def test_a_missing_value_is_named(folder: Path) -> None:
    line = change(folder, "t01.yaml", '    hint: "示例"\n', "")
    mistake = check_catalogue(folder).mistakes[0]
    assert (mistake.code, mistake.facts["key"]) == ("K104", "materials.0.hint")
    assert mistake.line is not None
    assert mistake.line < line


def test_pages_in_the_wrong_order(folder: Path) -> None:
    change(folder, "t01.yaml", "max_pages: 2", "max_pages: 2\n    min_pages: 3")
    (said,) = (m.said() for m in check_catalogue(folder).mistakes)
    assert "最少页数比最多页数还多" in said


def test_the_guess_at_what_was_meant(folder: Path) -> None:
    change(folder, "t01.yaml", "{more: [yes_please]}", "{more: [yes_pleas]}")
    (mistake,) = check_catalogue(folder).mistakes
    assert (
        mistake.said()
        == f"t01.yaml:{mistake.line}: K211 问题 more 没有 yes_pleas 这个选项。是不是想写 yes_please？"
    )
    assert mistake.said("en").endswith("Did you mean yes_please?")


def test_a_matter_twice(folder: Path) -> None:
    second = '  - {code: T01, name: "别的事", origin: new, lead: "示例局"}\n'
    with (folder / "topics.yaml").open("a", encoding="utf-8") as topics:
        topics.write(second)
    assert [(m.code, m.line) for m in check_catalogue(folder).mistakes] == [("K201", 13)]


def test_a_slot_twice(folder: Path) -> None:
    extra = '  - {slot: "00", name: "另一份", max_pages: 1, hint: "示例", source: "示例"}\nitems:'
    line = change(folder, "t01.yaml", "items:", extra)
    assert ("K208", line) in [(m.code, m.line) for m in check_catalogue(folder).mistakes]


def test_a_question_that_looks_ahead(folder: Path) -> None:
    line = change(
        folder, "t01.yaml", '    text: "哪一种？"', '    text: "哪一种？"\n    when: {more: [no_thanks]}'
    )
    assert ("K210", line + 1) in [(m.code, m.line) for m in check_catalogue(folder).mistakes]


@pytest.mark.parametrize("source", ["card.nmae", "answer.knid"])
def test_prefilled_from_nowhere(folder: Path, source: str) -> None:
    change(folder, "dictionary.yaml", "check: phone", f"check: phone\n    prefill: {source}")
    (mistake,) = check_catalogue(folder).mistakes
    assert (mistake.code, mistake.facts["near"]) == ("K215", "name" if "card" in source else "kind")


def test_two_packages_from_the_same_day(folder: Path) -> None:
    (folder / "t01-again.yaml").write_text(PACKAGE, encoding="utf-8")
    assert [m.code for m in check_catalogue(folder).mistakes] == ["K217"]


def test_an_item_left_out_of_the_package(folder: Path) -> None:
    change(folder, "t01.yaml", "  T01-2:\n    when: {more: [yes_please]}\n    fields: [phone]\n", "")
    assert [m.code for m in check_catalogue(folder).mistakes] == ["K218"]


def test_no_yaml_at_all(folder: Path) -> None:
    line = change(folder, "t01.yaml", "minutes: 5", "minutes: [5")
    (mistake,) = check_catalogue(folder).mistakes
    assert mistake.code == "K102"
    assert mistake.line is not None
    assert mistake.line >= line


def test_a_value_that_contains_itself(folder: Path) -> None:
    change(folder, "t01.yaml", 'next_steps: ["示例"]', "next_steps: &own [*own]")
    assert [m.code for m in check_catalogue(folder).mistakes] == ["K102"]


def test_an_empty_file(folder: Path) -> None:
    (folder / "t01.yaml").write_text("", encoding="utf-8")
    (mistake,) = check_catalogue(folder).mistakes
    assert mistake.code == "K105"


def test_a_file_is_missing(folder: Path) -> None:
    (folder / "dictionary.yaml").unlink()
    assert [(m.code, m.file) for m in check_catalogue(folder).mistakes] == [("K101", "dictionary.yaml")]


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    change(folder, "t01.yaml", "minutes: 5", "minutes: soon")
    change(folder, "dictionary.yaml", "check: phone", "check: telephone")
    assert {m.file for m in check_catalogue(folder).mistakes} == {"t01.yaml", "dictionary.yaml"}


WARNINGS = [
    ("K302", "t01.yaml", '    materials: ["00"]\n', ""),
    ("K303", "t01.yaml", "fields: [phone, reason]", "fields: [phone]"),
    ("K307", "topics.yaml", '"另一局"', '"另一局（原老局）"'),
    ("K308", "topics.yaml", '"另一局"', '"另一局"\n        online: false'),
    ("K309", "dictionary.yaml", "check: phone", "check: phone\n    locked: true"),
    ("K305", "t01.yaml", "{more: [yes_please]}", "{more: [yes_please], kind: [old]}"),
    ("K306", "t01.yaml", "  T01-1:", "  T01-1:\n    when: {kind: [new]}"),
]


@pytest.mark.parametrize(("code", "file", "old", "new"), WARNINGS)
def test_a_warning_does_not_stop_the_terminal(folder: Path, code: str, file: str, old: str, new: str) -> None:
    change(folder, file, old, new)
    report = check_catalogue(folder)
    assert report.mistakes == ()
    assert code in [warning.code for warning in report.warnings]
    assert all(warning.severity == "warning" and warning.line for warning in report.warnings)
    assert all("{" not in warning.said() for warning in report.warnings)
    load_catalogue(folder, date(2026, 1, 1))


def test_a_question_that_is_never_asked(folder: Path) -> None:
    third = """\
  - name: never
    text: "还有吗？"
    when: {kind: [old], more: [no_thanks]}
    choices: [{value: one, label: "一"}, {value: two, label: "二"}]
form:"""
    change(folder, "t01.yaml", "form:", third)
    assert [w.code for w in check_catalogue(folder).warnings] == ["K304"]


def test_the_same_matter_under_two_names(folder: Path) -> None:
    again = '  - {code: T02, name: "我要办示例登记", origin: new, lead: "示例局"}\n'
    with (folder / "topics.yaml").open("a", encoding="utf-8") as topics:
        topics.write(again)
    (warning,) = check_catalogue(folder).warnings
    assert (warning.code, warning.line) == ("K301", 13)
    assert "T01 示例登记一件事" in warning.said()


def test_too_many_ways_to_answer_are_not_walked_for_ever(folder: Path) -> None:
    choices = ", ".join(f'{{value: v{n}, label: "{n}"}}' for n in range(5))
    questions = "".join(f'  - name: x{n}\n    text: "？"\n    choices: [{choices}]\n' for n in range(7))
    change(folder, "t01.yaml", "form:", questions + "form:")
    assert [w.code for w in check_catalogue(folder).warnings] == ["K310"]
