"""A drawing of the cabinet's card reader: the plate with its lamp, and a hand that lays a card on it."""

from typing import Any

from kivy.animation import Animation
from kivy.clock import Clock
from kivy.graphics import (
    Color,
    PopMatrix,
    PushMatrix,
    Rotate,
    SmoothEllipse,
    SmoothLine,
    SmoothRoundedRectangle,
    Translate,
)
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.floatlayout import FloatLayout

from screens.theme import tokens
from screens.widgets.icon import Icon

#: the drawing's own coordinates, scaled to the widget; origin below left
BOARD = (900.0, 880.0)
SLAB = tokens.rgba("#32404E")
SLAB_EDGE = tokens.rgba("#46586A")
PLATE = tokens.rgba("#1B242E")
CARD_FACE = tokens.rgba("#EAF2F6")
CARD_EDGE = tokens.rgba("#9DB6C6")
CARD_PRINT = tokens.rgba("#8FA9BA")
SKIN = tokens.rgba("#EFC6A2")
SKIN_EDGE = tokens.rgba("#C58F66")
SLEEVE = tokens.CITY_LIGHT

#: where the card lies on the plate, and from where the hand brings it (board units)
REST = (300.0, 446.0)
COMING_FROM = (250.0, -250.0)
CARD = (330.0, 208.0)

#: the plate: left, below, width, height (board units)
PLATE_BOX = (230.0, 400.0, 440.0, 320.0)

REACH_S = 1.4  #: how long the hand takes; slow enough to be followed
LIE_S = 2.2  #: how long the card lies there before the film begins again
BLINK_S = 0.6
STILL_AT = 0.32  #: how far away the hand is in a picture that does not move


