"""How a wait of more than a second is shown: a bar that tells the truth, and after a while a second sentence.

Where it is known how far a thing is, the bar fills. Where it is not, a light runs along it, which says only that the
machine is at work; it never pretends to arrive.
"""

from typing import Any, Final

from kivy.clock import Clock
from kivy.graphics import Color, RoundedRectangle
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.widgets.text import Text

#: a wait that is over by then is not worth a sign
SHOWN_AFTER_S: Final = 1.0
#: from then on she is told that it takes longer, and what that means
SLOW_AFTER_S: Final = 5.0
_RUN_S: Final = 2.4  # chosen: calm; once along the bar
_STEP_S: Final = 1 / 15  # an idle processor draws this in a few per cent
_LIGHT: Final = 0.3  # share of the bar


class Progress(Widget):
    """A bar: `share` of it is filled, 0..1; below 0 it is not known, and a light runs along it while `moving`."""

    share = NumericProperty(-1.0)
    moving = BooleanProperty(False)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._at = 0.0
        self._tick: Any = None
        with self.canvas:
            self._ground = Color(*tokens.PAPER_DEEP)
            self._track = RoundedRectangle()
            self._colour = Color(*tokens.CITY_EDGE)
            self._bar = RoundedRectangle()
        for name in ("pos", "size", "share"):
            self.fbind(name, self._draw)
        self.fbind("moving", self._move)
        self.fbind("parent", self._move)

    def _move(self, *_: object) -> None:
        wanted = self.moving and self.parent is not None
        if wanted and self._tick is None:
            self._tick = Clock.schedule_interval(self._step, _STEP_S)
        elif not wanted and self._tick is not None:
            self._tick.cancel()
            self._tick = None

    def _step(self, passed_s: float) -> None:
        if self.share < 0:
            self._at = (self._at + passed_s / _RUN_S) % 1.0
            self._draw()

    def _draw(self, *_: object) -> None:
        radius = [self.height / 2]
        self._track.pos, self._track.size, self._track.radius = self.pos, self.size, radius
        if self.share >= 0:
            left, wide = 0.0, min(1.0, self.share)
        else:
            left = (1 + _LIGHT) * self._at - _LIGHT if self.moving else (1 - _LIGHT) / 2
            wide = min(1.0, left + _LIGHT) - max(0.0, left)
            left = max(0.0, left)
        self._bar.pos = (self.x + left * self.width, self.y)
        self._bar.size, self._bar.radius = (wide * self.width, self.height), radius


class Waiting(BoxLayout):
    """What is waited for and a bar, from the second second on; from the sixth a second sentence.

    It takes no room before. With `still` it stands there at once, whole, and nothing moves: for pictures.
    """

    def __init__(self, **properties: Any) -> None:
        self._said = Text(kind="body", bold=True, tone="city")
        self._bar = Progress(size_hint_y=None, height=16)
        self._more = Text(kind="body", tone="soft")
        self._show_soon = Clock.create_trigger(self._show, SHOWN_AFTER_S)
        self._slow_soon = Clock.create_trigger(self._tell, SLOW_AFTER_S)
        self._what = ("", "")
        super().__init__(
            orientation="vertical", size_hint_y=None, height=0, spacing=tokens.GAP_SMALL, **properties
        )
        self.fbind("minimum_height", self._fit)

    def wait_for(self, plain: str, slow: str, *, still: bool = False) -> None:
        """Begin, or go on with the same; `slow` "" ends it. `plain` "": what stands above says it."""
        if (plain, slow) == self._what:
            return
        self._what = (plain, slow)
        self.over()
        self._said.plain = plain
        if slow and still:
            self._show()
            self._tell()
            self._bar.moving = False
        elif slow:
            self._show_soon()
            self._slow_soon()

    def shorten(self) -> None:
        """There is no room for the second sentence."""
        self._slow_soon.cancel()
        self._more.plain = ""

    def over(self) -> None:
        """It is over, or the screen goes away."""
        self._show_soon.cancel()
        self._slow_soon.cancel()
        self._bar.moving = False
        self._more.plain = ""
        self.clear_widgets()

    def _show(self, *_: object) -> None:
        for part in (*((self._said,) if self._what[0] else ()), self._bar, self._more):
            self.add_widget(part)
        self._bar.moving = True

    def _tell(self, *_: object) -> None:
        self._more.plain = self._what[1]

    def _fit(self, *_: object) -> None:
        self.height = self.minimum_height if self.children else 0
