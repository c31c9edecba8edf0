"""The camera service of 良田: HTTP verbs, MJPEG preview, stills as base64."""

import base64
import json
import threading
from typing import Any

import pytest

from devices.document_camera.eloam_codec import format_grab, parse_sizes
from devices.document_camera.eloam_http import EloamCamera, EloamSettings
from devices.emulators.eloam_http import EloamEmulator
from devices.emulators.http_service import Asked
from devices.errors import Condition, Refused, TimedOut, Unreachable
from devices.status import State
from ground.clock import RealClock
from tests.devices.document_camera.service_desk import (
    PATIENCE_S,
    at_last,
    camera_desk,
    check_broken_still,
    check_closed,
    check_frozen,
    check_no_camera,
    check_only_old_stills,
    check_preview,
    check_rest,
    check_silence,
    check_stills_are_new,
)

NAME = "eloam_http"


def test_preview() -> None:
    with camera_desk(NAME) as desk:
        check_preview(desk)


def test_stills_are_new() -> None:
    with camera_desk(NAME) as desk:
        check_stills_are_new(desk)


def test_only_old_stills() -> None:
    with camera_desk(NAME, deadline_s=2.0) as desk:
        check_only_old_stills(desk)


def test_frozen() -> None:
    with camera_desk(NAME, answer_timeout_s=2.0, deadline_s=2.0) as desk:
        check_frozen(desk)


def test_silence() -> None:
    with camera_desk(NAME, answer_timeout_s=1.0, deadline_s=1.0) as desk:
        check_silence(desk)


def test_broken_still() -> None:
    with camera_desk(NAME) as desk:
        check_broken_still(desk)


def test_the_cable_behind_the_service_is_pulled_while_it_rests() -> None:
    with camera_desk(NAME) as desk:
        desk.camera.rest()
        desk.emulator.connected = False
        with pytest.raises(Unreachable):
            desk.camera.rest()
        desk.emulator.connected = True
        desk.camera.rest()


def test_rest_and_close() -> None:
    with camera_desk(NAME) as desk:
        check_rest(desk)
        check_closed(desk)


def test_no_camera() -> None:
    with camera_desk(NAME) as desk:
        desk.emulator.connected = False
        assert desk.camera.status().state is State.NO_DEVICE
        desk.emulator.connected = True
        check_no_camera(desk)


def test_the_preview_goes_on_beside_a_still_that_takes_its_time() -> None:
    """A still goes over a connection of its own, so that neither holds up the other."""
    with camera_desk(NAME, compare_still=False) as desk:
        released = threading.Event()
        grabbed = threading.Event()

        def slow(body: bytes) -> bytes:
            if body.startswith(b"{"):
                grabbed.set()
                assert released.wait(PATIENCE_S)
            return body

        stills: list[object] = []
        desk.emulator.spoil = slow
        shutter = threading.Thread(target=lambda: stills.append(desk.camera.still()))
        shutter.start()
        try:
            assert grabbed.wait(PATIENCE_S)
            for _ in range(5):
                desk.camera.preview()
            assert not stills
        finally:
            released.set()
            desk.emulator.spoil = bytes
            shutter.join()
        assert stills


def test_a_larger_size_and_the_sizes_that_there_are() -> None:
    with camera_desk(NAME, size=[2048, 1536]) as desk:
        assert isinstance(desk.camera, EloamCamera)
        assert desk.camera.still().size == (2048, 1536)
        assert desk.camera.preview().size == (
            1024,
            768,
        )  # decoded at a half: a preview need not be wider than 1920
        assert (4160, 3120) in desk.camera.resolutions()
        assert desk.camera.capabilities()["size"] == [2048, 1536]


def test_a_size_that_there_is_not() -> None:
    with camera_desk(NAME) as desk:
        assert isinstance(desk.camera, EloamCamera)
        with pytest.raises(Refused) as caught:
            desk.camera.set_resolution((17, 17))
        assert caught.value.condition is Condition.BAD_COMMAND


def test_a_code_that_is_no_yes() -> None:
    with camera_desk(NAME) as desk:
        desk.emulator.error_code = "4711"
        with pytest.raises(Refused) as caught:
            desk.camera.still()
        assert caught.value.facts["code"] == "4711"


def test_the_sub_head_looks_elsewhere() -> None:
    with camera_desk(NAME, head="sub") as desk:
        assert desk.camera.still().size == (640, 480)
        assert desk.camera.identity().endswith("#sub")


def test_a_hung_service_is_let_go_of() -> None:
    with camera_desk(NAME, answer_timeout_s=2.0, deadline_s=2.0) as desk:
        desk.emulator.mute = True
        with pytest.raises(TimedOut):
            desk.camera.status()
        desk.camera.close()
        desk.emulator.mute = False
        at_last(desk.camera.open)
        at_last(desk.camera.preview)


# document_camera.md §5.1
def test_the_body_of_a_grab() -> None:
    assert format_grab("0", 3) == {
        "filepath": "base64", "rotate": "0", "cutpage": "0", "deskew": "0", "deskewval": "0", "camidx": "0",
        "ColorMode": "0", "quality": "3", "bAutoAdjust": "", "bIsPrint1to1": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"resolution": ["4160*3120", "1280*960"]},
        {"data": "4160x3120;1280x960"},
        {"list": [{"width": 4160, "height": 3120}, {"width": "1280", "height": "960"}]},
        {"data": {"mjpg": ["4160 X 3120", "1280×960", "1280*960"]}},
    ],
)
def test_sizes_in_several_forms(said: dict[str, Any]) -> None:
    assert parse_sizes({"code": 0, **said}) == [(4160, 3120), (1280, 960)]


def test_what_lists_no_sizes() -> None:
    assert parse_sizes({"code": 0, "data": [[[[["1280*960"]]]]], "x": {"width": "²", "height": 1}}) == []


# document_camera.md §5.1
def test_words_of_the_emulator() -> None:
    emulator = EloamEmulator(RealClock())
    assert json.loads(emulator.answer(Asked("POST", "/video=status", b"{}")).body) == {
        "code": "0", "message": "success", "video0": "ok", "video1": "ok",
    }  # fmt: skip
    said = json.loads(
        emulator.answer(Asked("POST", "/video=grabimage", b'{"filepath":"base64","camidx":"0"}')).body
    )
    assert base64.b64decode(said["photoBase64"]).startswith(b"\xff\xd8\xff")
    assert (
        emulator.answer(Asked("POST", "/video=status", b"")).status == 404
    )  # a client must send at least {}
    assert emulator.answer(Asked("GET", "/video=stream&camidx=1", b"")).content_type.startswith(
        "multipart/x-mixed-replace"
    )


def test_addresses() -> None:
    for url in (
        "http://192.168.1.9:38088",
        "ws://127.0.0.1:38088",
        "http://kiosk@127.0.0.1",
        "127.0.0.1:38088",
    ):
        with pytest.raises(ValueError, match="url"):
            EloamSettings(url=url)
    assert EloamSettings(url="http://192.168.1.9:38088", allow_remote=True)
    with pytest.raises(ValueError, match="between 16 and 16384"):
        EloamSettings(size=(1, 1))
