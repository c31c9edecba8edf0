"""What the clerk looks at: the matrix of a package, and what differs between two."""

from dataclasses import replace
from datetime import date
from itertools import combinations, product
from pathlib import Path

from hypothesis import given, settings

from kiosk.catalogue.check_reach import ways
from kiosk.catalogue.differences import Difference, differences
from kiosk.catalogue.load import load_catalogue
from kiosk.catalogue.matrix import MOST_ROWS, as_page, as_table, matrix
from kiosk.catalogue.model import Choice, Matter, Question, When
from kiosk.catalogue.pairs import pairs_of, pairwise
from kiosk.catalogue.simulate import simulate
from tests.kiosk.catalogue.random_matters import EXAMPLES, matters

SHIPPED = Path(__file__).parents[3] / "config" / "catalogue"
CATALOGUE = load_catalogue(SHIPPED, date(2026, 11, 21))
N02 = CATALOGUE.matter("N02")


def test_every_way_is_a_row() -> None:
    shown = matrix(N02)
    assert len(shown.rows) == len(list(ways(N02))) == 15
    assert not shown.pairwise
    lines = as_table(shown).splitlines()
    assert len(lines) == 16
    assert len({line.count("\t") for line in lines}) == 1


def test_the_page_needs_nothing_else_and_escapes_what_it_shows() -> None:
    page = as_page(matrix(replace(N02, name="<b>")), "N02 <b>")
    assert "<h1>N02 &lt;b&gt;</h1>" in page
    assert "src=" not in page and "href=" not in page


def test_too_many_ways_are_told_by_pairs() -> None:
    choices = tuple(Choice(value, value) for value in "abc")
    many = tuple(Question(name=f"q{n}", text="", choices=choices) for n in range(6))
    late = Question(name="late", text="", choices=choices, when=(When(question="q0", among=("a",)),))
    shown = matrix(replace(N02, questions=(*many, late)))
    assert shown.pairwise
    assert len(shown.rows) < MOST_ROWS / 10
    seen = {pair for row in shown.rows for pair in combinations(row.answers, 2)}
    assert seen == {p for way in ways(shown.matter) for p in combinations(way.items(), 2)}


def test_a_hundred_thousand_ways_are_told_by_pairs_without_walking_them() -> None:
    choices = tuple(Choice(value, value) for value in "abcde")
    many = tuple(Question(name=f"q{n}", text="", choices=choices) for n in range(7))
    late = Question(name="late", text="", choices=choices, when=(When(question="q6", among=("b", "c")),))
    last = Question(name="last", text="", choices=choices, when=(When(question="late", among=("e",)),))
    shown = matrix(replace(N02, questions=(*many, late, last)))
    assert shown.pairwise
    assert len(shown.rows) < 200
    seen = {frozenset(pair) for row in shown.rows for pair in combinations(row.answers, 2)}
    for one, other in combinations(many, 2):
        for a, b in product("abcde", repeat=2):
            assert frozenset({(one.name, a), (other.name, b)}) in seen
    assert frozenset({("q6", "c"), ("last", "d")}) in seen
    assert frozenset({("q6", "a"), ("late", "a")}) not in seen  # cannot go together
    assert frozenset({("late", "a"), ("last", "a")}) not in seen


@settings(max_examples=EXAMPLES)
@given(matters())
def test_pairs_are_those_of_all_ways(matter: Matter) -> None:
    every = {pair for way in ways(matter) for pair in pairs_of(way)}
    assert {pair for way in pairwise(matter) for pair in pairs_of(way)} == every


def test_a_matter_does_not_differ_from_itself() -> None:
    assert differences(N02, N02) == ()


def test_what_was_added_dropped_and_changed() -> None:
    first, *rest = N02.materials
    new = replace(N02, version="2", materials=(replace(first, max_pages=3), *rest[1:]))
    assert differences(N02, new) == (
        Difference("version", "1", "2"),
        Difference("materials.00.max_pages", "2", "3"),
        Difference(f"materials.{rest[0].slot}", rest[0].name, ""),
    )


def test_a_simulation_without_answers_is_the_union_of_all_items() -> None:
    told = simulate(CATALOGUE.matter("N04"), None)
    assert {item["code"] for item in told["items"]} >= {"N04-3", "N04-4"}  # they exclude each other
    assert len(told["items"]) == 9
    assert told["reductions"]["materials"][1] == len(told["materials"])
    for promise in told["promises"]:
        assert promise["instead_of"]


def test_a_simulation_with_every_paper() -> None:
    matter = CATALOGUE.matter("C28")
    some, every = simulate(matter, None), simulate(matter, None, all_papers=True)
    assert len(every["materials"]) == len(some["materials"]) + len(some["replaced"])
    assert every["promises"] == every["replaced"] == []
