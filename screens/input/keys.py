"""The widgets of a keyboard: keys, the board of keys, the field with its cursor."""

from collections.abc import Callable, Sequence
from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, RoundedRectangle
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from screens.input.layouts import KeyCap, Rows
from screens.theme import tokens
from screens.widgets.button import PushButton
from screens.widgets.surface import Surface
from screens.widgets.text import Text
from screens.widgets.wrapping import break_lines

Words = Callable[..., str]

KEY_HEIGHT = 96  #: pixels, 26 mm: a finger that trembles still meets it
KEY_GAP = 10
CURSOR = 5


class Key(PushButton):
    """One key of the glass. Every touch counts, however quick the next: names have double letters."""

    quiet = BooleanProperty(False)

    def __init__(self, **properties: Any) -> None:
        properties.setdefault("look", "plain")
        properties.setdefault("radius", tokens.RADIUS_SMALL)
        super().__init__(guard_s=0, **properties)
        self.fbind("quiet", self._set)

    def _set(self, *_: object) -> None:
        super()._set()
        if self.quiet and self.enabled and self.look == "plain":
            self.fill = tokens.CITY_TINT_DEEP


class KeyBoard(BoxLayout):
    """Rows of keys. `pressed_key(name)` is called for each touch."""

    def __init__(self, words: Words, pressed_key: Callable[[str], None], **properties: Any) -> None:
        super().__init__(orientation="vertical", size_hint_y=None, spacing=KEY_GAP, **properties)
        self.fbind("minimum_height", self.setter("height"))
        self._words, self._pressed_key = words, pressed_key
        self._rows: Rows = ()
        self._made: dict[tuple[KeyCap, ...], BoxLayout] = {}  #: a keyboard that comes again is there at once
        self._dones: dict[tuple[KeyCap, ...], Key] = {}

    def show(self, rows: Rows, done: str) -> None:
        """Lay out these keys; `done` is what the done key says now. Keys are rebuilt only when they change."""
        if rows != self._rows:
            self._rows = rows
            self.clear_widgets()
            for row in rows:
                if row not in self._made:
                    self._made[row] = self._row(row)
                self.add_widget(self._made[row])
        if rows and rows[-1] in self._dones:
            self._dones[rows[-1]].plain = done

    def _row(self, caps: tuple[KeyCap, ...]) -> BoxLayout:
        row = BoxLayout(size_hint_y=None, height=KEY_HEIGHT, spacing=KEY_GAP)
        for cap in caps:
            key = Widget(size_hint_x=cap.weight) if cap.gap else self._key(cap)
            if cap.name == "done":
                self._dones[caps] = key
            row.add_widget(key)
        return row

    def _key(self, cap: KeyCap) -> Key:
        named = len(cap.name) > 1
        key = Key(
            plain="" if cap.icon else self._words(f"input.key.{cap.name}") if named else cap.name,
            icon=cap.icon,
            quiet=cap.quiet,
            kind="body" if named else "sentence",
            touch_key=cap.touch_key,
            size_hint_x=cap.weight,
        )
        if cap.name == "done":
            key.look, key.kind = "main", "large"
        if cap.here:
            key.look = "city"
        key.bind(on_tap=lambda _: self._pressed_key(cap.name))
        return key


class KeyGrid(GridLayout):
    """Keys that are written anew at each step, and made once. Touch keys are what is offered."""

    def __init__(self, rows: int, taken: Callable[[str], None], **properties: Any) -> None:
        """Room for `rows` rows, whatever is offered, so that nothing jumps."""
        super().__init__(size_hint_y=None, spacing=KEY_GAP, **properties)
        self.height = rows * (KEY_HEIGHT + KEY_GAP) - KEY_GAP
        self._row_count, self._taken = rows, taken
        self._pool: list[Key] = []
        self._places: list[Widget] = []
        self._taken_at = float("-inf")

    def offer(self, columns: int, offered: Sequence[tuple[str, str]]) -> None:
        """(what is written, touch key) of each key, row by row; what does not fit is left out."""
        self.clear_widgets()
        self.cols, most = columns, columns * self._row_count
        for at, (plain, touch_key) in enumerate(offered[:most]):
            if at == len(self._pool):
                self._pool.append(plain_key("", "", self._take))
            key = self._pool[at]
            key.touch_key, key.plain = touch_key, plain
            self.add_widget(key)
        for at in range(most - len(offered)):
            if at == len(self._places):
                self._places.append(Widget(size_hint_y=None, height=KEY_HEIGHT))
            self.add_widget(self._places[at])

    def _take(self, name: str) -> None:
        """What stands under the finger changes with each touch: a trembling finger's second touch does not count."""
        now = Clock.get_time()
        if now - self._taken_at >= tokens.DOUBLE_TAP:
            self._taken_at = now
            self._taken(name)


def plain_key(plain: str, touch_key: str, taken: Callable[[str], None], icon: str = "") -> Key:
    """A key that hands over what stands behind the first dot of its touch key."""
    key = Key(
        plain=plain,
        icon=icon,
        touch_key=touch_key,
        kind="body",
        size_hint_y=None,
        height=KEY_HEIGHT,
        quiet=bool(icon),
    )
    key.bind(on_tap=lambda tapped: taken(tapped.touch_key.partition(".")[2]))
    return key


class Field(Surface):
    """The text that is being written, with a cursor behind it; `count` stands quietly at its right end."""

    plain = StringProperty("")
    placeholder = StringProperty("")
    count = StringProperty("")

    def __init__(self, **properties: Any) -> None:
        super().__init__(
            raised=False,
            grow=True,
            edge=tokens.CITY,
            edge_width=4,
            radius=tokens.RADIUS_SMALL,
            padding=(24, 18),
            **properties,
        )
        self._text = Text(kind="large", pos_hint={"center_y": 0.5})
        self._count = Text(wrap=False, kind="small", tone="soft", pos_hint={"center_y": 0.5})
        self.add_widget(self._text)
        self.add_widget(self._count)
        self.fbind("count", lambda *_: setattr(self._count, "plain", self.count))
        with self.canvas.after:
            Color(*tokens.CITY)
            self._cursor = RoundedRectangle(radius=[CURSOR / 2])
        for name in ("plain", "placeholder"):
            self.fbind(name, self._write)
        for name in ("pos", "size", "texture_size", "plain"):
            self._text.fbind(name, self._put_cursor)
        self._write()

    def _write(self, *_: object) -> None:
        self._text.plain = self.plain or self.placeholder or " "
        self._text.tone = "ink" if self.plain else "soft"
        self._text.settle()
        self._put_cursor()

    def _put_cursor(self, *_: object) -> None:
        lines = break_lines(self.plain, max(1, self._text.width - 2), self._text.measure)
        high = tokens.KINDS[self._text.kind] * 1.15
        self._cursor.size = (CURSOR, high)
        line_height = self._text.height / max(1, len(lines))
        left = self._text.x + self._text.measure(lines[-1]) + (4 if self.plain else -10)
        self._cursor.pos = (left, self._text.y + (line_height - high) / 2)
