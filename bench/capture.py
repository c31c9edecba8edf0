"""Page capture against its floor: the same picture merely decoded, warped and encoded, in the same run.

Figures are told twice: for the pictures that were at hand while the pipeline was tuned, and for held-back ones, whose
generator and ways of lying nobody looked at.
"""

import functools
import json
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import process_time

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from bench.defects.laid import Laid, laid, sheet_of
from bench.desks.framing import clockwise
from bench.desks.sheets import form, letter
from bench.report import Ratio
from devices.emulators.desk import Scene, corners, render
from ground.clock import RealClock
from kiosk.capture.find import find_sheet
from kiosk.capture.flatten import SheetSize, flatten
from kiosk.capture.page import Page, take_page
from kiosk.capture.still import opened
from kiosk.capture.upright import lines_of

_SCENE = Scene("lease-1", "wood", angle_deg=5)
_HELD_BACK = Scene(
    "deed", "dark", angle_deg=86, tilt_deg=(2.0, -1.5), light=0.8, seed=31
)  # must be turned, too
_STILL = (4208, 3120)  # 13 MP
_PREVIEW = (1280, 960)
ROUNDS = 9
_CROOKED = 36  # pages
_ELSEWHERE = 16  # pages; each takes seconds to be drawn
_STAGES = ("decode", "find", "flatten", "judge", "clean", "encode")


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """The figures of this machine at this moment; one thread, rounds interleaved, medians compared."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [
            _whole_pipeline(rounds, _SCENE, "of a 13 MP still"),
            _whole_pipeline(rounds, _HELD_BACK, "held back: lying sideways, another desk"),
            _finding(rounds),
            _deskew("the emulated desk's", _leaning(min(_CROOKED, 4 * rounds))),
            _deskew("held back: the judging generator's", _leaning_elsewhere(min(_ELSEWHERE, 2 * rounds))),
            _memory(),
        ]
    finally:
        cv2.setNumThreads(threads)


def _whole_pipeline(rounds: int, scene: Scene, which: str) -> Ratio:
    """JPEG still to page, all but OCR, against decode + linear warp + encode by the quickest library there is."""
    still = jpeg_still(_STILL, scene)
    outline = corners(scene, *_STILL)
    whole, floor = _medians(lambda: _page(still), lambda: _floor(still, outline), rounds)
    page = _page(still)
    stages = " ".join(f"{stage} {page.ms[stage]:.0f}" for stage in _STAGES)
    return Ratio(
        f"capture: page {which}; found, upright, judged, clean / simplejpeg decode + warp + encode",
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
    """Median seconds of processor time of each, in turn, so that what else the machine does hits both alike."""
    one(), other()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for spent, work in zip(times, (one, other), strict=True):
            begun = process_time()
            work()
            spent.append(process_time() - begun)
    return median(times[0]), median(times[1])


@functools.lru_cache(maxsize=4)
def jpeg_still(size: tuple[int, int], scene: Scene = _SCENE) -> bytes:
    """What a camera would send."""
    return bytes(simplejpeg.encode_jpeg(render(scene, *size), 92, "BGR", "420"))


def _decoded(jpeg: bytes) -> NDArray[np.uint8]:
    return np.asarray(simplejpeg.decode_jpeg(jpeg, "BGR"))


class _Worked(RealClock):
    """Counts this process's own work, not what else the machine does."""

    def instant(self) -> float:
        return process_time()


def _page(jpeg: bytes) -> Page:
    clock = _Worked()
    page = take_page(opened(jpeg, clock=clock), SheetSize.A4, clock=clock)
    assert isinstance(page, Page)
    return page


def _floor(jpeg: bytes, outline: NDArray[np.float32]) -> bytes:
    flat = flatten(_decoded(jpeg), outline, SheetSize.A4)
    return bytes(simplejpeg.encode_jpeg(flat, 85, "BGR", "420"))


def _deskew(which: str, errors: list[float]) -> Ratio:
    """How crooked the printed lines of made pages still lie, from the sheet's own corners, which are known."""
    worst = float(np.percentile(errors, 95)) if errors else 90.0
    return Ratio(
        f"capture: deskew error of made pages, p95 / 0.2° ({which})",
        worst / 0.2,
        limit=1.0,
        detail=f"{worst:.3f}° over {len(errors)} pages",
    )


def _leaning(most: int) -> list[float]:
    errors = []
    for scene, width, height in _crooked()[:most]:
        page = take_page(opened(jpeg_still((width, height), scene)), SheetSize.A4)
        if isinstance(page, Page) and page.corners is not None:
            errors.append(_lean_deg(page, corners(scene, width, height)))
    return errors


def _leaning_elsewhere(most: int) -> list[float]:
    """Letters and forms on cloth, stone and wood, through a lens that bends and a camera that sharpens."""
    errors = []
    for number in range(most):
        dice = np.random.default_rng((2323, number))
        draw = (letter, form)[number % 2]
        lying: Laid = laid(draw, *sheet_of(draw, dice), dice, turn_deg=float(dice.uniform(-11, 11)))
        truth = clockwise(lying.camera.where(lying.place.corners(lying.size_mm)))
        page = take_page(lying.pixels(), SheetSize.A4)
        if isinstance(page, Page) and page.corners is not None:
            errors.append(_lean_deg(page, np.asarray(truth, np.float32)))
    return errors


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
        for number in range(_CROOKED)
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
