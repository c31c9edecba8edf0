"""A second look where something should stand: beside a label without a value, under a text that fills its line.

The finder of lines overlooks a sign that stands alone (汉 beside 民族, the 室 of an address that was wrapped). Where
the layout says that one may stand there, the recogniser is asked about that place itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Protocol

from kiosk.reading.layout import Cells, extent
from kiosk.reading.line import Line, Sign, without_spaces

# In heights of a line's box, which is about 1.3 times the type; chosen, checked on generated documents.
_REACH: Mapping[str, float] = {
    "name": 5.0,
    "head": 5.0,
    "legal_person": 5.0,
    "sex": 3.0,
    "ethnicity": 5.0,
    "relation": 5.0,
    "birth": 11.0,
    "established": 11.0,
    "number": 18.0,
    "uscc": 18.0,
}  #: field → how far from its label a value may end
_TALLER = 1.15  # values are set a little larger than labels
_PITCH = 1.05  # from line to line, where there is only one to judge by
_FULL = 1.6  # a line that ends so near the others' end is full
_LONG = 8  # signs: of a single line, fewer do not fill it
_TAIL_REACH = 2.6
_TOUCH = 0.2  # boxes of neighbouring lines overlap by less
_MOST_TAIL = 3  # signs; more would not have been overlooked
_SURE = 0.8  # of every sign that nobody but the layout speaks for
_SPECKS = "|_~`'\"-—.,·、:：;； "  # what dirt and the ends of rules are taken for
_STROKES = frozenset(
    "一丨丶丿乙亅Il1/\\"
)  # what a rule or a wave of the ground is taken for, when nothing else is seen


class Sight(Protocol):
    """The page itself, for further looks."""

    def again(self, place: int) -> Iterable[Line]:
        """Further opinions on the line in a box."""
        ...

    def within(self, left: float, top: float, right: float, bottom: float) -> Line | None:
        """What stands in a rectangle of the upright page."""
        ...


def overlooked(page: Cells, found: Mapping[str, Sequence[Line]], sight: Sight) -> dict[str, tuple[Line, ...]]:
    """Field → what stands beside its label though no line was found there."""
    seen: dict[str, tuple[Line, ...]] = {}
    for label in page.labels:
        reach = _REACH.get(label.field)
        if reach is None or label.field in found or label.field in seen:
            continue
        top, bottom = extent(label, page.labels)
        middle, half = (top + bottom) / 2, label.line.height * _TALLER / 2
        left = label.line.right
        right = min([left + reach * label.line.height, *_starts(page, left, middle, half)])
        if right - left < label.line.height / 2:
            continue
        line = sight.within(left, middle - half, right, middle + half)
        if line is not None and (kept := _kept(line)):
            seen[label.field] = (line.part(kept),)
    return seen


def _starts(page: Cells, left: float, middle: float, half: float) -> Iterator[float]:
    """Where something else begins to the right in a row."""
    lines = (*(label.line for label in page.labels), *page.texts)
    return (line.left for line in lines if line.left >= left and abs(line.middle - middle) < half)


def with_tail(texts: Sequence[Line], page: Cells, sight: Sight) -> tuple[Line, ...]:
    """A wrapped text with its last few signs, should they stand alone under a full line and have been overlooked."""
    if not texts:
        return ()
    last, height = texts[-1], median(line.height for line in texts)
    rows = [line.middle for line in texts if last.middle - line.middle > height / 2]
    if not rows and len(without_spaces(last.signs)) < _LONG:
        return tuple(texts)
    if last.right < max(line.right for line in texts) - _FULL * height:
        return tuple(texts)
    edge = min(line.left for line in texts)
    middle = last.middle + (last.middle - rows[-1] if rows else _PITCH * height)
    place = (edge - 0.1 * height, middle - height / 2, edge + _TAIL_REACH * height, middle + height / 2)
    if _is_taken(page, place):
        return tuple(texts)
    line = sight.within(*place)
    tail = _kept(line) if line is not None else ()
    return (*texts, line.part(tail)) if line is not None and 0 < len(tail) <= _MOST_TAIL else tuple(texts)


def _is_taken(page: Cells, place: tuple[float, float, float, float]) -> bool:
    """Whether something that was found reaches into the place, however little of it."""
    left, top, right, bottom = place
    slack = _TOUCH * (bottom - top)
    lines = (*(label.line for label in page.labels), *page.texts)
    return any(
        line.top < bottom - slack and line.bottom > top + slack and line.left < right and line.right > left
        for line in lines
    )


def _kept(line: Line) -> tuple[Sign, ...]:
    """Its signs without specks at the ends; none when one of them is unsure or a stray stroke is all there is."""
    signs = list(without_spaces(line.signs))
    while signs and signs[0].text in _SPECKS:
        del signs[0]
    while signs and signs[-1].text in _SPECKS:
        del signs[-1]
    only_strokes = all(sign.text in _STROKES for sign in signs)
    return () if only_strokes or any(sign.likely < _SURE for sign in signs) else tuple(signs)
