"""Page capture against its floor: the same picture merely decoded, warped and encoded, in the same run."""

import functools
from collections.abc import Callable
from statistics import median
from time import perf_counter

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.report import Ratio
from devices.emulators.desk import Scene, corners, render
from kiosk.capture.bind import bind
from kiosk.capture.find import find_sheet
from kiosk.capture.flatten import SheetSize, flatten
from kiosk.capture.page import Page, take_page

_SCENE = Scene("lease-1", "wood", angle_deg=5)
_STILL = (4208, 3120)  # 13 MP
_PREVIEW = (1280, 960)
ROUNDS = 9


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """The figures of this machine at this moment; one thread, rounds interleaved, medians compared."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [_whole_pipeline(rounds), _finding(rounds)]
    finally:
        cv2.setNumThreads(threads)


def _whole_pipeline(rounds: int) -> Ratio:
    """JPEG still to PDF page, with finding, judging, two hashes and a thumbnail, against decode + warp + encode."""
    still = _still(_STILL)
    outline = corners(_SCENE, *_STILL)
    whole, floor = _medians(lambda: _to_pdf(still), lambda: _floor(still, outline), rounds)
    return Ratio(
        "capture: page of a 13 MP still / decode + warp + encode",
        whole / floor,
        limit=2.2,  # a plain OpenCV recipe without judging or hashing needs 2.0
        detail=f"{whole * 1e3:.0f} ms / {floor * 1e3:.0f} ms",
    )


def _finding(rounds: int) -> Ratio:
    """Finding the sheet in a preview frame, against decoding that frame."""
    frame = _still(_PREVIEW)
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
def _still(size: tuple[int, int]) -> bytes:
    return bytes(cv2.imencode(".jpg", render(_SCENE, *size), [cv2.IMWRITE_JPEG_QUALITY, 92])[1])


def _decoded(jpeg: bytes) -> NDArray[np.uint8]:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))


def _to_pdf(jpeg: bytes) -> bytes:
    page = take_page(_decoded(jpeg), SheetSize.A4)
    assert isinstance(page, Page)
    assert page.accepted
    return bind([page])


def _floor(jpeg: bytes, outline: NDArray[np.float32]) -> bytes:
    flat = flatten(_decoded(jpeg), outline, SheetSize.A4)
    return bytes(cv2.imencode(".jpg", flat, [cv2.IMWRITE_JPEG_QUALITY, 85])[1])
