"""What a card says is compared with itself. Numbers are the standard's own example or computed, never a person's."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.id_card import CardKind, IdCard
from kiosk.domain.identity import (
    Doubt,
    check_digit,
    doubts,
    mask_name,
    mask_number,
    number_facts,
    number_problem,
)

TODAY = date(2026, 11, 21)
# GB 11643-1999, the standard's own example: a woman (sequence 002), born on the last day of 1949
STANDARD = "11010519491231002X"
CARD = IdCard(
    kind=CardKind.RESIDENT,
    name="王小明",
    sex="女",
    ethnicity="汉",
    birth=date(1949, 12, 31),
    address="湖北省天门市示例街道1号",
    number=STANDARD,
    authority="天门市公安局",
    valid_from=date(2016, 1, 1),
    valid_to=None,
    long_term=True,
)


@pytest.mark.parametrize(
    "number", [STANDARD, "440524188001010014", "810000198001010014", "911124198108081024"]
)
def test_published_numbers_are_right(number: str) -> None:
    assert number_problem(number) is None
    assert check_digit(number[:17]) == number[17]


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(place: int, by: int) -> None:
    wrong = str((int(STANDARD[place]) + by) % 10)
    assert number_problem(STANDARD[:place] + wrong + STANDARD[place + 1 :]) is Doubt.CHECK_DIGIT


@given(st.integers(0, 15))
def test_two_neighbours_exchanged_are_always_noticed(place: int) -> None:
    exchanged = STANDARD[:place] + STANDARD[place + 1] + STANDARD[place] + STANDARD[place + 2 :]
    assert (number_problem(exchanged) is None) == (exchanged == STANDARD)


@pytest.mark.parametrize("number", ["", "1", STANDARD[:17], STANDARD + "0", "１1010519491231002X", "x" * 18])
def test_form(number: str) -> None:
    assert number_problem(number) is Doubt.NUMBER_FORM
    with pytest.raises(ValueError):
        number_facts(number)


def test_a_date_that_does_not_exist_is_noticed() -> None:
    first_17 = "11010519490231002"
    assert number_problem(first_17 + check_digit(first_17)) is Doubt.BIRTH


def test_a_card_that_agrees_with_itself() -> None:
    assert doubts(CARD, TODAY) == ()


def test_each_disagreement_has_its_doubt() -> None:
    assert doubts(replace(CARD, sex="男"), TODAY) == (Doubt.SEX,)
    assert doubts(replace(CARD, birth=date(1949, 12, 30)), TODAY) == (Doubt.BIRTH,)
    assert doubts(replace(CARD, birth=None), TODAY) == (Doubt.BIRTH_MISSING,)
    assert doubts(replace(CARD, number=STANDARD[:17] + "1"), TODAY) == (Doubt.CHECK_DIGIT,)
    assert doubts(replace(CARD, number="12345"), TODAY) == (Doubt.NUMBER_FORM,)
    assert doubts(replace(CARD, valid_from=date(2027, 1, 1)), TODAY) == (Doubt.NOT_YET_VALID,)
    assert doubts(replace(CARD, valid_from=None), TODAY) == (Doubt.VALIDITY_MISSING,)


def test_unknown_sex_is_no_disagreement() -> None:
    assert doubts(replace(CARD, sex="未说明"), TODAY) == ()


def test_validity_ends_after_its_last_day() -> None:
    card = replace(CARD, long_term=False, valid_to=TODAY)
    assert doubts(card, TODAY) == ()
    assert doubts(replace(card, valid_to=date(2026, 11, 20)), TODAY) == (Doubt.EXPIRED,)
    assert doubts(replace(card, valid_to=None), TODAY) == (Doubt.VALIDITY_MISSING,)


def test_an_unknown_region_is_a_doubt_of_its_own_and_hides_no_other() -> None:
    first_17 = "99" + STANDARD[2:17]
    card = replace(CARD, number=first_17 + check_digit(first_17))
    assert doubts(card, TODAY) == (Doubt.REGION_UNKNOWN,)
    assert doubts(replace(card, sex="男"), TODAY) == (Doubt.REGION_UNKNOWN, Doubt.SEX)


def test_the_card_of_2017_has_its_own_number() -> None:
    card = replace(
        CARD, kind=CardKind.FOREIGN_2017, number="KAZ110090123105", birth=date(1990, 12, 31), sex="女"
    )
    assert doubts(card, TODAY) == ()
    assert doubts(replace(card, birth=date(1990, 12, 30)), TODAY) == (Doubt.BIRTH,)
    assert doubts(replace(card, sex="男"), TODAY) == (Doubt.SEX,)
    assert doubts(replace(card, number="KAZ110090123106"), TODAY) == (Doubt.CHECK_DIGIT,)
    assert doubts(replace(card, number=STANDARD), TODAY) == (Doubt.NUMBER_FORM,)


def test_the_card_of_2023_begins_with_9_and_its_province() -> None:
    card = replace(
        CARD, kind=CardKind.FOREIGN_2023, number="911124198108081024", birth=date(1981, 8, 8), sex="女"
    )
    assert doubts(card, TODAY) == ()


def test_masks() -> None:
    assert mask_name("王小明") == "王*"
    assert mask_name("欧阳") == "欧*"
    assert mask_name("𠮷田") == "𠮷*"
    assert mask_name("") == ""
    assert mask_number(STANDARD) == "110***********002X"
    assert mask_number("1234567") == "*******"


@given(st.text(min_size=8, max_size=30))
def test_a_masked_number_keeps_its_length_and_hides_the_middle(number: str) -> None:
    masked = mask_number(number)
    assert len(masked) == len(number)
    assert set(masked[3:-4]) <= {"*"}
