"""Surfaces: rounded cards with a soft shadow, and the ground that a screen stands on."""

from typing import Any

from kivy.graphics import Color, SmoothLine, SmoothRoundedRectangle
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout

from screens.theme import tokens
from screens.widgets.shadow import Shadow
from screens.widgets.touch import Touchable


class Surface(BoxLayout):
    """A box with a rounded ground behind it. In kv: `Surface: fill: tokens.CARD; raised: True; padding: 32`.

    With `grow` its height follows its children (`size_hint_y` off).
    """

    fill = ColorProperty(tokens.CLEAR)  #: the worn theme's CARD, unless something else is said
    edge = ColorProperty(tokens.CLEAR)  #: outline, drawn when not clear; in some themes every card has one
    edge_width = NumericProperty(2)
    radius = NumericProperty(tokens.RADIUS)
    raised = BooleanProperty(True)  #: with a shadow
    grow = BooleanProperty(False)

    def __init__(self, **properties: Any) -> None:
        self.fill = tokens.CARD  # before all else: what kv says must win
        super().__init__(**properties)
        with self.canvas.before:
            self._shadow = Shadow()
            self._fill = Color(*self.fill)
            self._shape = SmoothRoundedRectangle()
            self._edge = Color(*self.edge)
            self._outline = SmoothLine(width=1)
        for name in ("pos", "size", "radius", "raised", "edge_width"):
            self.fbind(name, self._draw)
        for name in ("fill", "edge"):
            self.fbind(name, self._tint)
        self.fbind("minimum_height", self._take_room)
        self.fbind("grow", self._take_room)
        self._draw()
        self._tint()
        self._take_room()

    def ground(self) -> tokens.Colour:
        """The colour that is drawn now; subclasses change it while pressed."""
        return tuple(self.fill)

    def _take_room(self, *_: object) -> None:
        if self.grow:
            self.size_hint_y = None
            self.height = self.minimum_height

    def _draw(self, *_: object) -> None:
        radius = min(self.radius, self.height / 2, self.width / 2)
        self._shadow.place(self.pos, self.size, radius, shown=self.raised)
        self._shape.pos, self._shape.size, self._shape.radius = self.pos, self.size, [radius]
        half = self.edge_width / 2
        self._outline.width = half
        self._outline.rounded_rectangle = (
            self.x + half,
            self.y + half,
            max(0, self.width - 2 * half),
            max(0, self.height - 2 * half),
            max(1, radius - half),
        )

    def _tint(self, *_: object) -> None:
        self._fill.rgba = self.ground()
        self._edge.rgba = self.edge if self.edge[3] or not self.fill[3] else tokens.OUTLINE


class TouchCard(Touchable, Surface):
    """A surface that can be touched; darkens under the finger at once."""

    pressed_fill = ColorProperty(tokens.CLEAR)  #: the worn theme's CITY_TINT, unless something else is said

    def __init__(self, **properties: Any) -> None:
        self.pressed_fill = tokens.CITY_TINT
        super().__init__(**properties)
        self.fbind("pressed", self._tint)
        self.fbind("enabled", self._tint)

    def ground(self) -> tokens.Colour:
        """`pressed_fill` under the finger."""
        return tuple(self.pressed_fill if self.pressed else self.fill)
