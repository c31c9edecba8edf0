"""Draws something larger or smaller than it is laid out: for a look on another screen than the terminal's."""

from kivy.uix.relativelayout import RelativeLayout
from kivy.uix.scatter import Scatter
from kivy.uix.widget import Widget


def zoomed(widget: Widget, size: tuple[float, float], zoom: float) -> Widget:
    """`widget`, laid out at `size` pixels, drawn `zoom` times as large; touches are carried back to its own pixels."""
    widget.size_hint = (None, None)
    widget.size = size
    lens = Scatter(
        do_rotation=False,
        do_translation=False,
        do_scale=False,
        scale_min=0.01,
        size=size,
        size_hint=(None, None),
    )
    lens.add_widget(widget)
    lens.scale, lens.pos = zoom, (0, 0)
    return lens


class Magnified(RelativeLayout):
    """Takes the room it is given and shows `widget` `factor` times as large: laid out in a room that much smaller.

    As a page in a browser: everything that is read or touched grows together, lines break anew, lists turn earlier.
    """

    def __init__(self, widget: Widget, factor: float) -> None:
        super().__init__()
        self._widget, self._factor = widget, factor
        self._lens = zoomed(widget, (1, 1), factor)
        self.add_widget(self._lens)
        self.fbind("size", self._fit)
        self._fit()

    def _fit(self, *_: object) -> None:
        size = (self.width / self._factor, self.height / self._factor)
        self._widget.size = self._lens.size = size
        self._lens.scale, self._lens.pos = self._factor, (0, 0)


_SMALLEST = 0.3  #: while it is being laid out there is no room at all


class Shrunk(RelativeLayout):
    """Shows `widget`, as high as it wants, at the bottom; drawn smaller where it would be higher than the room."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self._widget = widget
        self._lens = zoomed(widget, (1, widget.height), 1.0)
        self.add_widget(self._lens)
        for name in ("size", "pos"):
            self.fbind(name, self._fit)
        widget.fbind("height", self._fit)
        self._fit()

    def _fit(self, *_: object) -> None:
        if self._widget.parent is None:
            return
        scale = max(_SMALLEST, min(1.0, self.height / max(1.0, self._widget.height)))
        self._widget.width = self.width / scale
        self._lens.size = self._widget.size
        self._lens.scale, self._lens.pos = scale, (0, 0)
