"""The focus: what a key of the keypad or a switch stands on, for everybody who does not touch the glass.

It moves over the live widgets in reading order, brings into sight what a list has scrolled away, and stays where it
is when a view is drawn anew. It is seen (as a ring) and told only once a key was used, and gone after a touch. Nothing
about it asks anybody to be quick. ADR 0061.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.widget import Widget

from kiosk.focused import Focused
from screens.theme import tokens
from screens.widgets import reading_order
from screens.widgets.focus_ring import FocusRing
from screens.widgets.scroll import Scroll
from screens.widgets.speaking import Words, told_of, told_of_all
from screens.widgets.touch import Rectangle, Touchable, rectangle

#: looks after a change until boxes have taken their room; at 30 a second
SETTLING = 3
#: keys are drawn as pressed for so long, seconds; chosen: long enough to be seen
_PRESSED_S = 0.12
#: what leads back, the first that is there: a keyboard closes, a step goes back, a question is answered by staying
_BACKWARD = ("key.done", "action.back", "action.stay")
#: not where one begins: turning lists, another language, what is filled in or taken already, other ways to take it
_NOT_FIRST = ("scroll.", "regions.", "date.part.", "language.", "form.known", "page.", "way.")
#: neither: they lead away from what is asked
_AWAY = ("action.back", "action.leave", "action.look", "action.help", "scroll.up", "scroll.down")
#: on whose keyboard no finger draws, this way of writing is first
_TYPED = "key.pinyin"


@dataclass
class _Place:
    """Where the focus was, in case the widget there goes."""

    key: str = ""
    parent: Widget | None = None
    rectangle: Rectangle = field(default_factory=lambda: Rectangle(0, 0, 0, 0))


class Focus:
    """One for the whole face. `root` holds the screen; it may be taken down and built anew at any time."""

    def __init__(
        self,
        root: Widget,
        words: Words,
        told: Callable[[Focused], None],
        settled: Callable[[], bool] = lambda: True,
    ) -> None:
        """`told` hears of each move; `settled`: whether she has had time to see what is shown."""
        self.root, self._words, self._told, self._settled = root, words, told, settled
        self._ring = FocusRing(root.canvas.after)
        self.focused: Touchable | None = None
        self.row: reading_order.Row = []  #: a whole row that is offered to a single switch
        self.visible = False  #: a key was used, and no finger since
        self._place = _Place()
        self._last: Focused | None = None
        self._screen: Widget | None = None
        self._keyboard = False
        self._left_for_keyboard = ""
        self._due = 0
        self._again = False

    # --- what keys do ---

    def order(self) -> list[Touchable]:
        """Everything that a key can reach, in reading order."""
        return reading_order.order(self.root)

    def show(self) -> bool:
        """Let the focus be seen. False when it was seen already: the first key only says where one is."""
        if self.visible:
            return False
        self.visible = True
        self.start()
        return True

    def hide(self) -> None:
        """A finger touches the glass, or she went: nothing of where she was is kept."""
        self.visible, self.focused, self.row, self._last = False, None, [], None
        self._place, self._left_for_keyboard = _Place(), ""
        self._ring.away()

    def start(self) -> None:
        """The sensible first thing of this screen: what is asked, else the main action."""
        self._screen, self._keyboard = self._shown_screen(), self._key("key.done") is not None
        order = self.order()
        body = [each for each in order if not each.touch_key.startswith(("action.", *_NOT_FIRST))]
        onward = [each for each in order if each.touch_key not in _AWAY]
        self._to(
            next(iter(body), None) or self._main(order) or next(iter(onward), None) or next(iter(order), None)
        )

    def move(self, by: int) -> None:
        """On by so many in reading order, round the end."""
        order = self.order()
        if order:
            at = order.index(self.focused) + by if self.focused in order else 0
            self._to(order[at % len(order)])

    def move_row(self, by: int) -> None:
        """To the row above or below, to what stands nearest to straight above or below."""
        rows = reading_order.rows(self.root)
        here = next((at for at, row in enumerate(rows) if self.focused in row), None)
        if here is None or self.focused is None:
            self.start()
            return
        x = rectangle(self.focused, Window.height).middle[0]
        row = rows[(here + by) % len(rows)]
        self._to(min(row, key=lambda each: abs(rectangle(each, Window.height).middle[0] - x)))

    def to_main(self) -> None:
        """To the one main action, from wherever one is."""
        order = self.order()
        self._to(self._main(order) or next(iter(order), None))

    def offer_row(self, row: reading_order.Row) -> None:
        """Stand on a whole row (for a single switch): its first thing has the focus, the ring is around all."""
        self._to(row[0], row if len(row) > 1 else [])

    def to(self, widget: Touchable) -> None:
        """Stand there."""
        self._to(widget)

    def activate(self) -> None:
        """As if it had been touched. Swallowed just after a change: it was meant for the screen before."""
        if self.focused is not None and self._settled() and self._live(self.focused):
            self._press(self.focused)

    def back(self) -> bool:
        """Close the keyboard, go a step back, or stay where a question is asked. False when nothing leads back."""
        return self.press(*_BACKWARD)

    def press(self, *keys: str) -> bool:
        """Touch the first of these that is there, wherever the focus stands. False when none is."""
        widget = next(filter(None, map(self._key, keys)), None)
        if widget is not None and self._settled():
            self._press(widget)
        return widget is not None

    def can_be_pressed(self, key: str) -> bool:
        """Whether this is there."""
        return self._key(key) is not None

    def stand(self, key: str) -> None:
        """Stand on this, if it is there."""
        if (widget := self._key(key)) is not None:
            self._keyboard = self._key("key.done") is not None
            self._to(widget)

    # --- what happens on the screen ---

    def changed(self) -> None:
        """What is shown may be another soon: look again when it has settled."""
        self._again = self._due > 0  # what changes all the time is looked at all the same
        self._due = self._due or SETTLING

    def look(self) -> None:
        """Called at each pump: keep the ring where the thing is, and the focus on something that is there."""
        if not self.visible:
            return
        if self._due:
            self._due -= 1
            if not self._due:
                self._due, self._again = SETTLING * self._again, False
                self._settle()
        if self.focused is not None and self._live(self.focused):
            self._draw()
        elif self.focused is not None:
            self._ring.away()
            self._due = self._due or 1

    def _settle(self) -> None:
        screen, keyboard = self._shown_screen(), self._key("key.done") is not None
        opened, closed = keyboard and not self._keyboard, self._keyboard and not keyboard
        self._keyboard = keyboard
        if screen is not self._screen:
            self._arrive(screen)
        elif opened:
            self._left_for_keyboard = self._place.key
            self._to(self._first_key())
        elif closed and (left := self._key(self._left_for_keyboard)) is not None:
            self._to(left)
        elif (
            self.focused is None or not self._live(self.focused) or self.focused.touch_key != self._place.key
        ):
            self._find_again()
        else:
            self._to(self.focused, self.row)

    def _arrive(self, screen: Widget | None) -> None:
        """A new screen begins at its first thing; the same one in another look, where one was."""
        again = self._key(self._place.key) if type(screen) is type(self._screen) else None
        self._screen = screen
        if again is None:
            self.start()
        else:
            self._to(again)

    def _find_again(self) -> None:
        """The same key in another widget; else the first of its row or list; else what is nearest; never 返回."""
        order, lost = self.order(), self._place
        same = next((each for each in order if each.touch_key == lost.key), None)
        beside = next((each for each in order if each.parent is lost.parent), None)
        if same is not None:
            self._to(same)
        elif lost.key.startswith("action.") or not order:
            self.start()
        elif beside is not None:
            self._to(beside)
        elif self._keyboard:
            self._to(min(order, key=lambda each: _apart(rectangle(each, Window.height), lost.rectangle)))
        else:
            self.start()

    def _first_key(self) -> Touchable | None:
        """Of a keyboard that has just opened: its first key, but where a finger would draw, the way to type."""
        order = self.order()
        keys = [each for each in order if each.role == "key"]
        drawn = not any(each.touch_key == "key.q" or each.touch_key == "key.1" for each in keys)
        typed = next((each for each in keys if each.touch_key == _TYPED), None)
        offered = next((each for each in keys if each.touch_key.startswith(("date.", "region."))), None)
        fresh = next((each for each in keys if not each.touch_key.startswith(_NOT_FIRST)), None)
        return (typed if drawn and offered is None else None) or fresh or next(iter(order), None)

    # --- inside ---

    def _to(self, widget: Touchable | None, row: reading_order.Row | None = None) -> None:
        self.focused, self.row = widget, row or []
        if widget is None:
            self._ring.away()
            return
        above = widget.parent
        while above is not None and above is not above.parent:
            if isinstance(above, Scroll):
                above.reveal(widget)
            above = above.parent
        self._place = _Place(widget.touch_key, widget.parent, rectangle(widget, Window.height))
        self._draw()
        focused = told_of_all(self.row, self._words) if self.row else told_of(widget, self._words)
        if focused != self._last:
            self._last = focused
            self._told(focused)

    def _draw(self) -> None:
        shown = self.row or ([self.focused] if self.focused is not None else [])
        places = [self._on_root(each) for each in shown]
        left, low = min(p.left for p in places), min(p.top for p in places)
        right, high = max(p.left + p.width for p in places), max(p.top + p.height for p in places)
        radius = (
            float(getattr(shown[0], "radius", tokens.RADIUS)) * places[0].width / max(1.0, shown[0].width)
        )
        self._ring.around(Rectangle(left, low, right - left, high - low), radius)

    def _on_root(self, widget: Widget) -> Rectangle:
        """Its place in the root's own pixels, origin bottom left: lenses stand between."""
        left, low = self.root.to_widget(*widget.to_window(widget.x, widget.y))
        right, high = self.root.to_widget(*widget.to_window(widget.right, widget.top))
        return Rectangle(left, low, right - left, high - low)

    def _press(self, widget: Touchable) -> None:
        widget.pressed = True
        Clock.schedule_once(lambda _: setattr(widget, "pressed", False), _PRESSED_S)
        widget.tap()
        self.changed()

    def _key(self, touch_key: str) -> Touchable | None:
        return (
            next((each for each in self.order() if each.touch_key == touch_key), None) if touch_key else None
        )

    def _main(self, order: list[Touchable]) -> Touchable | None:
        return next((each for each in order if getattr(each, "look", "") == "main"), None)

    def _shown_screen(self) -> Widget | None:
        return getattr(self.root, "screen", None)

    def _live(self, widget: Touchable) -> bool:
        """Whether it is still shown and can be touched."""
        above: Widget | None = widget
        while above is not None and above is not self.root:
            if above.opacity <= 0:
                return False
            above = above.parent if above.parent is not above else None
        return above is self.root and widget.enabled


def _apart(one: Rectangle, other: Rectangle) -> float:
    (x, y), (u, v) = one.middle, other.middle
    return (x - u) ** 2 + (y - v) ** 2
