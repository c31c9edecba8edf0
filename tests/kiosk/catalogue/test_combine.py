"""One form, one set of materials: properties over random matters, and N02 as it is shipped."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.catalogue.check_reach import ways
from kiosk.catalogue.combine import combine, holds, natural_order, next_question, questions, valid_answers
from kiosk.catalogue.load import load_catalogue
from kiosk.catalogue.model import Check, Choice, Field, Item, Material, Matter, Question, When
from tests.kiosk.catalogue.random_matters import EXAMPLES

SHIPPED = Path(__file__).parents[3] / "config" / "catalogue"
N02 = load_catalogue(SHIPPED, date(2026, 11, 21)).matter("N02")

_VALUES = ("a", "b", "c")
_FIELDS = tuple(f"f{n}" for n in range(6))
_SLOTS = tuple(f"0{n}" for n in range(6))


@st.composite
def rules_about(draw: st.DrawFn, names: tuple[str, ...]) -> tuple[When, ...]:
    """Up to two rules about the given questions."""
    if not names:
        return ()
    some = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
    among = st.lists(st.sampled_from(_VALUES), min_size=1, max_size=2, unique=True).map(tuple)
    return tuple(When(question=name, among=draw(among)) for name in some)


@st.composite
def items_for(draw: st.DrawFn, code: str, names: tuple[str, ...]) -> Item:
    """An item that needs some fields and slots, now and then."""
    slots = draw(st.lists(st.sampled_from(_SLOTS), max_size=4))
    return Item(
        code=code,
        name=code,
        department="示例部门",
        level="town",
        fields=tuple(draw(st.lists(st.sampled_from(_FIELDS), max_size=4, unique=True))),
        materials=tuple((slot, draw(rules_about(names))) for slot in slots),
        when=draw(rules_about(names)),
    )


@st.composite
def matters(draw: st.DrawFn) -> Matter:
    """A small matter; each question may depend on earlier ones, slots may be defined twice."""
    names = tuple(f"q{n}" for n in range(draw(st.integers(0, 3))))
    choices = tuple(Choice(value, value) for value in _VALUES)
    slots = draw(st.permutations(_SLOTS + draw(st.lists(st.sampled_from(_SLOTS), max_size=2).map(tuple))))
    return Matter(
        code="T01",
        name="示例",
        short_name="示例",
        aliases=(),
        lead="示例部门",
        partners=(),
        origin="new",
        complete=True,
        sample=True,
        items=tuple(draw(items_for(f"T01-{n}", names)) for n in range(1, draw(st.integers(1, 4)) + 1)),
        questions=tuple(
            Question(name=name, text=name, choices=choices, when=draw(rules_about(names[:n])))
            for n, name in enumerate(names)
        ),
        fields=tuple(
            Field(name=name, label=name, check=Check.TEXT, section=f"s{n % 2}", when=draw(rules_about(names)))
            for n, name in enumerate(_FIELDS)
        ),
        materials=tuple(
            Material(slot=slot, name=slot, min_pages=n % 3 + 1, max_pages=n % 5 + 3, hint="", source="")
            for n, slot in enumerate(slots)
        ),
    )


answers_of_anybody = st.dictionaries(
    st.sampled_from(("q0", "q1", "q2", "gone")), st.sampled_from((*_VALUES, "nonsense")), max_size=4
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(matters(), answers_of_anybody)
def test_nothing_required_is_ever_dropped_and_nothing_else_is_asked(
    matter: Matter, answers: dict[str, str]
) -> None:
    plan = combine(matter, answers)
    given_ = valid_answers(matter, answers)
    applying = [item for item in matter.items if all(given_.get(r.question) in r.among for r in item.when)]
    wanted = {
        field.name
        for field in matter.fields
        if holds(field.when, given_) and any(field.name in item.fields for item in applying)
    }
    slots = {slot for item in applying for slot, rules in item.materials if holds(rules, given_)}
    assert {item.code for item in plan.items} == {item.code for item in applying}
    assert sorted(field.name for field in plan.fields) == sorted(wanted)
    assert sorted(material.slot for material in plan.materials) == sorted(slots)
    for material in plan.materials:
        same = [m for m in matter.materials if m.slot == material.slot]
        assert material.min_pages == max(m.min_pages for m in same)
        assert material.max_pages == max(m.max_pages for m in same)


@settings(max_examples=EXAMPLES, deadline=None)
@given(matters(), answers_of_anybody, st.randoms(use_true_random=False))
def test_the_order_of_items_makes_no_difference(
    matter: Matter, answers: dict[str, str], chance: random.Random
) -> None:
    shuffled = list(matter.items)
    chance.shuffle(shuffled)
    assert combine(replace(matter, items=tuple(shuffled)), answers) == combine(matter, answers)


@settings(max_examples=EXAMPLES, deadline=None)
@given(matters(), answers_of_anybody, st.data())
def test_adding_an_item_never_removes_a_requirement(
    matter: Matter, answers: dict[str, str], data: st.DataObject
) -> None:
    names = tuple(question.name for question in matter.questions)
    more = replace(matter, items=(*matter.items, data.draw(items_for("T01-9", names))))
    before, after = combine(matter, answers), combine(more, answers)
    assert set(before.items) <= set(after.items)
    assert set(before.fields) <= set(after.fields)
    assert set(before.materials) <= set(after.materials)


@settings(max_examples=EXAMPLES, deadline=None)
@given(matters(), answers_of_anybody)
def test_answers_to_questions_that_are_not_asked_count_for_nothing(
    matter: Matter, answers: dict[str, str]
) -> None:
    assert combine(matter, answers) == combine(matter, valid_answers(matter, answers))
    assert questions(matter, answers) == questions(matter, valid_answers(matter, answers))


@settings(max_examples=EXAMPLES, deadline=None)
@given(matters())
def test_answering_one_question_after_the_other_comes_to_an_end(matter: Matter) -> None:
    for answers in ways(matter):
        assert next_question(matter, answers) is None
        assert tuple(answers) == tuple(question.name for question in questions(matter, answers))


def test_natural_order() -> None:
    assert sorted(["N02-10", "N02-2", "C1-1"], key=natural_order) == ["C1-1", "N02-2", "N02-10"]


RENTED = {"applicant": "mainland", "errand": "first", "housing": "rented"}


@pytest.mark.parametrize(
    ("housing", "slots"),
    [
        ("rented", ["00", "01", "02"]),
        ("owned", ["00", "03"]),
        ("employer", ["00", "07", "08"]),
        ("school", ["00", "06"]),
        ("relative", ["00", "03", "05"]),
    ],
)
def test_housing_decides_the_materials_of_a_residence_permit(housing: str, slots: list[str]) -> None:
    plan = combine(N02, RENTED | {"housing": housing})
    assert [material.slot for material in plan.materials] == slots


def test_the_least_pages_of_each_slot() -> None:
    least = {material.slot: material.min_pages for material in N02.materials}
    assert least == {"00": 2, "01": 1, "02": 1, "03": 1, "05": 2, "06": 2, "07": 1, "08": 1}


def test_two_items_are_one_form_with_each_field_once() -> None:
    plan = combine(N02, RENTED)
    assert [item.code for item in plan.items] == ["N02-1", "N02-2"]
    names = [field.name for field in plan.fields]
    assert len(names) == len(set(names))
    assert sum(len(item.fields) for item in plan.items) > len(names)


def test_the_form_stays_short() -> None:
    for answers in ways(N02):
        asked = [field for field in combine(N02, answers).fields if not field.locked]
        assert 1 <= len(asked) <= 8


def test_a_student_is_asked_for_the_school_and_nobody_else_is() -> None:
    def asked(housing: str) -> set[str]:
        return {field.name for field in combine(N02, RENTED | {"housing": housing}).fields}

    assert "school_name" in asked("school")
    assert "employer_name" not in asked("school")
    assert "employer_name" in asked("employer")
    assert not {"school_name", "employer_name"} & asked("rented")


def test_the_errand_is_asked_of_mainland_residents_only() -> None:
    assert [q.name for q in questions(N02, {})] == ["applicant", "housing"]
    assert [q.name for q in questions(N02, {"applicant": "mainland"})] == ["applicant", "errand", "housing"]
    assert [q.name for q in questions(N02, {"applicant": "hmt"})] == ["applicant", "housing"]


def test_changing_an_earlier_answer_forgets_what_hung_on_it() -> None:
    changed = RENTED | {"applicant": "hmt"}
    assert [item.code for item in combine(N02, changed).items] == ["N02-3"]
    assert valid_answers(N02, changed) == {"applicant": "hmt", "housing": "rented"}
