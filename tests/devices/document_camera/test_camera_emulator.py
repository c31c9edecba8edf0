"""The emulated camera as a control panel and a plain HTTP client see it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse

import cv2
import numpy as np
import pytest

from devices.emulators.desk_sheets import SHEETS
from devices.emulators.opencv import CameraEmulator
from ground.clock import ManualClock, RealClock

SIZE = (320, 240)


@pytest.fixture
def camera() -> Iterator[CameraEmulator]:
    camera = CameraEmulator(RealClock())
    camera.start()
    yield camera
    camera.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "camera-emulator"]


def decoded(jpeg: bytes) -> np.ndarray:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))


def next_part(answer: HTTPResponse) -> bytes:
    """The next JPEG of a multipart stream."""
    length = 0
    while (line := answer.readline().strip()) or not length:
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return answer.read(length)


def test_every_knob_exists_and_can_be_set() -> None:
    camera = CameraEmulator(ManualClock())
    values = {
        "sheet": "deed", "desk": "dark", "angle_deg": 9.0, "offset": [5, -3], "blur": 0.2, "light": 0.8,
        "plugged": False, "mute": True,
    }  # fmt: skip
    assert set(values) == set(CameraEmulator.knobs)
    for name, value in values.items():
        setattr(camera, name, value)
    assert camera.scene().sheet == "deed"
    assert camera.scene().offset_mm == (5.0, -3.0)
    with pytest.raises(KeyError):
        camera.sheet = "passport"
    with pytest.raises(KeyError):
        camera.desk = "marble"


def test_sheets_are_known_by_title_too() -> None:
    camera = CameraEmulator(ManualClock())
    for kind in SHEETS:
        camera.sheet = kind.title
        assert camera.sheet == kind.name
    camera.sheet = ""
    assert camera.corners(*SIZE) is None


def test_exposure_settles_over_the_first_frames() -> None:
    camera = CameraEmulator(ManualClock())
    camera.sheet = "lease-1"
    levels = [decoded(camera.frame(number, *SIZE)).mean() for number in range(5)]
    assert levels[0] == levels[1] < 10 < levels[2] < levels[3] == levels[4]


def test_a_scene_is_drawn_once() -> None:
    camera = CameraEmulator(ManualClock())
    assert camera.frame(8, *SIZE) is camera.frame(9, *SIZE)
    before = camera.frame(8, *SIZE)
    camera.sheet = "id-front"
    assert camera.frame(9, *SIZE) != before


def test_streams_the_size_that_was_asked_for(camera: CameraEmulator) -> None:
    with closing(
        HTTPConnection("127.0.0.1", int(camera.url.split(":")[2].split("/")[0]), timeout=60)
    ) as line:
        line.request("GET", "/video.mjpg?width=200&height=150")
        answer = line.getresponse()
        assert answer.getheader("Content-Type") == "multipart/x-mixed-replace;boundary=frame"
        assert [decoded(next_part(answer)).shape for _ in range(2)] == [(150, 200, 3)] * 2
        answer.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 404), ("/video.mjpg?width=9999999&height=1", 400), ("/video.mjpg?width=x", 400)],
)
def test_refuses_what_makes_no_sense(camera: CameraEmulator, path: str, status: int) -> None:
    with closing(
        HTTPConnection("127.0.0.1", int(camera.url.split(":")[2].split("/")[0]), timeout=60)
    ) as line:
        line.request("GET", path)
        assert line.getresponse().status == status


def test_plug_keeps_its_address(camera: CameraEmulator) -> None:
    url = camera.url
    for _ in range(3):
        camera.plugged = False
        camera.plugged = False
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", int(url.split(":")[2].split("/")[0])), 60)
        camera.plugged = True
        camera.plugged = True
        assert camera.url == url
