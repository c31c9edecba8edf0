"""The 256-byte text block: four layouts, odd characters, odd codes (id_card_reader.md §5)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.emulators.sample_cards import (
    FOREIGNER_2017,
    FOREIGNER_2023,
    HMT_RESIDENT,
    RARE_BEYOND_THE_BASIC_PLANE,
    RARE_IN_THE_BASIC_PLANE,
    SAMPLE_CARDS,
    WANG_XIAOMING,
)
from devices.errors import Condition, Garbled, Refused
from devices.id_card import CardKind, IdCard
from devices.id_card.card_text import (
    ETHNICITIES,
    format_addresses,
    format_text,
    parse_addresses,
    parse_text,
)

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643, §5.5


def block_with(at: int, units: bytes, card: IdCard = WANG_XIAOMING) -> bytes:
    block = bytearray(format_text(card))
    block[at : at + len(units)] = units
    return bytes(block)


@pytest.mark.parametrize("card", SAMPLE_CARDS.values(), ids=SAMPLE_CARDS)
def test_every_sample_survives_the_chip(card: IdCard) -> None:
    block = format_text(card)
    assert len(block) == 256
    assert parse_text(block, card.photo) == card


@pytest.mark.parametrize("card", SAMPLE_CARDS.values(), ids=SAMPLE_CARDS)
def test_every_sample_agrees_with_itself(card: IdCard) -> None:
    if len(card.number) != 18:  # the 15 characters of 2017 are checked below
        return
    total = sum(int(digit) * weight for digit, weight in zip(card.number[:17], WEIGHTS, strict=True))
    assert card.number[17] == "10X98765432"[total % 11]
    assert card.birth == date.fromisoformat(card.number[6:14])
    assert card.sex == ("男" if int(card.number[16]) % 2 else "女")


def test_the_check_digit_of_2017() -> None:  # §5.4: ICAO 7-3-1
    values = [int(char, 36) for char in FOREIGNER_2017.number]
    assert sum(value * (7, 3, 1)[index % 3] for index, value in enumerate(values[:14])) % 10 == values[14]
    assert FOREIGNER_2017.birth == date(1990, 12, 31)


@pytest.mark.parametrize(
    ("card", "at", "text"),
    [
        (WANG_XIAOMING, 0, "王小明 "),  # §5.1
        (WANG_XIAOMING, 30, "101"),
        (WANG_XIAOMING, 36, "19900307"),
        (WANG_XIAOMING, 52, "湖北省"),
        (WANG_XIAOMING, 122, "429006199003070019"),
        (WANG_XIAOMING, 158, "天门市公安局 "),
        (WANG_XIAOMING, 188, "2020050120400501"),
        (WANG_XIAOMING, 220, " " * 18),
        (SAMPLE_CARDS["li_feng"], 204, "长期      "),
        (HMT_RESIDENT, 32, "  "),  # §5.2
        (HMT_RESIDENT, 220, "H0000000001   J   "),
        (FOREIGNER_2017, 0, "SAMPLE, AIZHAN "),  # §5.3
        (FOREIGNER_2017, 120, "2KAZ110090123105KAZ "),
        (FOREIGNER_2017, 188, "201904012029040119901231011500I   "),
        (FOREIGNER_2023, 30, "20019810808"),  # §5.4
        (FOREIGNER_2023, 52, "SAMPLE, MARGUERITE-ANTOINETTE JOSEP911124198108081024"),
        (FOREIGNER_2023, 220, "HINE       CANY   "),
    ],
)
def test_the_places_of_section_5(card: IdCard, at: int, text: str) -> None:
    units = text.encode("utf-16-le")
    assert format_text(card)[at : at + len(units)] == units


@pytest.mark.parametrize("card", [RARE_IN_THE_BASIC_PLANE, RARE_BEYOND_THE_BASIC_PLANE])
def test_rare_characters_are_whole(card: IdCard) -> None:
    assert parse_text(format_text(card)).name == card.name
    assert card.name.encode("gb18030").decode("gb18030") == card.name


def test_half_a_surrogate_pair_becomes_a_replacement() -> None:
    card = parse_text(block_with(0, b"\x42\xd8" + "吉".encode("utf-16-le")))
    assert card.name == "�吉明"
    card.name.encode("gb18030")
    card.name.encode("utf-8")


def test_a_pair_cut_by_the_end_of_its_place() -> None:
    name = ("王" * 14).encode("utf-16-le") + b"\x42\xd8"
    assert parse_text(block_with(0, name)).name == "王" * 14 + "�"


def test_private_use_characters_stay() -> None:  # §5.5
    card = parse_text(block_with(0, "\ue815\uf8ff".encode("utf-16-le")))
    assert card.name == "\ue815\uf8ff明"
    assert parse_text(format_text(card)) == card


def test_zero_discriminator_is_resident() -> None:  # §5
    assert parse_text(block_with(248, b"\0\0")).kind is CardKind.RESIDENT


def test_an_unknown_layout_is_no_card_that_we_know() -> None:
    with pytest.raises(Refused) as caught:
        parse_text(block_with(248, "Q".encode("utf-16-le")))
    assert caught.value.condition is Condition.NOT_AN_ID_CARD


def test_another_size_is_garbled() -> None:
    with pytest.raises(Garbled):
        parse_text(bytes(255))


def test_all_ethnicities() -> None:  # §5.5
    assert len(ETHNICITIES) == 58
    spot = {
        "01": "汉",
        "10": "朝鲜",
        "15": "土家",
        "29": "柯尔克孜",
        "44": "俄罗斯",
        "56": "基诺",
        "97": "其他",
    }
    assert {code: ETHNICITIES[code] for code in spot} == spot


def test_unknown_codes_are_shown_not_refused() -> None:
    card = parse_text(block_with(30, "577".encode("utf-16-le")))
    assert (card.sex, card.ethnicity) == ("未知", "未知(77)")
    assert parse_text(format_text(card)).ethnicity == "未知(77)"


@pytest.mark.parametrize("digits", ["19900230", "00000000", "1990 307", "１９９００３０７", "        "])
def test_eight_characters_that_are_no_date(digits: str) -> None:
    card = parse_text(block_with(36, digits.encode("utf-16-le")))
    assert card.birth is None


def test_a_name_too_long_for_the_chip() -> None:
    with pytest.raises(ValueError, match="name has 16"):
        format_text(replace(WANG_XIAOMING, name="王" * 16))
    with pytest.raises(ValueError, match="latin_name has 61"):
        format_text(replace(FOREIGNER_2017, latin_name="A" * 61))
    with pytest.raises(ValueError, match="latin_name_rest"):
        format_text(replace(FOREIGNER_2023, latin_name="A" * 47))


def test_addresses() -> None:  # §3.3
    body = format_addresses(("湖北省天门市示例路2号", "", "湖北省天门市示例路3号"))
    assert len(body) == 210
    assert parse_addresses(body) == ("湖北省天门市示例路2号", "湖北省天门市示例路3号")
    with pytest.raises(Garbled):
        parse_addresses(body[:-1])


@given(st.binary(min_size=256, max_size=256), st.sampled_from([" ", "\0", "I", "J", "Y"]))
@settings(deadline=None)
def test_no_block_crashes(block: bytes, mark: str) -> None:
    card = parse_text(block[:248] + mark.encode("utf-16-le") + block[250:])
    for text in (card.name, card.address, card.number, card.authority, card.ethnicity, card.latin_name):
        text.encode("gb18030")
        text.encode("utf-8")


_UNITS = st.characters(exclude_categories=["Cs"], exclude_characters=" \0", max_codepoint=0xFFFF)


@given(
    name=st.text(_UNITS, max_size=15),
    address=st.text(_UNITS, max_size=35),
    number=st.text(_UNITS, max_size=18),
    birth=st.none() | st.dates(),
    valid_to=st.none() | st.dates(),
    sex=st.sampled_from(["男", "女", "未知", "未说明"]),
    ethnicity=st.sampled_from(sorted(ETHNICITIES.values())),
    long_term=st.booleans(),
)
@settings(deadline=None)
def test_what_a_chip_can_hold_comes_back(
    name: str,
    address: str,
    number: str,
    birth: date | None,
    valid_to: date | None,
    sex: str,
    ethnicity: str,
    long_term: bool,
) -> None:
    card = replace(
        WANG_XIAOMING,
        name=name,
        address=address,
        number=number,
        birth=birth,
        valid_to=None if long_term else valid_to,
        sex=sex,
        ethnicity=ethnicity,
        long_term=long_term,
    )
    assert parse_text(format_text(card), card.photo) == card


def block_of(**places: str) -> bytes:
    """A text block from the notes' own offsets, without our codec: at_0="王小明", at_30="1" …"""
    block = bytearray(b" \0" * 128)
    for name, text in places.items():
        at, units = int(name.removeprefix("at_")), text.encode("utf-16-le")
        block[at : at + len(units)] = units
    return bytes(block)


