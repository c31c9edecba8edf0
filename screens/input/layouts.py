"""Which keys a keyboard has, and how what was written is shown. Pure data: no Kivy, no engine."""

import enum
from dataclasses import dataclass

from kiosk.catalogue.model import Check


class Kind(enum.StrEnum):
    """What is being written decides the keyboard."""

    PINYIN = "pinyin"
    HANDWRITING = "handwriting"
    LETTERS = "letters"
    SYMBOLS = "symbols"
    FIND = "find"  #: a rare character by its strokes and parts
    CODE = "code"  #: a rare character by its Unicode number
    REGION = "region"  #: province, city, county, township, village: a choice, no writing
    DIGITS = "digits"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    DATE = "date"
    CASE_NUMBER = "case_number"
    ADDRESS = "address"  #: of a network: letters, digits, and the signs that stand in addresses


#: which keyboard a form field opens; a choice has buttons of its own on the form
KIND_BY_CHECK: dict[Check, Kind] = {
    Check.TEXT: Kind.PINYIN,
    Check.NAME: Kind.HANDWRITING,
    Check.ADDRESS: Kind.REGION,
    Check.PHONE: Kind.PHONE,
    Check.ID_NUMBER: Kind.ID_NUMBER,
    Check.DATE: Kind.DATE,
    Check.CREDIT_CODE: Kind.LETTERS,
    Check.BANK_CARD: Kind.DIGITS,
    Check.WHOLE_NUMBER: Kind.DIGITS,
}

#: keyboards between which a citizen may switch while she writes one text, in the order of their keys
SWITCHES = (Kind.HANDWRITING, Kind.PINYIN, Kind.LETTERS, Kind.SYMBOLS, Kind.FIND)
TEXT_KINDS = frozenset({*SWITCHES, Kind.CODE, Kind.REGION})

#: keyboards that turn what is touched into candidates
COMPOSING = frozenset({Kind.PINYIN, Kind.HANDWRITING, Kind.FIND, Kind.CODE})
#: the two ways of writing Chinese: which one she took is remembered for her next field
WAYS = frozenset({Kind.HANDWRITING, Kind.PINYIN})

#: most characters: a mobile number, a resident identity number (GB 11643)
LENGTH: dict[Kind, int] = {Kind.PHONE: 11, Kind.ID_NUMBER: 18}

#: how many digits stand together when read: 138 0000 1234; 429006 19540312 0021
_GROUPS: dict[Kind, tuple[int, ...]] = {
    Kind.PHONE: (3, 4, 4),
    Kind.ID_NUMBER: (6, 8, 4),
    Kind.CASE_NUMBER: (6, 8, 6),
}


@dataclass(frozen=True, slots=True)
class KeyCap:
    """One key. What it does stands in `name`: a character, or delete, clear, done, space, shift, undo, wipe
    or a `Kind`."""

    name: str
    icon: str = ""
    weight: float = 1.0  #: width, in ordinary keys
    quiet: bool = False  #: does not write: drawn in the city's tint
    gap: bool = False  #: an empty place
    here: bool = False  #: leads to the keyboard that is shown already

    @property
    def touch_key(self) -> str:
        """`key.7`, `key.delete`."""
        return f"key.{self.name}"


_DELETE = KeyCap("delete", "backspace-outline", quiet=True)
_CLEAR = KeyCap("clear", weight=1.25, quiet=True)
_DONE = KeyCap("done", weight=2.1)
_SPACE = KeyCap("space", weight=1.25)
_GAP = KeyCap("", gap=True)

Rows = tuple[tuple[KeyCap, ...], ...]


def _caps(characters: str) -> tuple[KeyCap, ...]:
    return tuple(KeyCap(character) for character in characters)


def _wide(cap: KeyCap, weight: float) -> KeyCap:
    return KeyCap(cap.name, cap.icon, weight, cap.quiet, cap.gap)


