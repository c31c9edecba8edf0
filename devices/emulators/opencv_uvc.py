"""A UVC camera as `cv2.VideoCapture` shows it: the desk under the lamp, with every whim that OpenCV and V4L2 have.

A real V4L2 node needs a kernel module, so this stands where OpenCV stands: hand `capture()` to `V4l2Source`.
Source: docs/devices/opencv.md.
"""

import itertools
from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.emulators.lamp_desk import LampDesk
from ground.clock import Clock

Size = tuple[int, int]  # width, height in pixels

MJPG = cv2.VideoWriter.fourcc(*"MJPG")
_BUFFERS = 4
_PREVIEW_FPS, _STILL_FPS = (
    25,
    4,
)  # a 13 MP camera over USB 2; half of it is dark, dim or thrown away at a start
_LARGEST_PREVIEW = 1920  # pixels of width
_YUYV_SIZES: tuple[Size, ...] = ((640, 480), (1280, 720))
_SELECT_S = 10.0  # how long OpenCV waits for a frame that does not come
_FOCUSING = 0.4  # of the defocus is left after each frame with the autofocus on
_MM_SHARP = 0.02  # of defocus: as good as none


class UvcCamera(LampDesk):
    """A document camera at a node below `folder`. Knobs as those of `LampDesk`, and what goes wrong on USB."""

    knobs: ClassVar[tuple[str, ...]] = (
        *LampDesk.scene_knobs, "hangs", "frozen", "broken", "refuses_mjpg", "unstamped", "fixed_focus",
    )  # fmt: skip

    def __init__(
        self, clock: Clock, folder: Path, sizes: tuple[Size, ...] = ((640, 480), (1280, 960))
    ) -> None:
        super().__init__()
        self.clock = clock
        self.sizes = sizes  #: MJPG modes; another is answered with the nearest that is not larger
        self.node = folder / "usb-Kiosk_Document_Camera_0001-video-index0"
        self.hangs = False  #: no frame comes: each read waits ten seconds in vain
        self.frozen = False  #: OpenCV 3 after unplugging: the last frame for ever, and never a failure
        self.broken = 0  #: so many of the next frames are damaged on the cable
        self.refuses_mjpg = False  #: YUYV only
        self.unstamped = False  #: the driver gives no time stamps
        self.fixed_focus = False  #: has no autofocus
        self.autofocus = True
        self.asked: list[tuple[str, float]] = []  #: every property that was set, in order
        self.reads = 0
        self._folder = folder
        self._numbers = itertools.count(0, 2)  # each camera makes two nodes
        self.replug()

    @property
    def plugged(self) -> bool:
        """Whether its node is there."""
        return self.node.exists()

    def unplug(self) -> None:
        """The node goes; whoever has it open keeps a dead descriptor."""
        if self.node.is_symlink():
            self.node.readlink().unlink()
            self.node.unlink()

    def replug(self) -> None:
        """Back under the same name, which now leads to another number."""
        self.unplug()
        number = self._folder / f"video{next(self._numbers)}"
        number.touch()
        self.node.symlink_to(number)

    def capture(self) -> "UvcCapture":
        """What `cv2.VideoCapture()` would be."""
        return UvcCapture(self)


