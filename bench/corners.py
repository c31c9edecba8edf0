"""Where the sheet's corners are, on generated desks with known truth, against the well-known contour recipe.

`python -m bench.desks DIR` writes the pictures and draws the worst.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import mean, median, quantiles
from time import perf_counter, thread_time
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.desks import EMPTY, SEVERAL, SIZE, Desk, desk, desks
from bench.desks.camera import Pixels
from bench.desks.outlines import jaccard
from bench.desks.recipe import contour_recipe
from bench.report import Ratio
from kiosk.capture.find import find_sheet, find_sheets

EACH = 60  # pictures of a kind
_EMPTY_EACH = 100 / 60  # empty desks for every picture of a kind
_SEVERAL_EACH = 1.0
_MEAN, _WORST_KIND, _DARK, _GOOD_SHARE = 0.97, 0.93, 0.995, 0.92  # issue 4
_GOOD = 0.95
_MEDIAN_S, _P99_S = 0.012, 0.020  # issue 4
Corners = NDArray[np.float32]
Took = tuple[float, float]  #: processor time and time by the clock, seconds
Given = TypeVar("Given")
Got = TypeVar("Got")


@dataclass
class Score:
    """How well one finder did, by kind; the held-back pictures apart."""

    tuned: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    held_back: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def count(self, looked: Desk, corners: Corners | None) -> None:
        covered = 0.0 if corners is None else jaccard(corners, looked.sheets[0])
        (self.held_back if looked.held_back else self.tuned)[looked.kind].append(covered)

    def kinds(self) -> dict[str, float]:
        """Mean Jaccard of every kind, tuned and held back together."""
        names = dict.fromkeys((*self.tuned, *self.held_back))
        return {kind: mean(self.tuned.get(kind, []) + self.held_back.get(kind, [])) for kind in names}

    def all(self) -> list[float]:
        return [
            covered for part in (self.tuned, self.held_back) for each in part.values() for covered in each
        ]

    def told(self) -> str:
        """Mean and share of good ones, tuned and held back."""
        parts = []
        for name, part in (("tuned", self.tuned), ("held back", self.held_back)):
            covered = [one for each in part.values() for one in each]
            if covered:
                parts.append(f"{name} {mean(covered):.4f} ({_good(covered):.1%})")
        return ", ".join(parts)


def _good(covered: Sequence[float]) -> float:
    return sum(one >= _GOOD for one in covered) / len(covered)


def measure(rounds: int = EACH) -> list[Ratio]:
    """The figures over `rounds` pictures of each kind; one thread, both finders on the same picture."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        ours, peer, seconds = _scores(rounds)
        return [*_accuracy(ours, peer), *_emptiness(rounds), _several(rounds), *_speed(seconds)]
    finally:
        cv2.setNumThreads(threads)


