"""A list that may be longer than its place: it shows so, and no gesture is needed to see the rest."""

from collections.abc import Callable
from typing import Any

from kivy.graphics import Color, RoundedRectangle
from kivy.input.motionevent import MotionEvent
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.relativelayout import RelativeLayout
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.widgets.button import PushButton
from screens.widgets.clip import Clip
from screens.widgets.touch import DRAGGED, HELD

#: a finger that moves less still taps: 6 mm
DRAG_FROM = 22
RAIL = 10


class Viewport(Clip):
    """The window onto the content. Taps go through at once; a finger that moves scrolls instead."""

    def __init__(self, content: Widget, **properties: Any) -> None:
        super().__init__(**properties)
        self.offset = 0.0  #: pixels scrolled from the top
        self.moved: Callable[[], None] = lambda: None
        self._content = content
        self._sheet = RelativeLayout(size_hint=(None, None))
        self._sheet.add_widget(content)
        self.add_widget(self._sheet)
        with self.canvas.after:
            self._rail_colour, self._rail = Color(), RoundedRectangle(radius=[RAIL / 2])
            self._grip_colour, self._grip = Color(), RoundedRectangle(radius=[RAIL / 2])
        for name in ("pos", "size"):
            self.fbind(name, self.place)
        content.fbind("height", self.place)

    @property
    def longest(self) -> float:
        """How far it can be scrolled."""
        return float(max(0, self._content.height - self.height))

    def scroll_to(self, offset: float) -> None:
        """Show the content from `offset` pixels below its top."""
        self.offset = offset
        self.place()

    def place(self, *_: object) -> None:
        """Put the content where the offset says and draw the rail."""
        self.offset = min(max(0.0, self.offset), self.longest)
        overflow = self.longest > 0
        wide = self.width - (RAIL + 22 if overflow else 0)
        self._content.size_hint = (None, None)
        self._content.width = wide
        self._sheet.size = (wide, self._content.height)
        self._sheet.pos = (self.x, self.top - self._content.height + self.offset)
        self._draw_rail(overflow)
        self.moved()

    def _draw_rail(self, overflow: bool) -> None:
        self._rail_colour.rgba = tokens.PAPER_DEEP if overflow else tokens.CLEAR
        self._grip_colour.rgba = tokens.CITY_EDGE if overflow else tokens.CLEAR
        if not overflow:
            return
        whole = self._content.height
        grip = max(64.0, self.height * self.height / whole)
        top = self.top - (self.height - grip) * self.offset / self.longest
        self._rail.pos, self._rail.size = (self.right - RAIL, self.y), (RAIL, self.height)
        self._grip.pos, self._grip.size = (self.right - RAIL, top - grip), (RAIL, grip)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Follow a finger that comes down inside; what it touches is pressed at once."""
        if not self.collide_point(*touch.pos):
            return False
        if touch.is_mouse_scrolling:
            self.scroll_to(self.offset + (120 if touch.button == "scrollup" else -120))
            return True
        super().on_touch_down(touch)
        if self.longest and HELD not in touch.ud:
            touch.ud[HELD] = True  # the innermost list that can move follows, and no other
            touch.grab(self)
            touch.ud["scroll_from"] = (touch.y, self.offset)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """Scroll once the finger has moved far enough to mean it."""
        if touch.grab_current is not self:
            return bool(super().on_touch_move(touch))
        start, offset = touch.ud["scroll_from"]
        if self.longest and abs(touch.y - start) > DRAG_FROM:
            touch.ud[DRAGGED] = True
        if touch.ud.get(DRAGGED):
            self.scroll_to(offset + touch.y - start)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Let go."""
        if touch.grab_current is self:
            touch.ungrab(self)
            return True
        return bool(super().on_touch_up(touch))


