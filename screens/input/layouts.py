"""Which keys a keyboard has, and how what was written is shown. Pure data: no Kivy, no engine."""

import enum
from dataclasses import dataclass

from kiosk.catalogue.model import Check


class Kind(enum.StrEnum):
    """What is being written decides the keyboard."""

    PINYIN = "pinyin"
    LETTERS = "letters"
    SYMBOLS = "symbols"
    DIGITS = "digits"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    DATE = "date"


#: which keyboard a form field opens; a choice has buttons of its own on the form
KIND_BY_CHECK: dict[Check, Kind] = {
    Check.TEXT: Kind.PINYIN,
    Check.NAME: Kind.PINYIN,
    Check.ADDRESS: Kind.PINYIN,
    Check.PHONE: Kind.PHONE,
    Check.ID_NUMBER: Kind.ID_NUMBER,
    Check.DATE: Kind.DATE,
    Check.CREDIT_CODE: Kind.LETTERS,
    Check.BANK_CARD: Kind.DIGITS,
    Check.WHOLE_NUMBER: Kind.DIGITS,
}

#: keyboards between which a citizen may switch while she writes one text
TEXT_KINDS = frozenset({Kind.PINYIN, Kind.LETTERS, Kind.SYMBOLS})

#: most characters: a mobile number, a resident identity number (GB 11643), a date as YYYYMMDD
LENGTH: dict[Kind, int] = {Kind.PHONE: 11, Kind.ID_NUMBER: 18, Kind.DATE: 8}

#: how many digits stand together when read: 138 0000 1234; 429006 19540312 0021
_GROUPS: dict[Kind, tuple[int, ...]] = {Kind.PHONE: (3, 4, 4), Kind.ID_NUMBER: (6, 8, 4)}


@dataclass(frozen=True, slots=True)
class KeyCap:
    """One key. What it does stands in `name`: a character, or delete, clear, done, space, shift or a `Kind`."""

    name: str
    icon: str = ""
    weight: float = 1.0  #: width, in ordinary keys
    quiet: bool = False  #: does not write: drawn in the city's tint
    gap: bool = False  #: an empty place

    @property
    def touch_key(self) -> str:
        """`key.7`, `key.delete`."""
        return f"key.{self.name}"


_DELETE = KeyCap("delete", "backspace-outline", quiet=True)
_CLEAR = KeyCap("clear", quiet=True)
_DONE = KeyCap("done", weight=2.6)
_SPACE = KeyCap("space", weight=2.2)
_GAP = KeyCap("", gap=True)

Rows = tuple[tuple[KeyCap, ...], ...]


def _caps(characters: str) -> tuple[KeyCap, ...]:
    return tuple(KeyCap(character) for character in characters)


def _wide(cap: KeyCap, weight: float) -> KeyCap:
    return KeyCap(cap.name, cap.icon, weight, cap.quiet, cap.gap)


_TO_PINYIN = KeyCap("pinyin", weight=1.7, quiet=True)
_TO_LETTERS = KeyCap("letters", weight=1.7, quiet=True)
_TO_SYMBOLS = KeyCap("symbols", weight=1.7, quiet=True)
_HALF = KeyCap("", weight=0.5, gap=True)
_NUMBERS = _caps("1234567890")

_PINYIN: Rows = (
    _NUMBERS,
    _caps("qwertyuiop"),
    (_HALF, *_caps("asdfghjkl"), _HALF),
    (KeyCap("'", weight=1.5, quiet=True), *_caps("zxcvbnm"), _wide(_DELETE, 1.5)),
    (_TO_LETTERS, _TO_SYMBOLS, _SPACE, _wide(_CLEAR, 1.6), _DONE),
)


def _letters(upper: bool) -> Rows:
    rows = [
        characters.upper() if upper else characters for characters in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    ]
    shift = KeyCap("shift", "apple-keyboard-caps" if upper else "apple-keyboard-shift", 1.5, True)
    return (
        _NUMBERS,
        _caps(rows[0]),
        (_HALF, *_caps(rows[1]), _HALF),
        (shift, *_caps(rows[2]), _wide(_DELETE, 1.5)),
        (_TO_PINYIN, _TO_SYMBOLS, _SPACE, _wide(_CLEAR, 1.6), _DONE),
    )


_SYMBOLS: Rows = (
    _NUMBERS,
    _caps("，。、；：？！·…～"),
    _caps("（）《》“”【】-—"),
    (*_caps("/#@.&+%_"), _wide(_DELETE, 2)),
    (_TO_PINYIN, _TO_LETTERS, _SPACE, _wide(_CLEAR, 1.6), _DONE),
)


def _pad(corner: KeyCap) -> Rows:
    return (
        _caps("123"),
        _caps("456"),
        _caps("789"),
        (corner, KeyCap("0"), KeyCap("delete", quiet=True)),
        (_CLEAR, _wide(_DONE, 2.05)),
    )


def rows(kind: Kind, *, upper: bool = False) -> Rows:
    """The keys of a keyboard, top row first. `upper` writes capital letters."""
    if kind is Kind.LETTERS:
        return _letters(upper)
    if kind is Kind.PINYIN:
        return _PINYIN
    if kind is Kind.SYMBOLS:
        return _SYMBOLS
    return _pad(KeyCap("X") if kind is Kind.ID_NUMBER else _GAP)


def grouped(kind: Kind, text: str) -> str:
    """Text as it is easily read: digits in groups."""
    parts, rest = [], text
    for length in _GROUPS.get(kind, ()):
        parts.append(rest[:length])
        rest = rest[length:]
    return " ".join(part for part in (*parts, rest) if part)


def date_digits(text: str) -> str:
    """`2026-1` → `20261`: what the keys wrote."""
    return text.replace("-", "")


def date_text(digits: str) -> str:
    """`20261121` → `2026-11-21`; unfinished dates stay unfinished: `20261` → `2026-1`."""
    return "-".join(part for part in (digits[:4], digits[4:6], digits[6:8]) if part)


def next_date_digits(digits: str, digit: str) -> str:
    """`digit` added: a month that starts with 2–9 or a day that starts with 4–9 gets its zero by itself."""
    starts_month = len(digits) == 4 and digit > "1"
    starts_day = len(digits) == 6 and digit > "3"
    return digits + ("0" if starts_month or starts_day else "") + digit
