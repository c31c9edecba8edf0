"""Draws something larger or smaller than it is laid out: for a look on another screen than the terminal's."""

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