def _scores(each: int) -> tuple[Score, Score, tuple[list[Took], list[Took], list[Took]]]:
    ours, peer = Score(), Score()
    seconds: tuple[list[Took], list[Took], list[Took]] = ([], [], [])
    find_sheet(np.full((SIZE[1], SIZE[0], 3), 127, np.uint8))  # what is loaded at the first look
    for looked in desks(each):
        jpeg = cv2.imencode(".jpg", looked.pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
        sheet, spent = _timed(find_sheet, looked.pixels)
        ours.count(looked, None if sheet is None else sheet.corners)
        corners, peers = _timed(contour_recipe, looked.pixels)
        peer.count(looked, corners)
        _, decode = _timed(lambda coded: cv2.imdecode(coded, cv2.IMREAD_COLOR), jpeg)
        for times, took in zip(seconds, (spent, peers, decode), strict=True):
            times.append(took)
    return ours, peer, seconds


def _timed(look: Callable[[Given], Got], at: Given) -> tuple[Got, Took]:
    """What it gives, and how long it took. Waiting for a core that others hold is no processor time."""
    begun, worked = perf_counter(), thread_time()
    got = look(at)
    return got, (thread_time() - worked, perf_counter() - begun)


def _accuracy(ours: Score, peer: Score) -> list[Ratio]:
    mine, theirs = ours.all(), peer.all()
    kinds, peers = ours.kinds(), peer.kinds()
    worst = min(kinds, key=lambda kind: kinds[kind])
    each = ", ".join(f"{kind} {kinds[kind]:.3f}/{peers[kind]:.3f}" for kind in kinds)
    against = f"contour recipe {mean(theirs):.4f} ({_good(theirs):.1%})"
    return [
        Ratio(
            "corners: mean Jaccard wanted / mean Jaccard",
            _MEAN / max(mean(mine), 1e-3),
            limit=1.0,
            detail=f"{mean(mine):.4f} of {len(mine)}; {ours.told()}; {against}; ours/recipe: {each}",
        ),
        Ratio(
            "corners: mean Jaccard wanted of the worst kind / its mean Jaccard",
            _WORST_KIND / max(kinds[worst], 1e-3),
            limit=1.0,
            detail=f"{worst} {kinds[worst]:.4f}",
        ),
        Ratio(
            "corners: mean Jaccard wanted on a dark mat / mean Jaccard there",
            _DARK / max(kinds["dark"], 1e-3),
            limit=1.0,
            detail=f"{kinds['dark']:.4f}, recipe {peers['dark']:.4f}",
        ),
        Ratio(
            "corners: share wanted with Jaccard of 0.95 / share",
            _GOOD_SHARE / max(_good(mine), 1e-3),
            limit=1.0,
            detail=f"{_good(mine):.1%}; {against}",
        ),
        Ratio(
            "corners: what is lacking / what the contour recipe lacks",
            (1 - mean(mine)) / max(1 - mean(theirs), 1e-6),
            limit=1.0,
            detail=f"{1 - mean(mine):.4f} / {1 - mean(theirs):.4f}",
        ),
    ]


def _emptiness(each: int) -> list[Ratio]:
    """Sheets found where none is."""
    count = max(2, round(each * _EMPTY_EACH))
    ours: list[int] = []
    peers = 0
    for number in range(count):
        pixels = desk(EMPTY, number).pixels
        if find_sheets(pixels):
            ours.append(number)
        peers += contour_recipe(pixels) is not None
    held = sum(number % 3 == 2 for number in ours)
    detail = f"{len(ours)} of {count} empty desks, {held} of them held back; contour recipe {peers}"
    return [Ratio("corners: sheets found on empty desks", float(len(ours)), limit=0.0, detail=detail)]


def _several(each: int) -> Ratio:
    """Two to four sheets: whether as many are found, each where it is."""
    count = max(2, round(each * _SEVERAL_EACH))
    counted, placed, there = 0, 0, 0
    for number in range(count):
        looked = desk(SEVERAL, number)
        found = find_sheets(looked.pixels)
        counted += len(found) == len(looked.sheets)
        there += len(looked.sheets)
        placed += sum(any(jaccard(one.corners, truth) >= 0.9 for one in found) for truth in looked.sheets)
    return Ratio(
        "corners: pictures of several sheets / those where all were counted",
        count / max(counted, 0.5),
        limit=None,
        detail=f"{counted} of {count} counted right; {placed} of {there} sheets found with Jaccard of 0.9",
    )


def _speed(seconds: tuple[list[Took], list[Took], list[Took]]) -> list[Ratio]:
    """Processor time of one thread; by the clock it is the more, the more else the machine does."""
    mine, theirs, decode = (median(worked for worked, _ in times) * 1e3 for times in seconds)
    slow, slow_clock = (
        quantiles(part, n=100, method="inclusive")[98] for part in zip(*seconds[0], strict=True)
    )
    clock = median(past for _, past in seconds[0]) * 1e3
    return [
        Ratio(
            "corners: find on 1280 × 960, median / 12 ms",
            mine / 1e3 / _MEDIAN_S,
            limit=1.0,
            detail=f"{mine:.1f} ms of a processor, {clock:.1f} by the clock; contour recipe {theirs:.1f}, "
            f"decode {decode:.1f}",
        ),
        Ratio(
            "corners: find on 1280 × 960, 99 of 100 / 20 ms",
            slow / _P99_S,
            limit=1.0,
            detail=f"{slow * 1e3:.1f} ms of a processor, {slow_clock * 1e3:.1f} by the clock",
        ),
        Ratio(
            "corners: find on 1280 × 960 / decode of it, medians",
            mine / decode,
            limit=None,
            detail=f"{mine:.1f} ms / {decode:.1f} ms",
        ),
    ]


def found_in(pixels: Pixels) -> list[Corners]:
    """What the kiosk finds, the most convincing first."""
    return [sheet.corners for sheet in find_sheets(pixels)]