def test_a_resident_by_the_notes_offsets() -> None:  # §5.1, §8
    card = parse_text(
        block_of(
            at_0="张三",
            at_30="1",
            at_32="01",
            at_36="19491231",
            at_52="北京市朝阳区测试路1号",
            at_122="11010519491231002X",
            at_158="北京市公安局朝阳分局",
            at_188="20200101",
            at_204="长期",
        )
    )
    assert card == IdCard(
        kind=CardKind.RESIDENT,
        name="张三",
        sex="男",
        ethnicity="汉",
        birth=date(1949, 12, 31),
        address="北京市朝阳区测试路1号",
        number="11010519491231002X",
        authority="北京市公安局朝阳分局",
        valid_from=date(2020, 1, 1),
        valid_to=None,
        long_term=True,
    )


@pytest.mark.parametrize("reserved", ["", "00", "01"])
def test_a_hong_kong_resident_by_the_notes_offsets(
    reserved: str,
) -> None:  # §5.2: 32 is reserved, not ethnicity
    card = parse_text(
        block_of(
            at_0="何家乐",
            at_30="2",
            at_32=reserved,
            at_36="19800101",
            at_52="湖北省天门市示例路9号",
            at_122="810000198001010014",
            at_158="天门市公安局",
            at_188="20230201",
            at_204="20280201",
            at_220="H12345678",
            at_238="02",
            at_248="J",
        )
    )
    assert (card.kind, card.name, card.sex, card.ethnicity) == (CardKind.HMT_RESIDENCE, "何家乐", "女", "")
    assert (card.number, card.pass_number, card.issue) == ("810000198001010014", "H12345678", "02")
    assert (card.valid_from, card.valid_to) == (date(2023, 2, 1), date(2028, 2, 1))


