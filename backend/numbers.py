"""Acceptance numbers (办件编号): `429006-20261121-000001-C`.

The form is ours, not a national one: region code (6), day in China (8), serial of that day (6, from 1), check
character. The check is ISO 7064 MOD 11-2 over the twenty digits, the same that GB 11643 id numbers end with, so
a mistyped or swapped digit is noticed before anybody asks the database. To every reader the number is opaque.
"""

import re
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.schema import Case

_FORM = re.compile(r"([0-9]{6})-([0-9]{8})-([0-9]{6,})-([0-9X])")
_CHECK_CHARACTERS = "0123456789X"


def check_character(digits: str) -> str:
    """The ISO 7064 MOD 11-2 check character of `digits`."""
    rest = 0
    for digit in digits:
        rest = (rest + int(digit)) * 2 % 11
    return _CHECK_CHARACTERS[(12 - rest) % 11]


def format_number(region_code: str, day: date, serial: int) -> str:
    """The acceptance number of the `serial`-th case of `day`."""
    parts = (region_code, day.strftime("%Y%m%d"), f"{serial:06d}")
    return "-".join((*parts, check_character("".join(parts))))


def is_number(said: str) -> bool:
    """Whether `said` has the form of an acceptance number and its check character is right."""
    match = _FORM.fullmatch(said)
    return match is not None and check_character("".join(match.groups()[:3])) == match.group(4)


def next_serial(session: Session, day: date) -> int:
    """The serial of the next case of `day`. Call inside the transaction that takes it."""
    last = session.scalar(select(func.max(Case.serial)).where(Case.day == day.isoformat()))
    return (last or 0) + 1
