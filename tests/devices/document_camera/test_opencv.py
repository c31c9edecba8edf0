"""The `opencv` driver over every source that needs no hardware, and the order of calls on one that does."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from pydantic import ValidationError

from devices.document_camera.opencv import OpencvCamera, OpencvSettings
from devices.document_camera.opencv_picture import Mode
from devices.document_camera.opencv_settling import brightness
from devices.document_camera.opencv_sources import known, public_name, sized
from devices.emulators.opencv import CameraEmulator
from devices.errors import DeviceError, Garbled, TimedOut, Unreachable
from devices.status import State
from ground.clock import RealClock

CLOCK = RealClock()
PREVIEW, STILL = (320, 240), (640, 480)


def settings(url: str, **changes: Any) -> OpencvSettings:
    return OpencvSettings(url=url, preview_size=PREVIEW, still_size=STILL, **{"timeout_s": 60.0, **changes})


def camera(url: str, **changes: Any) -> OpencvCamera:
    return OpencvCamera(settings(url, **changes), CLOCK)


def camera_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("camera")]


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    assert camera_threads() == []


@pytest.fixture
def emulator() -> Iterator[CameraEmulator]:
    emulator = CameraEmulator(CLOCK)
    emulator.start()
    yield emulator
    emulator.close()


class TestOverTheNetwork:
    def test_dark_first_frames_are_thrown_away(self, emulator: CameraEmulator) -> None:
        emulator.sheet = "lease-1"
        device = camera(emulator.url)
        device.open()
        try:
            levels = [brightness(device.preview().pixels), brightness(device.still().pixels)]
            lit = cv2.imdecode(np.frombuffer(emulator.frame(9, *PREVIEW), np.uint8), cv2.IMREAD_COLOR)
            assert levels == pytest.approx([brightness(lit)] * 2, abs=4)
        finally:
            device.close()

    def test_still_is_full_size_and_shows_what_lies_there_now(self, emulator: CameraEmulator) -> None:
        device = camera(emulator.url)
        device.open()
        try:
            assert device.preview().size == PREVIEW
            empty = device.still()
            emulator.sheet = "lease-2"
            laid = device.still()
            assert empty.size == laid.size == STILL
            truth = emulator.corners(*STILL)
            assert truth is not None
            middle = tuple(truth.mean(axis=0).astype(int))
            spot = np.s_[middle[1] - 9 : middle[1] + 9, middle[0] - 9 : middle[0] + 9]
            assert laid.pixels[spot].mean() > empty.pixels[spot].mean() + 40
            assert device.preview().size == PREVIEW
        finally:
            device.close()

    def test_a_resting_camera_does_not_look_and_wakes_by_itself(self, emulator: CameraEmulator) -> None:
        device = camera(emulator.url)
        device.rest()  # closed: nothing happens
        device.open()
        device.rest()
        assert not [name for name in camera_threads() if name.startswith("camera http")]
        assert device.preview().size == PREVIEW
        assert device.still().size == STILL
        device.rest()
        device.close()
        with pytest.raises(Unreachable):
            device.preview()  # closed is not resting

    def test_previews_are_never_given_twice(self, emulator: CameraEmulator) -> None:
        device = camera(emulator.url)
        device.open()
        try:
            instants = [device.preview().taken_at for _ in range(4)]
            assert instants == sorted(set(instants))
        finally:
            device.close()

    def test_unplugged_then_plugged_in_again(self, emulator: CameraEmulator) -> None:
        device = camera(emulator.url)
        device.open()
        emulator.plugged = False
        with pytest.raises(Unreachable):
            for _ in range(3):
                device.preview()
        device.close()
        with pytest.raises(Unreachable):
            device.open()
        emulator.plugged = True
        device.open()
        assert device.preview().size == PREVIEW
        device.close()

    def test_silent_camera_times_out(self, emulator: CameraEmulator) -> None:
        emulator.mute = True
        device = camera(emulator.url, timeout_s=0.6)
        begun = CLOCK.instant()
        with pytest.raises(TimedOut):
            device.open()
        assert CLOCK.instant() - begun < 20

    def test_camera_that_falls_silent_times_out(self, emulator: CameraEmulator) -> None:
        emulator.frame(9, *PREVIEW)  # drawn beforehand, so that opening is quick however slow the machine
        device = camera(emulator.url, timeout_s=4.0)
        device.open()
        emulator.mute = True
        try:
            with pytest.raises(TimedOut):
                for _ in range(50):
                    device.preview()
        finally:
            device.close()

    def test_a_page_that_is_no_camera_is_garbled(self, emulator: CameraEmulator) -> None:
        device = camera(emulator.url.replace("video.mjpg", "index.html"))
        with pytest.raises(Garbled):
            device.open()

    def test_opens_and_closes_twice(self, emulator: CameraEmulator) -> None:
        device = camera(emulator.url)
        device.close()
        for _ in range(2):
            device.open()
            device.open()
            assert device.preview().size == PREVIEW
            device.close()
            device.close()
        with pytest.raises(Unreachable):
            device.preview()


class TestFolder:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        for place, level in enumerate((60, 120, 180)):
            cv2.imwrite(str(tmp_path / f"页{place}.png"), np.full((600, 800, 3), level, np.uint8))
        (tmp_path / "notes.txt").write_text("no picture")
        return tmp_path

    def test_each_still_takes_what_the_preview_showed_then_turns_the_page(self, folder: Path) -> None:
        device = camera(f"folder:{folder}")
        device.open()
        try:
            seen = []
            for _ in range(4):
                seen += [round(brightness(device.preview().pixels)), round(brightness(device.still().pixels))]
            assert seen == [60, 60, 120, 120, 180, 180, 60, 60]
            assert device.still().size == (800, 600)
            assert device.preview().size == PREVIEW
        finally:
            device.close()

    def test_a_still_comes_with_the_bytes_of_its_file(self, tmp_path: Path) -> None:
        cv2.imwrite(str(tmp_path / "1.jpg"), np.full((600, 800, 3), 90, np.uint8))
        cv2.imwrite(str(tmp_path / "2.png"), np.full((600, 800, 3), 90, np.uint8))
        device = camera(f"folder:{tmp_path}")
        device.open()
        try:
            assert device.preview().jpeg is None
            assert device.still().jpeg == (tmp_path / "1.jpg").read_bytes()
            assert device.still().jpeg is None  # a PNG has no JPEG bytes
        finally:
            device.close()

    def test_missing_and_empty_folders_are_unreachable(self, tmp_path: Path) -> None:
        for url in (f"folder:{tmp_path}/none", f"folder:{tmp_path}"):
            with pytest.raises(Unreachable):
                camera(url).open()

    def test_a_file_that_is_no_picture_is_garbled(self, tmp_path: Path) -> None:
        (tmp_path / "page.jpg").write_bytes(b"MZ\x90\x00" * 400)
        with pytest.raises(Garbled):
            camera(f"folder:{tmp_path}").open()

    def test_folder_that_vanishes_is_unreachable(self, folder: Path) -> None:
        device = camera(f"folder:{folder}")
        device.open()
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        with pytest.raises(Unreachable):
            for _ in range(3):
                device.preview()
        device.close()


class TestVideoFile:
    @pytest.fixture
    def video(self, tmp_path: Path) -> Path:
        path = tmp_path / "desk.avi"
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, STILL)
        for level in (40, 90, 140, 190):
            writer.write(np.full((STILL[1], STILL[0], 3), level, np.uint8))
        writer.release()
        return path

    @pytest.mark.parametrize("scheme", ["", "file:"])
    def test_plays_over_and_over(self, video: Path, scheme: str) -> None:
        device = camera(f"{scheme}{video}")
        device.open()
        try:
            frames = [device.preview() for _ in range(9)]
            assert {frame.size for frame in frames} == {PREVIEW}
            assert device.still().size == STILL
        finally:
            device.close()

    def test_absent_or_damaged_file(self, tmp_path: Path) -> None:
        with pytest.raises(Unreachable):
            camera(f"{tmp_path}/none.avi").open()
        (tmp_path / "broken.avi").write_bytes(b"RIFF" + bytes(200))
        with pytest.raises(Garbled):
            camera(f"{tmp_path}/broken.avi").open()


class Hanging:
    """A source whose read hangs in the kernel until the test lets it go."""

    live = False
    pause_s = 0.0

    def __init__(self) -> None:
        self.release = threading.Event()
        self.closed = threading.Event()

    def open(self, mode: Mode) -> None:
        pass

    def read(self) -> None:
        self.release.wait(300)

    def close(self) -> None:
        self.closed.set()

    def present(self) -> bool:
        return not self.release.is_set()


def test_a_network_camera_that_rests_is_called_and_not_looked_through(emulator: CameraEmulator) -> None:
    device = camera(emulator.url)
    device.open()
    for _ in range(3):
        device.rest()
        assert device.status().state is State.ONLINE
        assert not [name for name in camera_threads() if name.startswith("camera http")]
    emulator.unplug()
    for look in (device.rest, device.status):
        with pytest.raises(Unreachable):
            look()
    emulator.replug()
    device.rest()
    assert device.preview().size == PREVIEW
    device.close()


def test_a_resting_camera_that_was_unplugged_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    cv2.imwrite(str(folder / "1.png"), np.full((48, 64, 3), 200, np.uint8))
    device = camera(f"folder:{folder}")
    device.open()
    (folder / "1.png").unlink()
    folder.rmdir()
    with pytest.raises(Unreachable):
        device.rest()
    device.close()


def test_hung_read_hangs_neither_the_caller_nor_close() -> None:
    source = Hanging()
    device = OpencvCamera(settings("/dev/v4l/by-id/hung", timeout_s=0.2), CLOCK, lambda *_: source)
    with pytest.raises(TimedOut):
        device.open()  # closes the camera again, with the read still hanging
    assert camera_threads() != []
    source.release.set()
    assert source.closed.wait(60)
    for thread in threading.enumerate():
        if thread.name.startswith("camera"):
            thread.join(60)


def test_close_from_another_thread_ends_a_waiting_preview(emulator: CameraEmulator) -> None:
    device = camera(emulator.url)
    device.open()
    emulator.mute = True
    raised: list[DeviceError] = []

    def look() -> None:
        try:
            while True:
                device.preview()
        except DeviceError as error:
            raised.append(error)

    viewer = threading.Thread(target=look)
    viewer.start()
    emulator.plugged = False
    device.close()
    viewer.join(60)
    assert isinstance(raised[0], Unreachable)


def test_absent_camera() -> None:
    with pytest.raises(Unreachable):
        camera("/dev/v4l/by-id/usb-none-video-index0").open()


class TestSettings:
    @pytest.mark.parametrize(
        ("url", "hint"),
        [
            ("/dev/video0", "by-id"),
            ("/dev/video12", "by-path"),
            ("/dev/v4l/by-id/usb-Kiosk_Camera-video-index1", "index0"),
            ("/dev/v4l/by-path/pci-0000:00:14.0-usb-0:2:1.0-video-index3", "index0"),
        ],
    )
    def test_refuses_names_that_change_or_carry_no_pictures(self, url: str, hint: str) -> None:
        with pytest.raises(ValidationError, match=hint):
            OpencvSettings(url=url)

    @pytest.mark.parametrize("url", ["/dev/v4l/by-id/usb-A-video-index0", "/dev/kiosk-camera"])
    def test_takes_names_that_stay(self, url: str) -> None:
        assert OpencvSettings(url=url).url == url

    @pytest.mark.parametrize("url", ["", " ", "emu://camera", "folder:", "http://", "ftp://a/b"])
    def test_refuses_what_it_cannot_open(self, url: str) -> None:
        assert not known(url)
        with pytest.raises(ValidationError):
            OpencvSettings(url=url)

    def test_identity_hides_the_password(self) -> None:
        assert public_name("rtsp://admin:secret@cam.local/1") == "rtsp://cam.local/1"
        assert camera("http://admin:secret@cam.local/v").identity() == "http://cam.local/v"

    def test_asks_a_network_camera_for_a_size(self) -> None:
        assert sized("http://cam/v?x=1", (4, 3)) == "http://cam/v?x=1&width=4&height=3"
        assert sized("rtsp://cam/v", (4, 3)) == "rtsp://cam/v"
