"""Two sides of a ratio, measured in turns on a machine that others use, too."""

import statistics
from collections.abc import Callable, Sequence

from bench.report import Ratio
from ground.clock import RealClock

Unit = tuple[float, str]  #: how many in a second, and its sign
MILLI: Unit = (1e3, "ms")
MICRO: Unit = (1e6, "µs")


def in_turns(rounds: int, *works: Callable[[], object]) -> list[list[float]]:
    """Seconds of each work in each round, done in turns."""
    clock = RealClock()
    took: list[list[float]] = [[] for _ in works]
    pairs = list(zip(works, took, strict=True))
    for _ in range(rounds):
        pairs.reverse()  # none is always the one that finds the disk and the caches as another left them
        for work, times in pairs:
            began = clock.instant()
            work()
            times.append(clock.instant() - began)
    return took


def paired(
    name: str, sides: Sequence[list[float]], limit: float | None, detail: str = "", unit: Unit = MILLI
) -> Ratio:
    """The median of the rounds' ratios, and what half of them lie between. `sides`: ours, and the peer's."""
    ours, peer = sides
    each = sorted(one / other for one, other in zip(ours, peer, strict=True))
    low, high = each[len(each) // 4], each[-1 - len(each) // 4]
    scale, sign = unit
    medians = " / ".join(f"{statistics.median(side) * scale:.1f} {sign}" for side in sides)
    detail = f"{detail}{medians}; half of the rounds {low:.2f} to {high:.2f}"
    return Ratio(name, statistics.median(each), limit, detail)
