"""A fact with its question: an icon, a short head, and a plain line or a few."""

from typing import Any

from kivy.properties import OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.theme import tokens
from screens.widgets.icon import FLAVOURS, IconTile
from screens.widgets.text import Text


class Fact(BoxLayout):
    """In kv: `Fact: icon: "clock-outline"; head: "多久办好"; plain: "15 个工作日"`. No room without `plain`."""

    icon = StringProperty("")
    head = StringProperty("")
    plain = StringProperty("")
    flavour = OptionProperty("city", options=list(FLAVOURS))

    def __init__(self, **properties: Any) -> None:
        self._tile = IconTile(extent=80, pos_hint={"top": 1})
        self._words = BoxLayout(orientation="vertical", size_hint_y=None, spacing=2, pos_hint={"top": 1})
        self._head = Text(kind="small", tone="soft")
        self._plain = Text()
        super().__init__(spacing=tokens.GAP, size_hint_y=None, **properties)
        self._words.add_widget(self._head)
        self._words.add_widget(self._plain)
        self.add_widget(self._tile)
        self.add_widget(self._words)
        self._words.fbind("minimum_height", self._fit)
        for name in ("icon", "head", "plain", "flavour"):
            self.fbind(name, self._set)
        self._set()

    def _set(self, *_: object) -> None:
        self._tile.name, self._tile.flavour = self.icon, self.flavour
        self._head.plain, self._plain.plain = self.head if self.plain else "", self.plain
        self.opacity = 1 if self.plain else 0
        self._fit()

    def _fit(self, *_: object) -> None:
        self._words.height = self._words.minimum_height
        self._tile.extent = 80 if self.plain else 0
        self.height = max(80, self._words.height) if self.plain else 0
