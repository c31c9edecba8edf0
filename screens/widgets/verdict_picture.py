"""A verdict on a page: a drawing of what to do, what is wrong, what to do in words."""

from typing import Any

from kivy.graphics import (
    Color,
    Mesh,
    PopMatrix,
    PushMatrix,
    Rotate,
    SmoothEllipse,
    SmoothLine,
    SmoothRoundedRectangle,
)
from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.widgets.surface import Surface
from screens.widgets.text import Text
from screens.widgets.verdict_drawings import BOARD, DRAWINGS, Box, Disc, Drawing, Fan, Point, Shape, Stroke


class VerdictPicture(Widget):
    """The drawing of a verdict. In kv: `VerdictPicture: verdict: "glare"`. Nothing for an unknown one."""

    verdict = StringProperty("")

    def __init__(self, **properties: Any) -> None:
        properties.setdefault("size_hint", (None, None))
        properties.setdefault("size", BOARD)
        super().__init__(**properties)
        for name in ("pos", "size", "verdict"):
            self.fbind(name, self._draw)
        self._draw()

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        with self.canvas:
            for shape in self.drawing():
                self._paint(shape)

    def drawing(self) -> Drawing:
        """What is drawn."""
        return DRAWINGS.get(self.verdict, ())

    def _scale(self) -> float:
        return float(min(self.width / BOARD[0], self.height / BOARD[1]))

    def _at(self, point: Point) -> Point:
        """From the board to the window, whose origin is below."""
        scale = self._scale()
        left, top = self.center_x - BOARD[0] / 2 * scale, self.center_y + BOARD[1] / 2 * scale
        return (left + point[0] * scale, top - point[1] * scale)

    def _paint(self, shape: Shape) -> None:
        scale = self._scale()
        Color(*shape.colour)
        match shape:
            case Box():
                self._box(shape, scale)
            case Disc():
                x, y = self._at(shape.middle)
                radius = shape.radius * scale
                SmoothEllipse(pos=(x - radius, y - radius), size=(2 * radius, 2 * radius))
            case Stroke():
                self._stroke([self._at(point) for point in shape.points], shape.width * scale / 2)
            case Fan():
                self._fan([self._at(point) for point in shape.points])

    def _box(self, box: Box, scale: float) -> None:
        x, y = self._at(box.middle)
        wide, high = box.size[0] * scale, box.size[1] * scale
        PushMatrix()
        Rotate(angle=-box.turn, origin=(x, y))
        radius = [max(0.5, box.radius * scale)]
        SmoothRoundedRectangle(pos=(x - wide / 2, y - high / 2), size=(wide, high), radius=radius)
        PopMatrix()

    def _stroke(self, points: list[Point], half: float) -> None:
        """Smooth lines have neither round ends nor round joints of their own."""
        SmoothLine(points=[value for point in points for value in point], width=half)
        for x, y in points:
            SmoothEllipse(pos=(x - half, y - half), size=(2 * half, 2 * half))

    def _fan(self, points: list[Point]) -> None:
        """A mesh has stairs at its edge; a thin line over it smooths them."""
        vertices = [value for x, y in points for value in (x, y, 0.0, 0.0)]
        Mesh(vertices=vertices, indices=list(range(len(points))), mode="triangle_fan")
        SmoothLine(points=[value for point in points for value in point], width=1, close=True)


class VerdictCard(Surface):
    """Drawing, headline and instruction. In kv: `VerdictCard: verdict: "glare"; said: "…"; do: "…"`.

    Takes no room without a headline.
    """

    verdict = StringProperty("")
    said = StringProperty("")
    do = StringProperty("")

    def __init__(self, **properties: Any) -> None:
        self._picture = VerdictPicture(pos_hint={"center_y": 0.5})
        self._said = Text(kind="large", bold=True, tone="wrong")
        self._do = Text(kind="body", tone="wrong")
        super().__init__(raised=False, grow=True, fill=tokens.WRONG_TINT, **properties)
        words = BoxLayout(
            orientation="vertical", spacing=tokens.STEP, size_hint_y=None, pos_hint={"center_y": 0.5}
        )
        words.bind(minimum_height=words.setter("height"))
        words.add_widget(self._said)
        words.add_widget(self._do)
        self.add_widget(self._picture)
        self.add_widget(words)
        for name in ("verdict", "said", "do"):
            self.fbind(name, self._set)
        self._set()

    def _set(self, *_: object) -> None:
        there = bool(self.said)
        self._picture.verdict = self.verdict if there else ""
        self._picture.size = BOARD if there else (0, 0)
        self._said.plain, self._do.plain = self.said.strip(), self.do
        self.spacing = tokens.GAP_LARGE if there else 0
        self.padding = (tokens.GAP, tokens.GAP_SMALL) if there else 0
        self.opacity = 1 if there else 0
