"""Whether a page was photographed before in this visit: a coarse map of where its ink is, compared place by place.

The map's cells are larger than a stroke and about half as wide as a character, so neither a word nor a face can be
read from it; it lives no longer than the visit. Two photographs of one page differ by light, by a few millimetres and
perhaps by a turn. Two filled-in copies of one form are alike for the most part: so the pages are the same only if,
laid over each other as well as can be, *every* part of them is.

The limits stand between pairs from two generators, 46 of one page twice and 26 of two copies of a form or of two pages
of like layout: the least alike part of one page twice was 0.70 (cards 0.91), of two pages at most 0.51 (cards 0.78).
"""

from collections.abc import Iterable
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.float32]  #: (rows, columns) float32, 0…1: how much of each cell is ink

_LONG, _SHORT = 176, 124  # cells: 1.7 mm on A4, 0.5 mm on a card; print 4 mm high has 2 to 3 of them
_LEVELS = 15  # two cells share a byte; by the square root, so that pale print has steps of its own
_FULL = 0.8  # of black: a cell that is all ink
_OVERSAMPLED = 3  # looks a cell, each way
_PAPER = 11  # looks: a square of this side always holds some paper between strokes
_DIM = (
    28  # grey levels added before ratios are taken: noise in the shades of a photograph must not count as ink
)
_NARROW = 1.5  # longer side by shorter: cards (1.59) and slips, which are small; A and B sheets have 1.41

_ROUGH = (16, 11)  # cells of the rough map that tells most pages apart at once
_ROUGHLY_ALIKE = 0.5  # correlation of the rough maps
_BLOCK = 24  # cells: wide enough to hold a few words, which are laid over their like
_SLACK = 5  # cells that a block may have moved: 8 mm on A4, which a badly found corner costs
_RIM = 5  # cells at the edge: desk, shadow and binding
_FAINT = 0.012  # deviation of a part without print. Chosen: grain and creases stay below it
_FAINTER = 0.25  # of the page's strongest part: on a dark cover the noise of the ground is more than that
_PART = 12  # cells: a part of the page that must be alike, a word or two
_SURE = 0.7  # cells: a block that lies farther from where the others put it is doubted
_PART_ALIKE = {
    False: 0.65,
    True: 0.8,
}  # correlation of every part; True: of a narrow page, whose cells are fine
_MOST_ALIKE = 0.75  # correlation of all but the worst 3 % of the parts


def fingerprint(flat: NDArray[np.uint8]) -> bytes:
    """The ink of a flattened page, (height, width, 3) uint8 BGR, in 10,913 bytes: its shape, then two cells a byte."""
    height, width = flat.shape[:2]
    standing, narrow = height >= width, max(height, width) >= _NARROW * min(height, width)
    rows, columns = (_LONG, _SHORT) if standing else (_SHORT, _LONG)
    size = (columns * _OVERSAMPLED, rows * _OVERSAMPLED)
    grey = cv2.cvtColor(cv2.resize(flat, size, interpolation=cv2.INTER_LINEAR), cv2.COLOR_BGR2GRAY)
    grey = cv2.add(grey, np.full_like(grey, _DIM))
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((_PAPER, _PAPER), np.uint8))
    ink = cv2.bitwise_not(cv2.divide(grey, paper, scale=255.0))
    cells = cv2.resize(ink.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA).ravel()
    levels = np.rint(np.minimum(np.sqrt(cells / (255 * _FULL)), 1) * _LEVELS).astype(np.uint8)
    return bytes([standing + 2 * narrow]) + bytes(levels[::2] << 4 | levels[1::2])


class Seen:
    """The fingerprints of this visit's pages. It dies with the visit."""

    def __init__(self, marks: Iterable[bytes] = ()) -> None:
        self._known = [mark for mark in marks if mark]

    def add(self, mark: bytes) -> None:
        """A page was kept."""
        if mark:
            self._known.append(mark)

    def knows(self, mark: bytes) -> bool:
        """Whether the page with this fingerprint is among them, however it was turned."""
        return bool(mark) and any(same_page(mark, known) for known in self._known)


def same_page(one: bytes, other: bytes) -> bool:
    """Whether two fingerprints are of one page. Pages without print are never the same."""
    narrow = bool(one[0] & 2)
    if narrow != bool(other[0] & 2):
        return False
    first, second = _unpacked(one), _unpacked(other)
    turns = (0, 2) if first.shape == second.shape else (1, 3)
    alike, turn = max((_roughly(first, np.rot90(second, turn)), turn) for turn in turns)
    if alike < _ROUGHLY_ALIKE:
        return False
    parts = _parts_alike(first, _laid_over(first, np.ascontiguousarray(np.rot90(second, turn))))
    return (
        len(parts) > 0
        and float(parts.min()) >= _PART_ALIKE[narrow]
        and float(np.percentile(parts, 3)) >= _MOST_ALIKE
    )


