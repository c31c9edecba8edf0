"""One tip: what helps, or what went wrong and what to do. Never whose fault."""

from typing import Any

from kivy.properties import OptionProperty, StringProperty

from screens.theme import tokens
from screens.widgets.icon import Icon
from screens.widgets.surface import Surface
from screens.widgets.text import Text

#: (ground, tone, icon) by mood
MOODS: dict[str, tuple[str, str, str]] = {
    "tip": ("notice_tint", "notice", "lightbulb-on-outline"),
    "good": ("good_tint", "good", "check-circle-outline"),
    "wrong": ("wrong_tint", "wrong", "alert-circle-outline"),
    "city": ("city_tint", "city", "information-outline"),
    "offline": ("notice_tint", "notice", "wifi-off"),
}


class TipCard(Surface):
    """An icon and a sentence. In kv: `TipCard: plain: "…"; mood: "tip"`. Takes no room without words.

    `icon` replaces the mood's own. Height follows the words.
    """

    plain = StringProperty("")
    mood = OptionProperty("tip", options=list(MOODS))
    icon = StringProperty("")
    kind = OptionProperty("body", options=list(tokens.KINDS))

    def __init__(self, **properties: Any) -> None:
        self._icon = Icon(extent=52, pos_hint={"center_y": 0.5})
        self._text = Text(pos_hint={"center_y": 0.5})
        super().__init__(raised=False, grow=True, spacing=tokens.GAP, **properties)
        for name in ("plain", "mood", "icon", "kind"):
            self.fbind(name, self._set)
        self.add_widget(self._icon)
        self.add_widget(self._text)
        self._set()

    def _set(self, *_: object) -> None:
        fill, tone, icon = MOODS[self.mood]
        self.fill = tokens.colour(fill)
        self._icon.tone = self._text.tone = tone
        self._icon.name = self.icon or icon
        self._text.plain, self._text.kind = self.plain, self.kind
        self._icon.extent = 52 if self.plain else 0
        self.padding = (32, 24) if self.plain else 0
        self.opacity = 1 if self.plain else 0
