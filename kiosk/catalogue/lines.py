"""Many short texts as one long one, so that a look for a piece runs at the speed of `str.find`."""

import bisect
import itertools
from collections.abc import Iterable, Iterator

_BETWEEN = "\n"  # stands in no text: the search drops it from everything


class Lines:
    """Texts by number, from 0."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = list(texts)
        self._joined = _BETWEEN.join(self._texts)
        lengths = (len(text) + len(_BETWEEN) for text in self._texts)
        self._starts = [0, *itertools.accumulate(lengths)]

    def holding(self, piece: str) -> Iterator[int]:
        """The numbers of the texts in which `piece` (not empty) stands, in order, each once."""
        at = self._joined.find(piece)
        while at >= 0:
            number = bisect.bisect_right(self._starts, at) - 1
            yield number
            at = self._joined.find(piece, self._starts[number + 1])
