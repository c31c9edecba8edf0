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
        properties.setdefault("role", "key")
        super().__init__(guard_s=0, **properties)
        self.fbind("quiet", self._set)

    def _set(self, *_: object) -> None:
        super()._set()
        if self.quiet and self.enabled and self.look == "plain":
            self.fill = tokens.CITY_TINT_DEEP


class KeyRow(BoxLayout):
    """A row of keys as the layouts say. It outlives its keyboard: fifty keys take a tenth of a second to make, and
    as long to be swept up. Only captions stand on it, nothing that was written."""

    def __init__(self, caps: tuple[KeyCap, ...]) -> None:
        super().__init__(size_hint_y=None, height=KEY_HEIGHT, spacing=KEY_GAP)
        self.pressed_key: Callable[[str], None] | None = None  #: the keyboard that the row stands in now
        self.done: Key | None = None
        self._named: list[tuple[KeyCap, Key]] = []
        for cap in caps:
            self.add_widget(Widget(size_hint_x=cap.weight) if cap.gap else self._key(cap))

    def caption(self, words: Words) -> None:
        """Write the keys that have words on them, in the language of now."""
        for cap, key in self._named:
            key.plain = words(f"input.key.{cap.name}")

    def _key(self, cap: KeyCap) -> Key:
        named = len(cap.name) > 1 and not cap.icon
        key = Key(
            plain="" if named or cap.icon else cap.name,
            icon=cap.icon,
            quiet=cap.quiet,
            kind="body" if len(cap.name) > 1 else "sentence",
            touch_key=cap.touch_key,
            size_hint_x=cap.weight,
        )
        if cap.name == "done":
            key.look, key.kind, self.done = "main", "large", key
        elif named:
            self._named.append((cap, key))
        if cap.here:
            key.look = "city"
        key.bind(on_tap=lambda _: self._tapped(cap.name))
        return key

    def _tapped(self, name: str) -> None:
        if self.pressed_key is not None:
            self.pressed_key(name)


#: rows that no keyboard uses now, by their keys
_SHELF: dict[tuple[KeyCap, ...], KeyRow] = {}


class KeyBoard(BoxLayout):
    """Rows of keys. `pressed_key(name)` is called for each touch. Call `release` when it is not shown any more."""

    def __init__(self, words: Words, pressed_key: Callable[[str], None], **properties: Any) -> None:
        super().__init__(orientation="vertical", size_hint_y=None, spacing=KEY_GAP, **properties)
        self.fbind("minimum_height", self.setter("height"))
        self._words, self._pressed_key = words, pressed_key
        self._rows: Rows = ()
        self._taken: list[tuple[tuple[KeyCap, ...], KeyRow]] = []

    def show(self, rows: Rows, done: str) -> None:
        """Lay out these keys; `done` is what the done key says now. Keys are exchanged only when they change."""
        if rows != self._rows:
            self.release()
            self._rows = rows
            for caps in rows:
                self.add_widget(self._row(caps))
        for _, row in self._taken:
            if row.done is not None:
                row.done.plain = done

    def release(self) -> None:
        """Put the rows back on the shelf."""
        self.clear_widgets()
        for caps, row in self._taken:
            row.pressed_key = None
            _SHELF.setdefault(caps, row)
        self._taken, self._rows = [], ()

    def _row(self, caps: tuple[KeyCap, ...]) -> KeyRow:
        row = _SHELF.pop(caps, None) or KeyRow(caps)
        row.caption(self._words)
        row.pressed_key = self._pressed_key
        self._taken.append((caps, row))
        return row


#: keys of boards that are gone; nothing is written on them
_SPARE: list[Key] = []


class KeyGrid(GridLayout):
    """Keys that are written anew at each step. Touch keys are what is offered. Call `release` like a keyboard's."""

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
                self._pool.append(self._spare())
            key = self._pool[at]
            key.touch_key, key.plain = touch_key, plain
            self.add_widget(key)
        for at in range(most - len(offered)):
            if at == len(self._places):
                self._places.append(Widget(size_hint_y=None, height=KEY_HEIGHT))
            self.add_widget(self._places[at])

    def release(self) -> None:
        """Wipe the keys and keep them for the next board."""
        self.clear_widgets()
        for key in self._pool:
            key.unbind(on_tap=self._tapped)
            key.plain = key.touch_key = ""
        _SPARE.extend(self._pool)
        self._pool = []

    def _spare(self) -> Key:
        key = _SPARE.pop() if _SPARE else Key(kind="body", size_hint_y=None, height=KEY_HEIGHT)
        key.bind(on_tap=self._tapped)
        return key

    def _tapped(self, key: Key) -> None:
        self._take(key.touch_key.partition(".")[2])

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
