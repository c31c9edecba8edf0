"""Whether a page was photographed before in this visit: a coarse map of where its ink is, compared place by place.

The map's cells are larger than a stroke and about half as wide as a character, so neither a word nor a face can be
read from it; it lives no longer than the visit. Two photographs of one page differ by light, by a few millimetres and
perhaps by a turn. Two filled-in copies of one form are alike for the most part: so the pages are the same only if
*every* part of them is.
"""

from collections.abc import Iterable
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.float32]  #: (rows, columns) float32, 0…1: how much of each cell is ink

_LONG, _SHORT = 176, 124  # cells: 1.7 mm on A4, 0.5 mm on a card; print 4 mm high has 2 to 3 of them
_LEVELS = 15  # two cells share a byte
_OVERSAMPLED = 3  # looks a cell, each way
_PAPER = 11  # looks: a square of this side always holds some paper between strokes
_BLOCK = 24  # cells: wide enough to hold a few words
_SLACK = 5  # cells that a block may have moved: 8 mm on A4, which a badly found corner costs
_RIM = 4  # cells at the edge: desk, shadow and binding
_FAINT = 0.012  # deviation of a block without print. Chosen: grain and creases stay below it
_ROUGH = (16, 11)  # cells of the rough map that tells most pages apart at once
_ROUGHLY_ALIKE = 0.5  # correlation of the rough maps
_ALIKE = 0.72  # correlation of two blocks
_STRANGE = 0.06  # share of the printed blocks that may differ all the same: a finger, a reflection


def fingerprint(flat: NDArray[np.uint8]) -> bytes:
    """The ink of a flattened page, (height, width, 3) uint8 BGR, in 10,913 bytes: its shape, then two cells a byte."""
    standing = flat.shape[0] >= flat.shape[1]
    rows, columns = (_LONG, _SHORT) if standing else (_SHORT, _LONG)
    size = (columns * _OVERSAMPLED, rows * _OVERSAMPLED)
    grey = cv2.cvtColor(cv2.resize(flat, size, interpolation=cv2.INTER_LINEAR), cv2.COLOR_BGR2GRAY)
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((_PAPER, _PAPER), np.uint8))
    ink = cv2.bitwise_not(cv2.divide(grey, paper, scale=255.0))
    cells = cv2.resize(ink, (columns, rows), interpolation=cv2.INTER_AREA)
    levels = np.minimum(cells.ravel() // (255 // _LEVELS + 1), _LEVELS).astype(np.uint8)
    return bytes([standing]) + bytes(levels[::2] << 4 | levels[1::2])


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
        return any(same_page(mark, known) for known in self._known)


def same_page(one: bytes, other: bytes) -> bool:
    """Whether two fingerprints are of one page. Pages without print are never the same."""
    first, second = _unpacked(one), _unpacked(other)
    turns = (0, 2) if one[0] == other[0] else (1, 3)
    worth = [(_roughly(first, np.rot90(second, turn)), turn) for turn in turns]
    alike, turn = max(worth)
    return alike >= _ROUGHLY_ALIKE and _closely(first, np.ascontiguousarray(np.rot90(second, turn)))


def _unpacked(mark: bytes) -> Ink:
    pairs = np.frombuffer(mark, np.uint8, offset=1)
    cells = np.stack([pairs >> 4, pairs & 15], axis=1).reshape(-1)
    shape = (_LONG, _SHORT) if mark[0] else (_SHORT, _LONG)
    return np.asarray(cv2.GaussianBlur(cells.reshape(shape).astype(np.float32) / _LEVELS, (0, 0), 0.8))


def _roughly(one: Ink, other: Ink) -> float:
    """Correlation of two pages seen from afar."""
    size = _ROUGH[::-1] if one.shape[0] >= one.shape[1] else _ROUGH
    far = [
        cv2.resize(np.ascontiguousarray(page), size, interpolation=cv2.INTER_AREA) for page in (one, other)
    ]
    deviations = [page - page.mean() for page in far]
    together = float(np.linalg.norm(deviations[0]) * np.linalg.norm(deviations[1]))
    return float((deviations[0] * deviations[1]).sum()) / together if together > 0 else 0.0


def _closely(one: Ink, other: Ink) -> bool:
    """Whether all printed places of `one` are found at about the same places of `other`, and the reverse."""
    printed = strange = 0
    for page, model in ((one, other), (other, one)):
        for place in product(
            range(_RIM + _SLACK, page.shape[0] - _BLOCK, _BLOCK),
            range(_RIM + _SLACK, page.shape[1] - _BLOCK, _BLOCK),
        ):
            block = _cut(page, place, 0, _BLOCK)
            if float(block.std()) < _FAINT:
                continue
            near = _cut(model, place, _SLACK, _BLOCK)
            printed += 1
            strange += float(cv2.matchTemplate(near, block, cv2.TM_CCOEFF_NORMED).max()) < _ALIKE
    return printed > 0 and strange <= _STRANGE * printed


def _cut(page: Ink, place: tuple[int, int], around: int, side: int) -> Ink:
    top, left = place[0] - around, place[1] - around
    return np.ascontiguousarray(
        page[max(0, top) : place[0] + side + around, max(0, left) : place[1] + side + around]
    )
