"""Chinese from Latin letters: what the keyboard asks of an engine, and which engine this machine has.

librime (`screens.input.rime`) when Debian's packages are there, else our own table (`screens.input.spelling`).
Nothing in here imports Kivy.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

#: Debian's packages behind the full engine; doctor names them when they are missing
PACKAGES = ("librime1", "rime-data-pinyin-simp")

#: how many candidates are fetched for one spelling: several screens full, so that a rare surname is still found
MOST_CANDIDATES = 180


@dataclass(frozen=True, slots=True)
class Composition:
    """Where the writing of one word stands."""

    spelled: str = (
        ""  #: what is shown while writing: characters already settled, then the letters, "晓ming li"
    )
    candidates: tuple[str, ...] = ()  #: best first, at most `MOST_CANDIDATES`
    finished: str = ""  #: text that is settled now and leaves the engine; "" while writing goes on


class PinyinEngine(Protocol):
    """Turns spellings into characters. One word at a time; used from the main thread only."""

    name: str  #: "rime" or "spelling"

    def type(self, letter: str) -> Composition:
        """Add a letter a–z, or ' between two syllables."""
        ...

    def erase(self) -> Composition:
        """Take the last letter back, or the last choice when characters were already settled."""
        ...

    def choose(self, index: int) -> Composition:
        """Settle the candidate at `index`; `finished` is filled when no letters are left."""
        ...

    def clear(self) -> None:
        """Drop the word that is being written."""
        ...

    def forget(self) -> None:
        """The visit is over: leave no trace of what was written, in memory or on disk. May be called twice."""
        ...


def open_engine(scratch: Path | None = None) -> PinyinEngine:
    """The best engine that this machine has. `scratch` holds what librime learns during one visit."""
    from screens.input import rime, spelling
    from screens.input.local_words import LocalWords, shipped

    engine: PinyinEngine = rime.RimeEngine(scratch) if rime.installed() else spelling.SpellingEngine()
    return LocalWords(engine, shipped())


class SharedEngine:
    """The one engine of this process, opened at the first key: librime keeps its state per process.

    Reading the tables takes 10 ms with librime and a quarter of a second without.
    """

    def __init__(self, open_one: Callable[[], PinyinEngine] = open_engine) -> None:
        self._open_one = open_one
        self._engine: PinyinEngine | None = None

    def get(self) -> PinyinEngine:
        """The engine; opens it when nobody asked before."""
        if self._engine is None:
            self._engine = self._open_one()
        return self._engine

    def forget(self) -> None:
        """Wipe what the citizen wrote; the engine itself stays ready for the next visit."""
        if self._engine is not None:
            self._engine.forget()


ENGINE = SharedEngine()
