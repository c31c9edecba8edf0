"""What every engine of a keyboard takes and gives: one word in the making."""

from dataclasses import dataclass
from typing import Protocol

#: how many candidates are fetched for one spelling: several screens full, so that a rare surname is still found
MOST_CANDIDATES = 180


@dataclass(frozen=True, slots=True, repr=False)
class Composition:
    """Where the writing of one word stands. It may be a name: no message of an error shows it."""

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