_HALF = KeyCap("", weight=0.5, gap=True)
_NUMBERS = _caps("1234567890")

#: the five strokes of 五笔画 in the order of GB 13000.1's stroke order standard, by the keys of rime's `stroke`
STROKES = {"h": "一", "s": "丨", "p": "丿", "n": "丶", "z": "乛"}
#: parts that stand in many rare names; each writes all of its strokes at once. Chosen.
PARTS = ("亻口土王木日月女氵火", "石金艹竹龙天吉七山文")

_PINYIN: Rows = (
    _NUMBERS,
    _caps("qwertyuiop"),
    (_HALF, *_caps("asdfghjkl"), _HALF),
    (KeyCap("'", weight=1.5, quiet=True), *_caps("zxcvbnm"), _wide(_DELETE, 1.5)),
)
_SYMBOLS: Rows = (
    _NUMBERS,
    _caps("，。、；：？！·…～"),
    _caps("（）《》“”【】-—"),
    (*_caps("〇/#@.&+%_"), _wide(_DELETE, 1.5)),
)
_FIND: Rows = (
    tuple(KeyCap(f"stroke.{stroke}") for stroke in STROKES),
    _caps(PARTS[0]),
    _caps(PARTS[1]),
    (KeyCap("code", weight=3, quiet=True), _wide(_GAP, 4), _wide(_DELETE, 3)),
)
_CODE: Rows = (
    _caps("123456"),
    _caps("7890AB"),
    (*_caps("CDEF"), _wide(_DELETE, 2)),
)
_HANDWRITING_TOOLS = (KeyCap("undo", weight=1.6, quiet=True), KeyCap("wipe", weight=1.25, quiet=True))


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
    )


def _pad(corner: KeyCap) -> Rows:
    return (
        _caps("123"),
        _caps("456"),
        _caps("789"),
        (corner, KeyCap("0"), KeyCap("delete", quiet=True)),
        (_wide(_CLEAR, 1), _wide(_DONE, 2.05)),
    )


def rows(kind: Kind, *, upper: bool = False, switches: tuple[Kind, ...] = SWITCHES) -> Rows:
    """The keys of a keyboard, top row first. `upper` writes capital letters. Dates have their own board of keys.

    `switches`: the keyboards that this text may be written with; they stand in the last row, in one order.
    """
    if kind is Kind.ADDRESS:
        return (*_letters(upper), (*_caps(":./-#"), _SPACE, _CLEAR, _DONE))
    if kind is Kind.DATE:
        return ((_wide(_CLEAR, 1), _wide(_DONE, 2)),)
    if kind not in TEXT_KINDS:
        return _pad(KeyCap("X") if kind in (Kind.ID_NUMBER, Kind.CASE_NUMBER) else _GAP)
    tools = {Kind.HANDWRITING: _HANDWRITING_TOOLS, Kind.REGION: (_CLEAR,)}.get(kind, (_SPACE, _CLEAR))
    return (*_keys(kind, upper), (*(_switch(other, kind) for other in switches), *tools, _DONE))


def _keys(kind: Kind, upper: bool) -> Rows:
    if kind is Kind.LETTERS:
        return _letters(upper)
    return {Kind.PINYIN: _PINYIN, Kind.SYMBOLS: _SYMBOLS, Kind.FIND: _FIND, Kind.CODE: _CODE}.get(kind, ())


def _switch(other: Kind, now: Kind) -> KeyCap:
    """The key that leads to another keyboard; the one of this keyboard is marked and does nothing."""
    return KeyCap(other.value, weight=1.25, quiet=True, here=other is now)


def grouped(kind: Kind, text: str) -> str:
    """Text as it is easily read: digits in groups."""
    parts, rest = [], text
    for length in _GROUPS.get(kind, ()):
        parts.append(rest[:length])
        rest = rest[length:]
    return " ".join(part for part in (*parts, rest) if part)
