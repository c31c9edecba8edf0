"""Where the other terminals lie, drawn from their coordinates alone: north is up, there are no streets."""

from collections.abc import Callable
from typing import Any, Final

from kivy.graphics import Color, Ellipse, Line
from kivy.uix.widget import Widget

from kiosk.catalogue.nearby import Nearby
from screens.theme import tokens
from screens.widgets.surface import Surface
from screens.widgets.text import Text

Words = Callable[..., str]

_HEIGHT: Final = 232
_DOT: Final = 56  #: pixels across
#: kilometres that a scale may stand for
_SCALES: Final = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)


def distance_said(one: Nearby, words: Words) -> str:
    """约 14 公里 to the south, as the crow flies; "" where it is not known."""
    if one.metres is None:
        return ""
    key = "nearby.metres" if one.metres < 1000 else "nearby.kilometres"
    distance = f"{one.metres}" if one.metres < 1000 else f"{one.metres / 1000:g}"
    said = words(key, distance=distance, direction=words(f"direction.{one.direction}"))
    return said + words("nearby.straight")


class Number(Surface):
    """A number in a blue dot: the same on the list and on the map."""

    def __init__(self, number: int, **properties: Any) -> None:
        super().__init__(
            raised=False,
            size_hint=(None, None),
            size=(_DOT, _DOT),
            radius=_DOT / 2,
            fill=tokens.CITY,
            **properties,
        )
        text = Text(
            plain=str(number), kind="small", tone="white", bold=True, wrap=False, pos_hint={"center_y": 0.5}
        )
        text.settle()
        self.padding = ((_DOT - text.width) / 2, 0)
        self.add_widget(text)


class NearbyMap(Surface):
    """A sketch with this place in the middle of things, the others as numbers, and a scale."""

    def __init__(self, nearby: tuple[Nearby, ...], words: Words, **properties: Any) -> None:
        super().__init__(size_hint_y=None, height=_HEIGHT, **properties)
        self._plane = _Plane(nearby, words)
        self.add_widget(self._plane)


class _Plane(Widget):
    """Places its parts by hand: they lie where they lie."""

    def __init__(self, nearby: tuple[Nearby, ...], words: Words) -> None:
        super().__init__()
        self._words = words
        known = [(number, one.offset) for number, one in enumerate(nearby, start=1)]
        self._at: list[tuple[Number, tuple[float, float]]] = []
        for number, offset in known:
            if offset is not None:
                dot = Number(number)
                self._at.append((dot, offset))
                self.add_widget(dot)
        self._here = Text(plain=words("nearby.here"), kind="quiet", bold=True, tone="act", wrap=False)
        self._note = Text(plain=words("nearby.map"), kind="quiet", tone="soft", wrap=False)
        self._scale = Text(kind="quiet", tone="soft", wrap=False)
        for text in (self._here, self._note, self._scale):
            text.settle()
            self.add_widget(text)
        for name in ("pos", "size"):
            self.fbind(name, self._draw)

    def _draw(self, *_: object) -> None:
        if self.width < 400:
            return  # not laid out yet
        easts = [0.0, *(east for _, (east, _) in self._at)]
        norths = [0.0, *(north for _, (_, north) in self._at)]
        room = (self.width - 280, self.height - 2 * _DOT - 8)
        spans = (max(easts) - min(easts), max(norths) - min(norths))
        factor = min(side / max(span, 1.0) for side, span in zip(room, spans, strict=True))
        middle = ((max(easts) + min(easts)) / 2, (max(norths) + min(norths)) / 2)

        def place(east: float, north: float) -> tuple[float, float]:
            return (
                self.center_x + (east - middle[0]) * factor,
                self.center_y + 14 + (north - middle[1]) * factor,
            )

        here = place(0.0, 0.0)
        for dot, offset in self._at:
            x, y = place(*offset)
            dot.pos = (x - _DOT / 2, y - _DOT / 2)
        self._here.pos = (here[0] + 22, here[1] - self._here.height / 2)
        self._note.pos = (self.x + 24, self.y + 12)
        self._lines(here, factor)

    def _lines(self, here: tuple[float, float], factor: float) -> None:
        """This place, the ways of the crow, the scale, the north."""
        length = next((km for km in _SCALES if km * 1000 * factor > 90), _SCALES[-1])
        self._scale.plain = self._words("nearby.scale", distance=f"{length:g}")
        self._scale.settle()
        right, low = self.right - 24, self.y + 20
        left = right - length * 1000 * factor
        self._scale.pos = (left - self._scale.width - 12, self.y + 12)
        self.canvas.before.clear()
        with self.canvas.before:
            Color(*tokens.CITY_EDGE)
            for dot, _ in self._at:
                Line(points=[*here, *dot.center], width=2, dash_offset=8, dash_length=10)
            Line(points=[left, low + 12, left, low, right, low, right, low + 12], width=2)
            top = self.top - 20
            Line(points=[right - 16, top - 60, right - 16, top], width=2)
            Line(points=[right - 28, top - 18, right - 16, top, right - 4, top - 18], width=2)
            Color(*tokens.ACT)
            Ellipse(pos=(here[0] - 14, here[1] - 14), size=(28, 28))
