"""How many bytes a material may have, and how its pages are brought within them: by quality, not by luck.

All pages of a material get the same JPEG quality, the highest that fits. The same quality gives each page the share
that its own content needs: a page of small print gets more bytes than an empty one. Only when the lowest quality at
which print stays crisp is not enough, the resolution goes down, never below the least that was asked for.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from kiosk.capture.leaf import QUALITY, Drawn, Leaf, encoded

OVER_BUDGET = "condition.over_budget"  #: code: at the least quality and resolution it is still too large

_LOWEST, _HIGHEST = 40, 90  # JPEG quality: of the brief; below 40 the blocks around print can be seen
_PROBES = (
    _LOWEST,
    55,
    70,
    _HIGHEST,
)  # qualities at which every page is measured; between them it is estimated
_FINER_STEPS = 0.85  # of the resolution, from one try to the next: 300, 255, 217 …
_FRAME_BYTES = 6144  # of the PDF: profile, XMP, cross-references; measured 4.1 KB
_LEAF_BYTES = 1024  # of the PDF, each page; measured 0.6 KB


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What the PDF of one material may cost."""

    most_bytes: int
    least_dpi: int


#: for materials of which the catalogue says nothing. Both chosen: ten crowded pages of print at quality 85 (0.5 to
#: 1.6 MB each) fit untouched, and a township's ADSL line (1 Mbit/s upwards) carries them in three minutes; 200 dpi is
#: what archives take as the least for text pages, 10-point characters are then 28 pixels high
DEFAULT_BUDGET = Budget(most_bytes=20_000_000, least_dpi=200)


@dataclass(frozen=True, slots=True)
class Fitted:
    """The leaves as they will be stored."""

    leaves: tuple[Leaf, ...]
    code: str = ""  #: `OVER_BUDGET` when even the least was too much: it is bound all the same


def fitted(leaves: Sequence[Leaf], budget: Budget) -> Fitted:
    """`leaves` within `budget`. Untouched when they fit as they are.

    When nothing fits, the smallest is handed back together with a code: no page is ever dropped for its size.
    """
    room = budget.most_bytes - _FRAME_BYTES - _LEAF_BYTES * len(leaves)
    if _weight(leaves) <= room:
        return Fitted(tuple(leaves))
    steps = _resolutions(max(leaf.dpi for leaf in leaves), budget.least_dpi)
    for dpi in steps:
        found = _at_resolution(leaves, dpi, room)
        if found is not None:
            return Fitted(found)
    return Fitted(tuple(_anew(leaf, steps[-1], _LOWEST) for leaf in leaves), OVER_BUDGET)


def _weight(leaves: Sequence[Leaf]) -> int:
    return sum(len(leaf.jpeg) for leaf in leaves)


def _resolutions(finest: int, least: int) -> list[int]:
    """From the finest downwards, ending at the least; never above the finest."""
    steps = [finest]
    while steps[-1] > least:
        steps.append(max(least, math.floor(steps[-1] * _FINER_STEPS)))
    return steps


def _at_resolution(leaves: Sequence[Leaf], dpi: int, room: int) -> tuple[Leaf, ...] | None:
    """All leaves at `dpi` and the highest common quality with which they fit; None when none does."""
    totals = np.sum([_weights(leaf, dpi) for leaf in leaves], axis=0)
    if totals[0] > room:
        return None
    quality = int(np.interp(math.log(room), np.log(totals), _PROBES))
    while quality > _LOWEST:  # the estimate is a few per cent off; what was really made decides
        made = tuple(_anew(leaf, dpi, quality) for leaf in leaves)
        if _weight(made) <= room:
            return made
        quality -= 2
    return tuple(_anew(leaf, dpi, _LOWEST) for leaf in leaves)


def _weights(leaf: Leaf, dpi: int) -> list[float]:
    """Bytes of one leaf at each of `_PROBES`. Drawn for this and let go of: twenty pages have 500 MB."""
    drawn = _reduced(leaf, dpi)
    return [float(len(encoded(drawn, quality, dpi))) for quality in _PROBES]


def _anew(leaf: Leaf, dpi: int, quality: int) -> Leaf:
    """The leaf at `dpi`, or its own when that is less, and `quality`; as it was when that is no smaller."""
    dpi = min(dpi, leaf.dpi)
    if dpi == leaf.dpi and quality >= QUALITY:
        return leaf
    jpeg = encoded(_reduced(leaf, dpi), quality, dpi)
    if dpi == leaf.dpi and len(jpeg) >= len(leaf.jpeg):
        return leaf
    return replace(leaf, jpeg=jpeg, dpi=dpi)


def _reduced(leaf: Leaf, dpi: int) -> Drawn:
    drawn = leaf.draw()
    if dpi >= leaf.finest:
        return drawn
    height, width = drawn.shape[:2]
    size = (round(width * dpi / leaf.finest), round(height * dpi / leaf.finest))
    small = np.asarray(cv2.resize(drawn, size, interpolation=cv2.INTER_AREA), np.uint8)
    return small.reshape(size[1], size[0], drawn.shape[2])
