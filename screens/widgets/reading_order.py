"""In which order one reads what can be touched: top to bottom, from left to right inside a row."""

from typing import NamedTuple

from kivy.core.window import Window
from kivy.uix.widget import Widget

from screens.widgets.clip import Clip
from screens.widgets.touch import Rectangle, Touchable, rectangle

#: things share a row when the lower one's height lies beside the first one's by at least this share
BESIDE = 0.5

Row = list[Touchable]


class _Part(NamedTuple):
    """Something at a place: one thing, or the rows of a part of the screen that is read as a whole."""

    place: Rectangle
    rows: list[Row]


def rows(root: Widget) -> list[Row]:
    """What a key can reach below and with `root`, row by row, also what a list has scrolled away.

    A scrolling list is read as a whole, and so is a widget that says so by `reads_whole = True`: a foot, a keyboard.
    """
    return _read(_parts(root))


def order(root: Widget) -> Row:
    """The same, one after the other."""
    return [widget for row in rows(root) for widget in row]


def _parts(widget: Widget) -> list[_Part]:
    if widget.opacity <= 0:
        return []
    inside = [part for child in reversed(widget.children) for part in _parts(child)]
    if (
        isinstance(widget, Touchable) and widget.enabled and not widget.drawn
    ):  # what lies on a card comes after it
        return [_Part(rectangle(widget, Window.height), [[widget], *_read(inside)])]
    whole = isinstance(widget, Clip) or getattr(widget, "reads_whole", False)
    if not (whole and inside):
        return inside
    return [_Part(rectangle(widget, Window.height), _read(inside))]


def _read(parts: list[_Part]) -> list[Row]:
    read: list[Row] = []
    for line in _lines(sorted(parts, key=lambda part: (part.place.top, part.place.left))):
        if all(len(part.rows) == 1 for part in line):
            read.append([widget for part in line for widget in part.rows[0]])
        else:
            read += [row for part in line for row in part.rows]
    return read


def _lines(parts: list[_Part]) -> list[list[_Part]]:
    """Those that stand beside each other, from left to right."""
    lines: list[list[_Part]] = []
    for part in parts:
        if lines and _beside(lines[-1][0].place, part.place):
            lines[-1].append(part)
        else:
            lines.append([part])
    return [sorted(line, key=lambda part: part.place.left) for line in lines]


def _beside(first: Rectangle, other: Rectangle) -> bool:
    shared = min(first.top + first.height, other.top + other.height) - max(first.top, other.top)
    return shared >= BESIDE * min(first.height, other.height)
