"""A live widget tree, written down: what the checks of every screen look at (`screens.checks`)."""

from typing import Any

from screens.widgets.clip import Clip
from screens.widgets.surface import Surface
from screens.widgets.text import Text
from screens.widgets.touch import Rectangle, live_widgets, rectangle, touchables


def describe(root: Any, size: tuple[float, float]) -> dict[str, Any]:
    """{"texts": [...], "touchables": [...]}, rectangles as [left, top, width, height] in pixels of the glass.

    `size`: of the glass, whose lower left corner is the window's.
    """
    texts = [_text(widget, size) for widget in live_widgets(root) if _is_said(widget)]
    found = [
        {"key": widget.touch_key, "box": list(rectangle(widget, size[1])), "seen": list(seen(widget, size))}
        for widget in touchables(root)
    ]
    return {"texts": texts, "touchables": found, "window": [0, 0, *size]}


def _is_said(widget: Any) -> bool:
    return isinstance(widget, Text) and bool(widget.plain)


def _text(widget: Any, size: tuple[float, float]) -> dict[str, Any]:
    box = rectangle(widget, size[1])
    factor = (
        box.width / widget.width if widget.width else 1.0
    )  # a lens may make it larger than it was laid out
    return {
        "plain": widget.plain,
        "tone": widget.tone,
        "pixels": round(widget.font_size * factor),
        "clipped": widget.clipped,
        "box": list(box),
        "ink": list(_ink(widget, box, factor)),
        "seen": list(seen(widget, size)),
        "inside": _surfaces(widget, size),
    }


def _ink(widget: Any, box: Rectangle, factor: float) -> tuple[float, float, float, float]:
    """Where the drawn text is inside its widget."""
    wide, high = (part * factor for part in widget.texture_size)
    room = box.width - wide
    left = box.left + (0 if widget.halign == "left" and widget.wrap else room / 2)
    return (left, box.top + (box.height - high) / 2, wide, high)


def seen(widget: Any, size: tuple[float, float]) -> tuple[float, float, float, float]:
    """The glass, cut down to the viewports of the lists that the widget is in: outside of them nothing is drawn."""
    left, top, right, bottom = 0.0, 0.0, *(float(part) for part in size)
    parent = widget.parent
    while parent is not None and parent is not parent.parent:
        if isinstance(parent, Clip):
            place = rectangle(parent, size[1])
            left, top = max(left, place.left), max(top, place.top)
            right = min(right, place.left + place.width)
            bottom = min(bottom, place.top + place.height)
        parent = parent.parent
    return (left, top, max(0.0, right - left), max(0.0, bottom - top))


def _surfaces(widget: Any, size: tuple[float, float]) -> list[list[float]]:
    """The cards that the widget stands on."""
    found, parent = [], widget.parent
    while parent is not None and parent is not parent.parent:
        if isinstance(parent, Surface):
            found.append(list(rectangle(parent, size[1])))
        parent = parent.parent
    return found
