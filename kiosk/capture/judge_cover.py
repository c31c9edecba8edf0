"""Whether the sheet lies wholly in the picture, and whether a hand or a thing lies over its edge.

A finger that covers a part of the sheet comes from outside. Where it crosses the sheet's edge, that edge is not seen:
the colours on its two sides are alike there, unlike the paper and unlike the desk.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.judge_view import COARSE_RING, View
from kiosk.capture.outline import Quad

Tones = NDArray[np.float32]  #: (…, 3): brightness, redness and blueness, as natural logarithms of ratios

_PRINT_MM = 5  # a square of this side always holds some paper between strokes
_DEPTHS_MM = (
    2,
    4,
    5,
)  # looks on either side of the edge: beyond its shadow and a corner that is a little off
_WEIGHTS = np.array([0.35, 1.0, 1.0], np.float32)  # shadow changes brightness, hardly colour
_ALIKE = 0.3  # distance of tones: the shading across a finger, the desk's shadow beside it
_UNLIKE_PAPER = 0.17  # pale skin is 0.25 off white paper
_UNLIKE_DESK = 0.12  # boards of one desk differ by less
_DEEP_MM = 8  # a finger on a desk of its own colour must reach so far in: a badly fitted side does not
_SKIN = (0.08, 0.75)  # how much redder than the paper skin is; stamps and red covers are redder still
_CORNER_MM = 5  # where a folded corner or a rounded card shows the desk
_LEAST_MM = 6  # a finger's tip pressed flat is 8 to 12 mm wide
_MOST_MM = 170  # a whole hand, aslant
_MOSTLY = 0.6  # of such a stretch: between fingers lie their shadows
_GREY = 12  # added to each channel before ratios are taken: noise in the dark must not count as colour
_LOGS = np.log(np.arange(256, dtype=np.float32) + _GREY)


def margin(shape: tuple[int, ...], corners: Quad) -> float:
    """Smallest distance of a corner from the picture's edge, in parts of its width; negative when outside."""
    return float(_distances(shape, corners).min())


def side_margin(shape: tuple[int, ...], corners: Quad) -> float:
    """How far the farther end of a side is from the edge of the picture that this side is nearest to; the same unit."""
    distances = _distances(shape, corners)
    return float(np.maximum(distances, np.roll(distances, -1, axis=0)).min())


def _distances(shape: tuple[int, ...], corners: Quad) -> NDArray[np.float64]:
    """Of each corner from the four edges of the picture, in parts of its width: (4, 4)."""
    height, width = shape[:2]
    return np.asarray(np.hstack([corners, (width - 1, height - 1) - corners]) / width, np.float64)


def covered_mm(view: View) -> float:
    """Length of the sheet's edge that something lies over, in mm."""
    plain = cv2.morphologyEx(view.coarse, cv2.MORPH_CLOSE, np.ones((_PRINT_MM, _PRINT_MM), np.uint8))
    sides = [_Side.of(np.rot90(plain, turn), np.rot90(view.coarse_seen, turn)) for turn in range(4)]
    # Paper is what most of the edge shows: the middle of a page may be one dark photograph.
    paper = np.median(np.concatenate([side.inner[:, -1] for side in sides]), axis=0)
    return max(_longest(side, paper) for side in sides)


@dataclass(frozen=True, slots=True)
class _Side:
    """The tones along one side of the sheet, (looks, depths, 3)."""

    inner: Tones  #: at `_DEPTHS_MM`, and last at `_DEEP_MM`
    outer: Tones
    known: NDArray[np.bool_]  #: whether the desk beside it is in the picture at all

    @classmethod
    def of(cls, colours: NDArray[np.uint8], seen: NDArray[np.bool_]) -> "_Side":
        """The upper side."""
        along = slice(COARSE_RING, colours.shape[1] - COARSE_RING)
        inner = np.stack(
            [colours[COARSE_RING + depth - 1, along] for depth in (*_DEPTHS_MM, _DEEP_MM)], axis=1
        )
        outer = np.stack([colours[COARSE_RING - depth, along] for depth in _DEPTHS_MM], axis=1)
        return cls(_tones(inner), _tones(outer), seen[COARSE_RING - max(_DEPTHS_MM), along])


def _tones(colours: NDArray[np.uint8]) -> Tones:
    logs = _LOGS[colours]
    blue, green, red = logs[..., 0], logs[..., 1], logs[..., 2]
    return np.asarray(np.stack([green, red - green, blue - green], axis=-1) * _WEIGHTS)


def _apart(one: Tones, other: Tones) -> NDArray[np.float32]:
    return np.asarray(np.linalg.norm(one - other, axis=-1))


def _longest(side: _Side, paper: Tones) -> float:
    """The longest stretch on which the edge is bridged, in mm; 0 when none is long enough or stands out."""
    near = side.inner[:, :-1]
    strange = _apart(near, paper).min(axis=1) > _UNLIKE_PAPER
    inner, outer = near.mean(axis=1), side.outer.mean(axis=1)
    bridged = strange & (_apart(inner, outer) < _ALIKE) & side.known
    found = [
        end - start
        for start, end in _runs(bridged)
        if _LEAST_MM <= end - start <= _MOST_MM and _stands_out(outer, side.known, start, end)
    ]
    redder = side.inner[..., 1] - paper[1]
    skin = strange & ((redder > _SKIN[0]) & (redder < _SKIN[1])).all(axis=1)
    found += [
        end - start
        for start, end in _runs(strange)
        if _LEAST_MM <= end - start <= _MOST_MM
        and np.count_nonzero(skin[start:end]) >= max(_LEAST_MM, _MOSTLY * (end - start))
        and _between_paper(strange, start, end)
    ]
    return float(max(found, default=0))


def _between_paper(strange: NDArray[np.bool_], start: int, end: int) -> bool:
    """Whether paper goes on to both sides of the stretch: no corner and no side that was fitted badly."""
    if start < _CORNER_MM or end > len(strange) - _CORNER_MM:
        return False
    return not strange[max(0, start - 5) : start - 2].all() and not strange[end + 2 : end + 5].all()


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Begin and end of each unbroken stretch; gaps of one look are bridged."""
    closed = cv2.morphologyEx(flags.astype(np.uint8)[None], cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))[0]
    steps = np.flatnonzero(np.diff(np.concatenate([[0], closed, [0]])))
    return [(int(start), int(end)) for start, end in zip(steps[::2], steps[1::2], strict=True)]


def _stands_out(outer: Tones, known: NDArray[np.bool_], start: int, end: int) -> bool:
    """Whether what lies there is unlike the desk on either side of it."""
    middle = np.median(outer[start:end], axis=0)
    beside = [np.arange(start - 9, start - 3), np.arange(end + 3, end + 9)]
    beside = [look[(look >= 0) & (look < len(known))] for look in beside]
    flanks = [outer[look][known[look]] for look in beside if len(look) >= 3]
    shown = [np.median(flank, axis=0) for flank in flanks if len(flank) >= 3]
    return bool(shown) and all(float(_apart(middle, flank)) > _UNLIKE_DESK for flank in shown)