def _unpacked(mark: bytes) -> Ink:
    pairs = np.frombuffer(mark, np.uint8, offset=1)
    cells = np.stack([pairs >> 4, pairs & 15], axis=1).reshape(-1)
    shape = (_LONG, _SHORT) if mark[0] & 1 else (_SHORT, _LONG)
    ink = (cells.reshape(shape).astype(np.float32) / _LEVELS) ** 2 * np.float32(_FULL)
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.8))


def _roughly(one: Ink, other: Ink) -> float:
    """Correlation of two pages seen from afar."""
    size = _ROUGH[::-1] if one.shape[0] >= one.shape[1] else _ROUGH
    far = [
        cv2.resize(np.ascontiguousarray(page), size, interpolation=cv2.INTER_AREA) for page in (one, other)
    ]
    deviations = [page - page.mean() for page in far]
    together = float(np.linalg.norm(deviations[0]) * np.linalg.norm(deviations[1]))
    return float((deviations[0] * deviations[1]).sum()) / together if together > 0 else 0.0


def _laid_over(page: Ink, other: Ink) -> Ink:
    """`other` moved, stretched and turned a little so that its blocks lie on their like in `page`."""
    places, moves, worth = _moves(page, other)
    if not len(places):
        return other
    terms = np.column_stack([np.ones(len(places)), places])[:, : 3 if len(places) >= 6 else 1]
    weights = worth
    for _ in range(3):
        fit = np.linalg.lstsq(terms * weights[:, None], moves * weights[:, None], rcond=None)[0]
        astray = np.abs(moves - terms @ fit).max(axis=1)
        weights = worth / (1 + (astray / _SURE) ** 2)
    (across, down), *slopes = fit
    (xx, yx), (xy, yy) = slopes if slopes else ((0.0, 0.0), (0.0, 0.0))
    height, width = page.shape
    middle_x, middle_y = width / 2, height / 2
    move = np.array(
        [
            [1 + xx, xy, across - xx * middle_x - xy * middle_y],
            [yx, 1 + yy, down - yx * middle_x - yy * middle_y],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(other, move, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    )


def _moves(page: Ink, other: Ink) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Of each printed block: where its middle is (x, y from the page's), how far its like has moved, how alike."""
    found = []
    height, width = page.shape
    first = _RIM + _SLACK
    for top, left in product(range(first, height - _BLOCK, _BLOCK), range(first, width - _BLOCK, _BLOCK)):
        block = np.ascontiguousarray(page[top : top + _BLOCK, left : left + _BLOCK])
        if float(block.std()) < _FAINT:
            continue
        near = other[top - _SLACK : top + _BLOCK + _SLACK, left - _SLACK : left + _BLOCK + _SLACK]
        alike = cv2.matchTemplate(np.ascontiguousarray(near), block, cv2.TM_CCOEFF_NORMED)
        _, best, _, (x, y) = cv2.minMaxLoc(alike)
        middle = (left + _BLOCK / 2 - width / 2, top + _BLOCK / 2 - height / 2)
        moved = (x + _peak(alike[y, :], x) - _SLACK, y + _peak(alike[:, x], y) - _SLACK)
        found.append((*middle, *moved, max(0.05, best) ** 4))
    table = np.array(found, np.float64).reshape(-1, 5)
    return table[:, :2], table[:, 2:4], table[:, 4]


def _peak(row: NDArray[np.float32], at: int) -> float:
    """How far beside `at` the peak of the parabola through its neighbours is, -0.5…0.5."""
    if not 0 < at < len(row) - 1:
        return 0.0
    before, here, after = (float(value) for value in row[at - 1 : at + 2])
    bend = before - 2 * here + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0


def _parts_alike(one: Ink, other: Ink) -> NDArray[np.float32]:
    """Correlation of each part on which something is printed, on either page."""
    inner = slice(_RIM + _PART // 2, -_RIM - _PART // 2, _PART // 2)

    def mean(page: Ink) -> Ink:
        return np.asarray(cv2.blur(page, (_PART, _PART)))[inner, inner]

    means = mean(one), mean(other)
    spreads = [
        np.sqrt(np.maximum(mean(page * page) - level**2, 0))
        for page, level in zip((one, other), means, strict=True)
    ]
    strongest = np.maximum(*spreads)
    printed = strongest >= max(_FAINT, _FAINTER * float(strongest.max()))
    together = mean(one * other) - means[0] * means[1]
    return np.asarray((together / np.maximum(spreads[0] * spreads[1], 1e-9))[printed], np.float32)
