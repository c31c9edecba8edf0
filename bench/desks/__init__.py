"""Generated photographs of sheets on desks, their corners known exactly: what judges `find_sheets`.

The same kind, number and size always give the same pixels. No code is shared with the emulated desk or with the
scenes that finders are tuned on, so that a finder cannot have learned its judge's habits. See docs/how-to/desks.md.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from bench.desks.camera import Pixels, Points, Size
from bench.desks.crowds import empty_desk, several_sheets
from bench.desks.kinds import KINDS
from bench.desks.scene import one_sheet

__all__ = ["EMPTY", "HELD_BACK_KINDS", "KINDS", "SEVERAL", "SIZE", "Desk", "desk", "desks", "held_back"]

SIZE: Size = (1280, 960)  #: the live preview's
EMPTY, SEVERAL = "empty", "several"
HELD_BACK_KINDS = ("tiles", "booklet")  #: no finder was tuned on these
_SEED = 20151  # of the whole set; changing it makes another set


@dataclass(frozen=True, slots=True)
class Desk:
    """A picture and what lies on it."""

    kind: str
    number: int
    pixels: Pixels = field(repr=False)
    sheets: tuple[
        Points, ...
    ]  #: each (4, 2), x and y in pixels, clockwise from the corner nearest the top left

    @property
    def held_back(self) -> bool:
        """Whether nobody may look at it while tuning."""
        return held_back(self.kind, self.number)


def held_back(kind: str, number: int) -> bool:
    """Every third picture, and two whole kinds."""
    return number % 3 == 2 or kind in HELD_BACK_KINDS


def desk(kind: str, number: int, size: Size = SIZE, seed: int = _SEED) -> Desk:
    """One picture. `kind`: of `KINDS`, or "empty" or "several". Raises KeyError for another."""
    dice = np.random.default_rng((seed, zlib.crc32(kind.encode()), number))
    if kind == EMPTY:
        return Desk(kind, number, empty_desk(number, size, dice), ())
    if kind == SEVERAL:
        pixels, sheets = several_sheets(size, dice)
    else:
        pixels, sheets = one_sheet(KINDS[kind], size, dice)
    return Desk(kind, number, pixels, tuple(sheets))


def desks(each: int, size: Size = SIZE) -> Iterator[Desk]:
    """`each` pictures of every kind with one sheet."""
    for kind in KINDS:
        for number in range(each):
            yield desk(kind, number, size)
