"""The fault tree: every code and fault that the program has sentences for, each once, frequent ones first."""

import re

import pytest

from kiosk.words import Words
from tools.cli import ROOT
from tools.manual.faults import GROUPS, fault_tree_page, faults, grouped, trees

COMMON = (
    "condition.paper_out",
    "condition.card_unreadable",
    "D101",
    "U101",
    "F101",
    "W101",
    "S101",
    "P104",
    "C100",
)


@pytest.fixture(scope="module", params=["zh-Hans", "en"])
def words(request: pytest.FixtureRequest) -> Words:
    return Words.load(ROOT / "config" / "words", request.param)


@pytest.fixture(scope="module")
def page(words: Words) -> str:
    return fault_tree_page(words)


def test_every_code_with_its_sentences_stands_there_once(words: Words, page: str) -> None:
    known = faults(words)
    assert len(known) > 100
    for code, fault in known.items():
        (row,) = [line for line in page.splitlines() if line.startswith("| ") and f"| `{code}` |" in line]
        assert fault.citizen in row
        assert fault.mend in row


def test_every_fault_of_the_tree_stands_there_once_with_all_its_steps(words: Words, page: str) -> None:
    told = trees(words)
    assert len(told) >= 25
    heads = [line.removeprefix("### ") for line in page.splitlines() if line.startswith("### ")]
    assert sorted(heads) == sorted(steps[0] for steps in told.values())
    for steps in told.values():
        block = page.partition(f"### {steps[0]}\n")[2].partition("\n#")[0]
        assert [f"{at}. {step}" in block for at, step in enumerate(steps[1:], start=1)] == [True] * len(
            steps[1:]
        )


def test_what_is_frequent_comes_first(page: str) -> None:
    places = [page.index(f"| `{code}` |") for code in COMMON]
    assert places == sorted(places)


def test_a_code_of_tomorrow_lands_in_the_group_of_its_letter_and_an_unknown_one_in_the_last() -> None:
    found = {
        group.name: codes for group, codes in grouped({"U199": None, "Z100": None, "condition.melted": None})
    }
    assert found["network"] == ["U199"]
    assert found["plug"] == ["condition.melted"]
    assert found[GROUPS[-1].name] == ["Z100"]


def test_cause_and_cure_are_told_apart() -> None:
    told = Words(
        "xx",
        {
            "errors.A1.citizen": "等等",
            "errors.A1.hint": "线松了：插紧；再看灯。",
            "errors.A2.citizen": "等",
            "errors.A2.hint": "换纸。然后：合盖。",
        },
    )
    found = faults(told)
    assert (found["A1"].cause, found["A1"].mend) == ("线松了", "插紧；再看灯。")
    assert (found["A2"].cause, found["A2"].mend) == ("", "换纸。然后：合盖。")


def test_each_row_has_four_cells(page: str) -> None:
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {6}
