"""Page capture against its floor: the same picture merely decoded, warped and encoded, in the same run."""

import functools
import json
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from bench.report import Ratio
from devices.emulators.desk import Scene, corners, render
from kiosk.capture.bind import bind
from kiosk.capture.find import find_sheet
from kiosk.capture.flatten import SheetSize, flatten
from kiosk.capture.page import Page, take_page
from kiosk.capture.still import opened

_SCENE = Scene("lease-1", "wood", angle_deg=5)
_STILL = (4208, 3120)  # 13 MP
_PREVIEW = (1280, 960)
ROUNDS = 9
_STAGES = ("decode", "find", "flatten", "judge", "clean", "encode")


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """The figures of this machine at this moment; one thread, rounds interleaved, medians compared."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [_whole_pipeline(rounds), _finding(rounds), _deskew(), _memory()]
    finally:
        cv2.setNumThreads(threads)


def _whole_pipeline(rounds: int) -> Ratio:
    """JPEG still to PDF page, all but OCR, against decode + linear warp + encode by the quickest library there is."""
    still = jpeg_still(_STILL)
    outline = corners(_SCENE, *_STILL)
    whole, floor = _medians(lambda: _to_pdf(still), lambda: _floor(still, outline), rounds)
    page = take_page(opened(still), SheetSize.A4)
    assert isinstance(page, Page)
    stages = " ".join(f"{stage} {page.ms[stage]:.0f}" for stage in _STAGES[1:])
    return Ratio(
        "capture: page of a 13 MP still, found, upright, judged, clean / simplejpeg decode + warp + encode",
        whole / floor,
        limit=1.5,  # a plain OpenCV recipe without judging, cleaning or hashing needs 2.0
        detail=f"{whole * 1e3:.0f} ms / {floor * 1e3:.0f} ms; last run: {stages}",
    )


def _finding(rounds: int) -> Ratio:
    """Finding the sheet in a preview frame, against decoding that frame."""
    frame = jpeg_still(_PREVIEW)
    pixels = _decoded(frame)
    find, decode = _medians(lambda: find_sheet(pixels), lambda: _decoded(frame), rounds)
    return Ratio(
        "capture: find in a 1280 × 960 preview / decode of it",
        find / decode,
        limit=8.0,  # 3 on an idle machine; at 8, ten outlines a second still take less than half a core
        detail=f"{find * 1e3:.1f} ms / {decode * 1e3:.1f} ms",
    )


def _medians(one: Callable[[], object], other: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median seconds of each, measured in turn so that noise hits both alike."""
    one(), other()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for spent, work in zip(times, (one, other), strict=True):
            begun = perf_counter()
            work()
            spent.append(perf_counter() - begun)
    return median(times[0]), median(times[1])


@functools.cache
def jpeg_still(size: tuple[int, int], scene: Scene = _SCENE) -> bytes:
    """What a camera would send."""
    return bytes(simplejpeg.encode_jpeg(render(scene, *size), 92, "BGR", "420"))


def _decoded(jpeg: bytes) -> NDArray[np.uint8]:
    return np.asarray(simplejpeg.decode_jpeg(jpeg, "BGR"))


def _to_pdf(jpeg: bytes) -> bytes:
    page = take_page(opened(jpeg), SheetSize.A4)
    assert isinstance(page, Page)
    return bind([page])


def _floor(jpeg: bytes, outline: NDArray[np.float32]) -> bytes:
    flat = flatten(_decoded(jpeg), outline, SheetSize.A4)
    return bytes(simplejpeg.encode_jpeg(flat, 85, "BGR", "420"))
