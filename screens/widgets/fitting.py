"""The body of a step: fills its place, and when all does not fit it scrolls as a list does, by button or finger."""

from typing import Any

from kivy.clock import Clock
from kivy.metrics import Metrics
from kivy.properties import NumericProperty, VariableListProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.layout import Layout
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.widgets.scroll import Scroll

#: what a widget that takes the rest of the room needs at least, unless it has a `least_height` of its own
LEAST = 0.0


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


class Filling(BoxLayout):
    """A vertical box as high as its place, or as high as its children need when that is more."""

    room = NumericProperty(0.0)  #: height of the place

    def __init__(self, **properties: Any) -> None:
        self._soon = Clock.create_trigger(self._fit, -1)
        super().__init__(orientation="vertical", size_hint_y=None, **properties)
        for name in ("room", "children", "padding", "spacing", "width"):
            self.fbind(name, self._soon)

    def do_layout(self, *arguments: Any) -> None:
        """What a child needs may have changed with its size."""
        self._fit()
        super().do_layout(*arguments)

    def add_widget(self, widget: Widget, *arguments: Any, **properties: Any) -> None:
        """Watch what it needs, too."""
        super().add_widget(widget, *arguments, **properties)
        for name in ("minimum_height", "size_hint_y"):
            if widget.property(name, quiet=True) is not None:
                widget.fbind(name, self._soon)

    def needed(self) -> float:
        """The least height that shows everything, in pixels."""
        inner = sum(least_height(child) for child in self.children)
        gaps = float(self.spacing) * max(0, len(self.children) - 1)
        return inner + gaps + float(self.padding[1]) + float(self.padding[3])

    def _fit(self, *_: object) -> None:
        """Half a pixel more than there is room is no reason to scroll. Where it scrolls, lists in it lie open."""
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
        self._turns.padding = (tokens.MARGIN, 0)
        self.fbind("inset", self._inset)
        self._inset()
        self.viewport.fbind("height", self._tell)
        self.fbind("height", self._tell)

    def _inset(self, *_: object) -> None:
        self.column.padding = self.inset

    def _tell(self, *_: object) -> None:
        """Of the whole place, so that the buttons of a scrolling body do not make it scroll."""
        self.column.room = self.height if not self._turns.children else self.viewport.height


def filled(padding: tuple[float, float, float, float], spacing: float = tokens.GAP) -> Body:
    """The body of a step."""
    return Body(inset=padding, gap=spacing)
