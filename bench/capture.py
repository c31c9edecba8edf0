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
from kiosk.capture.upright import lines_of

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


@functools.lru_cache(maxsize=3)
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


def _deskew() -> Ratio:
    """How crooked the printed lines of made pages still lie, from the sheet's own corners, which are known."""
    errors = []
    for scene, width, height in _crooked():
        page = take_page(opened(jpeg_still((width, height), scene)), SheetSize.A4)
        if isinstance(page, Page) and page.corners is not None:
            errors.append(_lean_deg(page, corners(scene, width, height)))
    worst = float(np.percentile(errors, 95)) if errors else 90.0
    return Ratio(
        "capture: deskew error of made pages, p95 / 0.2°",
        worst / 0.2,
        limit=1.0,
        detail=f"{worst:.3f}° over {len(errors)} pages",
    )


def _crooked() -> list[tuple[Scene, int, int]]:
    chance = np.random.default_rng(23)
    sheets = ("lease-1", "deed", "student-card", "labour-contract", "kinship-proof", "owner-id")
    return [
        (
            Scene(
                sheets[number % len(sheets)],
                ("wood", "dark", "plain", "white")[number % 4],
                angle_deg=float(chance.uniform(-11, 11)),
                tilt_deg=(float(chance.uniform(-3, 3)), float(chance.uniform(-3, 3))),
                light=float(chance.uniform(0.6, 1)),
                seed=number,
            ),
            2048,
            1536,
        )
        for number in range(36)
    ]


def _lean_deg(page: Page, truth: NDArray[np.float32]) -> float:
    """By how much the print leans: as `upright` measures it on the page, which its own test holds to 0.1°.

    The sheet's true upper edge, seen through the page's own corners, says the same without any print; the larger
    of the two counts, so that neither can hide a fault of the other.
    """
    flat = cv2.imdecode(np.frombuffer(page.view_jpeg, np.uint8), cv2.IMREAD_COLOR)
    printed = abs(lines_of(np.asarray(flat)).skew_deg)
    quad = np.array(page.corners, np.float32)
    sheet = np.array([[0, 0], [210, 0], [210, 297], [0, 297]], np.float32)
    move = cv2.getPerspectiveTransform(quad, sheet)
    edge = cv2.perspectiveTransform(truth[None, :2], move)[0]
    run = edge[1] - edge[0]
    return max(printed, abs(float(np.degrees(np.arctan2(run[1], run[0])))) if page.rotation == 0 else printed)


_CHILD = """
import json, sys
from kiosk.capture.flatten import SheetSize
from kiosk.capture.page import take_page
from kiosk.capture.still import opened
def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
jpeg = sys.stdin.buffer.read()
small = opened(bytes.fromhex(sys.argv[1]))
take_page(small, SheetSize.A4, insist=True)
del small
before = peak()
page = take_page(opened(jpeg), SheetSize.A4, insist=True)
print(json.dumps([before, peak()]))
"""


def _memory() -> Ratio:
    """Peak memory of making a page of a 13 MP still, beyond what the libraries and models take anyhow."""
    tiny = bytes(simplejpeg.encode_jpeg(np.full((80, 80, 3), 200, np.uint8), 80, "BGR", "420"))
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, tiny.hex()], input=jpeg_still(_STILL), capture_output=True, check=True
    )
    before, peak = json.loads(done.stdout)
    decoded = _STILL[0] * _STILL[1] * 3 / 1024
    return Ratio(
        "capture: peak memory of a 13 MP page / its decoded image",
        (peak - before) / decoded,
        limit=6.0,
        detail=f"{(peak - before) / 1024:.0f} MB above {before / 1024:.0f} MB / {decoded / 1024:.0f} MB",
    )
