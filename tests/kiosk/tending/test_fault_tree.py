"""How to mend something: as the fault tree says where it knows the code, else the hint, sentence by sentence."""

import pytest

from kiosk.tending.fault_tree import looked_at, mending, steps_of, tree_of
from kiosk.words import Words
from tools.cli import ROOT


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load(ROOT / "config" / "words", "zh-Hans")


@pytest.mark.parametrize(
    "code, name",
    [("D101", "D101"), ("condition.paper_out", "paper_out"), ("condition.offline", "printer_offline")],
)
def test_a_code_of_the_tree_has_its_steps(words: Words, code: str, name: str) -> None:
    steps = mending(words, code, "看日志。")
    assert steps == looked_at(words, name)
    assert steps[0] == words(f"fault_tree.{name}.first")
    assert len(steps) == 3


@pytest.mark.parametrize("code", ["M107", "", "Z999"])
def test_any_other_has_its_hint(words: Words, code: str) -> None:
    assert mending(words, code, "先校时；再换电池。") == ("先校时", "再换电池")


def test_a_code_that_is_called_otherwise_in_the_tree_stands_there(words: Words) -> None:
    for code in ("condition.offline", "condition.unrecoverable"):
        assert looked_at(words, tree_of(code))


def test_a_hint_becomes_steps() -> None:
    assert steps_of("断电 10 秒；核对 baud。再试。") == ("断电 10 秒", "核对 baud", "再试")
    assert steps_of("") == ()
