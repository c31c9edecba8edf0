"""Chinese from Latin letters: which engine this machine has, and the engines that all keyboards share.

librime (`screens.input.rime`) when Debian's packages are there, else our own table (`screens.input.spelling`).
Only the opening of the finder of rare characters needs the face's typefaces, and so Kivy.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from screens.input.composition import MOST_CANDIDATES, Composition, PinyinEngine
from screens.input.ink import Ink
from screens.input.layouts import Kind
from screens.input.means import SYSTEM, Means

__all__ = [
    "ENGINE",
    "MOST_CANDIDATES",
    "PACKAGES",
    "Composition",
    "PinyinEngine",
    "SharedEngine",
    "open_engine",
]

#: Debian's packages behind the full engine; doctor names them when they are missing
PACKAGES = ("librime1", "rime-data-pinyin-simp")


def open_engine(scratch: Path | None = None, means: Means = SYSTEM) -> PinyinEngine:
    """The best engine that this machine has. `scratch` holds what librime learns during one visit."""
    from screens.input.local_words import LocalWords, shipped

    return LocalWords(_bare_engine(scratch, means), shipped())


def _bare_engine(scratch: Path | None, means: Means) -> PinyinEngine:
    if means.pinyin():
        from screens.input.rime import RimeEngine

        return RimeEngine(scratch)
    from screens.input.spelling import SpellingEngine  # pypinyin's dictionaries take a third of a second

    return SpellingEngine()


def open_finder() -> PinyinEngine:
    """Rare characters by strokes and parts; only those that the face's typefaces can draw."""
    from screens.input.strokes import Finder
    from screens.theme.fonts import drawable

    return Finder(drawable=drawable)


def open_numbers() -> PinyinEngine:
    """Rare characters by number."""
    from screens.input.strokes import Numbers

    return Numbers()


#: who turns touches into characters, by keyboard; handwriting has an engine of its own
OPENERS: Mapping[Kind, Callable[[], PinyinEngine]] = MappingProxyType(
    {Kind.PINYIN: open_engine, Kind.FIND: open_finder, Kind.CODE: open_numbers}
)


class SharedEngine:
    """The engines of this process, opened at their first key: librime keeps its state per process.

    Reading the tables takes 10 ms with librime and a quarter of a second without. Also remembers, within a visit,
    whether this citizen writes by hand or by pinyin.
    """

    def __init__(
        self,
        open_one: Callable[[], PinyinEngine] | None = None,
        means: Means = SYSTEM,
        openers: Mapping[Kind, Callable[[], PinyinEngine]] = OPENERS,
    ) -> None:
        """`open_one` opens the pinyin engine; `means`: which packages this machine has."""
        self._openers = {**openers, Kind.PINYIN: open_one} if open_one is not None else openers
        self._engines: dict[Kind, PinyinEngine] = {}
        self._means = means
        self.ink = Ink()
        self.way: Kind | None = None  #: how this citizen writes Chinese, once she has chosen

    def get(self, kind: Kind = Kind.PINYIN) -> PinyinEngine:
        """The engine of a keyboard; opens it when nobody asked before."""
        if kind not in self._engines:
            self._engines[kind] = self._openers[kind]()
        return self._engines[kind]

    def has(self, kind: Kind) -> bool:
        """Whether this machine has what a keyboard needs. Pinyin always has: without librime our own table."""
        match kind:
            case Kind.HANDWRITING:
                return self._means.handwriting()
            case Kind.FIND:
                return self._means.strokes()
            case _:
                return True

    def forget(self) -> None:
        """Wipe what the citizen wrote and how; the engines themselves stay ready for the next visit."""
        for engine in self._engines.values():
            engine.forget()
        self.ink.forget()
        self.way = None


ENGINE = SharedEngine()
