"""Chips that are touched, tags that are only read, and a box that lets things flow into lines."""

from typing import Any

from kivy.properties import BooleanProperty, OptionProperty, StringProperty
from kivy.uix.stacklayout import StackLayout

from screens.theme import tokens
from screens.widgets.button import PushButton
from screens.widgets.icon import Icon
from screens.widgets.surface import Surface
from screens.widgets.text import Text
from screens.widgets.touch import ROLES

#: (ground, outline, tone) by look
TAG_LOOKS: dict[str, tuple[str, str, str]] = {
    "city": ("city_tint", "clear", "city"),
    "good": ("good_tint", "clear", "good"),
    "notice": ("notice_tint", "clear", "notice"),
    "wrong": ("wrong_tint", "clear", "wrong"),
    "on_city": ("city", "white_soft", "white"),
}


class Chip(PushButton):
    """A short choice as wide as its words. `chosen` turns it city blue with a tick."""

    chosen = BooleanProperty(False)
    role = OptionProperty("choice", options=ROLES)

    def __init__(self, **properties: Any) -> None:
        properties.setdefault("look", "plain")
        properties.setdefault("kind", "body")
        properties.setdefault("raised", True)
        properties.setdefault("radius", tokens.RADIUS_CHIP)
        super().__init__(size_hint=(None, None), height=88, **properties)
        self.fbind("chosen", self._choose)
        self._choose()

    def _choose(self, *_: object) -> None:
        self.look = "city" if self.chosen else "plain"
        self.icon = "check" if self.chosen else ""


class Tag(Surface):
    """A small mark, with or without an icon: 示例, 已填好, 可在本机办. Takes no room without words."""

    plain = StringProperty("")
    icon = StringProperty("")
    look = OptionProperty("city", options=list(TAG_LOOKS))

    def __init__(self, **properties: Any) -> None:
        self._icon = Icon(extent=34, pos_hint={"center_y": 0.5})
        self._text = Text(wrap=False, kind="quiet", pos_hint={"center_y": 0.5})
        properties.setdefault("height", 44)
        super().__init__(
            raised=False, size_hint=(None, None), radius=14, padding=(14, 0), spacing=10, **properties
        )
        self._text.fbind("width", self._fit)
        for name in ("plain", "look", "icon"):
            self.fbind(name, self._set)
        self._set()

    def _set(self, *_: object) -> None:
        fill, edge, tone = TAG_LOOKS[self.look]
        self.fill, self.edge = tokens.colour(fill), tokens.colour(edge)
        self._icon.tone = self._text.tone = tone
        self._icon.name, self._text.plain = self.icon, self.plain
        self.opacity = 1 if self.plain else 0
        self.clear_widgets()
        for part, wanted in ((self._icon, self.icon), (self._text, self.plain)):
            if wanted:
                self.add_widget(part)
        self._text.settle()
        self._fit()

    def _fit(self, *_: object) -> None:
        beside = self._icon.width + 10 if self.icon else 0
        self.width = self._text.width + beside + 28 if self.plain else 0


class Flow(StackLayout):
    """Lets chips flow from line to line; its height follows."""

    def __init__(self, **properties: Any) -> None:
        properties.setdefault("spacing", tokens.GAP_SMALL)
        super().__init__(size_hint_y=None, **properties)
        self.fbind("minimum_height", self.setter("height"))
        self.fbind("width", self._narrow)
        self.fbind("children", self._narrow)

    def _narrow(self, *_: object) -> None:
        """In the largest print one choice may need more than a line."""
        for child in self.children:
            if isinstance(child, Chip):
                child.most = self.width
