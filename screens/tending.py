"""What the screens of whoever looks after the terminal share: the frame of a step, and rows that only tell."""

from typing import Any

from kivy.properties import NumericProperty, OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.base import StepScreen
from screens.theme import tokens
from screens.widgets.icon import IconTile
from screens.widgets.nearby_map import Number
from screens.widgets.surface import Surface
from screens.widgets.text import Text

#: icon and flavour of a line by its mood
MOODS = {
    "good": ("check-bold", "good"),
    "notice": ("alert-outline", "notice"),
    "wrong": ("close-thick", "wrong"),
    "plain": ("circle-medium", "city"),
}


class TendingScreen(StepScreen):
    """A step of tending. Its foot offers the way out and says how long until everything is given back by itself."""


class Board(Surface):
    """A card that takes the rest of the room, and not less than `least_height`."""

    least_height = NumericProperty(300)  #: pixels


class ToldRow(Surface):
    """A line that is only read: what, and how it stands."""

    name = StringProperty("")
    note = StringProperty("")
    number = StringProperty("")  #: stands in the icon's place
    icon = StringProperty("")
    mood = OptionProperty("plain", options=list(MOODS))

    def __init__(self, **properties: Any) -> None:
        self._tile = IconTile(extent=56, pos_hint={"center_y": 0.5})
        self._lines = BoxLayout(
            orientation="vertical", spacing=2, size_hint_y=None, pos_hint={"center_y": 0.5}
        )
        self._name, self._note = Text(kind="small", bold=True), Text(kind="quiet", tone="soft")
        super().__init__(
            padding=(tokens.GAP, 14), spacing=tokens.GAP, size_hint_y=None, raised=False, **properties
        )
        self._lines.fbind("minimum_height", self._fit)
        for part in (self._name, self._note):
            self._lines.add_widget(part)
        left = Number(int(self.number), pos_hint={"center_y": 0.5}) if self.number else self._tile
        self.add_widget(left)
        self.add_widget(self._lines)
        for name in ("name", "note", "icon", "mood"):
            self.fbind(name, self._set)
        self._set()

    def _set(self, *_: object) -> None:
        icon, flavour = MOODS[self.mood]
        self._tile.name, self._tile.flavour = self.icon or icon, flavour
        self._name.plain, self._note.plain = self.name, self.note
        self._name.kind = "body" if self.number else "small"

    def _fit(self, *_: object) -> None:
        self._lines.height = self._lines.minimum_height
        self.height = max(84, self._lines.height + 2 * self.padding[1])
