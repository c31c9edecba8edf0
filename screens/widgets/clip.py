"""Shows nothing of its children beyond its own edges, as a window does.

Kivy's StencilView draws its rectangle twice into every picture to do so; a clipping rectangle costs nothing. It counts
in pixels of the window, so it is asked anew at each drawing where the widget lies there: a lens or an outer list may
have moved it.
"""

from math import ceil, floor
from typing import Any

from kivy.graphics import Callback, ScissorPop, ScissorPush
from kivy.uix.widget import Widget


class Clip(Widget):
    """A window onto its children."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        with self.canvas.before:
            Callback(self._cut)
            self._scissor = ScissorPush(x=0, y=0, width=0, height=0)
        with self.canvas.after:
            ScissorPop()

    def _cut(self, _: Any) -> bool:
        left, bottom = self.to_window(*self.pos)
        right, top = self.to_window(self.right, self.top)
        place = (floor(left), floor(bottom), ceil(right) - floor(left), ceil(top) - floor(bottom))
        scissor = self._scissor
        if place != (scissor.x, scissor.y, scissor.width, scissor.height):
            scissor.x, scissor.y, scissor.width, scissor.height = place
        return True
