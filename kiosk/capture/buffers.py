"""Big pictures in memory that is used again: a fresh array of 39 MB costs 3 to 18 ms of page faults.

An array is handed out again only once nobody holds it, nor any view of it: CPython's own count of references tells,
so that no picture ever changes under somebody who still looks at it.
"""

import sys
import threading

import numpy as np
from numpy.typing import NDArray

_LONGEST = 64_000_000 * 3  # bytes: the largest picture that is decoded at all (`still.MOST_PIXELS`)
_WORTH = 1 << 20  # bytes: below, malloc reuses memory by itself
_MOST = 12  # chosen: the still, the planes of its page and what cleaning takes, of the one capture thread
_UNHELD = 2  # references: the list's own, and the argument of getrefcount


class Buffers:
    """Keeps a few large arrays. Any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: list[NDArray[np.uint8]] = []

    def array(self, *shape: int) -> NDArray[np.uint8]:
        """An array of this shape with whatever was in it before; it is the caller's as long as he holds it."""
        size = int(np.prod(shape, dtype=np.int64))
        if not _WORTH <= size <= _LONGEST:
            return np.empty(shape, np.uint8)
        with self._lock:
            return self._fitting(size)[:size].reshape(shape)

    def forget(self) -> None:
        """Let go of all that nobody holds, blackened first: the visit ended."""
        with self._lock:
            for place in range(len(self._kept)):
                if sys.getrefcount(self._kept[place]) == _UNHELD:
                    self._kept[place].fill(0)
            self._kept.clear()

    def _fitting(self, size: int) -> NDArray[np.uint8]:
        free = [place for place in range(len(self._kept)) if sys.getrefcount(self._kept[place]) == _UNHELD]
        for place in free:
            if size <= self._kept[place].size <= 2 * size:
                return self._kept[place]
        for place in reversed(free):
            if len(self._kept) >= _MOST:
                del self._kept[place]
        fresh = np.empty(size, np.uint8)
        if len(self._kept) < _MOST:
            self._kept.append(fresh)
        return fresh


BUFFERS = Buffers()  #: of this process
