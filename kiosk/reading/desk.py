"""A page as the reading process sees it: turned upright, its lines found and read, its kind's fields understood."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from statistics import median

import cv2
import numpy as np
import simplejpeg

from kiosk.reading.boxes import Turned, levelled
from kiosk.reading.documents import score, understood
from kiosk.reading.engine import Engine, Pixels
from kiosk.reading.labels import ENOUGH
from kiosk.reading.line import Line
from kiosk.reading.values import Kind, Reading

# Pixels of the longer side at which lines are looked for. Measured: 960 and 1280 find the same lines of a licence and
# of a register; memory and time grow with the square. A page may be the copy of a card, whose type is small.
_CARD_SIDE, _PAGE_SIDE = 960, 1120
_CARD_UP_TO = 1400  # pixels; a card at 300 dpi is 1011
_STEEP = 45.0  # degrees; a line beyond runs down the page
_LONG = 4.0  # times as long as high: only of such lines the angle is believed
_STRETCHES = (0.85, 1.2)  # further looks; chosen: near enough to be read, far enough to be another opinion


class Desk:
    """Reads one page after another."""

    def __init__(self, threads: int) -> None:
        """Raises `engine.NoModels`."""
        cv2.setNumThreads(1)
        self._engine = Engine(threads)

    @staticmethod
    def opened(page: bytes, most_pixels: int) -> Pixels | None:
        """A page's JPEG as pixels; None when it is none, or too large."""
        try:
            height, width, _, _ = simplejpeg.decode_jpeg_header(page)
            if not 0 < width * height <= most_pixels or min(width, height) < 32:
                return None
            return np.asarray(simplejpeg.decode_jpeg(page, colorspace="BGR"), np.uint8)
        except (ValueError, KeyError):
            return None

    def read(self, pixels: Pixels, kind: Kind, today: date) -> Reading:
        """What the page says, whichever way round it lies."""
        side = _CARD_SIDE if max(pixels.shape[:2]) <= _CARD_UP_TO else _PAGE_SIDE
        boxes = self._engine.boxes(pixels, side)
        if _runs_down(boxes):
            pixels, boxes = _quarter(pixels, boxes)
        boxes = [levelled(box) for box in boxes]
        sheet = _Sheet(self._engine, pixels, boxes)
        if not sheet.is_known:
            other = _Sheet(self._engine, *_half(pixels, boxes))
            sheet = max(sheet, other, key=lambda some: (some.is_known, some.likely))
        return understood(sheet.lines, kind, today, sheet)


class _Sheet:
    """A page that lies one way round."""

    def __init__(self, engine: Engine, pixels: Pixels, boxes: list[Turned]) -> None:
        self._engine, self._pixels, self._boxes = engine, pixels, boxes
        self._tilt = _tilt(boxes)
        self.lines = tuple(self._lines())

    def _lines(self) -> Iterator[Line]:
        for place, box in enumerate(self._boxes):
            line = self._engine.read(self._pixels, box, tilt=self._tilt)
            if line is not None:
                yield replace(line, place=place)

    def again(self, place: int) -> Iterator[Line]:
        """Further opinions on a line."""
        for stretch in _STRETCHES if place >= 0 else ():
            line = self._engine.read(self._pixels, self._boxes[place], tilt=self._tilt, stretch=stretch)
            if line is not None:
                yield replace(line, place=place)

    def within(self, left: float, top: float, right: float, bottom: float) -> Line | None:
        """What stands in a rectangle of the page, were it laid straight."""
        turn = np.deg2rad(self._tilt)
        x, y = (left + right) / 2, (top + bottom) / 2
        middle = float(x * np.cos(turn) - y * np.sin(turn)), float(x * np.sin(turn) + y * np.cos(turn))
        box = Turned(middle, right - left, bottom - top, self._tilt)
        return self._engine.read(self._pixels, box, tilt=self._tilt)

    @property
    def is_known(self) -> bool:
        """Whether it is any of the documents."""
        return any(score(self.lines, kind) >= ENOUGH for kind in Kind)

    @property
    def likely(self) -> float:
        """How well its signs can be read: the median."""
        signs = [sign.likely for line in self.lines for sign in line.signs]
        return median(signs) if signs else 0.0


def _runs_down(boxes: list[Turned]) -> bool:
    steep = sum(box.along for box in boxes if abs(box.angle) > _STEEP)
    return steep > sum(box.along for box in boxes) / 2


def _tilt(boxes: list[Turned]) -> float:
    angles = [box.angle for box in boxes if box.along > _LONG * box.across and abs(box.angle) < _STEEP]
    return median(angles) if angles else 0.0


def _quarter(pixels: Pixels, boxes: list[Turned]) -> tuple[Pixels, list[Turned]]:
    """Page and boxes turned a quarter clockwise."""
    height = pixels.shape[0]
    turned = []
    for box in boxes:
        middle = height - 1 - box.middle[1], box.middle[0]
        turned.append(replace(box, middle=middle, angle=box.angle - 90 if box.angle > 0 else box.angle + 90))
    return np.ascontiguousarray(np.rot90(pixels, -1)), turned


def _half(pixels: Pixels, boxes: list[Turned]) -> tuple[Pixels, list[Turned]]:
    """Page and boxes upside down."""
    height, width = pixels.shape[:2]
    turned = [replace(box, middle=(width - 1 - box.middle[0], height - 1 - box.middle[1])) for box in boxes]
    return np.ascontiguousarray(pixels[::-1, ::-1]), turned
