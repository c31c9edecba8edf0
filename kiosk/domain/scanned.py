"""What may be done with a text that somebody held before the scanner: the gate between a stranger's text and a visit.

A text is one of a few forms that are ours, or it is only text. A web address is shown as text at most; nothing here,
and nothing behind this gate, opens, follows or executes anything. Numbers that change every minute (health codes,
electronic social security cards) are `Unknown` like everything else, and are not kept.
"""

import re
from dataclasses import dataclass
from typing import Final

from offline_cache.local_number import PATTERN as LOCAL_NUMBER
from offline_cache.local_number import is_local_number

#: in front of the number in a receipt's QR code: a number alone could be anything
RECEIPT_PREFIX: Final = "TTS1:"
#: in front of what a blank form says of itself: the matter and the material slot that it fills
FORM_PREFIX: Final = "TTF1:"
#: in front of the matter's code on a poster (一事一码)
MATTER_PREFIX: Final = "TTM1:"

_LONGEST_SHOWN = 60  # characters of an address: enough to recognise it, too few to hide what it ends in

#: an acceptance number to whoever does not know the platform's form; the platform's clients take up to 64 characters
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")
#: the reference platform's form: region, day, serial, check character (ISO 7064 MOD 11-2 over the digits)
_ACCEPTANCE_NUMBER = re.compile(r"([0-9]{6})-([0-9]{8})-([0-9]{6,})-([0-9X])")
_CHECK_CHARACTERS = "0123456789X"
_MATTER_AND_SLOT = re.compile(r"([A-Z][0-9A-Z]{0,7}):([0-9A-Za-z]{1,8})")
_MATTER = re.compile(r"[A-Z][0-9A-Z]{0,7}")
_ADDRESS = re.compile(r"(?:https?://|www\.)(?P<rest>[^\s]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """The number of a case: from a receipt, or read off something that has the form of one."""

    number: str
    local: bool  #: the terminal gave it; the platform may not know it yet


@dataclass(frozen=True, slots=True)
class FormSlot:
    """A blank form says where it belongs."""

    matter: str  #: code of the matter, such as "N02"; whether there is one is the catalogue's to say
    slot: str  #: material slot within it


@dataclass(frozen=True, slots=True)
class MatterCode:
    """A poster names its matter."""

    matter: str  #: code; whether there is one is the catalogue's to say


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address on the web. It is never opened."""

    shown: str  #: its beginning, for the screen


@dataclass(frozen=True, slots=True)
class Unknown:
    """Any other text. It is not shown, because it may name a person, and not kept."""

    characters: int  #: how long it was


Scanned = CaseNumber | FormSlot | MatterCode | WebAddress | Unknown


def classified(text: str) -> Scanned:
    """What `text` is. Never raises, whatever it holds."""
    if text.startswith(RECEIPT_PREFIX):
        number = _case_number(text.removeprefix(RECEIPT_PREFIX), trusted=True)
        return number or Unknown(len(text))
    if text.startswith(FORM_PREFIX):
        found = _MATTER_AND_SLOT.fullmatch(text.removeprefix(FORM_PREFIX))
        return FormSlot(found[1], found[2]) if found else Unknown(len(text))
    if text.startswith(MATTER_PREFIX):
        named = text.removeprefix(MATTER_PREFIX)
        return MatterCode(named) if _MATTER.fullmatch(named) else Unknown(len(text))
    if (bare := _case_number(text, trusted=False)) is not None:
        return bare
    if _ADDRESS.fullmatch(text):
        return WebAddress(text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…")
    return Unknown(len(text))


def format_form_code(matter: str, slot: str) -> str:
    """What the code on a blank form says. Raises ValueError when it could not be read back."""
    said = f"{FORM_PREFIX}{matter}:{slot}"
    if classified(said) != FormSlot(matter, slot):
        raise ValueError(f"a matter's code and a slot are needed: {said}")
    return said


def format_matter_code(matter: str) -> str:
    """What the code on a matter's poster says. Raises ValueError when it could not be read back."""
    said = f"{MATTER_PREFIX}{matter}"
    if classified(said) != MatterCode(matter):
        raise ValueError(f"a matter's code is needed: {said}")
    return said


def typed_number(text: str) -> str:
    """An acceptance number as it is written on a receipt, from digits alone, with or without hyphens; "" if none."""
    plain = text.replace("-", "").replace(" ", "").upper()
    found = re.fullmatch(r"([0-9]{6})([0-9]{8})([0-9]{6,})([0-9X])", plain)
    number = "-".join(found.groups()) if found else ""
    return number if _case_number(number, trusted=False) else ""


def _case_number(said: str, *, trusted: bool) -> CaseNumber | None:
    """A number whose check agrees; from a receipt (`trusted`) also one of a form that is not known here."""
    if LOCAL_NUMBER.fullmatch(said):
        return CaseNumber(said, local=True) if is_local_number(said) else None
    if found := _ACCEPTANCE_NUMBER.fullmatch(said):
        right = _check_character(found[1] + found[2] + found[3]) == found[4]
        return CaseNumber(said, local=False) if right else None
    return CaseNumber(said, local=False) if trusted and _NUMBER.fullmatch(said) else None


def _check_character(digits: str) -> str:
    """The ISO 7064 MOD 11-2 check character of `digits`."""
    rest = 0
    for digit in digits:
        rest = (rest + int(digit)) * 2 % 11
    return _CHECK_CHARACTERS[(12 - rest) % 11]
