"""The reader of 至唯 cabinets, in its new and its old generation."""

from dataclasses import replace

import pytest

from devices.emulators.http_service import Asked
from devices.emulators.sample_cards import SAMPLE_CARDS
from devices.emulators.zhiwei_http import ZhiweiEmulator
from devices.errors import Condition, Refused, Unreachable
from devices.id_card.zhiwei_http import ZhiweiSettings
from ground.clock import RealClock
from tests.devices.id_card.service_desk import (
    check_every_card,
    check_faults,
    check_presence,
    check_silence,
    service_desk,
)

NAME = "zhiwei_http"


def test_every_card() -> None:
    with service_desk(NAME) as desk:
        check_every_card(desk)


def test_presence() -> None:
    with service_desk(NAME) as desk:
        check_presence(desk)


def test_faults() -> None:
    with service_desk(NAME) as desk:
        check_faults(desk)


def test_silence() -> None:
    with service_desk(NAME, read_timeout_s=0.1, answer_timeout_s=0.1) as desk:
        check_silence(desk)


def test_every_card_of_the_old_generation() -> None:
    with service_desk(NAME, url="{root}", firmware="old") as desk:
        assert desk.reader.status().ready
        check_every_card(desk)


def test_faults_of_the_old_generation() -> None:
    with service_desk(NAME, url="{root}", firmware="old") as desk:
        desk.emulator.card_on = True
        desk.emulator.read_fails = True
        with pytest.raises(Refused) as caught:
            desk.reader.read_card()
        assert caught.value.condition is Condition.CARD_UNREADABLE
        desk.emulator.read_fails = False
        desk.emulator.connected = False
        with pytest.raises(Unreachable):
            desk.reader.read_card()
        desk.emulator.connected = True
        desk.reader.open()
        assert desk.reader.read_card() == replace(SAMPLE_CARDS["wang_xiaoming"], photo=b"")


def test_a_verb_of_ones_own() -> None:
    verbs = ZhiweiSettings(firmware="old", read_path="getUserInfo2").verbs()
    assert (verbs.open, verbs.find, verbs.read) == ("InitComm", "Authenticate", "getUserInfo2")


# The verbs are those of field.md A1; the JSON around them is invented, the codes 1, 2, 3 are CVR's (from memory).
def test_words_of_the_emulator() -> None:
    emulator = ZhiweiEmulator(RealClock())
    assert emulator.answer(Asked("GET", "/InitComm", b"")).body == b'{"ret": 1}'
    assert emulator.answer(Asked("GET", "/Authenticate", b"")).body == b'{"ret": 2}'
    assert emulator.answer(Asked("GET", "/api/getStatus", b"")).body == b'{"status": "ok", "message": ""}'
    assert emulator.answer(Asked("GET", "/api/readCert", b"")).body == (
        b'{"status": "error", "message": "No card found"}'
    )
