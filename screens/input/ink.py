"""What was written with the finger, on its way to a character: strokes in, candidates out. No Kivy."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Protocol

from screens.input.composition import Composition
from screens.input.zinnia import Point, Recognizer, Stroke

#: how many characters are offered for one drawing; chosen: three pages of large keys
MOST = 24
#: more strokes are no character: 龘 has 51
MOST_STROKES = 64
#: a recognition takes some milliseconds; longer than this nobody waits at a touch
_LONGEST_WAIT_S = 1.0


class Reader(Protocol):
    """Who recognises; `Recognizer` on a terminal."""

    def candidates(self, strokes: Sequence[Stroke], most: int) -> tuple[str, ...]:
        """See `Recognizer`."""
        ...

    def close(self) -> None:
        """See `Recognizer`."""
        ...


class Ink:
    """The strokes of one character. Recognised in a thread of its own: the finger never waits for it.

    Used from the main thread. The thread lives from the first stroke to `forget`; nothing is learned.
    """

    def __init__(self, open_reader: Callable[[], Reader] = Recognizer) -> None:
        self._open_reader = open_reader
        self._reader: Reader | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._strokes: list[tuple[Point, ...]] = []
        self._asked: Future[tuple[str, ...]] | None = None
        self._offered: tuple[str, ...] = ()

    def add(self, stroke: Stroke) -> Composition:
        """A stroke is finished. The candidates are still those of before: `look` tells when there are new ones."""
        if len(self._strokes) < MOST_STROKES:
            self._strokes.append(tuple(stroke))
            self._ask()
        return self._composition()

    def erase(self) -> Composition:
        """Take the last stroke back."""
        self._strokes = self._strokes[:-1]
        self._ask()
        return self._composition()

    def look(self) -> Composition | None:
        """The candidates of all strokes, or None while they are looked for."""
        if self._asked is not None:
            if not self._asked.done():
                return None
            self._offered, self._asked = self._asked.result(), None
        return self._composition()

    def wait(self) -> Composition:
        """The same, waited for; what is not there in time comes with the next `look`."""
        if self._asked is not None:
            wait([self._asked], _LONGEST_WAIT_S)
        return self.look() or self._composition()

    def choose(self, index: int) -> Composition:
        """The character is the one at `index`: the area is free for the next."""
        character = self._offered[index]
        self.clear()
        return Composition(finished=character)

    def clear(self) -> None:
        """Wipe the strokes."""
        self._strokes, self._asked, self._offered = [], None, ()

    def forget(self) -> None:
        """The visit is over: no stroke, no thread and no model stays. May be called twice."""
        self.clear()
        if self._thread is not None:
            self._thread.shutdown(wait=True, cancel_futures=True)
        if self._reader is not None:
            self._reader.close()
        self._thread, self._reader = None, None

    def _ask(self) -> None:
        if self._asked is not None:
            self._asked.cancel()
        if not self._strokes:
            self._asked, self._offered = None, ()
            return
        if self._reader is None or self._thread is None:
            self._reader = self._open_reader()
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="handwriting")
        self._asked = self._thread.submit(self._reader.candidates, tuple(self._strokes), MOST)

    def _composition(self) -> Composition:
        return Composition("·" * len(self._strokes), self._offered if self._strokes else ())
