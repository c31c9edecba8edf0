"""The reader of 美鼎 cabinets: `OpenDevice`, `ReadMsg`, `CloseDevice`."""

import pytest

from devices.emulators.http_service import Asked
from devices.emulators.meiding_http import MeidingEmulator
from devices.errors import Unreachable
from ground.clock import RealClock
from tests.devices.id_card.service_desk import (
    check_every_card,
    check_faults,
    check_presence,
    check_silence,
    service_desk,
)

NAME = "meiding_http"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_card(method: str) -> None:
    with service_desk(NAME, method=method) as desk:
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


def test_a_service_that_was_restarted_must_be_opened_again() -> None:
    with service_desk(NAME) as desk:
        desk.emulator.unplug()
        desk.emulator.replug()
        with pytest.raises(Unreachable):
            desk.reader.read_card()
        desk.reader.open()
        assert desk.reader.read_card() is None


def test_closing_tells_the_service() -> None:
    with service_desk(NAME) as desk:
        desk.reader.close()
        assert b"65" not in desk.emulator.answer(Asked("GET", "/api/ReadMsg", b"")).body
        assert "设备未打开" in desk.emulator.answer(Asked("GET", "/api/ReadMsg", b"")).body.decode()


# The verbs are those of field.md A1; the JSON around them is invented.
def test_words_of_the_emulator() -> None:
    emulator = MeidingEmulator(RealClock())
    assert emulator.answer(Asked("POST", "/api/OpenDevice", b"")).body == b'{"ResultCode": 0, "ErrMsg": ""}'
    assert emulator.answer(Asked("POST", "/api/ReadMsg", b"")).body.decode() == (
        '{"ResultCode": 128, "ErrMsg": "找卡失败", "Result": null}'
    )
