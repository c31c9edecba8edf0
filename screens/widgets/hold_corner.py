"""A corner that is held for long by whoever looks after the zone; touched shortly it is a part of the screen.

No `Touchable`: it is nothing that a citizen is offered, and no focus stops at it.
"""

from collections.abc import Callable
from typing import Any, Final

from kivy.clock import Clock
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

#: chosen: nobody rests a finger that long on a corner by accident, and what follows is asked once more
HOLD_S: Final = 5.0
EXTENT: Final = 160  #: pixels


class HoldCorner(Widget):
    """Calls `on_held` while the finger still lies there, or `on_short` when it went before that."""

    def __init__(self, on_short: Callable[[], None], on_held: Callable[[], None], **properties: Any) -> None:
        super().__init__(size_hint=(None, None), size=(EXTENT, EXTENT), **properties)
        self._on_short, self._on_held = on_short, on_held
        self._finger: MotionEvent | None = None
        self._due = Clock.create_trigger(self._held, HOLD_S)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """A finger, or a cloth; the first one counts."""
        if self._finger is not None or touch.is_mouse_scrolling or not self.collide_point(*touch.pos):
            return False
        self._finger = touch
        touch.grab(self)
        self._due()
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """One that wanders off means nothing more."""
        if touch.grab_current is self and not self.collide_point(*touch.pos):
            self._let_go()
        return touch.grab_current is self

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Before the time: a touch like any other."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        if self._finger is touch:
            self._let_go()
            self._on_short()
        return True

    def _let_go(self) -> None:
        self._finger = None
        self._due.cancel()

    def _held(self, *_: object) -> None:
        self._let_go()
        self._on_held()
