"""A UVC camera with every whim of V4L2 and OpenCV (document_camera.md §3, §6), each a situation of its own.

Time is manual: the emulated camera turns the clock as it reads, so nothing here waits.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from devices.document_camera import opencv_v4l2
from devices.document_camera.opencv import OpencvCamera, OpencvSettings
from devices.document_camera.opencv_picture import Mode, Pixels
from devices.document_camera.opencv_settling import brightness, sharpness
from devices.document_camera.opencv_v4l2 import Controls, V4l2Source, frame_index, hub_of
from devices.emulators.opencv_uvc import MJPG, UvcCamera
from devices.errors import Condition, DeviceError, Refused, TimedOut, Unreachable
from devices.status import State
from ground.clock import ManualClock
from tests.conformance.leaks import nothing_left_behind

PREVIEW, STILL = (320, 240), (640, 480)
PATIENCE_S = 60.0


@pytest.fixture
def uvc(tmp_path: Path) -> Iterator[UvcCamera]:
    with nothing_left_behind(PATIENCE_S):
        camera = UvcCamera(ManualClock(), tmp_path, (PREVIEW, STILL))
        camera.sheet = "lease-1"
        yield camera


def source(uvc: UvcCamera, **controls: Any) -> V4l2Source:
    return V4l2Source(str(uvc.node), uvc.clock, Controls(**controls), uvc.capture())


def driver(uvc: UvcCamera, **settings: Any) -> OpencvCamera:
    def make(url: str, clock: Any, timeout_s: float, controls: Controls) -> V4l2Source:
        return V4l2Source(url, clock, controls, uvc.capture())

    sizes = {"preview_size": PREVIEW, "still_size": STILL}
    made = OpencvSettings(url=str(uvc.node), **{**sizes, "timeout_s": 60.0, **settings})
    return OpencvCamera(made, uvc.clock, make)


@pytest.fixture
def camera(uvc: UvcCamera) -> Iterator[OpencvCamera]:
    camera = driver(uvc)
    yield camera
    camera.close()


class TestTheOrderThatWorks:
    def test_format_size_rate_buffers_then_controls(self, uvc: UvcCamera) -> None:
        opened = source(uvc, exposure_ms=8.0, white_balance_k=5000)
        opened.open(Mode("still", (4208, 3120)))
        opened.close()
        assert uvc.asked == [
            ("FOURCC", MJPG),
            ("FRAME_WIDTH", 4208),
            ("FRAME_HEIGHT", 3120),
            ("FPS", 30),
            ("BUFFERSIZE", 1),
            ("AUTOFOCUS", 1),
            ("AUTO_EXPOSURE", 1),
            ("EXPOSURE", 80),
            ("AUTO_WB", 0),
            ("WB_TEMPERATURE", 5000),
            ("CONVERT_RGB", 0),
        ]

    def test_the_automatics_are_left_alone_unless_told(self, uvc: UvcCamera) -> None:
        opened = source(uvc, autofocus="off")
        opened.open(Mode("preview", PREVIEW))
        opened.close()
        assert [name for name, _ in uvc.asked[5:]] == ["AUTOFOCUS", "CONVERT_RGB"]
        assert uvc.asked[5:] == [("AUTOFOCUS", 0), ("CONVERT_RGB", 1)]

    def test_a_size_that_the_camera_lacks_is_known_from_the_frame_alone(self, uvc: UvcCamera) -> None:
        device = driver(uvc, still_size=(4208, 3120))
        device.open()
        assert device.still().size == STILL
        device.close()

    def test_a_camera_without_mjpg_is_coarse_and_works(self, uvc: UvcCamera) -> None:
        uvc.refuses_mjpg = True
        device = driver(uvc, still_size=(4208, 3120))
        device.open()
        still = device.still()
        assert still.size == (1280, 720) and still.jpeg is None
        assert brightness(still.pixels) > 60
        device.close()

    def test_undecoded_yuyv_is_understood(self) -> None:
        grey = np.full((8, 8, 3), 120, np.uint8)
        picture = opencv_v4l2._picture(np.asarray(cv2.cvtColor(grey, cv2.COLOR_BGR2YUV_YUY2)))
        assert picture is not None and picture.pixels.shape == (8, 8, 3)
        assert np.abs(picture.pixels.astype(int) - 120).max() < 4


class TestFirstFrames:
    def test_dark_frames_reach_nobody(self, uvc: UvcCamera, camera: OpencvCamera) -> None:
        camera.open()
        for frame in (camera.preview(), camera.still(), camera.preview(), camera.still()):
            assert brightness(frame.pixels) > 100

    def test_a_still_shows_what_lies_there_now_not_what_the_buffers_hold(self, uvc: UvcCamera) -> None:
        opened = source(uvc)
        mode = Mode("still", STILL)
        opened.open(mode)
        for _ in range(6):
            assert opened.read() is not None
        empty_then = brightness(read(opened))
        uvc.sheet = ""
        uvc.desk = "dark"
        uvc.clock.wait(30.0)  # nobody looked; the buffers keep the sheet
        opened.open(mode)
        assert brightness(read(opened)) < empty_then - 30
        opened.close()

    def test_stale_frames_are_known_by_their_time_even_where_nothing_was_grabbed(
        self, uvc: UvcCamera
    ) -> None:
        opened = source(uvc)
        opened.open(Mode("preview", PREVIEW))
        for _ in range(6):
            assert opened.read() is not None
        uvc.clock.wait(30.0)
        opened._asked = uvc.clock.instant()
        before = uvc.reads
        assert opened.read() is not None
        assert uvc.reads - before > 1
        opened.close()

    def test_stamps_of_another_clock_lock_nobody_out(self, uvc: UvcCamera) -> None:
        opened = source(uvc)
        opened.open(Mode("preview", PREVIEW))
        opened._asked = uvc.clock.instant() + 20.0  # as if the stamps ran 20 s behind
        assert all(opened.read() is not None for _ in range(3))
        opened.close()

    def test_a_driver_without_stamps(self, uvc: UvcCamera, camera: OpencvCamera) -> None:
        uvc.unstamped = True
        camera.open()
        assert brightness(camera.still().pixels) > 100


def read(opened: V4l2Source) -> Pixels:
    picture = opened.read()
    assert picture is not None
    return picture.pixels


class TestRawStills:
    def test_a_still_carries_the_cameras_own_bytes(self, uvc: UvcCamera, camera: OpencvCamera) -> None:
        camera.open()
        still = camera.still()
        assert still.jpeg is not None
        assert still.jpeg == uvc.frame(99, *STILL)  # bit for bit, without the buffer's padding
        again = cv2.imdecode(np.frombuffer(still.jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert (again == still.pixels).all()
        assert camera.preview().jpeg is None
        assert "xff" not in repr(still)

    @pytest.mark.parametrize("kind", ["preview", "still"])
    def test_a_frame_broken_on_the_cable_is_skipped(
        self, uvc: UvcCamera, camera: OpencvCamera, kind: str
    ) -> None:
        camera.open()
        for _ in range(3):
            uvc.broken = 2
            assert getattr(camera, kind)().size == (PREVIEW if kind == "preview" else STILL)

    def test_nothing_but_broken_frames_is_a_camera_that_is_gone(
        self, uvc: UvcCamera, camera: OpencvCamera
    ) -> None:
        camera.open()
        uvc.broken = 10_000
        with pytest.raises(Unreachable):
            camera.still()


class TestFocus:
    def test_the_first_still_waits_until_it_is_sharp_and_then_holds_the_focus(
        self, uvc: UvcCamera, camera: OpencvCamera
    ) -> None:
        camera.open()
        sharp = sharpness(camera.still().pixels)
        assert uvc.autofocus is False
        uvc.blur = 0.5  # a hand moved through the picture; a locked lens does not care …
        assert sharpness(camera.still().pixels) < sharp / 2  # … so what is out of focus stays so
        camera.rest()
        uvc.autofocus = True
        assert sharpness(camera.still().pixels) > sharp * 0.9  # the next visit focuses anew
        assert uvc.autofocus is False

    def test_out_of_focus_at_first(self, uvc: UvcCamera) -> None:
        uvc.blur = 0.9
        uvc.autofocus = False
        device = driver(uvc)
        device.open()
        assert uvc.autofocus is True  # until the first still
        device.still()
        assert uvc.blur < 0.05
        device.close()

    @pytest.mark.parametrize(("autofocus", "on"), [("continuous", True), ("off", False)])
    def test_left_on_or_off(self, uvc: UvcCamera, autofocus: str, on: bool) -> None:
        device = driver(uvc, autofocus=autofocus)
        device.open()
        device.still()
        assert uvc.autofocus is on
        device.close()

    def test_a_lens_that_cannot_be_moved(self, uvc: UvcCamera) -> None:
        uvc.fixed_focus = True
        device = driver(uvc)
        device.open()
        assert device.still().size == STILL
        device.close()


class TestGone:
    def test_unplugged_though_opencv_calls_it_open(self, uvc: UvcCamera, camera: OpencvCamera) -> None:
        camera.open()
        uvc.unplug()
        with pytest.raises(Unreachable):
            for _ in range(3):
                camera.preview()
        with pytest.raises(Unreachable):
            camera.status()

    def test_back_under_another_number_with_all_its_settings(
        self, uvc: UvcCamera, camera: OpencvCamera
    ) -> None:
        camera.open()
        first = uvc.node.resolve()
        uvc.unplug()
        with pytest.raises(Unreachable):
            for _ in range(3):
                camera.still()
        camera.close()
        with pytest.raises(Unreachable):
            camera.open()
        uvc.replug()
        assert uvc.node.resolve() != first
        uvc.asked.clear()
        camera.open()
        assert uvc.asked[:3] == [("FOURCC", MJPG), ("FRAME_WIDTH", PREVIEW[0]), ("FRAME_HEIGHT", PREVIEW[1])]
        assert camera.still().size == STILL
        assert camera.status().state is State.ONLINE

    def test_a_plug_that_was_out_for_a_moment_is_another_camera(
        self, uvc: UvcCamera, camera: OpencvCamera
    ) -> None:
        camera.open()
        uvc.replug()  # too quick for anybody to see the name vanish
        with pytest.raises(Unreachable):
            for _ in range(4):
                camera.preview()

    def test_the_last_frame_for_ever(self, uvc: UvcCamera, camera: OpencvCamera) -> None:
        """OpenCV 3.0 and 3.1 (#5221, #5746, #6107): the time stamp alone gives it away."""
        camera.open()
        camera.preview()
        uvc.frozen = True
        with pytest.raises(Unreachable):
            for _ in range(4):
                camera.preview()

    def test_a_node_of_metadata_says_what_to_take_instead(
        self, uvc: UvcCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        node = uvc.node.resolve().name
        (tmp_path / "sys" / node).mkdir(parents=True)
        (tmp_path / "sys" / node / "index").write_text("1\n")
        assert frame_index(node, tmp_path / "sys") == 1
        assert frame_index("video9", tmp_path / "sys") == 0
        monkeypatch.setattr(opencv_v4l2.frame_index, "__defaults__", (tmp_path / "sys",))
        with pytest.raises(Unreachable, match="index0"):
            source(uvc).open(Mode("preview", PREVIEW))


class HangingUvc(UvcCamera):
    """Reads hang in the kernel, in real time, until `let_go`."""

    def __init__(self, folder: Path) -> None:
        self.let_go = threading.Event()
        self.caught = threading.Event()
        super().__init__(_HeldClock(self), folder, (PREVIEW, STILL))


class _HeldClock(ManualClock):
    def __init__(self, uvc: HangingUvc) -> None:
        super().__init__()
        self._uvc = uvc

    def wait(self, seconds: float) -> None:
        if seconds == 10.0:  # OpenCV's select
            self._uvc.caught.set()
            assert self._uvc.let_go.wait(PATIENCE_S)
        super().wait(seconds)


@contextmanager
def time_passing(clock: ManualClock) -> Iterator[None]:
    """The clock is turned until the block has ended."""
    over = threading.Event()

    def turn() -> None:
        while not over.wait(0.01):
            clock.turn(0.1)

    turner = threading.Thread(target=turn)
    turner.start()
    try:
        yield
    finally:
        over.set()
        turner.join()


class TestTenSecondRead:
    def test_the_caller_is_told_at_its_deadline_and_close_does_not_wait_for_the_kernel(
        self, tmp_path: Path
    ) -> None:
        with nothing_left_behind(PATIENCE_S):
            uvc = HangingUvc(tmp_path)
            device = driver(uvc, timeout_s=0.5)
            device.open()
            uvc.hangs = True
            assert uvc.caught.wait(PATIENCE_S)
            device.preview()  # the last frame before it hung
            with time_passing(uvc.clock), pytest.raises(TimedOut):
                device.preview()
            device.close()  # returns, though the thread hangs
            lost = [thread for thread in threading.enumerate() if thread.name.startswith("camera ")]
            assert len(lost) == 1

            uvc.hangs = False  # the replacement works while the lost one still hangs …
            again = driver(uvc)
            again.open()
            frames = [again.preview() for _ in range(3)]
            uvc.let_go.set()
            lost[0].join(PATIENCE_S)  # … and what becomes of that one is nobody's concern
            assert not lost[0].is_alive()
            frames += [again.preview() for _ in range(3)]
            assert [frame.size for frame in frames] == [PREVIEW] * 6
            again.close()

    def test_ten_seconds_and_then_nothing(self, uvc: UvcCamera, camera: OpencvCamera) -> None:
        camera.open()
        uvc.hangs = True
        with pytest.raises((TimedOut, Unreachable)):
            for _ in range(3):
                camera.preview()
        assert uvc.clock.instant() >= 10


class TestTwoHeads:
    def test_the_hub_is_told_from_the_usb_path(self, tmp_path: Path) -> None:
        by_path = tmp_path / "by-path"
        by_path.mkdir()
        names = {
            "video0": "pci-0000:00:14.0-usb-0:2.1:1.0-video-index0",
            "video2": "pci-0000:00:14.0-usb-0:2.2:1.0-video-index0",
            "video4": "pci-0000:00:14.0-usb-0:3:1.0-video-index0",
            "video6": "pci-0000:00:14.0-usbv2-0:1.4.3:1.0-video-index0",
        }
        for node, name in names.items():
            (tmp_path / node).touch()
            (by_path / name).symlink_to(tmp_path / node)
        (tmp_path / "by-id").symlink_to(tmp_path / "video2")
        hub = "pci-0000:00:14.0-usb-0:2"
        assert hub_of(by_path / names["video0"], by_path) == hub
        assert hub_of(tmp_path / "by-id", by_path) == hub
        assert hub_of(tmp_path / "video4", by_path) == ""  # at the machine itself
        assert hub_of(tmp_path / "video6", by_path) == "pci-0000:00:14.0-usbv2-0:1.4"
        assert hub_of(tmp_path / "video8", tmp_path / "none") == ""

    def test_one_head_looks_at_a_time(self, tmp_path: Path) -> None:
        # Each has time of its own: a head that looks turns its clock as fast as it can read.
        heads = [UvcCamera(ManualClock(), folder, (PREVIEW, STILL)) for folder in folders(tmp_path)]
        main, sub = (driver(head, hub="the only hub") for head in heads)
        main.open()
        with pytest.raises(Refused) as refused:
            sub.open()
        assert refused.value.condition is Condition.BUSY
        assert main.still().size == STILL  # undisturbed
        main.rest()
        sub.open()
        assert sub.still().size == STILL
        with pytest.raises(DeviceError):
            main.preview()
        sub.close()
        assert main.preview().size == PREVIEW
        main.close()

    def test_a_camera_that_cannot_be_opened_keeps_no_hub(self, tmp_path: Path) -> None:
        # Each has time of its own: a head that looks turns its clock as fast as it can read.
        heads = [UvcCamera(ManualClock(), folder, (PREVIEW, STILL)) for folder in folders(tmp_path)]
        gone, there = (driver(head, hub="another hub") for head in heads)
        gone.open()
        heads[0].unplug()
        with pytest.raises(Unreachable):
            for _ in range(3):
                gone.preview()
        gone.close()
        there.open()
        assert there.preview().size == PREVIEW
        there.close()


def folders(tmp_path: Path) -> list[Path]:
    made = [tmp_path / "main", tmp_path / "sub"]
    for folder in made:
        folder.mkdir()
    return made


class Paced(UvcCamera):
    """Gives a preview frame only when somebody is about to fetch it, so that a slow machine counts alike."""

    def __init__(self, clock: ManualClock, folder: Path) -> None:
        super().__init__(clock, folder, ((640, 480), (2048, 1536)))
        self.wanted = threading.Semaphore(0)
        self.paced = False
        self.previews = 0

    def frame(self, number: int, width: int, height: int) -> bytes:
        if width == 640 and self.paced:
            assert self.wanted.acquire(timeout=PATIENCE_S)
            self.previews += 1
        return super().frame(number, width, height)


def test_the_preview_keeps_ten_frames_a_second_and_holds_up_no_still(tmp_path: Path) -> None:
    """Manual time: what the camera and the driver need for it, not what this machine does."""
    with nothing_left_behind(PATIENCE_S):
        clock = ManualClock()
        uvc = Paced(clock, tmp_path)
        uvc.sheet = "deed"
        device = driver(uvc, preview_size=(640, 480), still_size=(2048, 1536))
        device.open()
        uvc.paced = True
        began = clock.instant()
        for _ in range(50):
            uvc.wanted.release()
            device.preview()
        assert 50 / (clock.instant() - began) >= 10

        uvc.wanted.release(1000)  # the preview runs on, whoever looks
        began = clock.instant()
        still = device.still()
        assert still.size == (2048, 1536) and still.jpeg is not None
        assert still.taken_at - began < 5.0  # dark frames, exposure and focus at four frames a second
        began = clock.instant()
        second = device.still()
        assert second.taken_at - began < 2.5  # the focus is held
        device.preview()
        device.close()
