"""Photographs of pages with one defect each, and of good pages that come near one: what judges the verdicts.

The same kind, number and seed always give the same pixels. Defects are told by name, not by the kiosk's own types, and
how grave each is stands in millimetres and grey levels in `spoilt.py`. See docs/how-to/desks.md.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from bench.defects.fine import GOOD
from bench.defects.laid import Taken
from bench.defects.spoilt import DEFECTS
from bench.desks.camera import Pixels

_SEED = 40416  # of the whole set; changing it makes another set


@dataclass(frozen=True, slots=True)
class Case:
    """A picture and the one verdict that it should get."""

    kind: str
    number: int
    wanted: str | None  #: the verdict's name; None: a good page
    sheet: str  #: "A4" or "card", as the slot asks for
    pixels: Pixels = field(repr=False)
    before: Pixels | None = field(repr=False)  #: a page that was taken just before, in the same visit

    @property
    def held_back(self) -> bool:
        """Whether nobody may look at it while tuning: every third."""
        return self.number % 3 == 2


def case(kind: str, number: int, seed: int = _SEED) -> Case:
    """One picture. Raises KeyError for an unknown kind."""
    dice = np.random.default_rng((seed, zlib.crc32(kind.encode()), number))
    if kind in GOOD:
        return _told(kind, number, None, GOOD[kind](dice))
    wanted, spoil = DEFECTS[kind]
    return _told(kind, number, wanted, spoil(dice))


def cases(each: int) -> Iterator[Case]:
    """`each` pictures of every defect, then of every kind of good page."""
    for kind in (*DEFECTS, *GOOD):
        for number in range(each):
            yield case(kind, number)


def _told(kind: str, number: int, wanted: str | None, taken: Taken) -> Case:
    return Case(kind, number, wanted, taken.sheet, taken.pixels, taken.before)
