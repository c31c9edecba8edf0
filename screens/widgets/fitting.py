"""The body of a step: fills its place, and when all does not fit it scrolls as a list does, by button or finger."""

from typing import Any

from kivy.clock import Clock
from kivy.metrics import Metrics
from kivy.properties import NumericProperty, VariableListProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.layout import Layout
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.widgets.scroll import RAIL, Scroll

#: what a widget that takes the rest of the room needs at least, unless it has a `least_height` of its own
LEAST = 0.0
#: on a wide glass: the picture's share of the width, and the height below which it is no use
_PICTURE_SHARE = 0.5
_LEAST_PICTURE = 280.0
_NARROW = 900  #: pixels: two columns would be too narrow for words
_BESIDE = (
    96 + tokens.GAP + RAIL + 22
)  #: pixels that its buttons and its rail take from a list on a wide glass


def least_height(widget: Widget) -> float:
    """The least height at which `widget` still shows all that it has, in pixels; a list may turn within it."""
    if isinstance(widget, Scroll) and (widget.unrolled or widget.size_hint_y is not None):
        return min(float(widget.least_height), float(widget.column.height))
    if widget.size_hint_y is None:
        return float(widget.height)
    own = float(getattr(widget, "least_height", LEAST))
    if not isinstance(widget, Layout):
        return own
    inner = [least_height(child) for child in widget.children]
    if not inner or not isinstance(widget, BoxLayout):
        return max(own, max(inner, default=0.0))
    padding = float(widget.padding[1] + widget.padding[3])
    if widget.orientation == "vertical":
        return max(own, sum(inner) + float(widget.spacing) * (len(inner) - 1) + padding)
    return max(own, max(inner) + padding)


def _shown(widget: Widget) -> bool:
    return bool(widget.height > 0 and widget.opacity > 0 and widget.size_hint_y is None)


