"""The ring around what the keypad stands on: two bands, so that one of them is seen on any ground."""

from kivy.graphics import Color, InstructionGroup, Line
from kivy.graphics.instructions import Canvas

from screens.theme import tokens
from screens.widgets.touch import Rectangle

#: pixels of each band. The outer one lies around the thing, the inner one on its edge
BAND = 6.0


class FocusRing:
    """Drawn on a canvas above everything else; places are given in the canvas's own pixels, origin bottom left."""

    def __init__(self, canvas: Canvas) -> None:
        self._group = InstructionGroup()
        self._drawn: tuple[Rectangle, float, tokens.Colour] | None = None
        canvas.add(self._group)

    @property
    def shown(self) -> Rectangle | None:
        """Around which place it lies."""
        return self._drawn[0] if self._drawn else None

    def around(self, place: Rectangle, radius: float) -> None:
        """`place.top` is its lower edge here. Drawn anew only when something changed."""
        wanted = (place, radius, tokens.FOCUS)
        if wanted == self._drawn:
            return
        self._drawn = wanted
        self._group.clear()
        for colour, out in ((tokens.FOCUS, BAND / 2), (tokens.FOCUS_INNER, -BAND / 2)):
            corner = max(1.0, min(radius + out, place.width / 2 + out, place.height / 2 + out))
            line = Line(width=BAND / 2)
            line.rounded_rectangle = (
                place.left - out,
                place.top - out,
                place.width + 2 * out,
                place.height + 2 * out,
                corner,
            )
            self._group.add(Color(*colour))
            self._group.add(line)

    def away(self) -> None:
        """Nothing is drawn."""
        self._drawn = None
        self._group.clear()
