"""The camera's live picture with the sheet's outline. One texture for the whole life of the widget."""

from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, Line, Rectangle, SmoothLine
from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.widget import Widget

from kiosk.preview import LivePicture, PreviewSlot
from screens.theme import tokens

#: seen over wood, cloth and paper alike; a drawing colour, never under text
OUTLINE_STEADY = tokens.rgba("#36CE7C")
OUTLINE_MOVING = tokens.rgba("#FFD54A")
OUTLINE_WIDTH = 5


class LivePreview(Widget):
    """Draws the newest picture of the slot, as large as fits, never distorted.

    Kivy leaks textures that are made per frame (kivy #3872, #5171): one is made per size and written into.
    Call `stop` when the screen goes.
    """

    steady = NumericProperty(0.0)  #: 0..1: how far the automatic shot has counted
    live = BooleanProperty(False)  #: a picture has come
    least_height = NumericProperty(420)

    def __init__(self, slot: PreviewSlot, **properties: Any) -> None:
        super().__init__(pos_hint={"x": 0, "y": 0}, **properties)
        self._slot = slot
        self._texture: Texture | None = None
        self._picture: LivePicture | None = None
        with self.canvas:
            self._tint = Color(1, 1, 1, 0)
            self._frame = Rectangle()
            self._edge = Color(*tokens.CLEAR)
            self._outline = Line(width=OUTLINE_WIDTH, close=True, joint="round")
        for name in ("pos", "size"):
            self.fbind(name, self._place)
        self._poll = Clock.schedule_interval(self._take, 0)

    def stop(self) -> None:
        """No more pictures, and nothing left of the last."""
        self._poll.cancel()
        self._slot.clear()
        self._texture = self._picture = self._frame.texture = None
        self._tint.a = 0

    def _take(self, *_: object) -> None:
        picture = self._slot.take()
        if picture is None:
            return
        high, wide = picture.pixels.shape[:2]
        if self._texture is None or tuple(self._texture.size) != (wide, high):
            self._texture = Texture.create(size=(wide, high), colorfmt="rgba")
            self._texture.flip_vertical()
        pixels = picture.rgba().data.cast("B")
        self._texture.blit_buffer(pixels, colorfmt="rgba", bufferfmt="ubyte")
        self._frame.texture = self._texture  # marks it: Kivy does not see what is written into a texture
        self._picture, self.steady, self.live = picture, picture.steady, True
        self._tint.a = 1
        self._place()

    def _place(self, *_: object) -> None:
        """Kivy's `center` and `top` are stale while `pos` is being announced, so they are not used here."""
        if self._texture is None or self._picture is None:
            return
        wide, high = self._texture.size
        factor = min(self.width / wide, self.height / high)
        left, bottom = (
            (self.x + self.width / 2) - wide * factor / 2,
            (self.y + self.height / 2) - high * factor / 2,
        )
        self._frame.pos, self._frame.size = (left, bottom), (wide * factor, high * factor)
        corners = self._picture.corners
        self._edge.rgba = (
            tokens.CLEAR if corners is None else OUTLINE_STEADY if self.steady else OUTLINE_MOVING
        )
        points = (
            [] if corners is None else [(left + x * factor, bottom + (high - y) * factor) for x, y in corners]
        )
        self._outline.points = [float(part) for point in points for part in point]


class CountRing(Widget):
    """A ring that closes while the automatic shot counts down."""

    part = NumericProperty(0.0)  #: 0..1

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        with self.canvas:
            Color(*tokens.WHITE[:3], 0.3)
            self._track = SmoothLine(width=4)
            self._ink = Color(*tokens.WHITE)
            self._arc = Line(width=4, cap="round")
        for name in ("pos", "size", "part"):
            self.fbind(name, self._draw)
        self._draw()

    def _draw(self, *_: object) -> None:
        radius = min(self.width, self.height) / 2 - 6
        self._track.circle = ((self.x + self.width / 2), (self.y + self.height / 2), max(1, radius))
        self._ink.a = 1 if self.part > 0 else 0
        self._arc.circle = (
            (self.x + self.width / 2),
            (self.y + self.height / 2),
            max(1, radius),
            0,
            max(1, 360 * self.part),
        )