class Filling(BoxLayout):
    """A vertical box as high as its place, or as high as its children need when that is more."""

    room = NumericProperty(0.0)  #: height of the place
    breadth = NumericProperty(0.0)  #: width that is left once it scrolls, pixels
    split = NumericProperty(
        0
    )  #: on a wide glass so many of the first parts stand left, the others right; 0: no columns

    def __init__(self, **properties: Any) -> None:
        self._soon = Clock.create_trigger(self._fit, -1)
        self._wide = tokens.WIDE
        self._one_column: tuple[float, float, int] | None = None  # where two columns would come and go
        super().__init__(orientation="vertical", size_hint_y=None, **properties)
        for name in ("room", "children", "padding", "spacing", "width"):
            self.fbind(name, self._soon)

    def do_layout(self, *arguments: Any) -> None:
        """What a child needs may have changed with its size."""
        self._fit()
        picture = self._picture()
        if self._wide and self.split:
            self._lay_columns()
        elif picture is None:
            super().do_layout(*arguments)
        else:
            self._lay_beside(picture)

    def _picture(self) -> Widget | None:
        """On a wide glass: the one part that takes the rest of the room and is more than room; it stands left."""
        if not self._wide or self.width < _NARROW or self._one_column == self._place():
            return None
        growing = [c for c in self.children if c.size_hint_y is not None and not isinstance(c, Scroll)]
        pictures = [child for child in growing if type(child) is not Widget and child.children]
        others = [child for child in self.children if child not in growing and child.height > 0]
        return pictures[0] if len(pictures) == 1 and others else None

    def _place(self) -> tuple[float, float, int]:
        return (self.room, self.breadth, len(self.children))

    def _columns(self) -> tuple[list[Widget], list[Widget]]:
        parts = list(reversed(self.children))
        return parts[: self.split], parts[self.split :]

    def _lay_columns(self) -> None:
        """What is said left, what can be done right; what takes the rest of the room shares it within its column."""
        left, top, right, bottom = (float(part) for part in self.padding)
        gap = float(self.spacing)
        wide = (float(self.width) - left - right - 2 * gap) / 2
        for number, column in enumerate(self._columns()):
            x, y = self.x + left + number * (wide + 2 * gap), self.top - top
            taken = sum(least_height(child) for child in column) + gap * max(0, len(column) - 1)
            growing = [child for child in column if child.size_hint_y is not None]
            free = max(0.0, float(self.height) - top - bottom - taken) / max(1, len(growing))
            for child in column:
                if child.size_hint_x is not None:
                    child.width = wide
                if child in growing:
                    child.height = least_height(child) + free
                child.pos = (x, y - child.height)
                y -= child.height + gap

    def _lay_beside(self, picture: Widget) -> None:
        """The picture over the whole height, the others below each other at its right."""
        left, top, right, bottom = (float(part) for part in self.padding)
        room = float(self.width) - left - right - float(self.spacing)
        wide = room * _PICTURE_SHARE
        picture.pos = (self.x + left, self.y + bottom)
        picture.size = (wide, float(self.height) - top - bottom)
        x, y = self.x + left + wide + float(self.spacing), self.top - top
        for child in reversed(self.children):
            if child is picture or child.size_hint_y is not None:
                continue
            child.width = room - wide
            child.pos = (x, y - child.height)
            if _shown(child):
                y -= child.height + float(self.spacing)

    def add_widget(self, widget: Widget, *arguments: Any, **properties: Any) -> None:
        """Watch what it needs, too."""
        super().add_widget(widget, *arguments, **properties)
        for name in ("minimum_height", "size_hint_y"):
            if widget.property(name, quiet=True) is not None:
                widget.fbind(name, self._soon)

    def needed(self) -> float:
        """The least height that shows everything, in pixels."""
        if self._wide and self.split:
            columns = [
                sum(least_height(child) for child in part) + float(self.spacing) * max(0, len(part) - 1)
                for part in self._columns()
            ]
            return max(columns) + float(self.padding[1]) + float(self.padding[3])
        picture = self._picture()
        if picture is not None:
            beside = [
                least_height(child) for child in self.children if child is not picture and _shown(child)
            ]
            column = sum(beside) + float(self.spacing) * max(0, len(beside) - 1)
            own = float(getattr(picture, "least_height", 0.0))
            high = max(own or min(least_height(picture), _LEAST_PICTURE), column)
            return high + float(self.padding[1]) + float(self.padding[3])
        inner = sum(least_height(child) for child in self.children)
        gaps = float(self.spacing) * max(0, len(self.children) - 1)
        return inner + gaps + float(self.padding[1]) + float(self.padding[3])

    def _fit(self, *_: object) -> None:
        """Half a pixel more than there is room is no reason to scroll. Where it scrolls, lists in it lie open."""
        longer = self.needed() > self.room + Metrics.density
        if longer and self.breadth < _NARROW and self._picture() is not None:
            self._one_column = self._place()  # its buttons would make it too narrow for two
            longer = self.needed() > self.room + Metrics.density
        for child in self.children:
            if isinstance(child, Scroll) and (child.unrolled or child.size_hint_y is not None):
                child.unroll(longer)
        if not longer:
            self.height = self.room
            return
        lists = [child for child in self.children if isinstance(child, Scroll) and child.unrolled]
        self.height = self.needed() + sum(child.height - least_height(child) for child in lists)


class Body(Scroll):
    """In kv its children are indented below it. `column` holds them."""

    reads_whole = True

    inset = VariableListProperty([0, 0, 0, 0])  #: free room around the children: left, top, right, bottom

    def __init__(self, **properties: Any) -> None:
        super().__init__(column=Filling(), **properties)
        self._turns.padding = (0, tokens.STEP, tokens.GAP, tokens.STEP) if tokens.WIDE else (tokens.MARGIN, 0)
        self.fbind("inset", self._inset)
        self._inset()
        self.viewport.fbind("height", self._tell)
        for name in ("height", "width"):
            self.fbind(name, self._tell)

    def _inset(self, *_: object) -> None:
        self.column.padding = self.inset
        if tokens.WIDE:
            self._turns.padding = (0, max(tokens.STEP, self.inset[1]), tokens.GAP, tokens.STEP)

    def _tell(self, *_: object) -> None:
        """Of the whole place, so that the buttons of a scrolling body do not make it scroll."""
        self.column.breadth = self.width - _BESIDE
        self.column.room = self.height if not self._turns.children else self.viewport.height


def filled(padding: tuple[float, float, float, float], spacing: float = tokens.GAP) -> Body:
    """The body of a step."""
    return Body(inset=padding, gap=spacing)
