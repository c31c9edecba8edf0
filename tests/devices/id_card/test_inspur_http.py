"""The reader of 浪潮 cabinets: `idcard`, which may wait for a card, and `stopIdcard`."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from devices.emulators.http_service import Asked
from devices.emulators.inspur_http import InspurEmulator
from devices.errors import TimedOut
from ground.clock import RealClock
from tests.devices.id_card.service_desk import (
    check_every_card,
    check_faults,
    check_presence,
    check_silence,
    service_desk,
)

NAME = "inspur_http"
PATIENCE_S = 60.0


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


def test_a_service_that_waits_for_a_card() -> None:
    """Silence that `stopIdcard` ends was waiting: no card, and the next question is answered."""
    with service_desk(NAME, read_timeout_s=0.2) as desk:
        desk.emulator.waits = True
        assert desk.reader.read_card() is None
        assert not desk.reader.card_present()
        assert desk.reader.status().ready
        desk.emulator.card_on = True
        assert desk.reader.read_card() is not None


def test_a_card_laid_down_while_the_service_waits() -> None:
    with (
        service_desk(NAME, read_timeout_s=30.0, deadline_s=PATIENCE_S) as desk,
        ThreadPoolExecutor(1) as worker,
    ):
        desk.emulator.waits = True
        reading = worker.submit(desk.reader.read_card)
        desk.emulator.card_on = True
        card = reading.result(PATIENCE_S)
        assert card is not None and card.name == "王小明"


def test_a_waiting_service_that_hangs_is_not_taken_for_no_card() -> None:
    with service_desk(NAME, read_timeout_s=0.1, answer_timeout_s=0.1) as desk:
        desk.emulator.waits = True
        desk.emulator.mute = True
        with pytest.raises(TimedOut):
            desk.reader.read_card()
        desk.emulator.mute = False


def test_other_paths() -> None:
    """Whatever the verbs are really called."""
    with service_desk(NAME, url="{url}/", read_path="/idcard", stop_path="stopIdcard?callback=cb") as desk:
        assert desk.reader.identity().endswith("/")
        assert desk.reader.read_card() is None


# The verbs are those of field.md A1; the JSON around them is invented.
def test_words_of_the_emulator() -> None:
    emulator = InspurEmulator(RealClock())
    assert emulator.answer(Asked("GET", "/idcard", b"")).body.decode() == (
        '{"code": "-2", "msg": "未检测到身份证，请放置身份证"}'
    )
    assert emulator.answer(Asked("GET", "/stopIdcard?callback=cb", b"")).body.decode() == (
        'cb({"code": "0", "msg": "操作成功"});'
    )
    assert emulator.answer(Asked("GET", "/printNew", b"")).status == 404
