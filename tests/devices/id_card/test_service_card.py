"""What vendors' services may say about a card, in the spellings that are about. All texts here are invented."""

import base64
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.emulators.sample_cards import FOREIGNER_2017, LI_FENG, WANG_XIAOMING
from devices.errors import Garbled
from devices.id_card import CardKind
from devices.id_card.service_card import SPELLINGS, normalised, parse_card

FLAT = {
    "Name": "王小明",
    "Sex": "男",
    "Folk": "汉",
    "BirthDate": "19900307",
    "Address": "湖北省天门市竟陵街道示例路1号",
    "IdNo": "429006199003070019",
    "Agency": "天门市公安局",
    "Valid": "20200501-20400501",
}  # the keys of document_camera.md §5.2, ReadCard
WANG = replace(WANG_XIAOMING, photo=b"")


def test_flat_in_the_spelling_of_the_notes() -> None:
    assert parse_card(FLAT, {}) == WANG


@pytest.mark.parametrize(
    "said",
    [
        {"code": 0, "data": FLAT},
        {"code": "0", "data": json.dumps(FLAT)},
        {"success": True, "IDCardInfo": [FLAT]},
        {"type": "idcard", "name": "reader 1", "result": FLAT},
        {key.upper().replace("NO", "_NO"): value for key, value in FLAT.items()},
    ],
)
def test_wherever_it_stands(said: dict[str, Any]) -> None:
    assert parse_card(said, {}) == WANG


def test_in_chinese() -> None:
    said = {
        "姓名": "李凤 ",
        "性别": "女",
        "民族": "土家族",
        "出生": "1958年12月30日",
        "住址": "湖北省天门市岳口镇示例村三组8号",
        "公民身份号码": "429006195812300023",
        "签发机关": "天门市公安局",
        "有效期限": "2010.01.15-长期",
    }
    assert parse_card(said, {}) == replace(LI_FENG, photo=b"")


@pytest.mark.parametrize(
    "text",
    ["19900307", "1990-03-07", "1990.3.7", "1990/03/07 00:00:00", "1990年3月7日", "1990 年 03 月 07 日"],
)
def test_days(text: str) -> None:
    card = parse_card({**FLAT, "BirthDate": text}, {})
    assert card is not None and card.birth == date(1990, 3, 7)


@pytest.mark.parametrize("text", ["", "199003", "1990-02-31", "07.03.1990", "19901", "0"])
def test_what_is_no_day(text: str) -> None:
    card = parse_card({**FLAT, "BirthDate": text}, {})
    assert card is not None and card.birth is None


@pytest.mark.parametrize(
    ("fields", "ends", "long_term"),
    [
        ({"Valid": "20200501-20400501"}, date(2040, 5, 1), False),
        ({"Valid": "2020-05-01至2040-05-01"}, date(2040, 5, 1), False),
        ({"Valid": "20200501-长期"}, None, True),
        ({"Valid": "", "startDate": "2020.05.01", "endDate": "长期有效"}, None, True),
        ({"Valid": "", "startDate": "2020.05.01", "endDate": "20400501"}, date(2040, 5, 1), False),
        ({"Valid": "20200501"}, None, False),
        ({"Valid": "", "startDate": "20200501", "endDate": "?"}, None, False),
    ],
)
def test_validity(fields: dict[str, str], ends: date | None, long_term: bool) -> None:
    card = parse_card({**FLAT, **fields}, {})
    assert card is not None
    assert (card.valid_from, card.valid_to, card.long_term) == (date(2020, 5, 1), ends, long_term)


@pytest.mark.parametrize(
    ("said", "name"), [("汉族", "汉"), ("01", "汉"), ("1", "汉"), ("15", "土家"), ("77", "未知(77)")]
)
def test_ethnicity(said: str, name: str) -> None:
    card = parse_card({**FLAT, "Folk": said}, {})
    assert card is not None and card.ethnicity == name


@pytest.mark.parametrize(
    ("said", "sex"),
    [("1", "男"), ("2", "女"), ("F", "女"), ("男性", "男"), ("", "未知"), ("?", "未知"), ("9", "未说明")],
)
def test_sex(said: str, sex: str) -> None:
    card = parse_card({**FLAT, "Sex": said}, {})
    assert card is not None and card.sex == sex


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("429006199003070019", CardKind.RESIDENT),
        ("42900619900307001x", CardKind.RESIDENT),
        ("810000198001010014", CardKind.HMT_RESIDENCE),
        ("KAZ110090123105", CardKind.FOREIGN_2017),
        ("911124198108081024", CardKind.FOREIGN_2023),
    ],
)
def test_the_number_tells_the_kind(number: str, kind: CardKind) -> None:
    card = parse_card({**FLAT, "IdNo": number}, {})
    assert card is not None and card.kind is kind and card.number == number.upper()


def test_a_foreigner_has_no_chinese_name() -> None:
    said = {"englishName": "SAMPLE, AIZHAN", "idNum": "KAZ110090123105", "sex": "2", "nationality": "KAZ",
            "birthday": "19901231", "cardType": "I"}  # fmt: skip
    card = parse_card(said, {})
    assert card is not None
    assert (card.name, card.latin_name, card.nationality) == ("", FOREIGNER_2017.latin_name, "KAZ")


def test_spellings_of_this_installation_come_first() -> None:
    said = {**FLAT, "IdNo": "42", "Beleg": "429006199003070019"}
    assert parse_card(said, {"number": ("be_leg",)}) == WANG


@pytest.mark.parametrize(
    "said", [{}, {"code": 0, "data": None}, {"code": 0, "type": "1"}, {"code": 0, "data": {"name": ""}}]
)
def test_nothing_is_no_card(said: dict[str, Any]) -> None:
    assert parse_card(said, {}) is None


@pytest.mark.parametrize(
    "fields",
    [{"IdNo": ""}, {"IdNo": "42900619900307001"}, {"IdNo": "*" * 18}, {"Name": ""}, {"Address": "示" * 201}],
)
def test_half_a_card_is_garbled_and_not_repeated(fields: dict[str, str]) -> None:
    with pytest.raises(Garbled) as caught:
        parse_card({**FLAT, **fields}, {})
    assert "王" not in str(caught.value) and "4290" not in str(caught.value)


def test_half_a_surrogate_pair_can_be_stored() -> None:
    card = parse_card({**FLAT, "Name": "王\ud842"}, {})
    assert card is not None and card.name == "王�"
    assert card.name.encode()


def test_only_the_chips_own_photograph_is_kept() -> None:
    wlt = bytes(index % 251 for index in range(1024))
    card = parse_card({**FLAT, "photo": base64.b64encode(wlt).decode()}, {})
    assert card is not None and card.photo == wlt
    card = parse_card({**FLAT, "photo": base64.b64encode(b"\xff\xd8 a jpeg").decode()}, {})
    assert card is not None and card.photo == b""


def test_no_spelling_means_two_fields() -> None:
    keys = [normalised(key) for keys in SPELLINGS.values() for key in keys]
    assert len(keys) == len(set(keys))


_plain = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20)
_keys = st.sampled_from([*FLAT, "data", "code", "x"])
_anything = st.recursive(
    _plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=5),
    max_leaves=12,
)


@given(said=st.dictionaries(_keys, _anything, max_size=9))
def test_whatever_is_said(said: dict[str, Any]) -> None:
    """A card, none, or Garbled."""
    try:
        parse_card(said, {})
    except Garbled:
        return
