"""Keys that change with every touch: the steps of a date, and the places of an address."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from kivy.uix.boxlayout import BoxLayout

from screens.input import regions
from screens.input.dates import DateSteps
from screens.input.keys import KEY_GAP, KEY_HEIGHT, KeyGrid, Words, plain_key
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
        parts = BoxLayout(size_hint_y=None, height=KEY_HEIGHT, spacing=KEY_GAP)
        self._parts = [plain_key("", f"date.part.{at}", self._take) for at in range(3)]
        for key in self._parts:
            parts.add_widget(key)
        self._grid = KeyGrid(_DATE_ROWS, self._take)
        self.add_widget(parts)
        self.add_widget(self._grid)
        self._show()

    def release(self) -> None:
        """It is not shown any more."""
        self._grid.release()

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
        for at, (part, key) in enumerate(zip(("year", "month", "day"), self._parts, strict=True)):
            number = f"{steps.parts[at]}" if at < len(steps.parts) else ""
            key.plain = self._words(f"input.date_part.{part}", digits=number).strip()
            key.look = "city" if at == now else "plain"
            key.enabled = at <= len(steps.parts)
        offered = [(self._label(each.name, each.number), f"date.{each.name}") for each in steps.options()]
        self._grid.offer(_COLUMNS[steps.step], offered)

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
        self._up = plain_key(
            words("input.region.up"), "regions.up", lambda _: self._climb(), icon="chevron-left"
        )
        self._up.size_hint_x = 0.34
        self._where = Text(kind="body", tone="city", bold=True, pos_hint={"center_y": 0.5})
        self._back = plain_key("", "regions.previous", lambda _: self._turn(-1), icon="chevron-up")
        self._next = plain_key("", "regions.next", lambda _: self._turn(1), icon="chevron-down")
        for turn in (self._back, self._next):
            turn.size_hint_x = 0.12
        for part in (self._up, self._where, self._back, self._next):
            head.add_widget(part)
        self._grid = KeyGrid(PLACE_ROWS, self._take)
        self.add_widget(head)
        self.add_widget(self._grid)
        self._show()

    def release(self) -> None:
        """It is not shown any more."""
        self._grid.release()

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
        self._grid.offer(PLACE_COLUMNS, [(name, f"region.{name}") for name in shown])
