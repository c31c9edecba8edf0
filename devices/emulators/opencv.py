"""A document camera on the network: a generated desk, served as MJPEG over HTTP.

`GET /video.mjpg?width=W&height=H` streams the desk at that size, as a network camera does: dark first frames
while the exposure settles, about 12 frames a second at preview sizes and 3 at still sizes. Physics are plain
attributes (`knobs`); the desk itself is `LampDesk`.
"""

import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from devices.emulators.lamp_desk import LampDesk
from ground.clock import Clock

_PREVIEW_FPS, _STILL_FPS = 12, 3  # a 13 MP UVC camera over USB 2
_LARGEST_PREVIEW = 1920  # pixels of width
_WIDEST = 8192
_BOUNDARY = "frame"


class CameraEmulator(LampDesk):
    """A camera on 127.0.0.1, unplugged until `start`. The knobs may be set at any time from any thread."""

    knobs: ClassVar[tuple[str, ...]] = (*LampDesk.scene_knobs, "plugged", "mute")

    def __init__(self, clock: Clock, port: int = 0) -> None:
        super().__init__()
        self.clock = clock
        self.mute = False  #: True: takes connections and sends nothing, as a hung camera does
        self._port = port
        self._server: _Server | None = None
        self._plug = threading.Lock()

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
