"""What a vendor's service may mean. The sentences are of the kind that such services say."""

from typing import Any

import pytest

from devices.errors import Condition, Garbled, Refused, Unreachable
from devices.id_card.inspur_http import InspurSettings
from devices.id_card.service_verdict import Meaning, accept, fail, parse_verdict, status_by
from devices.status import State


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ({"code": 0}, Meaning.YES),
        ({"code": "0000"}, Meaning.YES),
        ({"ret": 144}, Meaning.YES),  # 0x90, id_card_reader.md §4
        ({"success": True, "code": 7}, Meaning.YES),
        ({"Status": "OK"}, Meaning.YES),
        ({"retcode": 200, "msg": "操作成功"}, Meaning.YES),
        ({"code": -1, "msg": "设备已打开"}, Meaning.YES),
        ({"code": -1, "msg": "未检测到身份证"}, Meaning.NO_CARD),
        ({"code": 0, "msg": "请放置身份证"}, Meaning.NO_CARD),
        ({"success": False, "message": "No card found"}, Meaning.NO_CARD),
        ({"resultFlag": -1, "errorMsg": "寻卡失败"}, Meaning.NO_CARD),
        ({"ResultCode": 128}, Meaning.NO_CARD),  # 0x80
        ({"code": "0x80"}, Meaning.NO_CARD),
        ({"code": 1, "data": "无卡"}, Meaning.NO_CARD),
        ({"code": 1, "data": {"message": "找卡失败"}}, Meaning.NO_CARD),
        ({"code": 65}, Meaning.UNREADABLE),  # 0x41
        ({"code": -3, "msg": "请将身份证拿起后重新放置"}, Meaning.UNREADABLE),
        ({"code": -3, "msg": "Read failed"}, Meaning.UNREADABLE),
        ({"code": -1, "msg": "未检测到设备"}, Meaning.NO_DEVICE),
        ({"code": -1, "msg": "Device not connected"}, Meaning.NO_DEVICE),
        ({"code": -1, "msg": "设备忙"}, Meaning.BUSY),
        ({"code": 96}, Meaning.BROKEN),  # 0x60
        ({"code": 64}, Meaning.NOT_AN_ID_CARD),
        ({"code": -17, "msg": "?"}, Meaning.FAILED),
        ({"success": False}, Meaning.FAILED),
        ({}, Meaning.SILENT),
        ({"hello": "world"}, Meaning.SILENT),
    ],
)  # fmt: skip
def test_meanings(said: dict[str, Any], meaning: Meaning) -> None:
    assert parse_verdict(said).meaning is meaning


def test_an_address_is_no_message() -> None:
    card = '{"address":"天门市忙碌路请将1号无卡"}'
    assert parse_verdict({"code": 0, "data": card}).meaning is Meaning.YES


def test_codes_and_words_of_this_installation() -> None:
    assert parse_verdict({"code": 1}, yes=("1",)).meaning is Meaning.YES
    assert parse_verdict({"code": "E7"}, no_card=("e7",)).meaning is Meaning.NO_CARD
    assert (
        parse_verdict({"code": 3, "msg": "读卡失败"}, no_card_words=("读卡失败",)).meaning is Meaning.NO_CARD
    )


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        ({"code": 65}, Condition.CARD_UNREADABLE),
        ({"code": 64}, Condition.NOT_AN_ID_CARD),
        ({"msg": "busy"}, Condition.BUSY),
        ({"code": 96}, Condition.OUT_OF_SERVICE),
        ({"code": -17}, Condition.OUT_OF_SERVICE),
    ],
)
def test_refusals(said: dict[str, Any], condition: Condition) -> None:
    with pytest.raises(Refused) as caught:
        fail(parse_verdict(said), "read")
    assert caught.value.condition is condition


def test_an_unknown_code_is_named_but_no_sentence() -> None:
    for code, named in ((-17, "-17"), ("王小明 429006199003070019", "")):
        with pytest.raises(Refused) as caught:
            accept(parse_verdict({"code": code}), "read")
        assert caught.value.facts["code"] == named


def test_no_reader_and_no_word() -> None:
    with pytest.raises(Unreachable):
        accept(parse_verdict({"msg": "无设备"}), "open")
    with pytest.raises(Garbled):
        accept(parse_verdict({}), "open")


def test_as_a_status() -> None:
    assert status_by(parse_verdict({"code": 0}), "status").state is State.ONLINE
    assert status_by(parse_verdict({"msg": "无卡"}), "status").state is State.ONLINE
    assert status_by(parse_verdict({"msg": "无设备"}), "status").state is State.NO_DEVICE
    assert status_by(parse_verdict({"msg": "设备忙"}), "status").state is State.DEVICE_BUSY
    assert status_by(parse_verdict({"code": -17}), "status").state is State.HARDWARE_ERROR
    with pytest.raises(Garbled):
        status_by(parse_verdict({}), "status")


def test_an_answer_with_a_card_in_unknown_spelling_is_not_no_card() -> None:
    settings = InspurSettings()
    strange = {"code": 0, "data": {"aa": "1", "bb": "2", "cc": "3", "dd": "4"}}
    with pytest.raises(Garbled) as caught:
        settings.card(strange, "idcard")
    assert "aa" not in str(caught.value)
    assert settings.card({"code": 0, "requestId": "17", "time": "12:00"}, "idcard") is None


def test_one_is_yes_only_with_a_whole_card() -> None:
    settings = InspurSettings()
    whole = {"code": 1, "name": "王小明", "idNo": "429006199003070019"}
    card = settings.card(whole, "idcard")
    assert card is not None and card.name == "王小明"
    with pytest.raises(Refused):
        settings.card({"code": 1}, "idcard")
    with pytest.raises(Refused):
        settings.card({**whole, "code": 2}, "idcard")


def test_spellings_for_unknown_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="there are kind, name"):
        InspurSettings(fields={"shoe_size": ("x",)})
