"""The desk under the lamp of an emulated camera: its physics as plain attributes, its pictures as JPEG.

Each scene is drawn and encoded once per size and then served from memory, so that the kiosk beside it keeps its
CPU.
"""

import functools
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.emulators.desk import Scene, corners, render
from devices.emulators.desk_sheets import sheet_kind
from devices.emulators.desk_surfaces import DESKS, Pixels

_DARK_FRAMES = 2  # after each start the sensor is blind …
_DIM_FRAMES = 1  # … then half exposed
_REMEMBERED = 6  # drawn scenes
_JPEG_QUALITY = 92


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One scene at one size, ready to send."""

    dim: bytes
    lit: bytes


class LampDesk:
    """What every emulated document camera has under it. The knobs may be set at any time from any thread."""

    scene_knobs: ClassVar[tuple[str, ...]] = ("sheet", "desk", "angle_deg", "offset", "blur", "light")

    def __init__(self) -> None:
        self.angle_deg = 3.0  #: the sheet turned clockwise
        self.blur = 0.0  #: defocus, sigma in millimetres on the paper
        self.light = 1.0  #: 1 lamp on, 0 off
        self._sheet = ""
        self._desk = "wood"
        self._offset = (0.0, 0.0)
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

    @property
    def unsettled(self) -> int:
        """How many frames after a start are not exposed well yet."""
        return _DARK_FRAMES + _DIM_FRAMES

    def lit(self, scene: Scene, width: int, height: int) -> bytes:
        """`scene`, well exposed, as JPEG."""
        return self._draw(scene, width, height).lit

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


def stamped(jpeg: bytes, number: int) -> bytes:
    """The same picture with `number` in a comment: no two exposures of a sensor are ever equal to the byte."""
    note = str(number).encode()
    return jpeg[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2) + note + jpeg[2:]
