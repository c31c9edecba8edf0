"""A camera of this machine, through OpenCV's V4L2 backend: everything about it that one has to know.

Source: OpenCV's modules/videoio/src/cap_v4l.cpp and the UVC facts retold in docs/devices/opencv.md.
"""

import re
import threading
from pathlib import Path
from typing import Any, Literal, NamedTuple

import cv2
import numpy as np

from devices.document_camera.opencv_picture import (
    Mode,
    Picture,
    Size,
    decoded,
    quieten,
    read_capture,
    whole_jpeg,
)
from devices.errors import Condition, Refused, Unreachable
from ground.clock import Clock

_BUFFERS = 4  # V4L2 buffers that OpenCV keeps unless the driver accepts fewer
_FPS = 30  # asked of a camera; it answers with what its mode allows
_MANUAL = 1  # V4L2_CID_EXPOSURE_AUTO of UVC cameras, from memory; 3 is automatic
_EXPOSURES_PER_MS = 10  # V4L2_CID_EXPOSURE_ABSOLUTE counts 100 µs
_NEAR_S = 60.0  # a frame's time stamp that is farther off than this is no monotonic time
_HUB_PATIENCE_S = 2.0  # for the other head of the same hub to let go

_BY_PATH = Path("/dev/v4l/by-path")
_SYSFS = Path("/sys/class/video4linux")
_PORT = re.compile(r"^(?P<bus>.+-usb(?:v2|v3)?-\d+:(?P<ports>[\d.]+)):\d+\.\d+-video-index\d+$")

_HUBS: dict[str, threading.Lock] = {}
_HUBS_GUARD = threading.Lock()


class Controls(NamedTuple):
    """What the camera's own automatics shall do."""

    autofocus: Literal["lock", "continuous", "off"] = "lock"
    exposure_ms: float | None = None  #: None: as the camera has it
    white_balance_k: int | None = None  #: None: as the camera has it
    hub: str = ""  #: heads of the same hub never stream at once; "": told from the USB path


DEFAULTS = Controls()


