"""A document camera on the network: a generated desk, served as MJPEG over HTTP.

`GET /video.mjpg?width=W&height=H` streams the desk at that size, as a network camera does: dark first frames
while the exposure settles, about 12 frames a second at preview sizes and 3 at still sizes. Physics are plain
attributes (`knobs`); each change is drawn once per size and then served from memory, so that the kiosk beside
it keeps its CPU.
"""

import functools
import socket
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.emulators.desk import Scene, corners, render
from devices.emulators.desk_sheets import sheet_kind
from devices.emulators.desk_surfaces import DESKS, Pixels
from ground.clock import Clock

_DARK_FRAMES = 2  # after each start the sensor is blind …
_DIM_FRAMES = 1  # … then half exposed
_PREVIEW_FPS, _STILL_FPS = 12, 3  # a 13 MP UVC camera over USB 2
_LARGEST_PREVIEW = 1920  # pixels of width
_WIDEST = 8192
_REMEMBERED = 6  # drawn scenes
_JPEG_QUALITY = 92
_BOUNDARY = "frame"


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One scene at one size, ready to send."""

    dim: bytes
    lit: bytes


class CameraEmulator:
    """A camera on 127.0.0.1, unplugged until `start`. The knobs may be set at any time from any thread."""

    knobs: ClassVar[tuple[str, ...]] = (
        "sheet", "desk", "angle_deg", "offset", "blur", "light", "plugged", "mute",
    )  # fmt: skip

    def __init__(self, clock: Clock, port: int = 0) -> None:
        self.clock = clock
        self.angle_deg = 3.0  #: the sheet turned clockwise
        self.blur = 0.0  #: defocus, sigma in millimetres on the paper
        self.light = 1.0  #: 1 lamp on, 0 off
        self.mute = False  #: True: takes connections and sends nothing, as a hung camera does
        self._sheet = ""
        self._desk = "wood"
        self._offset = (0.0, 0.0)
        self._port = port
        self._server: _Server | None = None
        self._plug = threading.Lock()
        self._drawing = threading.Lock()
        self._drawn: OrderedDict[tuple[Scene, int, int], _Drawn] = OrderedDict()

    @property
    def sheet(self) -> str:
        """Short name or title of the sheet under the lamp (see `desk_sheets.SHEETS`); "" for none."""
        return self._sheet

    @sheet.setter
    def sheet(self, name: str) -> None:
        self._sheet = sheet_kind(name).name if name else ""

    @property
    def desk(self) -> str:
        """What the sheet lies on: one of `desk_surfaces.DESKS`."""
        return self._desk

    @desk.setter
    def desk(self, name: str) -> None:
        if name not in DESKS:
            raise KeyError(name)
        self._desk = name

    @property
    def offset(self) -> tuple[float, float]:
        """The sheet's centre, millimetres right of and below the picture's."""
        return self._offset

    @offset.setter
    def offset(self, millimetres: Sequence[float]) -> None:
        right, down = millimetres
        self._offset = (float(right), float(down))

    @property
    def plugged(self) -> bool:
        """Whether the camera can be reached."""
        return self._server is not None

    @plugged.setter
    def plugged(self, there: bool) -> None:
        if there:
            self.start()
        else:
            self.unplug()

    @property
    def url(self) -> str:
        """Where the driver finds it. The port is known after the first `start`."""
        return f"http://127.0.0.1:{self._port}/video.mjpg"

    def start(self) -> None:
        """Plug in: listen, always on the same port. Raises OSError when the port is taken."""
        with self._plug:
            if self._server is None:
                self._server = _Server(self, self._port)
                self._port = self._server.server_port
                self._server.begin()

    def unplug(self) -> None:
        """Drop every connection and refuse new ones until `start`."""
        with self._plug:
            if self._server is not None:
                self._server.end()
                self._server = None

    def replug(self) -> None:
        """The same as `start`."""
        self.start()

    def close(self) -> None:
        """End for good: no thread and no socket is left. May be called twice."""
        self.unplug()

    def scene(self) -> Scene:
        """What lies under the lamp at this moment."""
        return Scene(
            sheet=self._sheet,
            desk=self._desk,
            angle_deg=self.angle_deg,
            offset_mm=self._offset,
            blur_mm=self.blur,
            light=self.light,
        )

    def corners(self, width: int, height: int) -> NDArray[np.float32] | None:
        """The true corners of the sheet in a picture of that size, (4, 2) float32; None on an empty desk."""
        scene = self.scene()
        return corners(scene, width, height) if scene.sheet else None

    def frame(self, number: int, width: int, height: int) -> bytes:
        """The JPEG that is sent as the `number`-th (from 0) after a start."""
        if number < _DARK_FRAMES:
            return _dark(width, height)
        drawn = self._draw(self.scene(), width, height)
        return drawn.dim if number < _DARK_FRAMES + _DIM_FRAMES else drawn.lit

    def _draw(self, scene: Scene, width: int, height: int) -> _Drawn:
        key = (scene, width, height)
        with self._drawing:
            drawn = self._drawn.get(key)
            if drawn is None:
                pixels = render(scene, width, height)
                drawn = _Drawn(dim=_jpeg(cv2.convertScaleAbs(pixels, alpha=0.5)), lit=_jpeg(pixels))
                self._drawn[key] = drawn
            self._drawn.move_to_end(key)
            while len(self._drawn) > _REMEMBERED:
                self._drawn.popitem(last=False)
        return drawn


@functools.lru_cache(maxsize=4)
def _dark(width: int, height: int) -> bytes:
    return _jpeg(np.full((height, width, 3), 6, np.uint8))


def _jpeg(pixels: Pixels) -> bytes:
    return bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1])


class _Server(ThreadingHTTPServer):
    """One plugged-in life of the camera."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, camera: CameraEmulator, port: int) -> None:
        self.camera = camera
        self.ended = threading.Event()
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="camera-emulator")

    def begin(self) -> None:
        """Start to answer."""
        self._thread.start()

    def end(self) -> None:
        """Cut every connection and wait until the last thread is gone."""
        self.ended.set()
        self.shutdown()
        self._thread.join()
        with self._guard:
            for connection in self._open:
                _cut(connection)
        self.server_close()

    def admit(self, connection: socket.socket) -> None:
        """Remember an open connection, so that pulling the plug can cut it."""
        with self._guard:
            self._open.add(connection)

    def forget(self, connection: socket.socket) -> None:
        """The connection has ended."""
        with self._guard:
            self._open.discard(connection)


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # the other side was quicker
        return


