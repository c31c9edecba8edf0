"""The one grid of every step. On a high glass what is said stands above what is done; on a wide one, left of it."""

from typing import Any

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.widgets.lens import Shrunk

#: of a wide glass while somebody writes: what is written about stands left, the keyboard right
_BESIDE_KEYS = 0.42
_BESIDE_KEYS_SQUAT = 0.5
#: what stands above a keyboard on a high glass keeps so much, pixels; the keyboard is drawn smaller before that
_ABOVE_KEYS = 400
#: room in which every keyboard stands as it is, pixels
_HIGH_ENOUGH = 1000


class StepGrid(BoxLayout):
    """`said` (the sentence), `rest` (free room) and `done` (the body), and a keyboard while one is open."""

    def __init__(self, said: Widget, rest: Widget, done: Widget) -> None:
        self._wide = tokens.WIDE
        super().__init__(orientation="horizontal" if self._wide else "vertical")
        self.keyboard: Widget | None = None
        self._holder: Widget | None = None  #: the keyboard, or the lens that it is in
        self._said, self._rest, self._done = said, rest, done
        self._left = BoxLayout(orientation="vertical")
        self._right = BoxLayout(orientation="vertical")
        self._below = Widget()
        self._arrange()

    @property
    def keyboard_height(self) -> float:
        """Of the keyboard that is open, pixels; 0 without."""
        return float(self._holder.height) if self._holder is not None else 0.0

    def open(self, keyboard: Widget) -> None:
        """Show a keyboard, beside or below what is written about."""
        self.keyboard = self._holder = keyboard
        if self._wide:
            self._holder = Shrunk(keyboard)
        elif self._most() < _HIGH_ENOUGH:
            self._holder = Shrunk(keyboard)
            self._holder.size_hint_y = None
            keyboard.fbind("height", self._hold)
            self._hold()
        self._arrange()

    def _most(self) -> float:
        screen = self.parent
        return float(screen.height) - _ABOVE_KEYS if screen is not None else float("inf")

    def _hold(self, *_: object) -> None:
        if self.keyboard is not None and self._holder is not None and self._holder is not self.keyboard:
            self._holder.height = min(float(self.keyboard.height), self._most())

    def close(self, keyboard: Widget) -> None:
        """Take it away."""
        keyboard.funbind("height", self._hold)
        self.keyboard = self._holder = None
        if keyboard.parent is not None:
            keyboard.parent.remove_widget(keyboard)
        self._arrange()

    def _arrange(self) -> None:
        for box in (self._left, self._right, self):
            box.clear_widgets()
        if not self._wide:
            self._put(self, self._said, self._rest, self._done, *self._keys())
        elif self.keyboard is None:
            self._left.size_hint_x = tokens.SAID_SHARE
            self._right.size_hint_x = 1 - tokens.SAID_SHARE
            self._put(self._left, self._said, self._below)
            self._put(self._right, self._rest, self._done)
            self._put(self, self._left, self._right)
        else:
            squat = self.parent is not None and self.parent.height < tokens.SQUAT
            self._left.size_hint_x = _BESIDE_KEYS_SQUAT if squat else _BESIDE_KEYS
            self._put(self._left, self._said, self._done)
            for part in self._keys():
                part.size_hint_x = 1 - self._left.size_hint_x
            self._put(self, self._left, *self._keys())

    def _keys(self) -> tuple[Widget, ...]:
        return (self._holder,) if self._holder is not None else ()

    @staticmethod
    def _put(box: Any, *parts: Widget) -> None:
        for part in parts:
            if part.parent is not None:
                part.parent.remove_widget(part)
            box.add_widget(part)