class V4l2Source:
    """A camera of this machine. The order of the settings matters: each restarts the stream."""

    live = True
    pause_s = 0.0

    def __init__(self, node: str, clock: Clock, controls: Controls = DEFAULTS, capture: Any = None) -> None:
        self._node = node
        self._clock = clock
        self._controls = controls
        self._capture = cv2.VideoCapture() if capture is None else capture
        self._size: Size | None = None
        self._there: Path | None = None  #: what the name stood for when the camera was opened
        self._mjpg = False
        self._stamp = 0.0  #: of the last frame, milliseconds
        self._asked = 0.0  #: the instant before which no frame is fresh
        self._stamped = True  #: the stamps are believed until they prove to be something else
        self._focused = False
        self._hub: threading.Lock | None = None

    def open(self, mode: Mode) -> None:
        """Start, or switch to, `mode`. Raises Unreachable; Refused (`busy`) while the hub's other head is looking."""
        quieten()
        self._asked = self._clock.instant()
        if self._size == mode.size:
            for _ in range(_BUFFERS + 1):  # what the buffers hold was taken before somebody asked
                if not self._capture.grab():
                    break
        else:
            self._start(mode.size)
        # A still comes as the camera's own JPEG; a preview may as well be decoded by OpenCV.
        self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 0 if mode.name == "still" and self._mjpg else 1)

    def _start(self, size: Size) -> None:
        self._stop()
        if not Path(self._node).exists():
            raise Unreachable(device=self._node)
        self._there = Path(self._node).resolve()
        if frame_index(self._there.name) > 0:
            raise Unreachable(device=self._node, reason="carries no pictures: take the name with index0")
        self._take_hub()
        if not self._capture.open(self._node, cv2.CAP_V4L2):
            raise Unreachable(device=self._node)
        self._mjpg = bool(self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
        self._capture.set(cv2.CAP_PROP_FPS, _FPS)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._set_controls()
        self._size, self._stamp = size, 0.0

    def _set_controls(self) -> None:
        """Put the automatics as they shall be; a camera that lacks one says False, and that is that."""
        controls, put = self._controls, self._capture.set
        continuous = controls.autofocus == "continuous" or (
            controls.autofocus == "lock" and not self._focused
        )
        put(cv2.CAP_PROP_AUTOFOCUS, 1 if continuous else 0)
        if controls.exposure_ms is not None:
            put(cv2.CAP_PROP_AUTO_EXPOSURE, _MANUAL)
            put(cv2.CAP_PROP_EXPOSURE, round(controls.exposure_ms * _EXPOSURES_PER_MS))
        if controls.white_balance_k is not None:
            put(cv2.CAP_PROP_AUTO_WB, 0)
            put(cv2.CAP_PROP_WB_TEMPERATURE, controls.white_balance_k)

    def read(self) -> Picture | None:
        """The next fresh frame; None when it was lost, broken, or the one before it over again."""
        data = None
        for _ in range(_BUFFERS + 1):
            data = read_capture(self._capture)
            if data is None:
                return None
            stamp = float(self._capture.get(cv2.CAP_PROP_POS_MSEC))
            if stamp > 0 and stamp == self._stamp:  # OpenCV 3 repeats the last frame of an unplugged camera
                return None
            self._stamp = stamp
            if not self._stale(stamp):
                return _picture(data)
        self._stamped = False  # so many old frames fit into no buffer: it is another clock's time
        return None if data is None else _picture(data)

    def _stale(self, stamp: float) -> bool:
        """Whether the frame was exposed before it was asked for; UVC stamps frames with monotonic time."""
        taken = stamp / 1000
        near = abs(taken - self._clock.instant()) < _NEAR_S
        return self._stamped and stamp > 0 and near and taken < self._asked

    def focus(self, on: bool) -> bool:
        """Begin to focus, or hold the focus from now on; False when that is not to be done, or cannot be."""
        if self._controls.autofocus != "lock" or self._focused:
            return False
        done = bool(self._capture.set(cv2.CAP_PROP_AUTOFOCUS, 1 if on else 0))
        self._focused = done and not on
        return done

    def close(self) -> None:
        """Let go of the camera and of its hub."""
        self._stop()
        if self._hub is not None:
            self._hub.release()
            self._hub = None

    def _stop(self) -> None:
        self._size = None
        self._capture.release()

    def present(self) -> bool:
        """Whether the camera is still there, and still the same.

        `isOpened` stays true after unplugging; the node in /dev does not stay, or comes back as another.
        """
        node = Path(self._node)
        return node.exists() and self._there in (None, node.resolve())

    def _take_hub(self) -> None:
        """Two heads of one USB 2 hub cannot stream at once: the second is refused by the kernel, or starves."""
        name = self._controls.hub or hub_of(Path(self._node))
        if not name or self._hub is not None:
            return
        with _HUBS_GUARD:
            lock = _HUBS.setdefault(name, threading.Lock())
        if not lock.acquire(timeout=_HUB_PATIENCE_S):
            raise Refused(Condition.BUSY, device=self._node, hub=name)
        self._hub = lock


def _picture(data: np.ndarray[Any, np.dtype[np.uint8]]) -> Picture | None:
    """What a frame shows, whether OpenCV decoded it or not: its shape tells."""
    if data.ndim == 3 and data.shape[2] == 3:
        return Picture(data)
    if data.ndim == 3 and data.shape[2] == 2:  # a camera without MJPG, undecoded
        return Picture(np.asarray(cv2.cvtColor(data, cv2.COLOR_YUV2BGR_YUY2)))
    jpeg = whole_jpeg(data.tobytes())
    pixels = None if jpeg is None else decoded(jpeg)
    return None if pixels is None else Picture(pixels, jpeg)


def frame_index(node: str, sysfs: Path = _SYSFS) -> int:
    """Which of a camera's nodes `node` ("video1") is: 0 carries pictures, others its metadata."""
    try:
        return int((sysfs / node / "index").read_text())
    except (OSError, ValueError):  # not a video node, or not a Linux with /sys
        return 0


def hub_of(node: Path, by_path: Path = _BY_PATH) -> str:
    """The USB hub that the camera hangs at, as its by-path name says; "" when it hangs at the machine itself.

    `pci-0000:00:14.0-usb-0:2.1:1.0-video-index0` hangs at port 1 of the hub at port 2: `pci-0000:00:14.0-usb-0:2`.
    """
    there = node.resolve()
    names = [node.name] if node.parent == by_path else []
    if not names and by_path.is_dir():
        names = sorted(link.name for link in by_path.iterdir() if link.resolve() == there)
    for name in names:
        port = _PORT.match(name)
        if port is not None and "." in port["ports"]:
            return port["bus"].rpartition(".")[0]
    return ""
