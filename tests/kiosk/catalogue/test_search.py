"""People find their matter by whatever they call it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.catalogue.fuzzy import fewest_errors, pieces_of
from kiosk.catalogue.lines import Lines
from kiosk.catalogue.load import load_catalogue
from tests.kiosk.catalogue.random_matters import MANY

SHIPPED = Path(__file__).parents[3] / "config" / "catalogue"
CATALOGUE = load_catalogue(SHIPPED, date(2026, 11, 21))


def best(text: str) -> str:
    found = CATALOGUE.search(text)
    return found[0].code if found else ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("居住证", "N02"),
        ("N02", "N02"),
        ("ｎ０２", "N02"),
        ("居住证办理一件事", "N02"),
        ("暂住证", "N02"),
        ("juzhuzheng", "N02"),
        ("ju zhu zheng", "N02"),
        ("jzz", "N02"),
        ("居住zheng", "N02"),
        ("居住正", "N02"),
        ("juzuzheng", "N02"),
        ("jvzhuzheng", "N02"),
        ("流动人口", "N02"),
        ("我要办居住证怎么办", "N02"),
        ("我要开饭店", "C08"),
        ("wykfd", "C08"),
        ("开个饭店", "C08"),
        ("饭馆", "C08"),
        ("小孩上户口", "C02"),
        ("新生儿出生", "C02"),
        ("ktv", "C53"),
        ("KTV", "C53"),
        ("过户", "C31"),
        ("tuixiu", "C26"),
        ("tuixu", "C26"),
        ("过早", "C49"),
        ("滴滴", "N07"),
    ],
)
def test_the_best_match(text: str, code: str) -> None:
    assert best(text) == code


def test_every_matter_is_found_by_its_names() -> None:
    for matter in CATALOGUE.matters:
        for name in (matter.code, matter.name, *matter.aliases):
            assert best(name) == matter.code, name


def test_nothing_comes_from_nothing() -> None:
    assert CATALOGUE.search("") == ()
    assert CATALOGUE.search("   ") == ()
    assert CATALOGUE.search("，。！") == ()
    assert CATALOGUE.search("xqxqxq") == ()


def test_typing_on_never_loses_the_matter() -> None:
    for end in range(1, len("juzhuzheng") + 1):
        assert "N02" in [matter.code for matter in CATALOGUE.search("juzhuzheng"[:end])]


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_answered_once_for_each_matter(text: str) -> None:
    codes = [matter.code for matter in CATALOGUE.search(text)]
    assert len(codes) == len(set(codes))


def _fewest(word: str, text: str) -> int:
    """The textbook table, against which the quick search is held."""
    row = [0] * (len(text) + 1)
    for down, letter in enumerate(word, start=1):
        above, row = row, [down] * (len(text) + 1)
        for right, other in enumerate(text, start=1):
            row[right] = min(above[right - 1] + (letter != other), above[right] + 1, row[right - 1] + 1)
    return min(row)


@settings(max_examples=2000 if MANY else 500, deadline=None)
@given(st.text("abc", min_size=1, max_size=12), st.text("abc", max_size=20))
def test_letters_off_are_counted_right(word: str, text: str) -> None:
    assert fewest_errors(word, text) == _fewest(word, text)


@settings(max_examples=2000 if MANY else 500, deadline=None)
@given(st.text("abc", min_size=3, max_size=12), st.text("abc", max_size=20), st.integers(1, 2))
def test_the_quick_filter_never_loses_a_text(word: str, text: str, errors: int) -> None:
    pieces = pieces_of(word, errors)
    assert "".join(pieces) == word
    assert all(pieces)
    if _fewest(word, text) <= errors:
        assert any(piece in text for piece in pieces)


@given(st.lists(st.text("ab", max_size=5), max_size=8), st.text("ab", min_size=1, max_size=3))
def test_pieces_are_found_in_the_lines_that_hold_them(texts: list[str], piece: str) -> None:
    assert list(Lines(texts).holding(piece)) == [n for n, text in enumerate(texts) if piece in text]