class Scroll(BoxLayout):
    """A scrolling list with a rail and, when it overflows, two buttons that turn it page by page.

    What is added goes below the last thing. In kv: `Scroll: words: root.words` with its rows indented below;
    in Python: `scroll.column` is the vertical box. Touch keys of the buttons: `scroll.up`, `scroll.down`.
    """

    least_height = NumericProperty(420)  #: where it is given the rest of the room, not less than this
    words = ObjectProperty(None)  #: the screen's `words`, for the two buttons
    gap = NumericProperty(tokens.GAP_SMALL)  #: between the rows
    unrolled = BooleanProperty(False)

    def __init__(self, column: BoxLayout | None = None, **properties: Any) -> None:
        self.column = column or Column()
        self.viewport = Viewport(self.column)
        self._wide = tokens.WIDE  # there is room at the side, and little below
        self._turns = BoxLayout(spacing=tokens.GAP)
        self._turns.orientation = "vertical" if self._wide else "horizontal"
        setattr(self._turns, "size_hint_x" if self._wide else "size_hint_y", None)
        self._up = self._turn("scroll.up", "chevron-up", -1)
        self._down = self._turn("scroll.down", "chevron-down", 1)
        turned = "horizontal" if self._wide else "vertical"
        super().__init__(orientation=turned, spacing=0, **properties)
        super().add_widget(self.viewport)
        super().add_widget(self._turns)
        self.viewport.moved = self._update
        self.fbind("height", self._update)
        self.fbind("words", self._speak)
        self.fbind("gap", lambda *_: setattr(self.column, "spacing", self.gap))
        self._speak()
        self.column.spacing = self.gap
        self._update()

    def add_widget(self, widget: Widget, *arguments: Any, **properties: Any) -> None:
        """Below the last row."""
        self.column.add_widget(widget, *arguments, **properties)

    def remove_widget(self, widget: Widget, *arguments: Any, **properties: Any) -> None:
        """Out of the list."""
        self.column.remove_widget(widget, *arguments, **properties)

    def clear_widgets(self, *_: Any, **__: Any) -> None:
        """Empty the list."""
        self.column.clear_widgets()

    def unroll(self, whole: bool) -> None:
        """Lie open at full length, because what it is in scrolls already; or scroll by itself."""
        if whole != self.unrolled:
            self.unrolled = whole
            self.size_hint_y = None if whole else 1
        if whole:
            self.height = self.column.height

    def to_top(self) -> None:
        """Show the beginning again."""
        self.viewport.scroll_to(0)

    def reveal(self, widget: Widget) -> None:
        """Scroll just so far that `widget` (somewhere in the content) is seen whole."""
        _, bottom = self.column.to_widget(*widget.to_window(widget.x, widget.y))
        above = self.column.top - (bottom + widget.height)
        below = above + widget.height
        if above < self.viewport.offset:
            self.viewport.scroll_to(above)
        elif below > self.viewport.offset + self.viewport.height:
            self.viewport.scroll_to(below - self.viewport.height)

    def _turn(self, key: str, icon: str, pages: int) -> PushButton:
        button = PushButton(icon=icon, look="side", kind="small", touch_key=key, radius=tokens.RADIUS)
        button.bind(on_tap=lambda _: self.viewport.scroll_to(self._page(pages)))
        return button

    def _speak(self, *_: object) -> None:
        if self.words is not None:
            names = self.words("scroll.up"), self.words("scroll.down")
            self._up.said, self._down.said = names
            self._up.plain, self._down.plain = ("", "") if self._wide else names

    def _page(self, pages: int) -> float:
        return float(self.viewport.offset + pages * max(80.0, self.viewport.height - tokens.ROW))

    def _update(self, *_: object) -> None:
        longer = self.column.height > self.height
        if longer and not self._turns.children:
            self._turns.add_widget(self._up)
            self._turns.add_widget(self._down)
        elif not longer and self._turns.children:
            self._turns.clear_widgets()
        if self._wide:
            self._turns.width = 96 + self._turns.padding[0] + self._turns.padding[2] if longer else 0
        else:
            self._turns.height = 80 if longer else 0
        self.spacing = tokens.GAP_SMALL if longer else 0
        self._up.enabled = self.viewport.offset > 1
        self._down.enabled = self.viewport.offset < self.viewport.longest - 1


class Column(BoxLayout):
    """A vertical box as high as its children."""

    def __init__(self, **properties: Any) -> None:
        properties.setdefault("spacing", tokens.GAP_SMALL)
        super().__init__(orientation="vertical", size_hint_y=None, **properties)
        self.fbind("minimum_height", self.setter("height"))