class _Handler(BaseHTTPRequestHandler):
    """One viewer."""

    server: _Server

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        size = _asked_size(asked.query)
        if asked.path != "/video.mjpg" or size is None:
            self.send_error(HTTPStatus.NOT_FOUND if size else HTTPStatus.BAD_REQUEST)
            return
        self.server.admit(self.connection)
        try:
            self._stream(*size)
        except OSError:  # the viewer left, or the plug was pulled
            return
        finally:
            self.server.forget(self.connection)

    def _stream(self, width: int, height: int) -> None:
        camera, ended = self.server.camera, self.server.ended
        pause = 1 / (_PREVIEW_FPS if width <= _LARGEST_PREVIEW else _STILL_FPS)
        while camera.mute and not ended.is_set():
            camera.clock.wait(pause)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"multipart/x-mixed-replace;boundary={_BOUNDARY}")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        number = 0
        while not ended.is_set():
            if not camera.mute:
                self._send(camera.frame(number, width, height))
                number += 1
            camera.clock.wait(pause)

    def _send(self, jpeg: bytes) -> None:
        head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        self.wfile.write(head.encode() + jpeg + b"\r\n")

    def log_message(self, format: str, *args: object) -> None:
        """Viewers come and go; nobody needs to read about it."""


def _asked_size(query: str) -> tuple[int, int] | None:
    """Width and height in pixels; None when they make no sense."""
    fields = parse_qs(query)
    try:
        width, height = int(fields.get("width", ["1280"])[0]), int(fields.get("height", ["960"])[0])
    except ValueError:
        return None
    return (width, height) if 16 <= width <= _WIDEST and 16 <= height <= _WIDEST else None
