"""What is wrong with a value that a citizen entered, and what can be filled in for her.

`problem` returns a words key (`form.problem.…`), never a sentence.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from kiosk.catalogue.model import CasePlan, Check, Field
from kiosk.domain.identity import Doubt, number_problem
from kiosk.reading.numbers import uscc_is_right

_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)  # mainland mobile numbers: 11 digits, second digit 3 to 9
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_OLDEST = date(1900, 1, 1)  # chosen: nobody who stands here has a date before
# Cards of Chinese banks have 16 to 19 digits, passbooks up to 21; passbooks have no Luhn digit, so none is asked for.
_BANK_CARD = re.compile(r"[0-9]{16,21}", re.ASCII)
_WHOLE = re.compile(
    r"0|[1-9][0-9]{0,8}", re.ASCII
)  # nine digits: chosen, more than any area, sum or headcount here
_SHORTEST_ADDRESS = 5  # characters; chosen: 某村3组 is the shortest that a person could find
_HAN = (("\u3400", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))
_NAME_JOINTS = "·• .'-‧・"  # between the parts of transcribed and Latin names


@dataclass(frozen=True, slots=True)
class Prefilled:
    """A value and where it came from: "card", "answer" (of a situation question) or "citizen"."""

    value: str
    source: str


def prefill(plan: CasePlan, card: Mapping[str, str], answers: Mapping[str, str]) -> dict[str, Prefilled]:
    """What is known already: field name → value and source. Unknown and blank values are left out.

    `card` is keyed like `Field.prefill` ("card.name"); "answer.QUESTION" takes the answer to that question.
    """
    filled = {}
    for field in plan.fields:
        source, _, name = field.prefill.partition(".")
        value = answers.get(name, "") if source == "answer" else card.get(field.prefill, "")
        if field.prefill and value.strip():
            filled[field.name] = Prefilled(value, source)
    return filled


def problem(field: Field, value: str, today: date) -> str | None:
    """The words key of what is wrong with `value`, or None. Blank is wrong only where a value is required."""
    text = value.strip()
    if not text:
        return "form.problem.missing" if field.required else None
    if len(text) > field.longest:
        return "form.problem.too_long"
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        return "form.problem.strange_character"
    return _by_kind(field, text, today)


def _by_kind(field: Field, text: str, today: date) -> str | None:
    match field.check:
        case Check.TEXT:
            return None
        case Check.CHOICE:
            known = any(choice.value == text for choice in field.choices)
            return None if known else "form.problem.choice"
        case Check.DATE:
            return _date_problem(text, today)
        case (
            Check.NAME
            | Check.ID_NUMBER
            | Check.PHONE
            | Check.ADDRESS
            | Check.CREDIT_CODE
            | Check.BANK_CARD
            | Check.WHOLE_NUMBER
        ):
            return _RULES[field.check](text)
    assert_never(field.check)


def _name_problem(text: str) -> str | None:
    letters = [sign for sign in text if sign not in _NAME_JOINTS]
    fine = len(letters) >= 2 and all(_is_letter(sign) for sign in letters)
    return None if fine else "form.problem.name"


def _is_letter(sign: str) -> bool:
    # Rare characters of older cards sit in the private use area; the name is right all the same.
    return sign.isalpha() or is_han(sign) or unicodedata.category(sign) == "Co"


def _number_problem(text: str) -> str | None:
    match number_problem(text.upper()):
        case None:
            return None
        case Doubt.NUMBER_FORM:
            return "form.problem.id_number"
        case _:
            return "form.problem.id_number_check"


def _phone_problem(text: str) -> str | None:
    return None if _MOBILE.fullmatch(text) else "form.problem.phone"


def _address_problem(text: str) -> str | None:
    han = any(is_han(sign) for sign in text)
    return None if han and len(text) >= _SHORTEST_ADDRESS else "form.problem.address"


def is_han(sign: str) -> bool:
    """Whether this is a Chinese character: 〇, the ideographs and their extensions, compatibility forms."""
    # By range, not by Python's own Unicode tables: those are older than the newest extensions.
    return sign == "〇" or any(first <= sign <= last for first, last in _HAN)


def _date_problem(text: str, today: date) -> str | None:
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        return "form.problem.date"
    if day > today:
        return "form.problem.date_future"
    return "form.problem.date_past" if day < _OLDEST else None


def _credit_code_problem(text: str) -> str | None:
    return None if uscc_is_right(text.upper()) else "form.problem.credit_code"


def _bank_card_problem(text: str) -> str | None:
    return None if _BANK_CARD.fullmatch(text.replace(" ", "")) else "form.problem.bank_card"


def _whole_number_problem(text: str) -> str | None:
    return None if _WHOLE.fullmatch(text) else "form.problem.whole_number"


_RULES: dict[Check, Callable[[str], str | None]] = {
    Check.NAME: _name_problem,
    Check.ID_NUMBER: _number_problem,
    Check.PHONE: _phone_problem,
    Check.ADDRESS: _address_problem,
    Check.CREDIT_CODE: _credit_code_problem,
    Check.BANK_CARD: _bank_card_problem,
    Check.WHOLE_NUMBER: _whole_number_problem,
}
