"""What can be touched: pressed and released inside, guarded against trembling fingers, found by its key."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from kivy.clock import Clock
from kivy.input.motionevent import MotionEvent
from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.widgets.clip import Clip

#: in `touch.ud`: the finger scrolls, so whatever it pressed is let go
DRAGGED = "dragged"
#: in `touch.ud`: what the finger does belongs to somebody already, a list or a pad; nothing else moves with it
HELD = "held"


#: what a touchable is to somebody who hears it
ROLES = ("button", "choice", "field", "key", "tab", "list")


class Touchable(Widget):
    """Mix-in of everything that can be touched; fires `on_tap`. In kv `on_tap: root.post(events.Continue())`.

    `touch_key` names it for walks and tests, stable over all languages ("action.continue", "matter.N02").
    Role, said, value and hint are for whom the keypad brings there (`screens.widgets.focus`): what it is, its name
    ("": the texts inside), what it holds, what can be done.
    """

    __events__ = ("on_tap",)

    drawn = False  #: nothing but a finger can use it: no key leads there, another way stands beside it

    tells_inside = False  #: what it holds are the texts inside; its name is `said`

    touch_key = StringProperty("")
    role = OptionProperty("button", options=ROLES)
    said = StringProperty("")
    value = StringProperty("")
    hint = StringProperty("")
    pressed = BooleanProperty(False)  #: under the finger now: draw it so, at once
    enabled = BooleanProperty(True)
    guard_s = NumericProperty(tokens.DOUBLE_TAP)  #: a second tap within this time does not count; 0 for keys

    def __init__(self, **properties: Any) -> None:
        self._tapped_at = float("-inf")
        super().__init__(**properties)

    def on_tap(self) -> None:
        """A touch that counts. Bind to it."""

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Press."""
        if super().on_touch_down(touch):
            return True
        if not self.enabled or touch.is_mouse_scrolling or not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        self.pressed = True
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """A finger that wanders off lets go."""
        if touch.grab_current is not self:
            return bool(super().on_touch_move(touch))
        self.pressed = self.collide_point(*touch.pos) and not touch.ud.get(DRAGGED)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Release: counts only inside."""
        if touch.grab_current is not self:
            return bool(super().on_touch_up(touch))
        touch.ungrab(self)
        shown = self.get_root_window() is not None  # else it was taken away below the finger
        inside = self.pressed and self.collide_point(*touch.pos)
        counts = shown and inside and self.enabled and not touch.ud.get(DRAGGED)
        self.pressed = False
        if counts:
            self.tap()
        return True

    def tap(self) -> None:
        """It was touched, by finger or key: counts unless it was touched just now."""
        now = Clock.get_time()
        if now - self._tapped_at >= self.guard_s:
            self._tapped_at = now
            self.dispatch("on_tap")


class Rectangle(NamedTuple):
    """A place in the window, in pixels, origin top left as X counts."""

    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """Where to touch it."""
        return (self.left + self.width / 2, self.top + self.height / 2)

    def within(self, other: "Rectangle", slack: float = 1.0) -> bool:
        """Whether this lies wholly inside `other`."""
        return (
            self.left >= other.left - slack
            and self.top >= other.top - slack
            and self.left + self.width <= other.left + other.width + slack
            and self.top + self.height <= other.top + other.height + slack
        )

    def overlap(self, other: "Rectangle") -> float:
        """The area in px² that both cover."""
        wide = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        high = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        return max(0.0, wide) * max(0.0, high)


def rectangle(widget: Widget, window_height: float) -> Rectangle:
    """Where a widget is in the window."""
    left, bottom = widget.to_window(widget.x, widget.y)
    right, top = widget.to_window(widget.right, widget.top)  # a lens may stand between
    return Rectangle(left, window_height - top, right - left, top - bottom)


def in_sight(widget: Widget, window_height: float) -> bool:
    """Whether the middle of `widget` can be touched: no list that it is in has scrolled it away."""
    x, y = rectangle(widget, window_height).middle
    above = widget.parent
    while above is not None and above is not above.parent:
        if isinstance(above, Clip):
            left, top, wide, high = rectangle(above, window_height)
            if not (left <= x <= left + wide and top <= y <= top + high):
                return False
        above = above.parent
    return True


def live_widgets(root: Widget) -> Iterator[Widget]:
    """All widgets below and with `root` that are shown (opacity above 0), in drawing order."""
    if root.opacity <= 0:
        return
    yield root
    for child in reversed(root.children):
        yield from live_widgets(child)


def touchables(root: Widget) -> list[Touchable]:
    """All that can be touched now."""
    return [widget for widget in live_widgets(root) if isinstance(widget, Touchable) and widget.enabled]
