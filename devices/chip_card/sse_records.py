"""Commands and records of the social security application (SSSE), read and written.

Source: shared protocol notes, others.md §3: application id and record table verified for cards of the first and
second generation; access conditions of the third (SM) are not. A record is tag, length, value; the status word follows.

These commands are all that is ever sent to a card, together with ISO 7816-4's GET RESPONSE: no PIN, no payment
application, no writing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from devices.chip_card import SocialCard
from devices.errors import Garbled

SELECT_APPLICATION: Final = bytes.fromhex("00 A4 04 00 0F") + b"sx1.sh." + "社会保障".encode("gbk")
SELECT_EF06: Final = bytes.fromhex("00 A4 02 00 02 EF 06")
_GET_RESPONSE = bytes.fromhex("00 C0 00 00")
_BY_FILE_5 = 0x2C  # P2 of a read: short file id 5, and the record's number stands in P1
_IN_SELECTED_FILE = 0x00
_HEAD_BYTES = 2  # tag and length
_FILL = b"\x00\x20\xff"  # what short texts are filled up with (§3 does not say; all three tolerated)

SEXES: Final[Mapping[bytes, str]] = {b"1": "男", b"2": "女", b"\x01": "男", b"\x02": "女"}


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the table in §3."""

    item: str  #: the field of `SocialCard`
    in_ef06: bool  #: in the file that must be selected first; else in EF05
    number: int  #: which is also its tag
    size: int  #: bytes of its value

    @property
    def command(self) -> bytes:
        """READ RECORD."""
        where = _IN_SELECTED_FILE if self.in_ef06 else _BY_FILE_5
        return bytes((0x00, 0xB2, self.number, where, self.size + _HEAD_BYTES))


RECORDS: Final = (
    Record("identification_code", False, 0x01, 0x10),
    Record("issued", False, 0x05, 0x04),
    Record("valid_to", False, 0x06, 0x04),
    Record("card_number", False, 0x07, 0x09),
    Record("number", True, 0x08, 0x12),
    Record("name", True, 0x09, 0x1E),
    Record("sex", True, 0x0A, 0x01),
    Record("ethnicity_code", True, 0x0B, 0x01),
    Record("birthplace_code", True, 0x0C, 0x03),
    Record("birth", True, 0x0D, 0x04),
)
#: everything that may be sent to a card, besides GET RESPONSE and the same reads with a card's own length
GATE: Final = frozenset({SELECT_APPLICATION, SELECT_EF06, *(record.command for record in RECORDS)})


def get_response(size: int) -> bytes:
    """Fetch `size` bytes that the card holds ready (ISO 7816-4, after 61xx)."""
    return _GET_RESPONSE + bytes((size,))


def with_length(command: bytes, size: int) -> bytes:
    """The read `command` with the length that the card told (ISO 7816-4, after 6Cxx)."""
    return command[:-1] + bytes((size,))


def parse_record(record: Record, told: bytes) -> bytes:
    """The value in a card's answer, without its status word. Raises `Garbled`; what was told is not in it."""
    if (
        len(told) < _HEAD_BYTES
        or told[0] != record.number
        or told[1] > min(len(told) - _HEAD_BYTES, record.size)
    ):
        raise Garbled(record=record.item, bytes=len(told))
    return told[_HEAD_BYTES : _HEAD_BYTES + told[1]]


def format_record(record: Record, value: bytes) -> bytes:
    """`value` as a card tells it: the inverse of `parse_record`."""
    return bytes((record.number, len(value))) + value


def parse_digits(value: bytes) -> str:
    """Packed decimal digits; "" when there are none, or they are no digits."""
    digits = value.hex()
    return digits if digits.isdecimal() else ""


def parse_day(value: bytes) -> date | None:
    """YYYYMMDD in four packed bytes; None when it is no date."""
    digits = parse_digits(value)
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) if len(digits) == 8 else None
    except ValueError:
        return None


def parse_text(value: bytes) -> str:
    """GBK (decoded as its superset GB18030), without what fills it up."""
    return value.strip(_FILL).decode("gb18030", "replace")


def parse_card(values: Mapping[str, bytes]) -> SocialCard:
    """The card of the records that it told, by item; what is missing stays empty. Never raises."""
    told = {record.item: values.get(record.item, b"") for record in RECORDS}
    return SocialCard(
        number=parse_text(told["number"]),
        name=parse_text(told["name"]),
        sex=SEXES.get(told["sex"], ""),
        ethnicity_code=parse_digits(told["ethnicity_code"]),
        birth=parse_day(told["birth"]),
        birthplace_code=parse_digits(told["birthplace_code"]),
        card_number=parse_text(told["card_number"]),
        identification_code=told["identification_code"].hex().upper(),
        issued=parse_day(told["issued"]),
        valid_to=parse_day(told["valid_to"]),
    )


def format_card(card: SocialCard) -> dict[str, bytes]:
    """The records of `card`, by item: the inverse of `parse_card`."""
    sexes = {text: code for code, text in SEXES.items() if code.isdigit()}

    def day(value: date | None) -> bytes:
        return bytes.fromhex(f"{value:%Y%m%d}") if value else bytes(4)

    return {
        "identification_code": bytes.fromhex(card.identification_code),
        "issued": day(card.issued),
        "valid_to": day(card.valid_to),
        "card_number": card.card_number.encode("gb18030").ljust(9, b"\0"),
        "number": card.number.encode("gb18030").ljust(18, b"\0"),
        "name": card.name.encode("gb18030").ljust(30, b"\0"),
        "sex": sexes.get(card.sex, b"\0"),
        "ethnicity_code": bytes.fromhex(card.ethnicity_code or "00"),
        "birthplace_code": bytes.fromhex(card.birthplace_code or "000000"),
        "birth": day(card.birth),
    }