def test_a_taiwan_permit_has_eight_digits() -> None:  # §5.2
    card = parse_text(block_of(at_36="19800101", at_122="830000198001010010", at_220="01234567", at_248="J"))
    assert (card.pass_number, card.name, card.birth) == ("01234567", "", date(1980, 1, 1))


def test_a_foreigner_of_2017_by_the_notes_offsets() -> None:  # §5.3
    card = parse_text(
        block_of(
            at_0="SAMPLE, " + "A" * 52,
            at_120="1",
            at_122="KAZ110090123105",
            at_152="KAZ",
            at_158="阿依扎",
            at_188="20190401",
            at_204="20290401",
            at_220="19901231",
            at_236="01",
            at_240="1500",
            at_248="I",
        )
    )
    assert (card.kind, card.latin_name, card.sex) == (CardKind.FOREIGN_2017, "SAMPLE, " + "A" * 52, "男")
    assert (card.number, card.nationality, card.name) == ("KAZ110090123105", "KAZ", "阿依扎")
    assert (card.birth, card.valid_from, card.valid_to) == (
        date(1990, 12, 31),
        date(2019, 4, 1),
        date(2029, 4, 1),
    )
    assert (card.issue, card.authority, card.address, card.ethnicity) == ("01", "1500", "", "")


@pytest.mark.parametrize("nationality", ["CAN", "124"])  # §5.4: alpha-3 or numeric is not verified
@pytest.mark.parametrize(
    ("first", "rest", "whole"),
    [
        ("SAMPLE, ANNA", "", "SAMPLE, ANNA"),
        ("S" * 35, "TUVWXYZABCD", "S" * 35 + "TUVWXYZABCD"),  # 46, all there is room for
        ("SAMPLE, MARGUERITE ANTOINETTE JANE ", "ROSE", "SAMPLE, MARGUERITE ANTOINETTE JANE ROSE"),
        ("SAMPLE, MARGUERITE ANTOINETTE JANET", " ROSE", "SAMPLE, MARGUERITE ANTOINETTE JANET ROSE"),
    ],
)
def test_a_foreigner_of_2023_by_the_notes_offsets(
    nationality: str, first: str, rest: str, whole: str
) -> None:
    card = parse_text(
        block_of(
            at_0="样例",
            at_30="2",
            at_32="00",
            at_36="19810808",
            at_52=first,
            at_122="911124198108081024",
            at_188="20240101",
            at_204="20340101",
            at_220=rest,
            at_242=nationality,
            at_248="Y",
            at_250="x1y",
        )
    )
    assert (card.kind, card.latin_name, card.nationality) == (CardKind.FOREIGN_2023, whole, nationality)
    assert (card.name, card.number, card.issue) == ("样例", "911124198108081024", "00")
    assert parse_text(format_text(card)) == card


@pytest.mark.parametrize(
    ("units", "name"),
    [
        (b"\x42\xd8\xb7\xdf", "𠮷"),  # a whole pair
        (b"\x42\xd8", "�"),  # high half alone
        (b"\xb7\xdf", "�"),  # low half alone
        (b"\xb7\xdf\x42\xd8", "��"),  # the wrong way round
        (b"\x42\xd8\x42\xd8\xb7\xdf", "�𠮷"),
        (b"\x00\xfd\xff\xff", "\ufd00\uffff"),  # no character at all, but no half either
    ],
)
def test_halves_of_surrogate_pairs(units: bytes, name: str) -> None:
    card = parse_text(block_with(0, units + b" \0" * (15 - len(units) // 2)))
    assert card.name == name
    for encoding in ("utf-8", "gb18030", "utf-16-le"):
        card.name.encode(encoding)


@pytest.mark.parametrize("code", ["00", "57", "81", "99", "AB", "0", "１１"])
def test_codes_that_gb_t_3304_does_not_know(code: str) -> None:  # §5.5
    card = parse_text(block_with(32, code.ljust(2).encode("utf-16-le")))
    assert card.ethnicity == f"未知({code})"
