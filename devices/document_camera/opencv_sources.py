"""Where pictures come from. One small class for each kind of URL; all are used by a single thread."""

import re
import socket
from pathlib import Path
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urlencode, urlsplit, urlunsplit

import cv2
import numpy as np

from devices.document_camera.opencv_picture import (
    Mode,
    Picture,
    Pixels,
    Size,
    decoded,
    quieten,
    read_capture,
    whole_jpeg,
)
from devices.document_camera.opencv_v4l2 import DEFAULTS, Controls, V4l2Source
from devices.errors import Garbled, TimedOut, Unreachable
from ground.clock import Clock

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"})
_FOLDER_PAUSE_S = 0.1
_PORTS = {"http": 80, "https": 443, "rtsp": 554}


class Source(Protocol):
    """What the driver needs of a picture source."""

    live: bool  #: a sensor, whose exposure must settle after each `open`
    pause_s: float  #: seconds to leave between two reads; 0 when `read` itself waits for the next picture

    def open(self, mode: Mode) -> None:
        """Start, or switch to, `mode`. Raises Unreachable, TimedOut, Garbled."""
        ...

    def read(self) -> Picture | None:
        """The next picture, of whatever size the source likes; None when this one was lost."""
        ...

    def close(self) -> None:
        """Let go. May be called twice."""
        ...

    def present(self) -> bool:
        """False as soon as the source is known to be gone. Called from other threads, must not block."""
        ...


@runtime_checkable
class Distant(Protocol):
    """A source whose going away is only seen by calling."""

    def reach(self, patience_s: float) -> None:
        """Whether anybody is there; no picture is asked for. Raises Unreachable, TimedOut."""
        ...


class StreamSource:
    """A network camera: MJPEG over HTTP with the size in the query, or RTSP as it comes."""

    live = True
    pause_s = 0.0

    def __init__(self, url: str, clock: Clock, timeout_s: float) -> None:
        self._url = url
        self._clock = clock
        self._timeout_s = timeout_s
        self._capture: Any = cv2.VideoCapture()

    def open(self, mode: Mode) -> None:
        quieten()
        self.close()
        self.reach(self._timeout_s)
        given_up = self._clock.after(self._timeout_s * 0.9)
        limit_ms = max(1, int(self._timeout_s * 1000))
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, limit_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, limit_ms]
        if not self._capture.open(sized(self._url, mode.size), cv2.CAP_FFMPEG, limits):
            name = public_name(self._url)
            raise TimedOut(device=name) if self._clock.due(given_up) else Garbled(device=name)

    def reach(self, patience_s: float) -> None:
        """See whether anybody listens, because FFmpeg does not tell silence from absence."""
        parts = urlsplit(self._url)
        place = (parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 80))
        try:
            socket.create_connection(place, patience_s).close()
        except TimeoutError as error:
            raise TimedOut(device=public_name(self._url)) from error
        except OSError as error:
            raise Unreachable(device=public_name(self._url)) from error

    def read(self) -> Picture | None:
        pixels = _read(self._capture)
        return None if pixels is None else Picture(pixels)

    def close(self) -> None:
        self._capture.release()

    def present(self) -> bool:
        return True


class VideoSource:
    """A video file, played at its own pace and over again."""

    live = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._capture: Any = None
        self._mode = Mode("preview", (0, 0))
        self.pause_s = 0.04

    def open(self, mode: Mode) -> None:
        quieten()
        self._mode = mode
        if self._capture is None:
            self._rewind()

    def _rewind(self) -> None:
        self.close()
        if not self.present():
            raise Unreachable(device=self._path.name)
        self._capture = cv2.VideoCapture(str(self._path), cv2.CAP_FFMPEG)
        if not self._capture.isOpened():
            raise Garbled(device=self._path.name)
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.pause_s = 1 / min(max(fps, 1.0), 60.0)

    def read(self) -> Picture | None:
        pixels = _read(self._capture)
        if pixels is None:
            self._rewind()
            pixels = _read(self._capture)
        return None if pixels is None else Picture(_fitted(pixels, self._mode))

    def close(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def present(self) -> bool:
        return self._path.is_file()


class FolderSource:
    """Pictures in the order of their names. The preview shows the one that the next still takes."""

    live = False
    pause_s = _FOLDER_PAUSE_S

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mode = Mode("preview", (0, 0))
        self._place = 0
        self._shown: tuple[Path, Mode, Picture] | None = None

    def open(self, mode: Mode) -> None:
        if self._mode.name == "still":  # that picture was taken: turn to the next
            self._place += 1
        self._mode = mode
        self._picture()

    def _picture(self) -> Path:
        try:
            pictures = sorted(path for path in self._folder.iterdir() if path.suffix.lower() in _PICTURES)
        except OSError as error:
            raise Unreachable(device=self._folder.name) from error
        if not pictures:
            raise Unreachable(device=self._folder.name, reason="no pictures")
        return pictures[self._place % len(pictures)]

    def read(self) -> Picture | None:
        path = self._picture()
        if self._shown is None or self._shown[:2] != (path, self._mode):
            self._shown = (path, self._mode, _from_file(path, self._mode))
        shown = self._shown[2]
        return Picture(shown.pixels.copy(), shown.jpeg)

    def close(self) -> None:
        self._shown = None

    def present(self) -> bool:
        return self._folder.is_dir()


def source_for(url: str, clock: Clock, timeout_s: float, controls: Controls = DEFAULTS) -> Source:
    """The source that `url` means; `controls` are for cameras of this machine."""
    if url.startswith(("http://", "https://", "rtsp://")):
        return StreamSource(url, clock, timeout_s)
    if url.startswith("folder:"):
        return FolderSource(Path(url.removeprefix("folder:")))
    if url.startswith("/dev/"):
        return V4l2Source(url, clock, controls)
    return VideoSource(Path(url.removeprefix("file:")))


def known(url: str) -> bool:
    """Whether `source_for` can make something of `url`."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):", url)
    if scheme is None:
        return bool(url.strip())
    if scheme[1] in _PORTS:
        return bool(urlsplit(url).hostname)
    return scheme[1] in ("folder", "file") and len(url) > len(scheme[0])


def public_name(url: str) -> str:
    """`url` without user and password, for logs and screens."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if parts.netloc else url


def sized(url: str, size: Size) -> str:
    """An HTTP `url` that asks for pictures of `size`; other URLs as they are."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return url
    asked = urlencode({"width": size[0], "height": size[1]})
    return urlunsplit(parts._replace(query=f"{parts.query}&{asked}" if parts.query else asked))


def _read(capture: Any) -> Pixels | None:
    pixels = read_capture(capture)
    return pixels if pixels is not None and pixels.ndim == 3 else None


def _from_file(path: Path, mode: Mode) -> Picture:
    """Raises Unreachable, Garbled."""
    try:
        kept = path.read_bytes()
    except OSError as error:
        raise Unreachable(device=path.name) from error
    pixels = decoded(kept)
    if pixels is None:
        raise Garbled(device=path.name)
    return Picture(_fitted(pixels, mode), whole_jpeg(kept) if mode.name == "still" else None)


def _fitted(pixels: Pixels, mode: Mode) -> Pixels:
    """A still as it is; a preview made small enough for its mode."""
    height, width = pixels.shape[:2]
    shrink = min(1.0, mode.size[0] / width, mode.size[1] / height)
    if mode.name == "still" or shrink == 1.0:
        return pixels
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
