"""The shipped packages: the published reductions come out of their own counts, and every way through them holds."""

import os
import re
from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.check_reach import ways
from kiosk.catalogue.combine import combine, fewest
from kiosk.catalogue.load import load_catalogue
from kiosk.catalogue.matrix import as_table, matrix
from kiosk.catalogue.model import Matter
from kiosk.catalogue.reductions import per_cent, reductions
from kiosk.catalogue.schedule import schedule

SHIPPED = Path(__file__).parents[3] / "config" / "catalogue"
CATALOGUE = load_catalogue(SHIPPED, date(2026, 11, 21))
COMPLETE = [matter for matter in CATALOGUE.matters if matter.complete]
GOLDEN = Path(__file__).parent / "golden"
RECORD = bool(os.environ.get("KIOSK_RECORD_GOLDEN"))

each = pytest.mark.parametrize("matter", COMPLETE, ids=lambda matter: matter.code)


def test_the_veterans_reductions_are_the_published_ones() -> None:
    """Bulletin of 2023-09-18: 16 items of 7 departments, steps 62.5 %, materials 72.09 %, visits 81.25 % less."""
    matter = CATALOGUE.matter("C28")
    saved = reductions(matter, fewest(matter, None))
    assert len(matter.items) == 16
    assert len({item.department for item in matter.items}) == 7
    assert (saved.forms, saved.materials, saved.visits, saved.steps) == ((16, 1), (43, 12), (16, 3), (48, 18))
    assert per_cent(saved.steps) == 62.5
    assert per_cent(saved.materials) == 72.09
    assert per_cent(saved.visits) == 81.25


def test_the_hotel_s_reductions_are_the_published_ones() -> None:
    """Bulletin of 2023-11-22: nine licences, nine forms made one, 83 materials made 26."""
    matter = CATALOGUE.matter("H01")
    saved = reductions(matter, fewest(matter, None))
    assert len(matter.items) == 9
    assert len({item.department for item in matter.items}) == 9
    assert (saved.forms, saved.materials) == ((9, 1), (83, 26))


@pytest.mark.parametrize("code", ["C28", "H01"])
def test_no_percentage_stands_in_a_package(code: str) -> None:
    (file,) = SHIPPED.glob(f"{code.lower()}-*.yaml")
    assert not re.search(r"reduction|per_cent|62\.5|72\.09|81\.25", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", ["C02", "C08", "C12", "C25", "C28", "C29", "C32", "C52", "H01"])
def test_items_that_nobody_published_say_so(code: str) -> None:
    assert all(item.sample for item in CATALOGUE.matter(code).items)


def test_published_items_are_not_ours_and_keep_their_names() -> None:
    for code in ("N02", "N03", "N04"):
        assert not any(item.sample for item in CATALOGUE.matter(code).items)
    other = {item.code: item.aliases for item in CATALOGUE.matter("N04").items}
    assert other["N04-5"] == ("【省集中企保系统】灵活就业人员新增/续保",)


@each
def test_whatever_she_answers_there_is_something_to_do_and_a_plan_for_it(matter: Matter) -> None:
    for answers in ways(matter):
        plan = combine(matter, answers)
        assert plan.items and plan.fields
        times = schedule(plan.items)
        assert times.promised_days <= times.statutory_days
        assert {m.slot for m in fewest(matter, answers).materials} <= {m.slot for m in plan.materials}


@each
def test_every_promise_tells_what_a_false_one_means(matter: Matter) -> None:
    for promise in matter.promises:
        assert "承诺" in promise.text and "不实" in promise.false_means
    named = {material.promise for material in matter.materials if material.promise}
    assert named == {promise.name for promise in matter.promises}


@each
def test_the_matrix_is_as_it_was_looked_at(matter: Matter) -> None:
    """`make golden` does not record these: KIOSK_RECORD_GOLDEN=1 pytest tests/kiosk/catalogue -k matrix."""
    drawn, file = as_table(matrix(matter)), GOLDEN / f"{matter.code}.tsv"
    if RECORD:
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")


def test_a_household_of_three_is_asked_for_two_members() -> None:
    matter = CATALOGUE.matter("C12")
    plan = combine(matter, {"who": "self", "couple": "married", "members": "two"})
    names = [field.name for field in plan.fields]
    assert {"member_name_1", "member_name_2"} <= set(names)
    assert "member_name_3" not in names
    assert "家庭成员 2" in [section.name for section in plan.sections]


def test_an_agent_hands_in_an_authorisation_and_her_card_is_not_the_applicant_s() -> None:
    plan = combine(CATALOGUE.matter("C12"), {"who": "agent", "couple": "single", "members": "nobody"})
    by_name = {field.name: field for field in plan.fields}
    assert {"90", "91"} <= {material.slot for material in plan.materials}
    assert by_name["agent_name"].prefill == "card.name"
    assert by_name["name"].prefill == ""
    assert not by_name["name"].locked


def test_who_must_be_seen_is_told_where() -> None:
    seen = [item for item in CATALOGUE.matter("C28").items if item.in_person]
    assert [item.name for item in seen] == ["居民身份证申领", "军队驾驶证换领地方驾驶证"]
    assert all(item.in_person.where for item in seen if item.in_person)
