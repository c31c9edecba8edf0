"""In a language that nobody speaks: whatever is drawn outside of brackets was written into the code; nothing is cut."""

import re
from typing import Any

import pytest

from screens.checks import CHECKS, Check
from screens.manners import Manner
from tests.screens.pseudo import TAG, outside_brackets, sentence

#: figures and signs are no sentence, and neither is the one letter of a key
LETTERS = re.compile(r"[^\W\d_]")
NAMES = ("天天顺",)
MASK = re.compile(r"\*+")


@pytest.fixture(scope="module")
def trees(rendered_in_pseudo: Any) -> dict[str, Any]:
    return dict(rendered_in_pseudo.trees)


def written_in_code(plain: str, own: list[str]) -> str:
    """What of a drawn text is neither from the words, nor from the catalogue, nor hers."""
    left = outside_brackets(plain).strip()
    for text in sorted(own, key=len, reverse=True):
        left = left.replace(text, "") if text else left
    parts = [part for part in MASK.split(left) if part]  # of what is masked a part is shown
    known = plain in NAMES or len(left) == 1 or all(any(part in text for text in own) for part in parts)
    return left if LETTERS.search(left) and not known else ""


def test_the_brackets_are_put_around_sentences() -> None:
    english = "Here stands the number {number} that you take home with you"
    said = sentence("done.number", english)
    assert said.startswith(f"[{english}")
    assert len(said) > 1.25 * len(english)
    assert written_in_code("[〔居住证〕 12 ] · 王*", ["王*"]) == ""
    assert written_in_code("[a] loose", []) == "loose"


def test_no_sentence_is_written_into_the_code(trees: dict[str, Any]) -> None:
    loose = {
        (name, text["plain"])
        for name, tree in trees.items()
        for text in tree["texts"]
        if written_in_code(text["plain"], tree["own"])
    }
    assert sorted(loose) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_longer_sentences_find_their_room(trees: dict[str, Any], check: Check) -> None:
    manner = Manner(language=TAG)
    assert [f"{name}: {told}" for name, tree in trees.items() for told in check(tree, manner)] == []
