"""zinnia by ctypes: which character the strokes are, by Debian's libzinnia0 0.06 and tegaki's simplified model.

Source: zinnia.h of 0.06 (the C functions and their types); house style §13, trap 3. The model knows the 6,763
characters of GB 2312, no digits and no punctuation. Nothing is learned and nothing is kept: each question makes its
own character object and destroys it.
"""

import ctypes
import functools
import os
import weakref
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Stroke = Sequence[Point]  #: in the order in which the finger went; x to the right, y downwards, any unit

#: Debian's packages behind it; doctor names them when they are missing
PACKAGES = ("libzinnia0", "tegaki-zinnia-simplified-chinese")

LIBRARY = "libzinnia.so.0"
MODEL = Path("/usr/share/tegaki/models/zinnia/handwriting-zh_CN.model")

#: the square on which zinnia sees the strokes; the number that its own examples use
_SIDE = 300
#: the written character fills this much of the square. Measured with 127 characters of names and addresses in the
#: strokes of a teaching font (ADR 0054): 0.5 to 0.6 is best, 0.3 finds a fifth fewer, 1.0 a tenth
_FILLS = 0.6
#: points nearer to each other than this share of the character are averaged: a finger that trembles by 25/1000 of it
#: is read right at first in 64 of 100 characters, not in 51. Larger steps lose short strokes
_STEP = 0.08

#: parts that the model knows and nobody writes alone: 囗 would stand before 口
PARTS = frozenset(
    "丨丿丶亅冂冖冫凵勹匚卩厶囗夂宀尢巛廾彡彳忄扌攵氵灬爿犭疒癶礻糸纟艹虍衤讠辶钅阝饣髟亠亻刂攴屮"
)
#: so many more are asked for, as parts may be among the answers
_SPARE = 10

_POINTER = ctypes.c_void_p
_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "zinnia_recognizer_new": (_POINTER, []),
    "zinnia_recognizer_open": (ctypes.c_int, [_POINTER, ctypes.c_char_p]),
    "zinnia_recognizer_destroy": (None, [_POINTER]),
    "zinnia_recognizer_classify": (_POINTER, [_POINTER, _POINTER, ctypes.c_size_t]),
    "zinnia_character_new": (_POINTER, []),
    "zinnia_character_set_width": (None, [_POINTER, ctypes.c_size_t]),
    "zinnia_character_set_height": (None, [_POINTER, ctypes.c_size_t]),
    "zinnia_character_add": (ctypes.c_int, [_POINTER, ctypes.c_size_t, ctypes.c_int, ctypes.c_int]),
    "zinnia_character_destroy": (None, [_POINTER]),
    "zinnia_result_size": (ctypes.c_size_t, [_POINTER]),
    "zinnia_result_value": (ctypes.c_char_p, [_POINTER, ctypes.c_size_t]),
    "zinnia_result_destroy": (None, [_POINTER]),
}


class NoModel(Exception):
    """The library or the model of handwriting cannot be opened."""


def installed(library: str = LIBRARY, model: Path = MODEL) -> bool:
    """Whether the library and the model are on this machine."""
    try:
        return model.is_file() and _load(library) is not None
    except OSError:
        return False


class Recognizer:
    """One open model: 26 MB mapped from its file, shared with the page cache. May be used from one thread at a time."""

    def __init__(self, model: Path = MODEL, library: str = LIBRARY) -> None:
        """Raises `NoModel`."""
        try:
            self._library = _load(library)
        except OSError as error:
            raise NoModel(library) from error
        self._handle = self._library.zinnia_recognizer_new()
        self._end = weakref.finalize(self, self._library.zinnia_recognizer_destroy, self._handle)
        if not self._library.zinnia_recognizer_open(self._handle, os.fsencode(model)):
            self.close()
            raise NoModel(str(model))

    def candidates(self, strokes: Sequence[Stroke], most: int) -> tuple[str, ...]:
        """The characters that these strokes may be, likeliest first, at most `most`; () for no strokes.

        3 to 10 ms on an idle machine, 40 on a busy one. The interpreter is free meanwhile.
        """
        if not strokes or not self._end.alive:
            return ()
        library = self._library
        character = library.zinnia_character_new()
        try:
            library.zinnia_character_set_width(character, _SIDE)
            library.zinnia_character_set_height(character, _SIDE)
            for number, stroke in enumerate(fitted(strokes)):
                for x, y in stroke:
                    library.zinnia_character_add(character, number, x, y)
            return self._classified(character, most)
        finally:
            library.zinnia_character_destroy(character)

    def close(self) -> None:
        """Give the model back. May be called twice."""
        self._end()

    def _classified(self, character: int, most: int) -> tuple[str, ...]:
        result = self._library.zinnia_recognizer_classify(self._handle, character, most + _SPARE)
        if not result:
            return ()
        try:
            size = self._library.zinnia_result_size(result)
            found = (self._library.zinnia_result_value(result, at).decode() for at in range(size))
            return tuple(islice((each for each in found if each not in PARTS), most))
        finally:
            self._library.zinnia_result_destroy(result)


def fitted(strokes: Sequence[Stroke]) -> list[list[tuple[int, int]]]:
    """The strokes centred on the square of `_SIDE`, as large as the model wants them, and steadied.

    A character that was written small, or in a corner, is the same one.
    """
    across = [x for stroke in strokes for x, _ in stroke]
    down = [y for stroke in strokes for _, y in stroke]
    middle = ((min(across) + max(across)) / 2, (min(down) + max(down)) / 2)
    extent = max(max(across) - min(across), max(down) - min(down), 1e-6)
    scale = _SIDE * _FILLS / extent
    return [
        [
            (round((x - middle[0]) * scale + _SIDE / 2), round((y - middle[1]) * scale + _SIDE / 2))
            for x, y in steadied(stroke, extent * _STEP)
        ]
        for stroke in strokes
    ]


def steadied(stroke: Stroke, step: float) -> list[Point]:
    """Both ends of the stroke, and between them the middles of its points, `step` apart."""
    steady, near = [stroke[0]], list[Point]()
    for point in stroke[1:]:
        near.append(point)
        middle = (sum(x for x, _ in near) / len(near), sum(y for _, y in near) / len(near))
        if abs(middle[0] - steady[-1][0]) + abs(middle[1] - steady[-1][1]) >= step:
            steady.append(middle)
            near = []
    return [*steady, stroke[-1]] if near or len(steady) == 1 else steady


@functools.cache
def _load(library: str) -> ctypes.CDLL:
    """The library with its signatures, once per process. Raises `OSError`."""
    loaded = ctypes.CDLL(library)
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, arguments
    return loaded
