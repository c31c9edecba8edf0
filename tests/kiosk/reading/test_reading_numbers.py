"""Check characters, and what they may and may not mend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.identity import check_digit
from kiosk.reading.line import Sign
from kiosk.reading.numbers import (
    NUMBER_SIGNS,
    USCC_SIGNS,
    number_is_right,
    settled,
    uscc_check,
    uscc_is_right,
)

NUMBER = "429006199003070019"


def signs(text: str, **others: tuple[str, float]) -> tuple[Sign, ...]:
    """Signs as sure as the engine ever is; `p3=("8", 0.2)`: the fourth may be an 8, too."""
    said = {int(key[1:]): other for key, other in others.items()}
    return tuple(
        Sign(text_, 10.0 * place, 0.99, (said[place],) if place in said else ())
        for place, text_ in enumerate(text)
    )


def test_the_standards_own_example_of_a_credit_code() -> None:
    assert uscc_is_right("91350100M000100Y43")  # GB 32100-2015, annex
    assert not uscc_is_right("91350100M000100Y44")


@given(st.text(USCC_SIGNS, min_size=9, max_size=9), st.integers(0, 17), st.sampled_from(USCC_SIGNS))
def test_no_single_misread_sign_of_a_credit_code_goes_unnoticed(body: str, place: int, other: str) -> None:
    code = "91429006" + body
    code += uscc_check(code)
    assert uscc_is_right(code)
    wrong = code[:place] + other + code[place + 1 :]
    assert wrong == code or not uscc_is_right(wrong)


def test_letters_are_no_digits() -> None:
    text, sure = settled(signs(NUMBER.replace("0", "O")), NUMBER_SIGNS, number_is_right)
    assert text == NUMBER
    assert sure > 0.9  # a witness: the check digit


def test_one_misread_sign_that_only_one_exchange_mends_is_mended_with_less_confidence() -> None:
    wrong = NUMBER[:15] + "7" + NUMBER[16:]
    text, sure = settled(signs(wrong, p15=(NUMBER[15], 0.1)), NUMBER_SIGNS, number_is_right)
    assert text == NUMBER
    assert 0.5 < sure < 0.9


def test_what_two_exchanges_would_mend_stays_as_it_was_read_and_is_doubted() -> None:
    places = [(p, d) for p in range(17) for d in "0123456789" if d != NUMBER[p]]
    wrong = NUMBER[:16] + ("3" if NUMBER[16] != "3" else "4") + NUMBER[17:]
    fits = [(p, d) for p, d in places if number_is_right(wrong[:p] + d + wrong[p + 1 :])]
    assert len(fits) >= 2  # the premise: more than one exchange would pass
    others = {f"p{p}": (d, 0.1) for p, d in fits}
    text, sure = settled(signs(wrong, **others), NUMBER_SIGNS, number_is_right)
    assert text == wrong
    assert sure <= 0.5


def test_nothing_is_invented_where_the_engine_thought_of_nothing_else() -> None:
    wrong = NUMBER[:9] + "3" + NUMBER[10:]
    assert wrong != NUMBER
    text, sure = settled(signs(wrong), NUMBER_SIGNS, number_is_right)
    assert not number_is_right(text) or text == NUMBER
    assert sure <= 0.8


@given(st.integers(1, 999), st.sampled_from(["0", "1", "2", "5", "8"]))
def test_a_number_that_passes_is_surer_than_its_signs(order: int, sign: str) -> None:
    first = f"42900619{sign if sign != '0' else '9'}00307{order:03d}"[:17].ljust(17, "0")
    number = first + check_digit(first)
    text, sure = settled(signs(number), NUMBER_SIGNS, lambda some: check_digit(some[:17]) == some[17])
    assert text == number
    assert sure > 0.99**18


@pytest.mark.parametrize("text", ["", "91350100M000100Y4", "91350100M000100Y43A", "91350100m000100y43"])
def test_other_forms_are_no_credit_codes(text: str) -> None:
    assert not uscc_is_right(text)
