"""Does an identity document agree with itself? Number, check digit, birth, sex and validity are compared.

Drivers return what the chip says; what disagrees is a `Doubt`, which the journey shows and sends along. An
unknown region is never more than a doubt: codes of abolished counties live on in old numbers.
"""

import enum
import re
from dataclasses import dataclass
from datetime import date

from devices.id_card import CardKind, IdCard

# GB 11643-1999 (ISO 7064 MOD 11-2)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_NUMBER = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
# Foreign permanent resident card of 2017: nationality, region, birth YYMMDD, sequence, ICAO 9303 check digit
_NUMBER_2017 = re.compile(r"[A-Z]{3}[0-9]{12}", re.ASCII)
_ICAO_WEIGHTS = (7, 3, 1)
# GB/T 2260-2007, first two digits; 81 to 83 are on residence permits of Hong Kong, Macau, Taiwan residents
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(first, last + 1)
)


class Doubt(enum.StrEnum):
    """What disagrees. Each has its sentence in words `identity.doubt.<value>`."""

    NUMBER_FORM = "number_form"
    CHECK_DIGIT = "check_digit"
    REGION_UNKNOWN = "region_unknown"
    BIRTH = "birth"
    BIRTH_MISSING = "birth_missing"
    SEX = "sex"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    VALIDITY_MISSING = "validity_missing"


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """What an 18-digit number says of its holder."""

    birth: date | None  #: None when the eight digits are no date
    sex: str  #: 男 or 女


def check_digit(first_17: str) -> str:
    """The 18th character for 17 digits. Raises ValueError when they are not 17 digits."""
    if not re.fullmatch(r"[0-9]{17}", first_17, re.ASCII):
        raise ValueError("17 digits are needed")
    return _CHECK_DIGITS[sum(int(d) * w for d, w in zip(first_17, _WEIGHTS, strict=True)) % 11]


def number_problem(number: str) -> Doubt | None:
    """What is wrong with an 18-character number by itself: form, check digit or date. None if nothing is."""
    if not _NUMBER.fullmatch(number):
        return Doubt.NUMBER_FORM
    if check_digit(number[:17]) != number[17]:
        return Doubt.CHECK_DIGIT
    if number_facts(number).birth is None:
        return Doubt.BIRTH
    return None


def number_facts(number: str) -> NumberFacts:
    """Birth and sex as an 18-character number says. Raises ValueError when the form is wrong."""
    if not _NUMBER.fullmatch(number):
        raise ValueError("not an 18-character identity number")
    return NumberFacts(birth=_date(number[6:14]), sex="男" if int(number[16]) % 2 else "女")


def doubts(card: IdCard, today: date) -> tuple[Doubt, ...]:
    """Everything about `card` that disagrees, in the order of `Doubt`. Empty when it agrees with itself."""
    if card.kind is CardKind.FOREIGN_2017:
        found = _doubts_2017(card)
    else:
        found = _doubts_of_number(card)
    found |= _doubts_of_validity(card, today)
    if card.birth is None:
        found.add(Doubt.BIRTH_MISSING)
    return tuple(doubt for doubt in Doubt if doubt in found)


def mask_name(name: str) -> str:
    """王小明 → 王*. The first character and one star, so that it does not tell how long the name is.

    Compound surnames are not looked up: 欧阳 becomes 欧*, which hides more, not less.
    """
    return f"{name[0]}*" if name else ""


def mask_number(number: str) -> str:
    """The first three and last four characters, stars between; only stars when it is too short for that."""
    if len(number) <= 7:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def _doubts_of_number(card: IdCard) -> set[Doubt]:
    problem = number_problem(card.number)
    if problem is Doubt.NUMBER_FORM:
        return {problem}
    found: set[Doubt] = {problem} if problem is not None else set()
    told = number_facts(card.number)
    if card.birth is not None and told.birth != card.birth:
        found.add(Doubt.BIRTH)
    if card.sex in ("男", "女") and told.sex != card.sex:
        found.add(Doubt.SEX)
    # The foreigner's card of 2023 begins with 9 and its issuing province.
    region = card.number[1:3] if card.kind is CardKind.FOREIGN_2023 else card.number[:2]
    if region not in _PROVINCES:
        found.add(Doubt.REGION_UNKNOWN)
    return found


def _doubts_2017(card: IdCard) -> set[Doubt]:
    if not _NUMBER_2017.fullmatch(card.number):
        return {Doubt.NUMBER_FORM}
    found = set()
    if _icao_digit(card.number[:14]) != card.number[14]:
        found.add(Doubt.CHECK_DIGIT)
    if card.birth is not None and card.birth.strftime("%y%m%d") != card.number[7:13]:
        found.add(Doubt.BIRTH)
    if card.sex in ("男", "女") and ("男" if int(card.number[13]) % 2 else "女") != card.sex:
        found.add(Doubt.SEX)
    return found


def _doubts_of_validity(card: IdCard, today: date) -> set[Doubt]:
    found = set()
    if card.valid_from is None or (card.valid_to is None and not card.long_term):
        found.add(Doubt.VALIDITY_MISSING)
    if card.valid_from is not None and card.valid_from > today:
        found.add(Doubt.NOT_YET_VALID)
    if card.valid_to is not None and card.valid_to < today:
        found.add(Doubt.EXPIRED)
    return found


def _icao_digit(text: str) -> str:
    """ICAO 9303: weights 7 3 1, letters count A = 10 … Z = 35, modulo 10."""
    return str(sum(int(sign, 36) * _ICAO_WEIGHTS[place % 3] for place, sign in enumerate(text)) % 10)


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
