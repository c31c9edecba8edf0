"""Darkness over a screen that nobody looks at: light on the glass at night disturbs, costs and wears the panel."""

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

#: of the picture is left; chosen: the words can be read from near, and nothing glares through the door
LEFT = 0.16


class Shade(Widget):
    """Covers its parent and lets every touch through."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(size_hint=(1, 1), **properties)
        with self.canvas:
            Color(0, 0, 0, 1 - LEFT)
            self._dark = Rectangle()
        self.fbind("pos", self._lay)
        self.fbind("size", self._lay)

    def _lay(self, *_: object) -> None:
        self._dark.pos, self._dark.size = self.pos, self.size

    def collide_point(self, x: float, y: float) -> bool:
        """Never: what lies below is touched."""
        return False
