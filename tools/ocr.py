"""`ocr --kind KIND IMAGE`: what a document says. Exit 2 when the file is no picture, 1 when it could not be read.

The image may be a photograph of a desk, which then goes through the capture pipeline, or a page that is flat already.
"""

import argparse
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import simplejpeg

from ground.clock import RealClock
from kiosk.capture.flatten import Pixels, SheetSize
from kiosk.capture.page import Page, take_page
from kiosk.capture.still import Still
from kiosk.capture.unreadable import Unreadable
from kiosk.reading import Kind, Reader, Reading, ReadingFailed
from kiosk.words import Words
from tools.capture import opened_file
from tools.capture_told import error_of, name_of, unreadable
from tools.cli import ROOT
from tools.codes import shown
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT

_NOT_FINE = 1
_DEADLINE_S = 240.0  # a technician's machine may be busy; nobody stands before it
_QUALITY = 92  # JPEG of what is handed to the reader whole
_MOST_SIDE = 4000  # pixels; more tells the reader nothing new
_SAME_SHAPE = 0.035  # how far the shape of a flat page may be off that of its sheet
#: long / short side of the sheets that each kind is printed on (ISO/IEC 7810, ISO 216, the register's 143 x 105 mm)
_SHAPES = {
    Kind.ID_FRONT: (85.6 / 54,),
    Kind.ID_BACK: (85.6 / 54,),
    Kind.BUSINESS_LICENCE: (2**0.5,),
    Kind.HOUSEHOLD: (2**0.5, 143 / 105),
}


def run(asked: argparse.Namespace) -> int:
    """One document."""
    words = Words.load(ROOT / "config" / "words", "zh-Hans")
    kind, clock = Kind(asked.kind), RealClock()
    try:
        still = next(opened_file(asked.image, clock))
    except Unreadable as error:
        if asked.json:
            say_json({"source": name_of(asked.image), "error": error_of(error, words)})
        complain(unreadable(asked.image, error, words))
        return BAD_INPUT
    try:
        with Reader(clock, niceness=0, start_deadline_s=_DEADLINE_S, read_deadline_s=_DEADLINE_S) as reader:
            reading = best_reading(reader, still, kind)
    except ReadingFailed as error:
        if asked.json:
            said = {"code": error.code, "hint": words(f"errors.{error.code}.hint")}
            say_json({"source": name_of(asked.image), "error": said})
        complain(words("ocr.failed", file=shown(str(asked.image)), code=error.code))
        return _NOT_FINE
    if asked.json:
        say_json({"source": name_of(asked.image), **told(reading)})
    else:
        for line in lines(reading, words):
            say(line)
    return 0


def best_reading(reader: Reader, still: Still, kind: Kind) -> Reading:
    """The first reading that is of the kind and complete; else the best of all ways to look at the picture."""
    best: Reading | None = None
    for page in _pages(still, kind):
        reading = reader.read(page, kind)
        if best is None or _worth(reading) > _worth(best):
            best = reading
        if reading.kind_matches and all(field.confidence > 0.5 for field in reading.fields.values()):
            break
    assert best is not None  # there is always at least one way
    return best


def told(reading: Reading) -> dict[str, Any]:
    """A reading as JSON."""
    return {
        "kind": reading.kind.value,
        "fields": {
            name: {"value": field.value, "confidence": round(field.confidence, 4)}
            for name, field in reading.fields.items()
        },
        "kind_matches": reading.kind_matches,
        "warnings": [warning.value for warning in reading.warnings],
    }


def lines(reading: Reading, words: Words) -> list[str]:
    """A reading for people."""
    said = [words(f"ocr.warning.{warning.value}") for warning in reading.warnings]
    for name, field in reading.fields.items():
        label = words(f"ocr.field.{name}")
        said.append(
            words("ocr.line", label=label, value=shown(field.value), percent=int(field.confidence * 100))
        )
    return said or [words("ocr.nothing")]


def _pages(still: Still, kind: Kind) -> Iterator[bytes]:
    """JPEGs to try, the likeliest first."""
    size = SheetSize.CARD if kind in (Kind.ID_FRONT, Kind.ID_BACK) else SheetSize.A4
    if _is_flat(still, kind):
        yield _encoded(still.pixels)
    made = take_page(still, size)
    if isinstance(made, Page):
        yield made.jpeg
    if not _is_flat(still, kind):
        yield _encoded(still.pixels)


def _is_flat(still: Still, kind: Kind) -> bool:
    """Whether the picture has the shape of the sheet itself; a camera's pictures are 4:3 or 16:9."""
    height, width = still.pixels.shape[:2]
    shape = max(height, width) / min(height, width)
    camera = abs(shape - 4 / 3) < 0.005
    return still.resolution_dpi is not None or (
        not camera and any(abs(shape / known - 1) < _SAME_SHAPE for known in _SHAPES[kind])
    )


def _encoded(pixels: Pixels) -> bytes:
    shrink = min(1.0, _MOST_SIDE / max(pixels.shape[:2]))
    if shrink < 1.0:
        small = cv2.resize(pixels, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        pixels = np.asarray(small, np.uint8)
    return bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), _QUALITY, "BGR"))


def _worth(reading: Reading) -> tuple[bool, float]:
    return reading.kind_matches, sum(field.confidence for field in reading.fields.values())
