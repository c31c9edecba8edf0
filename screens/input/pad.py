"""The area on which a character is written with the finger: thick ink, one stroke after the other."""

from collections.abc import Callable
from typing import Any

from kivy.graphics import Color, InstructionGroup, Line
from kivy.input.motionevent import MotionEvent

from screens.input.zinnia import Point
from screens.theme import tokens
from screens.widgets.signature_pad import smooth
from screens.widgets.surface import Surface
from screens.widgets.text import Text
from screens.widgets.touch import Touchable

#: half of the ink's width: 26 px are 7 mm, a brush's; thinner ink shows how a finger trembles
INK_WIDTH = 13
#: a point nearer than this to the last one adds nothing but trembling; pixels, 2 mm
NEAREST = 7.0
#: dashes and gaps of the guiding lines, pixels
_GUIDE = (18, 14)


class WritingPad(Touchable, Surface):
    """Takes the strokes of one character. `on_stroke(points)` is called for each, points in pixels, y downwards."""

    drawn = True

    def __init__(self, on_stroke: Callable[[list[Point]], None], hint: str, **properties: Any) -> None:
        self._on_stroke = on_stroke
        self._strokes: list[tuple[list[Point], Line]] = []
        self._ink = InstructionGroup()
        self._guides: list[Line] = []
        properties.setdefault("touch_key", "pad")
        super().__init__(raised=False, edge=tokens.CITY_EDGE, edge_width=3, guard_s=0, **properties)
        self._hint = Text(plain=hint, kind="large", tone="soft", halign="center", pos_hint={"center_y": 0.5})
        self.add_widget(self._hint)
        with self.canvas.after:
            Color(*tokens.LINE)
            self._guides = [Line(width=1.5, dash_length=_GUIDE[0], dash_offset=_GUIDE[1]) for _ in range(2)]
        self.canvas.after.add(Color(*tokens.INK))
        self.canvas.after.add(self._ink)
        for name in ("pos", "size"):
            self.fbind(name, self._guide)

    @property
    def strokes(self) -> int:
        """How many strokes are on the pad."""
        return len(self._strokes)

    def undo(self) -> None:
        """Take the last stroke away."""
        if self._strokes:
            self._ink.remove(self._strokes.pop()[1])
        self._hint.opacity = float(not self._strokes)

    def wipe(self) -> None:
        """An empty pad: nothing of a stroke is kept, in lists or on the canvas."""
        self._ink.clear()
        self._strokes.clear()
        self._hint.opacity = 1.0

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """A stroke begins. A second finger, or the palm beside it, writes nothing."""
        if touch.is_mouse_scrolling or not self.collide_point(*touch.pos):
            return False
        if self.pressed:
            return True
        touch.grab(self)
        self.pressed = True
        line = Line(points=[*touch.pos, *touch.pos], width=INK_WIDTH, cap="round", joint="round")
        self._strokes.append(([touch.pos], line))
        self._ink.add(line)
        self._hint.opacity = 0.0
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """The ink follows; outside the pad it stops at the edge."""
        if touch.grab_current is not self:
            return False
        if not self._strokes:
            return True  # wiped under the finger
        points, line = self._strokes[-1]
        point = (min(max(touch.x, self.x), self.right), min(max(touch.y, self.y), self.top))
        if abs(point[0] - points[-1][0]) + abs(point[1] - points[-1][1]) >= NEAREST:
            points.append(point)
            line.points = [part for place in smooth(points) for part in place]
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """The stroke ends."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self.pressed = False
        if self._strokes:
            points = self._strokes[-1][0]
            self._on_stroke([(x - self.x, self.top - y) for x, y in points])
        return True

    def _guide(self, *_: object) -> None:
        """A cross through the middle, as in a copy book."""
        across, down = self._guides
        across.points = [self.x + 24, self.center_y, self.right - 24, self.center_y]
        down.points = [self.center_x, self.y + 24, self.center_x, self.top - 24]
