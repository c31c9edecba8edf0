"""Keys that change with every touch: the steps of a date, and the places of an address."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout

from screens.input import regions
from screens.input.dates import DateSteps
from screens.input.keys import KEY_GAP, KEY_HEIGHT, Key, Words
from screens.widgets.text import Text

#: columns of keys by the step of a date: days as many as a week has
_COLUMNS = {"decade": 4, "year": 4, "month": 4, "day": 7}
#: rows that every step has room for, so that nothing jumps: 31 days in weeks
_DATE_ROWS = 5
#: columns and rows of places: 28 towns on two pages; names have up to ten characters
PLACE_COLUMNS = 3
PLACE_ROWS = 6


class DateBoard(BoxLayout):
    """Year, month and day by large keys. Touch keys `date.part.<0-2>`, `date.decade.1950`, `date.year.1954`, …"""

    def __init__(
        self, words: Words, text: str, latest: date, chosen: Callable[[str], None], **properties: Any
    ) -> None:
        """`chosen` is called with the date so far after each touch."""
        super().__init__(orientation="vertical", size_hint_y=None, spacing=KEY_GAP, **properties)
        self.fbind("minimum_height", self.setter("height"))
        self._words, self._chosen = words, chosen
        self._steps = DateSteps(text, latest)
        self._parts = BoxLayout(size_hint_y=None, height=KEY_HEIGHT, spacing=KEY_GAP)
        self._grid = GridLayout(size_hint_y=None, spacing=KEY_GAP)
        self._grid.height = _DATE_ROWS * (KEY_HEIGHT + KEY_GAP) - KEY_GAP
        self.add_widget(self._parts)
        self.add_widget(self._grid)
        self._show()

    def clear(self) -> None:
        """No date."""
        self._take("")

    def _take(self, name: str) -> None:
        if name:
            self._steps.choose(name)
        else:
            self._steps.clear()
        self._show()
        self._chosen(self._steps.text)

    def _show(self) -> None:
        steps = self._steps
        now = ("decade", "month", "day").index(steps.step) if steps.step != "year" else 0
        self._parts.clear_widgets()
        for at, part in enumerate(("year", "month", "day")):
            number = f"{steps.parts[at]}" if at < len(steps.parts) else ""
            key = _key(
                self._words(f"input.date_part.{part}", digits=number).strip(), f"date.part.{at}", self._take
            )
            key.look = "city" if at == now else "plain"
            key.enabled = at <= len(steps.parts)
            self._parts.add_widget(key)
        self._grid.clear_widgets()
        self._grid.cols = _COLUMNS[steps.step]
        options = steps.options()
        for option in options:
            label = self._label(option.name, option.number)
            self._grid.add_widget(_key(label, f"date.{option.name}", self._take))
        for _ in range(len(options), _DATE_ROWS * self._grid.cols):
            self._grid.add_widget(BoxLayout(size_hint_y=None, height=KEY_HEIGHT))

    def _label(self, name: str, number: int) -> str:
        return self._words("input.date.decade", first=number) if name.startswith("decade") else str(number)


class RegionBoard(BoxLayout):
    """From the province down to the village. Touch keys `region.<name>`, `regions.up|next|previous`."""

    def __init__(
        self, words: Words, path: regions.Path, chosen: Callable[[regions.Path], None], **properties: Any
    ) -> None:
        """Opens below `path`, and on its own level where nothing is below. `chosen` is called with each place."""
        super().__init__(orientation="vertical", size_hint_y=None, spacing=KEY_GAP, **properties)
        self.fbind("minimum_height", self.setter("height"))
        self._words, self._chosen = words, chosen
        self._path = path if regions.below(path) else path[:-1]
        self._page = 0
        head = BoxLayout(size_hint_y=None, height=KEY_HEIGHT, spacing=KEY_GAP)
        self._up = _key(words("input.region.up"), "regions.up", lambda _: self._climb(), icon="chevron-left")
        self._up.size_hint_x = 0.34
        self._where = Text(kind="body", tone="city", bold=True, pos_hint={"center_y": 0.5})
        self._back = _key("", "regions.previous", lambda _: self._turn(-1), icon="chevron-up")
        self._next = _key("", "regions.next", lambda _: self._turn(1), icon="chevron-down")
        for turn in (self._back, self._next):
            turn.size_hint_x = 0.12
        for part in (self._up, self._where, self._back, self._next):
            head.add_widget(part)
        self._grid = GridLayout(cols=PLACE_COLUMNS, size_hint_y=None, spacing=KEY_GAP)
        self._grid.height = PLACE_ROWS * (KEY_HEIGHT + KEY_GAP) - KEY_GAP
        self.add_widget(head)
        self.add_widget(self._grid)
        self._show()

    def _take(self, name: str) -> None:
        self._path, self._page = (*self._path, name), 0
        self._chosen(self._path)
        if regions.below(self._path):
            self._show()

    def _climb(self) -> None:
        self._path, self._page = self._path[:-1], 0
        self._chosen(self._path)
        self._show()

    def _turn(self, by: int) -> None:
        self._page += by
        self._show()

    def _show(self) -> None:
        places, most = regions.below(self._path), PLACE_COLUMNS * PLACE_ROWS
        shown: Sequence[str] = places[self._page * most : (self._page + 1) * most]
        self._where.plain = self._path[-1] if self._path else self._words("input.region.country")
        self._up.enabled = bool(self._path)
        self._back.enabled, self._next.enabled = self._page > 0, (self._page + 1) * most < len(places)
        for turn in (self._back, self._next):
            turn.opacity = 1 if len(places) > most else 0
        self._grid.clear_widgets()
        for name in shown:
            self._grid.add_widget(_key(name, f"region.{name}", self._take))
        for _ in range(len(shown), most):
            self._grid.add_widget(BoxLayout(size_hint_y=None, height=KEY_HEIGHT))


def _key(plain: str, touch_key: str, taken: Callable[[str], None], icon: str = "") -> Key:
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
    key.bind(on_tap=lambda _: taken(touch_key.partition(".")[2]))
    return key
