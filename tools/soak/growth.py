"""Whether a process grows: a robust slope of what it held after each visit, within one life of it."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from statistics import median

WARM_UP = 15  # visits, chosen: fonts, words, networks and caches are there by then
_APART = 5  # visits: nearer to each other the allocator's steps say nothing
_MOST = 400  # points of one life; of more, every so-manieth


def slope(lives: Iterable[Sequence[float]], warm_up: int = WARM_UP) -> float:
    """Growth per visit: the median of the slopes between all visits of one life (Theil and Sen), over all lives.

    `lives`: what was held after each visit, life by life. 0 while no life was long enough to tell.
    """
    found: list[float] = []
    for life in lives:
        steady = list(enumerate(life))[warm_up:]
        thin = steady[:: max(1, len(steady) // _MOST)]
        found += [(b - a) / (j - i) for (i, a), (j, b) in combinations(thin, 2) if j - i >= _APART]
    return round(median(found), 3) if found else 0.0