class CardReaderDrawing(FloatLayout):
    """The film of a hand that lays a card on the plate. `live` off: lamp dark, no hand (the reader is broken)."""

    way = NumericProperty(1.0)  #: 1 far away, 0 on the plate
    lit = BooleanProperty(True)
    live = BooleanProperty(True)
    still = BooleanProperty(False)

    def __init__(self, **properties: Any) -> None:
        self._film: Animation | None = None
        self._waves = Icon(name="contactless-payment", tone="white_soft", opacity=0.5)
        super().__init__(**properties)
        self.add_widget(self._waves)
        self._blink = Clock.schedule_interval(self._toggle, BLINK_S)
        for name in ("pos", "size", "live"):
            self.fbind(name, self._draw)
        self.fbind("lit", self._draw_cabinet)
        self.fbind("way", self._draw_hand)
        self.fbind("still", self._play)
        self.fbind("live", self._play)
        self._play()

    def stop(self) -> None:
        """End film and blinking: the screen goes away."""
        self._blink.cancel()
        if self._film is not None:
            self._film.cancel(self)
            self._film = None

    def _toggle(self, *_: object) -> None:
        self.lit = True if self.still else not self.lit

    def _play(self, *_: object) -> None:
        if self._film is not None:
            self._film.cancel(self)
            self._film = None
        if self.still or not self.live:
            self.way = STILL_AT
        else:
            self.way = 1.0
            come = Animation(way=0.0, duration=REACH_S, transition="out_cubic")
            self._film = come + Animation(way=0.0, duration=LIE_S) + Animation(way=1.0, duration=tokens.CALM)
            self._film.repeat = True
            self._film.start(self)
        self._draw()

    def _draw(self, *_: object) -> None:
        self._draw_cabinet()
        self._draw_hand()

    def _pen(self) -> "Pen":
        factor = min(self.width / BOARD[0], self.height / BOARD[1]) * 0.94
        left = self.x + (self.width - BOARD[0] * factor) / 2
        below = self.y + (self.height - BOARD[1] * factor) / 2
        return Pen(left, below, factor)

    def _draw_cabinet(self, *_: object) -> None:
        pen = self._pen()
        self._waves.extent = round(pen.shift(110, 0)[0])
        self._waves.center = pen.point(450, 560)
        self.canvas.before.clear()
        with self.canvas.before:
            self._cabinet(pen)

    def _draw_hand(self, *_: object) -> None:
        self.canvas.after.clear()
        if self.live:
            with self.canvas.after:
                self._card_and_hand(self._pen())

    def _cabinet(self, pen: "Pen") -> None:
        pen.box(60, 310, 780, 510, 44, SLAB)
        pen.frame(60, 310, 780, 510, 44, 3, SLAB_EDGE)
        if self.lit and self.live:
            left, below, wide, high = PLATE_BOX
            for grow, alpha in ((34, 0.10), (22, 0.16), (12, 0.30)):
                glow = (*tokens.GOLD[:3], alpha)
                pen.box(left - grow, below - grow, wide + 2 * grow, high + 2 * grow, 36 + grow, glow)
        pen.box(*PLATE_BOX, 36, PLATE)
        lamp = tokens.GOLD if self.lit and self.live else SLAB_EDGE
        pen.frame(*PLATE_BOX, 36, 10, lamp)

    def _card_and_hand(self, pen: "Pen") -> None:
        x = REST[0] - 15 + COMING_FROM[0] * self.way
        y = REST[1] + 10 + COMING_FROM[1] * self.way
        PushMatrix()
        Translate(*pen.shift(x, y))
        Rotate(angle=-14 * self.way, origin=pen.point(0, 0))
        self._fingers(pen)
        self._card(pen)
        self._thumb(pen)
        PopMatrix()

    def _card(self, pen: "Pen") -> None:
        wide, high = CARD
        pen.box(4, -8, wide, high, 20, (0, 0, 0, 0.25))
        pen.box(0, 0, wide, high, 20, CARD_FACE)
        pen.frame(0, 0, wide, high, 20, 3, CARD_EDGE)
        for row, length in enumerate((110, 150, 80, 140)):
            pen.box(26, high - 50 - row * 32, length, 12, 6, CARD_PRINT)
        pen.box(26, 22, 190, 16, 8, tokens.CITY_EDGE)
        pen.box(222, 58, 84, 112, 10, tokens.CITY_TINT)
        pen.disc(245, 112, 38, CARD_PRINT)
        pen.box(234, 66, 60, 42, 20, CARD_PRINT)

    def _fingers(self, pen: "Pen") -> None:
        """What is behind the card: sleeve, palm, fingers."""
        PushMatrix()
        Rotate(angle=30, origin=pen.point(300, 20))
        pen.box(262, -860, 150, 740, 24, SLEEVE)
        pen.box(254, -170, 166, 60, 22, tokens.CITY)
        pen.box(276, -150, 122, 150, 50, SKIN)
        pen.box(262, -70, 150, 160, 62, SKIN)
        PopMatrix()
        for up, length in ((70, 96), (118, 104), (164, 92)):
            pen.box(250, up - 44, length, 42, 21, SKIN)
            pen.frame(250, up - 44, length, 42, 21, 3, SKIN_EDGE)

    def _thumb(self, pen: "Pen") -> None:
        """What is before the card."""
        PushMatrix()
        Rotate(angle=38, origin=pen.point(322, 6))
        pen.box(290, -30, 60, 118, 30, SKIN)
        pen.frame(290, -30, 60, 118, 30, 3, SKIN_EDGE)
        pen.box(303, 50, 34, 30, 14, tokens.rgba("#F8DFC8"))
        PopMatrix()


class Pen:
    """Draws on the board: board units in, window pixels out."""

    def __init__(self, left: float, below: float, factor: float) -> None:
        self._left, self._below, self._factor = left, below, factor

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A place on the board, in the window."""
        return (self._left + x * self._factor, self._below + y * self._factor)

    def shift(self, x: float, y: float) -> tuple[float, float, float]:
        """A way on the board, in pixels."""
        return (x * self._factor, y * self._factor, 0)

    def box(
        self, x: float, y: float, wide: float, high: float, radius: float, colour: tuple[float, ...]
    ) -> None:
        """A filled rounded box."""
        Color(*colour)
        SmoothRoundedRectangle(
            pos=self.point(x, y),
            size=(wide * self._factor, high * self._factor),
            radius=[min(radius, wide / 2, high / 2) * self._factor],
        )

    def frame(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        radius: float,
        width: float,
        colour: tuple[float, ...],
    ) -> None:
        """The outline of a rounded box."""
        Color(*colour)
        place = (*self.point(x, y), wide * self._factor, high * self._factor)
        radius = min(radius, wide / 2, high / 2) * self._factor
        SmoothLine(width=width * self._factor / 2, rounded_rectangle=(*place, radius))

    def disc(self, x: float, y: float, across: float, colour: tuple[float, ...]) -> None:
        """A filled disc."""
        Color(*colour)
        SmoothEllipse(pos=self.point(x, y), size=(across * self._factor, across * self._factor))
