"""What a citizen enters is checked field by field; what is known is filled in and says where it came from."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.checks import Prefilled, prefill, problem
from kiosk.catalogue.combine import combine
from kiosk.catalogue.load import load_catalogue
from kiosk.catalogue.model import CasePlan, Check, Choice, Field, Section

TODAY = date(2026, 11, 21)
SHIPPED = Path(__file__).parents[3] / "config" / "catalogue"


def asked(check: Check, **more: object) -> Field:
    field = Field(name="x", label="示例", check=check, section="示例")
    return replace(field, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("check", "value", "key"),
    [
        (Check.TEXT, "天门职业学院", None),
        (Check.TEXT, "a\x00b", "strange_character"),
        (Check.TEXT, "a\ud842b", "strange_character"),
        (Check.NAME, "王小明", None),
        (Check.NAME, "阿卜杜拉·买买提", None),
        (Check.NAME, "㐂𠮷", None),
        (Check.NAME, "王\U00031350", None),
        (Check.NAME, "王\ue000", None),
        (Check.NAME, "O'Neill Mary-Jane", None),
        (Check.NAME, "王", "name"),
        (Check.NAME, "王1", "name"),
        (Check.NAME, "··", "name"),
        (Check.ID_NUMBER, "11010519491231002X", None),
        (Check.ID_NUMBER, "11010519491231002x", None),
        (Check.ID_NUMBER, "110105194912310021", "id_number_check"),
        (Check.ID_NUMBER, "1101051949123100", "id_number"),
        (Check.PHONE, "13800000000", None),
        (Check.PHONE, " 13800000000 ", None),
        (Check.PHONE, "12800000000", "phone"),
        (Check.PHONE, "1380000000", "phone"),
        (Check.PHONE, "１３８００００００００", "phone"),
        (Check.PHONE, "0728-5222222", "phone"),
        (Check.DATE, "2026-11-21", None),
        (Check.DATE, "1900-01-01", None),
        (Check.DATE, "2026-11-22", "date_future"),
        (Check.DATE, "1899-12-31", "date_past"),
        (Check.DATE, "2026-02-30", "date"),
        (Check.DATE, "20261121", "date"),
        (Check.DATE, "昨天", "date"),
        (Check.ADDRESS, "示例街道1号", None),
        (Check.ADDRESS, "示例街", "address"),
        (Check.ADDRESS, "12345678", "address"),
    ],
)
def test_each_kind(check: Check, value: str, key: str | None) -> None:
    assert problem(asked(check), value, TODAY) == (f"form.problem.{key}" if key else None)


def test_choices() -> None:
    field = asked(Check.CHOICE, choices=(Choice("a", "甲"), Choice("b", "乙")))
    assert problem(field, "a", TODAY) is None
    assert problem(field, "甲", TODAY) == "form.problem.choice"


@pytest.mark.parametrize("check", list(Check))
def test_blank_is_wrong_only_where_a_value_is_required(check: Check) -> None:
    assert problem(asked(check), "  ", TODAY) == "form.problem.missing"
    assert problem(asked(check, required=False), "", TODAY) is None


def test_too_long() -> None:
    assert problem(asked(Check.TEXT, longest=3), "一二三四", TODAY) == "form.problem.too_long"


def test_what_the_card_says_is_filled_in() -> None:
    matter = load_catalogue(SHIPPED, TODAY).matter("N02")
    answers = {"applicant": "mainland", "errand": "first", "housing": "rented"}
    card = {"card.name": "王小明", "card.number": "11010519491231002X", "card.address": " "}
    filled = prefill(combine(matter, answers), card, answers)
    assert filled == {
        "name": Prefilled("王小明", "card"),
        "number": Prefilled("11010519491231002X", "card"),
    }


def test_an_answer_is_not_asked_again() -> None:
    field = asked(Check.TEXT, prefill="answer.housing")
    plan = CasePlan(items=(), sections=(Section(name="示例", fields=(field,)),), materials=())
    assert prefill(plan, {}, {"housing": "rented"}) == {"x": Prefilled("rented", "answer")}
    assert prefill(plan, {}, {}) == {}
