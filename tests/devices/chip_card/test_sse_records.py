"""Commands and records against literal ones of the notes (others.md §3)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.chip_card import SocialCard
from devices.chip_card.apdu_line import format_frame, is_atr
from devices.chip_card.sse_records import (
    GATE,
    RECORDS,
    SELECT_APPLICATION,
    SELECT_EF06,
    format_card,
    format_record,
    get_response,
    parse_card,
    parse_day,
    parse_digits,
    parse_record,
    parse_text,
    with_length,
)
from devices.emulators.sse_card import ATR, SOCIAL_CARDS
from devices.errors import Garbled

#: §3, column "read APDU"
READS = {
    "identification_code": "00 B2 01 2C 12",
    "issued": "00 B2 05 2C 06",
    "valid_to": "00 B2 06 2C 06",
    "card_number": "00 B2 07 2C 0B",
    "number": "00 B2 08 00 14",
    "name": "00 B2 09 00 20",
    "sex": "00 B2 0A 00 03",
    "ethnicity_code": "00 B2 0B 00 03",
    "birthplace_code": "00 B2 0C 00 05",
    "birth": "00 B2 0D 00 06",
}


def test_the_commands_of_the_notes() -> None:
    literal = "00 A4 04 00 0F 73 78 31 2E 73 68 2E C9 E7 BB E1 B1 A3 D5 CF"  # §3, verified
    assert bytes.fromhex(literal) == SELECT_APPLICATION
    assert bytes.fromhex("00 A4 02 00 02 EF 06") == SELECT_EF06
    assert {record.item: record.command for record in RECORDS} == {
        item: bytes.fromhex(command) for item, command in READS.items()
    }
    assert get_response(0x14) == bytes.fromhex("00 C0 00 00 14")  # §3: 61xx -> 00 C0 00 00 xx
    assert with_length(bytes.fromhex(READS["name"]), 8) == bytes.fromhex("00 B2 09 00 08")


def test_nothing_else_passes_the_gate() -> None:
    """SELECT and READ RECORD only: no VERIFY (20), no EMV (80 A8, 80 AE), nothing that writes (D6, DC)."""
    assert {command[:2].hex() for command in GATE} == {"00a4", "00b2"}
    assert len(GATE) == 2 + len(READS)


# §3: tag, length, value; the values are of an invented citizen
RECORDED = {
    "number": "08 12 34 32 39 30 30 36 31 39 39 30 30 33 30 37 30 30 31 39",
    "name": "09 1E CD F5 D0 A1 C3 F7" + " 00" * 24,
    "sex": "0A 01 31",
    "ethnicity_code": "0B 01 01",
    "birthplace_code": "0C 03 42 90 06",
    "birth": "0D 04 19 90 03 07",
    "issued": "05 04 20 18 03 01",
    "valid_to": "06 04 20 28 03 01",
    "card_number": "07 09 41 30 30 30 30 30 30 31 38",
    "identification_code": "01 10 42 90 06 D1 56 00 00 05 05 05 05 05 05 05 05 05",
}


def test_a_literal_card() -> None:
    values = {record.item: parse_record(record, bytes.fromhex(RECORDED[record.item])) for record in RECORDS}
    card = parse_card(values)
    assert card == SOCIAL_CARDS["wang_xiaoming"]
    assert (card.name, card.sex, card.birth) == ("王小明", "男", date(1990, 3, 7))
    assert (card.number, card.birthplace_code, card.ethnicity_code) == ("429006199003070019", "429006", "01")
    assert (card.card_number, card.issued, card.valid_to) == ("A00000018", date(2018, 3, 1), date(2028, 3, 1))
    assert card.identification_code == "429006D1560000050505050505050505"
    told = {record.item: format_record(record, format_card(card)[record.item]) for record in RECORDS}
    assert told == {item: bytes.fromhex(record) for item, record in RECORDED.items()}


def test_it_does_not_show_itself() -> None:
    assert repr(SOCIAL_CARDS["wang_xiaoming"]) == "SocialCard()"


@pytest.mark.parametrize("told", ["", "09", "08 01 31", "09 1F" + " 41" * 31, "09 05 41 41"])
def test_no_such_record(told: str) -> None:
    name = next(record for record in RECORDS if record.item == "name")
    with pytest.raises(Garbled) as caught:
        parse_record(name, bytes.fromhex(told))
    assert set(caught.value.facts) == {"record", "bytes"}


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("20180301", date(2018, 3, 1)),
        ("20180231", None),
        ("00000000", None),
        ("FFFFFFFF", None),
        ("2018", None),
        ("", None),
    ],
)
def test_days(value: str, day: date | None) -> None:
    assert parse_day(bytes.fromhex(value)) == day


def test_digits_and_text() -> None:
    assert parse_digits(bytes.fromhex("42 90 06")) == "429006"
    assert parse_digits(bytes.fromhex("42 9A 06")) == ""
    assert parse_text("李凤".encode("gbk") + b"\x20\x20") == "李凤"
    assert parse_text("李凤".encode("gbk") + b"\xff\xff") == "李凤"
    assert parse_text("陈㐂".encode("gb18030") + b"\0") == "陈㐂"
    assert parse_text(b"\x81") == "\ufffd"


@pytest.mark.parametrize(("code", "sex"), [(b"1", "男"), (b"\x02", "女"), (b"9", ""), (b"", "")])
def test_sex(code: bytes, sex: str) -> None:
    assert parse_card({"sex": code}).sex == sex


def test_an_empty_card() -> None:
    assert parse_card({}) == SocialCard()


@given(st.binary(max_size=40))
def test_any_bytes_are_a_value_or_garbled(told: bytes) -> None:
    for record in RECORDS:
        try:
            parse_card({record.item: parse_record(record, told)})
        except Garbled:
            continue


def test_frames() -> None:
    assert format_frame(b"\x04") == bytes.fromhex("00 01 04")  # vsmartcard's documentation: ask for the ATR
    assert format_frame(SELECT_EF06) == bytes.fromhex("00 07 00 A4 02 00 02 EF 06")
    assert is_atr(ATR)
    assert not any(
        is_atr(bytes.fromhex(answer)) for answer in ("", "3B", "90 00", "6F 00 90 00", *RECORDED.values())
    )
