"""The board of candidates above the pinyin keys: what was spelled, and the characters that it may mean."""

from collections.abc import Callable
from typing import Any

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from screens.input.keys import KEY_GAP, Key
from screens.widgets.text import Text

ROW_HEIGHT = 88
NARROWEST = 92  #: pixels, 25 mm


class CandidateBoard(BoxLayout):
    """Rows of candidates, turned page by page with two keys. Touch keys `candidate.0`, `candidates.next`.

    One row stands alone; above more of them stands what was spelled.
    """

    def __init__(
        self,
        chosen: Callable[[int], None],
        *,
        rows: int = 2,
        row_height: float = ROW_HEIGHT,
        **properties: Any,
    ) -> None:
        super().__init__(orientation="vertical", size_hint_y=None, spacing=4, **properties)
        self._chosen, self._rows, self._row_height = chosen, rows, row_height
        self._spelled = Text(wrap=False, kind="body", tone="city", bold=True, size_hint_y=None)
        head = BoxLayout(size_hint_y=None, height=52)
        head.add_widget(self._spelled)
        self._place = Widget()
        self._turns = BoxLayout(
            orientation="vertical" if rows > 1 else "horizontal",
            size_hint_x=None,
            width=96 if rows > 1 else 2 * 96 + KEY_GAP,
            spacing=KEY_GAP,
        )
        self._back = self._turn("candidates.previous", "chevron-up", -1)
        self._next = self._turn("candidates.next", "chevron-down", 1)
        below = BoxLayout(size_hint_y=None, height=rows * (row_height + KEY_GAP) - KEY_GAP, spacing=KEY_GAP)
        below.add_widget(self._place)
        below.add_widget(self._turns)
        if rows > 1:
            self.add_widget(head)
        self.add_widget(below)
        self.height = below.height + (head.height + 4 if rows > 1 else 0)
        self._offered: tuple[str, ...] = ()
        self._page = 0
        self._starts = [0]
        self._pool: list[Key] = []
        for name in ("pos", "size"):
            self._place.fbind(name, self._lay_out)

    def show(self, spelled: str, candidates: tuple[str, ...]) -> None:
        """`spelled` stands above; a new list begins at its first page."""
        self._spelled.plain = spelled
        if candidates != self._offered:
            self._offered, self._page, self._starts = candidates, 0, [0]
            self._lay_out()

    def _turn(self, touch_key: str, icon: str, by: int) -> Key:
        key = Key(icon=icon, quiet=True, kind="large", touch_key=touch_key)
        key.bind(on_tap=lambda _: self._turn_by(by))
        self._turns.add_widget(key)
        return key

    def _turn_by(self, by: int) -> None:
        self._page += by
        self._lay_out()

    def _lay_out(self, *_: object) -> None:
        self._place.clear_widgets()
        start = self._starts[self._page]
        shown = self._fill(start)
        if start + shown < len(self._offered) and len(self._starts) == self._page + 1:
            self._starts.append(start + shown)
        more = start + shown < len(self._offered)
        self._back.enabled, self._next.enabled = self._page > 0, more
        self._turns.opacity = float(more or self._page > 0)

    def _fill(self, start: int) -> int:
        """Place candidates from `start` on as long as they fit; how many did."""
        x, row = self._place.x, 0
        for place, text in enumerate(self._offered[start:]):
            key = self._key(place)
            key.plain, key.touch_key = text, f"candidate.{start + place}"
            key.width = min(max(NARROWEST, key.content_width), self._place.width)
            if x > self._place.x and x + key.width > self._place.right:
                x, row = self._place.x, row + 1
            if row == self._rows:
                return place
            key.pos = (x, self._place.top - (row + 1) * self._row_height - row * KEY_GAP)
            self._place.add_widget(key)
            x += key.width + KEY_GAP
        return len(self._offered) - start

    def _key(self, place: int) -> Key:
        """The key at `place` on the page; keys are made once and written anew."""
        while len(self._pool) <= place:
            key = Key(size_hint=(None, None), height=self._row_height, kind="large")
            key.bind(on_tap=lambda tapped: self._chosen(int(tapped.touch_key.split(".")[1])))
            self._pool.append(key)
        return self._pool[place]
