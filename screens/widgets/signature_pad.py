"""A pad to sign on with the finger: ink follows smoothly, points are kept in the pad's own units."""

from typing import Any

from kivy.graphics import Color, Line, Rectangle
from kivy.input.motionevent import MotionEvent
from kivy.properties import BooleanProperty, NumericProperty

from screens.theme import tokens
from screens.widgets.surface import Surface
from screens.widgets.touch import HELD, Touchable

Point = tuple[float, float]

INK_WIDTH = 4.5
#: a point nearer than this to the last one adds nothing but noise; pixels
NEAREST = 2.0
#: the shortest ink that can be a name, in pad widths: shorter is a touch by mistake; chosen
LEAST_INK = 0.15
#: how finely a curve between two points is drawn
CURVE_STEPS = 5


class SignaturePad(Touchable, Surface):
    """Takes strokes by touch. `ink` is their length in pad widths, `enough` whether that can be a name."""

    drawn = True

    ink = NumericProperty(0.0)
    enough = BooleanProperty(False)
    least_height = NumericProperty(360)

    def __init__(self, **properties: Any) -> None:
        self._strokes: list[list[Point]] = []
        self._lines: list[Line] = []
        properties.setdefault("touch_key", "sign.pad")
        super().__init__(**properties)
        with self.canvas.after:
            Color(*tokens.CITY_EDGE)
            self._base = Rectangle()
        for name in ("pos", "size"):
            self.fbind(name, self._rule)

    def strokes(self) -> tuple[tuple[Point, ...], ...]:
        """Points in 0..1 of the pad's width, origin top left, y downwards on the same scale."""
        return tuple(
            tuple(((x - self.x) / self.width, (self.y + self.height - y) / self.width) for x, y in stroke)
            for stroke in self._strokes
        )

    def clear(self) -> None:
        """An empty pad."""
        for line in self._lines:
            self.canvas.after.remove(line)
        self._strokes, self._lines = [], []
        self.ink, self.enough = 0.0, False

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """A stroke begins."""
        if touch.is_mouse_scrolling or not self.collide_point(*touch.pos):
            return bool(super().on_touch_down(touch))
        touch.grab(self)
        touch.ud[HELD] = True
        stroke: list[Point] = [touch.pos]
        self._strokes.append(stroke)
        with self.canvas.after:
            Color(*tokens.INK)
            line = Line(points=[*touch.pos, *touch.pos], width=INK_WIDTH, cap="round", joint="round")
        self._lines.append(line)
        touch.ud["stroke"] = (stroke, line)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """The ink follows; outside the pad it stops at the edge."""
        if touch.grab_current is not self:
            return bool(super().on_touch_move(touch))
        stroke, line = touch.ud["stroke"]
        point = (
            min(max(touch.x, self.x), self.x + self.width),
            min(max(touch.y, self.y), self.y + self.height),
        )
        step = _distance(stroke[-1], point)
        if step >= NEAREST:
            stroke.append(point)
            line.points = [part for place in smooth(stroke) for part in place]
            self.ink += step / self.width
            self.enough = self.ink >= LEAST_INK
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """The stroke ends."""
        if touch.grab_current is not self:
            return bool(super().on_touch_up(touch))
        touch.ungrab(self)
        return True

    def _rule(self, *_: object) -> None:
        """The line on which one signs."""
        self._base.pos = (self.x + 64, self.y + self.height * 0.24)
        self._base.size = (max(0, self.width - 128), 3)


def smooth(points: list[Point]) -> list[Point]:
    """The points joined by curves: each point bends the way between the middles of its neighbours."""
    if len(points) < 3:
        return list(points)
    drawn = [points[0]]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _middle(before, here), _middle(here, after)
        for step in range(CURVE_STEPS + 1):
            t = step / CURVE_STEPS
            drawn.append(
                (
                    (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * here[0] + t * t * end[0],
                    (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * here[1] + t * t * end[1],
                )
            )
    return [*drawn, points[-1]]


def _middle(one: Point, other: Point) -> Point:
    return ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)


def _distance(one: Point, other: Point) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)
