"""What a camera service shows: the newest picture in one slot, and whether a still shows the same as it does.

The drivers of such services have a thread that fills the slot as fast as pictures come; nothing queues, nothing is
decoded before somebody wants to see it.
"""

import base64
import binascii
import threading
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.errors import DeviceError, Garbled, TimedOut
from ground.clock import Clock

Pixels = NDArray[np.uint8]  # (height, width, 3) uint8, BGR

_MISSES = 3  # broken pictures in a row; one alone may be a bad moment of the sensor
_LOOK_S = 0.1  # how often a waiting caller looks at the clock
_WIDEST_PREVIEW = (
    1920  # pixels; wider ones are decoded at a half, a quarter or an eighth, which costs as much less
)
_JPEG = b"\xff\xd8\xff"

_BLIND, _STEADY = 16.0, 4.0  # grey levels: darker is not exposed yet; a larger step means that exposure moves

_GLANCE = (320, 240)  # pixels; what two pictures are compared at
_TILE = 20  # pixels of it: 3 cm of desk
_DETAIL = 7.0  # of 255, standard deviation of what is finer than a centimetre; a plain tile has less
# Measured on the generated desk, previews of 1280 x 960: the same sheet has no tile below this correlation, whatever
# its light and sharpness; another sheet has 24 and more, a sheet instead of none 10 and more.
_OTHER_PRINT = 0.2
_OTHER_TILES = 8


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture as it came."""

    number: int  #: counts from 1
    jpeg: bytes = field(repr=False)
    at: float  #: `Clock.instant()` of its arrival


class LiveView:
    """The newest picture. One thread offers, any may look."""

    def __init__(self, clock: Clock, name: str) -> None:
        self._clock = clock
        self._name = name
        self._changed = threading.Condition()
        self._shot: Shot | None = None
        self._misses = 0
        self._end: DeviceError | None = None

    @property
    def count(self) -> int:
        """How many pictures have come."""
        return 0 if self._shot is None else self._shot.number

    @property
    def lapsed(self) -> bool:
        """Whether it ended because nothing came for too long; what hung may be well again."""
        return isinstance(self._end, TimedOut)

    def offer(self, jpeg: bytes) -> None:
        """A new picture, or bytes that are none; three of these in a row end the view."""
        with self._changed:
            if jpeg.startswith(_JPEG):
                self._misses = 0
                self._shot = Shot(self.count + 1, jpeg, self._clock.instant())
            else:
                self._misses += 1
                if self._misses == _MISSES and self._end is None:
                    self._end = Garbled(device=self._name, reason="no picture")
            self._changed.notify_all()

    def end(self, error: DeviceError) -> None:
        """Nothing will come any more, because of `error`."""
        with self._changed:
            self._end = self._end or error
            self._changed.notify_all()

    def newest(self, newer_than: int, deadline: float) -> Shot:
        """The newest picture after number `newer_than`. Raises TimedOut, or what ended the view."""
        with self._changed:
            while self._shot is None or self._shot.number <= newer_than:
                if self._end is not None:
                    raise self._end
                if self._clock.due(deadline):
                    raise TimedOut(device=self._name)
                self._changed.wait(min(_LOOK_S, max(0.001, self._clock.left(deadline))))
            return self._shot

    def picture(self, newer_than: int, deadline: float) -> tuple[Shot, Pixels]:
        """The same, decoded to at most 1920 pixels of width; single broken ones are passed over."""
        for left in reversed(range(_MISSES)):
            shot = self.newest(newer_than, deadline)
            try:
                return shot, decoded(shot.jpeg, _WIDEST_PREVIEW)
            except Garbled:
                if not left:
                    raise
                newer_than = shot.number
        raise AssertionError  # the last one returned or raised


def from_base64(text: str) -> bytes:
    """The bytes of a picture; b"" when the text is none. A `data:` prefix and line breaks are understood."""
    body = text.partition(",")[2] if text.startswith("data:") else text
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def decoded(jpeg: bytes, widest: int | None = None) -> Pixels:
    """The pixels, at a fraction when the picture is wider than `widest`. Raises Garbled."""
    if not jpeg.startswith(_JPEG):
        raise Garbled(reason="no picture", bytes=len(jpeg))
    flag = cv2.IMREAD_COLOR
    if widest is not None:
        wide = _width(jpeg)
        flag = next((flag for part, flag in _PARTS if wide <= widest * part), _PARTS[-1][1])
    try:
        pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), flag)
    except cv2.error as error:
        raise Garbled(reason="picture too large") from error
    if pixels is None:
        raise Garbled(reason="broken picture", bytes=len(jpeg))
    return np.asarray(pixels, np.uint8)


_PARTS = (
    (1, cv2.IMREAD_COLOR),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (8, cv2.IMREAD_REDUCED_COLOR_8),
)


def _width(jpeg: bytes) -> int:
    """From the frame header (SOF); 0 when there is none."""
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        mark = jpeg[at + 1]
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(jpeg[at + 7 : at + 9])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return 0


def shows_another(still: Pixels, seen: Pixels) -> bool:
    """Whether a still clearly shows something else than the preview does: another sheet, or none.

    For the same scene at another size, sharpness or exposure it says no; two sides of a card are too small to be told
    apart.
    """
    one, other = _prints(still), _prints(seen)
    contrast = np.stack([one.std(axis=1), other.std(axis=1)])
    alike = (one * other).mean(axis=1) / np.maximum(contrast.prod(axis=0), 1e-6)
    return int(((alike < _OTHER_PRINT) & (contrast.max(axis=0) > _DETAIL)).sum()) >= _OTHER_TILES


def _prints(pixels: Pixels) -> NDArray[np.float32]:
    """What is finer than a centimetre, at medium brightness, by tiles: (tiles, pixels of a tile), each of mean 0."""
    grey = cv2.cvtColor(cv2.resize(pixels, _GLANCE, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    fine = grey.astype(np.float32) * (128 / max(16.0, float(grey.mean())))
    fine -= cv2.GaussianBlur(fine, (0, 0), 4)
    wide, high = _GLANCE[0] // _TILE, _GLANCE[1] // _TILE
    tiles = fine.reshape(high, _TILE, wide, _TILE).swapaxes(1, 2).reshape(wide * high, _TILE * _TILE)
    return np.asarray(tiles - tiles.mean(axis=1, keepdims=True), np.float32)


def settled(view: LiveView, most_frames: int, deadline: float) -> None:
    """Pass over what comes while exposure and white balance find their level (§3), at most `most_frames`.

    Raises TimedOut, or what ended the view.
    """
    shot, pixels = view.picture(0, deadline)
    level = _brightness(pixels)
    for _ in range(most_frames):
        shot, pixels = view.picture(shot.number, deadline)
        before, level = level, _brightness(pixels)
        if level >= _BLIND and abs(level - before) <= _STEADY:
            return


def _brightness(pixels: Pixels) -> float:
    """Mean grey level 0…255."""
    return float(pixels[::8, ::8].mean())
