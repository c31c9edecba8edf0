"""Where somebody lives, from the province down: places that an address begins with. No Kivy.

`regions.txt` is made by `tools/regions.py`: 45,000 names in the order of the national codes, indented by level. It
is kept as one text and searched line by line: an address opens a handful of lists in a visit.
"""

from functools import cache
from importlib import resources
from itertools import takewhile

Path = tuple[str, ...]  #: from the province down

#: where the terminals stand, and so most addresses: the picker opens here. The city is under the province itself.
HOME: Path = ("湖北省", "天门市")


@cache
def below(path: Path) -> tuple[str, ...]:
    """The places below this one; () where the file knows no more, or does not know `path`."""
    lines = _lines()
    at = _place(path)
    if at is None:
        return ()
    depth = len(path)
    inside = takewhile(lambda line: _depth(line) >= depth, lines[at:])
    return tuple(line[depth:] for line in inside if _depth(line) == depth)


def written(text: str) -> Path:
    """The places that `text` begins with: 湖北省天门市岳口镇健康路 → 湖北省, 天门市, 岳口镇.

    () when it begins with none. The province may be left out for the home city.
    """
    start: Path = ()
    if not any(text.startswith(province) for province in below(())):
        if not text.startswith(HOME[1]):
            return ()
        start, text = HOME, text.removeprefix(HOME[1])
    path = start
    while found := max((place for place in below(path) if text.startswith(place)), key=len, default=""):
        path, text = (*path, found), text.removeprefix(found)
    return path


def _place(path: Path) -> int | None:
    """The first line below `path`."""
    lines, at = _lines(), 0
    for depth, name in enumerate(path):
        wanted = " " * depth + name
        while at < len(lines) and _depth(lines[at]) >= depth and lines[at] != wanted:
            at += 1
        if at == len(lines) or lines[at] != wanted:
            return None
        at += 1
    return at


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


@cache
def _lines() -> tuple[str, ...]:
    text = resources.files("screens.input").joinpath("regions.txt").read_text("utf-8")
    return tuple(text.splitlines())
