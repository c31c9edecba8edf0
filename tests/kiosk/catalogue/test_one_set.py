"""Licences, promises, repeats, agents, stages and reductions: what must hold whatever a package says."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.catalogue.combine import combine, fewest, holds, replaceable, valid_answers
from kiosk.catalogue.load import load_catalogue
from kiosk.catalogue.model import Matter
from kiosk.catalogue.reductions import per_cent, reductions
from kiosk.catalogue.schedule import CircleError, in_order, schedule
from kiosk.catalogue.terms import Instead
from tests.kiosk.catalogue.random_matters import ANSWERS, EXAMPLES, INSTEAD, VALUES, items, matters

SHIPPED = Path(__file__).parents[3] / "config" / "catalogue"
N02 = load_catalogue(SHIPPED, date(2026, 11, 21)).matter("N02")

some = settings(max_examples=EXAMPLES, deadline=None)


@some
@given(matters(), ANSWERS, INSTEAD)
def test_every_paper_that_is_needed_is_handed_in_or_stood_for(
    matter: Matter, answers: dict[str, str], instead: dict[str, Instead]
) -> None:
    whole, plan = combine(matter, answers), combine(matter, answers, instead)
    known = valid_answers(matter, answers)
    needed = {slot for item in plan.items for slot, when in item.materials if holds(when, known)}
    gone = [one.material.slot for one in plan.replaced]
    assert {m.slot for m in plan.materials} | set(gone) == needed
    assert not {m.slot for m in plan.materials} & set(gone)
    assert set(gone) <= instead.keys()
    assert len(gone) == len(set(gone))
    assert plan.fields == whole.fields
    assert plan.feeds == whole.feeds
    for one in plan.replaced:
        assert one.by in one.material.instead
        assert (one.promise is not None) == (one.by == "promise")
        assert not any(one.material.slot in item.insists for item in plan.items)


@some
@given(matters(), ANSWERS)
def test_each_paper_tells_every_item_that_it_feeds(matter: Matter, answers: dict[str, str]) -> None:
    plan = combine(matter, answers)
    known = valid_answers(matter, answers)
    feeds = dict(plan.feeds)
    assert list(feeds) == [material.slot for material in plan.materials]
    for slot, codes in feeds.items():
        wanting = [i.code for i in plan.items if any(s == slot and holds(w, known) for s, w in i.materials)]
        assert list(codes) == wanting


@some
@given(matters(), ANSWERS, INSTEAD, st.randoms(use_true_random=False))
def test_the_order_of_items_makes_no_difference_to_anything(
    matter: Matter, answers: dict[str, str], instead: dict[str, Instead], chance: random.Random
) -> None:
    shuffled = list(matter.items)
    chance.shuffle(shuffled)
    other = replace(matter, items=tuple(shuffled))
    plan = combine(matter, answers, instead)
    assert combine(other, answers, instead) == plan
    assert reductions(other, plan) == reductions(matter, plan)


@some
@given(matters(), ANSWERS, INSTEAD, st.data())
def test_one_more_item_never_takes_a_requirement_away(
    matter: Matter, answers: dict[str, str], instead: dict[str, Instead], data: st.DataObject
) -> None:
    names = tuple(question.name for question in matter.questions)
    more = replace(matter, items=(*matter.items, data.draw(items("T01-9", names))))
    before, after = combine(matter, answers, instead), combine(more, answers, instead)
    assert {m.slot for m in before.materials} <= {m.slot for m in after.materials}
    assert {f.name for f in before.fields} <= {f.name for f in after.fields}
    assert set(before.items) <= set(after.items)
    assert all(set(codes) <= set(dict(after.feeds)[slot]) for slot, codes in before.feeds)


@some
@given(matters(), ANSWERS)
def test_the_union_of_all_holds_every_single_case(matter: Matter, answers: dict[str, str]) -> None:
    case, union = combine(matter, answers), combine(matter, None)
    assert set(case.items) <= set(union.items) == set(matter.items)
    assert {f.name for f in case.fields} <= {f.name for f in union.fields}
    assert {m.slot for m in case.materials} <= {m.slot for m in union.materials}


@some
@given(matters(), ANSWERS)
def test_at_best_every_paper_is_replaced_that_may_be(matter: Matter, answers: dict[str, str]) -> None:
    best = fewest(matter, answers)
    assert {one.material.slot for one in best.replaced} == replaceable(matter, best).keys()
    assert all(one.by == replaceable(matter, best)[one.material.slot][0] for one in best.replaced)


@some
@given(matters(), ANSWERS)
def test_names_of_fields_are_unique_even_when_sections_repeat(
    matter: Matter, answers: dict[str, str]
) -> None:
    names = [field.name for field in combine(matter, answers).fields]
    assert len(names) == len(set(names))


@some
@given(matters(), st.sampled_from(VALUES))
def test_a_section_is_asked_as_often_as_the_answer_says(matter: Matter, answer: str) -> None:
    plan = combine(matter, {"q0": answer})
    asked = {f.name for f in plan.fields if f.repeat is not None}
    known = valid_answers(matter, {"q0": answer})
    times = {"a": 1, "b": 3}.get(known.get("q0", ""), 0)
    base = {
        f.name
        for f in matter.fields
        if f.repeat is not None and holds(f.when, known) and any(f.name in item.fields for item in plan.items)
    }
    assert asked == {f"{name}_{n}" for name in base for n in range(1, times + 1)}


@some
@given(matters(), ANSWERS)
def test_an_agent_s_card_fills_in_nothing_of_the_applicant(matter: Matter, answers: dict[str, str]) -> None:
    plan = combine(matter, answers)
    acting = matter.acting
    another = acting is not None and acting.for_another(valid_answers(matter, answers).get(acting.question))
    for field in plan.fields:
        own = acting is not None and field.name in acting.fields
        if another and not own:
            assert not field.prefill.startswith("card.")
            assert not field.locked


@some
@given(matters(), ANSWERS)
def test_nothing_begins_before_what_it_waits_for(matter: Matter, answers: dict[str, str]) -> None:
    plan = combine(matter, answers)
    times = schedule(plan.items)
    stage = {item.code: s.number for s in times.stages for item in s.items}
    assert stage.keys() == {item.code for item in plan.items}
    for item in plan.items:
        waited = [stage[other] for other in item.after if other in stage]
        assert stage[item.code] == max(waited, default=0) + 1
    assert times.promised_days <= times.statutory_days <= times.days_one_by_one


@some
@given(matters(), ANSWERS)
def test_a_case_never_costs_more_forms_papers_or_steps_than_its_items_alone(
    matter: Matter, answers: dict[str, str]
) -> None:
    saved = reductions(matter, fewest(matter, answers))
    for before, after in (saved.forms, saved.materials, saved.steps, saved.days):
        assert 0 <= after <= before or (before, after) == (0, 0)
    plain = reductions(matter, combine(matter, answers))
    assert saved.materials[1] <= plain.materials[1]
    assert saved.materials[0] == plain.materials[0]


def test_per_cent_is_counted() -> None:
    assert (per_cent((43, 12)), per_cent((48, 18)), per_cent((16, 3))) == (72.09, 62.5, 81.25)
    assert per_cent((0, 0)) == 0


def test_a_circle_is_named() -> None:
    with pytest.raises(CircleError) as caught:
        in_order({"a": ["c"], "b": ["a"], "c": ["b"], "d": []})
    assert caught.value.codes == ("a", "b", "c")


def test_a_package_that_says_nothing_of_all_this_is_as_before() -> None:
    answers = {"applicant": "mainland", "errand": "first", "housing": "rented"}
    plan = combine(N02, answers)
    assert plan.replaced == plan.promises == ()
    assert fewest(N02, answers) == plan
    saved = reductions(N02, plan)
    assert saved.forms == (2, 1)
    assert saved.materials == (6, 3)
    assert saved.visits == (2, 1)
    assert saved.steps == (6, 4)
