"""Where am I: at most seven steps, names of two characters; done is green with a tick, now blue and bold."""

from collections.abc import Callable
from typing import Any

from kivy.graphics import Color, Rectangle, SmoothEllipse, SmoothLine
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from screens.theme import fonts, tokens
from screens.widgets.icon import Icon
from screens.widgets.text import Text

DISC = 56
HIGH = 144
HIGH_WIDE = 84  #: pixels on a wide glass, where names stand beside their discs


class Step(FloatLayout):
    """One step: a disc with number or tick, its name below, and half a line to either side."""

    state = StringProperty("later")  #: done, now, later

    def __init__(self, number: int, name: str, *, first: bool, last: bool, **properties: Any) -> None:
        super().__init__(**properties)
        self._first, self._last = first, last
        with self.canvas.before:
            self._left = (Color(), Rectangle())
            self._right = (Color(), Rectangle())
            self._ground, self._disc = Color(), SmoothEllipse(size=(DISC, DISC))
            self._rim, self._ring = Color(), SmoothLine(width=2)
        self._number = Text(plain=str(number), wrap=False, kind="small", bold=True)
        self._tick = Icon(name="check", extent=36, tone="white")
        self._name = Text(plain=name, wrap=False, kind="small")
        for part in (self._number, self._tick, self._name):
            self.add_widget(part)
            part.fbind("size", self._place)
        for property_name in ("pos", "size", "state"):
            self.fbind(property_name, self._place)
        self._place()

    def _place(self, *_: object) -> None:
        done, now = self.state == "done", self.state == "now"
        middle = self.top - 52
        centre = (self.center_x, middle)
        if tokens.WIDE:
            middle = self.center_y
            wide = DISC + tokens.STEP + self._name.width
            centre = (self.center_x - wide / 2 + DISC / 2, middle)
        self._number.center = self._tick.center = centre
        self._name.scale = self._fitting()
        self._name.center_x, self._name.top = self.center_x, self.top - 86
        if tokens.WIDE:
            self._name.x, self._name.center_y = centre[0] + DISC / 2 + tokens.STEP, middle
        self._number.opacity, self._tick.opacity = float(not done), float(done)
        self._number.tone = "white" if now else "soft"
        self._name.bold = now
        self._name.tone = "city" if now else "good" if done else "soft"
        self._disc.pos = (centre[0] - DISC / 2, middle - DISC / 2)
        self._ground.rgba = tokens.GOOD if done else tokens.CITY if now else tokens.CARD
        self._rim.rgba = tokens.CLEAR if done or now else tokens.CITY_EDGE
        self._ring.ellipse = (*self._disc.pos, DISC, DISC)
        ends = (self.center_x, self.center_x)
        if tokens.WIDE:  # lines between the discs and names, not through them
            ends = (centre[0] - DISC / 2 - tokens.STEP, self._name.right + tokens.STEP)
        for (colour, line), hidden, green, (x, end) in (
            (self._left, self._first, done or now, (self.x, ends[0])),
            (self._right, self._last, done, (ends[1], self.right)),
        ):
            colour.rgba = tokens.CLEAR if hidden else tokens.GOOD if green else tokens.LINE
            line.pos, line.size = (x, middle - 3), (max(0, end - x), 6)

    def _fitting(self) -> float:
        """How much smaller the name must be to fit into its share of the bar, as far as it stays legible."""
        size = tokens.KINDS[self._name.kind]
        wide = sum(fonts.advance(one, self._name.face, size, bold=True) for one in self._name.plain)
        least = tokens.QUIET / size
        return max(least, min(1.0, (self.width - 8) / wide)) if wide and self.width > DISC else 1.0


class StepBar(BoxLayout):
    """All steps side by side. Hidden (no height) while there are none, or `hidden`."""

    height: float
    hidden = BooleanProperty(False)
    full = NumericProperty(0)  #: the height that it has when it is shown, pixels

    def __init__(self, words: Callable[..., str], **properties: Any) -> None:
        super().__init__(size_hint_y=None, height=0, padding=(24, 0), **properties)
        self._words = words
        self._steps: tuple[str, ...] = ()
        self.fbind("hidden", self._take_room)

    def _take_room(self, *_: object) -> None:
        self.full = 0 if not self._steps else HIGH_WIDE if tokens.WIDE else HIGH
        shown = bool(self._steps) and not self.hidden
        self.height, self.opacity = (self.full, 1) if shown else (0, 0)

    def show(self, steps: tuple[str, ...], now: int) -> None:
        """`now` is the index of the current step; -1 hides the bar."""
        shown = steps if now >= 0 else ()
        if shown != self._steps:
            self._steps = shown
            self.clear_widgets()
            for index, key in enumerate(shown):
                edges = {"first": index == 0, "last": index == len(shown) - 1}
                self.add_widget(Step(index + 1, self._words(f"steps.{key}"), **edges))
            self._take_room()
        for index, step in enumerate(reversed(self.children)):
            step.state = "done" if index < now else "now" if index == now else "later"