class UvcCapture:
    """The part of `cv2.VideoCapture` that the driver uses."""

    def __init__(self, camera: UvcCamera) -> None:
        self._camera = camera
        self._opened: Path | None = None
        self._mjpg = False
        self._rgb = True
        self._width = 640
        self._size: Size = (640, 480)
        self._number = 0  #: of the frame since the stream began
        self._stamp = 0.0
        self._old: list[tuple[float, bytes]] = []  #: what the buffers hold
        self._looked = 0.0  #: when a frame was fetched last

    def open(self, node: str, backend: int) -> bool:
        """Always YUYV at 640 × 480 to begin with."""
        if backend != cv2.CAP_V4L2 or not Path(node).exists():
            return False
        self._opened = Path(node).resolve()
        self._mjpg, self._rgb, self._size = False, True, (640, 480)
        self._restart()
        return True

    def isOpened(self) -> bool:
        """True after unplugging, too: it looks at the descriptor only."""
        return self._opened is not None

    def release(self) -> None:
        """Close the node."""
        self._opened = None

    def set(self, what: int, value: float) -> bool:
        """Each of format, size and buffers starts the stream anew; width waits for height."""
        camera = self._camera
        camera.asked.append((_NAMES.get(what, str(what)), value))
        match what:
            case cv2.CAP_PROP_FOURCC:
                self._mjpg = value == MJPG and not camera.refuses_mjpg
                self._restart()
                return self._mjpg or value != MJPG
            case cv2.CAP_PROP_FRAME_WIDTH:
                self._width = int(value)
            case cv2.CAP_PROP_FRAME_HEIGHT:
                self._size = self._nearest((self._width, int(value)))
                self._restart()
            case cv2.CAP_PROP_BUFFERSIZE:
                self._restart()
            case cv2.CAP_PROP_CONVERT_RGB:
                self._rgb = bool(value)
            case cv2.CAP_PROP_AUTOFOCUS:
                camera.autofocus = bool(value) and not camera.fixed_focus
                return not camera.fixed_focus
        return True

    def get(self, what: int) -> float:
        """The driver's time stamp, milliseconds of monotonic time."""
        return self._stamp if what == cv2.CAP_PROP_POS_MSEC and not self._camera.unstamped else 0.0

    def grab(self) -> bool:
        """Fetch a frame without decoding it."""
        return self._fetch() is not None

    def read(self) -> tuple[bool, Any]:
        """A frame, as OpenCV gives it: BGR, or the camera's own bytes as one row."""
        coded = self._fetch()
        if coded is None:
            return False, None
        if not self._mjpg and not self._rgb:
            return True, _yuyv(_decoded(coded))
        if self._mjpg and not self._rgb:
            padded = coded + bytes(64)  # the buffer is longer than the picture
            return True, np.frombuffer(padded, np.uint8).reshape(1, -1)
        pixels = _decoded(coded) if coded.endswith(b"\xff\xd9") else None
        return pixels is not None, pixels

    def _restart(self) -> None:
        self._number, self._old = 0, []
        self._looked = self._camera.clock.instant()

    def _nearest(self, asked: Size) -> Size:
        offered = self._camera.sizes if self._mjpg else _YUYV_SIZES
        fitting = [size for size in offered if size[0] <= asked[0] and size[1] <= asked[1]]
        return max(fitting, default=min(offered))

    def _fetch(self) -> bytes | None:
        """The next frame's JPEG, as long as that takes."""
        camera, clock = self._camera, self._camera.clock
        camera.reads += 1
        if camera.frozen and self._old:
            return self._old[-1][1]
        if self._opened is None or not self._opened.exists():
            return None
        if camera.hangs:
            clock.wait(_SELECT_S)
            return None
        pace = 1 / (_PREVIEW_FPS if self._size[0] <= _LARGEST_PREVIEW else _STILL_FPS)
        if clock.instant() - self._looked > _BUFFERS * pace and len(self._old) > 1:
            self._stamp, coded = self._old.pop(0)  # idle: the buffers filled long ago and nobody emptied them
            return coded
        clock.wait(pace)
        self._looked = clock.instant()
        return self._expose(pace)

    def _expose(self, pace: float) -> bytes:
        camera = self._camera
        if camera.autofocus and camera.blur > 0:
            camera.blur = camera.blur * _FOCUSING if camera.blur > _MM_SHARP else 0.0
        coded = camera.frame(self._number, *self._size)
        self._number += 1
        self._stamp = (camera.clock.instant() - pace / 2) * 1000
        self._old = [*self._old, (self._stamp, coded)][-_BUFFERS:]
        if camera.broken > 0:
            camera.broken -= 1
            return coded[: len(coded) // 2]
        return coded


_NAMES = {
    getattr(cv2, f"CAP_PROP_{name}"): name
    for name in (
        "FOURCC", "FRAME_WIDTH", "FRAME_HEIGHT", "FPS", "BUFFERSIZE", "CONVERT_RGB", "AUTOFOCUS", "AUTO_EXPOSURE",
        "EXPOSURE", "AUTO_WB", "WB_TEMPERATURE",
    )
}  # fmt: skip


def _decoded(coded: bytes) -> NDArray[np.uint8]:
    return np.asarray(cv2.imdecode(np.frombuffer(coded, np.uint8), cv2.IMREAD_COLOR))


def _yuyv(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2YUV_YUY2))
