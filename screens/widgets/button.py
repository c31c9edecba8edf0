"""Buttons: the one main action, its alternatives, and small quiet ones."""

from typing import Any

from kivy.properties import NumericProperty, OptionProperty, StringProperty
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.widgets.icon import Icon
from screens.widgets.surface import TouchCard
from screens.widgets.text import Text

#: (ground, pressed ground, tone) by look
LOOKS: dict[str, tuple[str, str, str]] = {
    "main": ("act", "act_deep", "white"),
    "side": ("city_tint", "city_tint_deep", "city"),
    "city": ("city", "city_light", "white"),
    "plain": ("card", "city_tint", "city"),
    "bare": ("clear", "city_tint", "city"),
}

#: icons that point onward stand behind the words
ONWARD = ("arrow-right", "chevron-right")

#: free space beside the words: usual, and at least
SIDE = 28
CLOSEST = 14
#: words may shrink to this share of their size before they take two lines
SMALLEST = 0.75
#: a button narrower than so many characters shows no icon beside its words
NARROW = 5


class PushButton(TouchCard):
    """Icon and words. In kv: `PushButton: plain: "返回"; icon: "arrow-left"; touch_key: "key.a"`.

    With `size_hint_x: None` it is as wide as its words need (`content_width`).
    """

    width: float
    plain = StringProperty("")
    icon = StringProperty("")
    look = OptionProperty("side", options=list(LOOKS))
    kind = OptionProperty("large", options=list(tokens.KINDS))
    content_width = NumericProperty(0)  #: what icon, words and padding need
    most = NumericProperty(0)  #: how wide it may become by itself; 0: as wide as its words need

    def __init__(self, **properties: Any) -> None:
        properties.setdefault("radius", tokens.RADIUS_ACTION)
        properties.setdefault("raised", False)
        properties.setdefault("padding", (28, 0))
        properties.setdefault("spacing", 14)
        self._icon: Icon | None = None  # made when there is one: a keyboard has fifty buttons without
        self._text = Text(wrap=False, bold=True, pos_hint={"center_y": 0.5})
        super().__init__(**properties)
        for name in ("plain", "icon", "look", "kind", "enabled"):
            self.fbind(name, self._set)
        self.fbind("width", self._centre)
        self.fbind("size_hint_x", self._centre)
        self.fbind("most", self._centre)
        self._set()

    def _set(self, *_: object) -> None:
        fill, pressed, tone = LOOKS[self.look]
        self.fill, self.pressed_fill = tokens.colour(fill), tokens.colour(pressed)
        self.opacity = 1
        if not self.enabled:
            self.fill, tone = tokens.PAPER_DEEP, "soft"
        self._text.tone = tone
        self._text.plain, self._text.kind = self.plain, self.kind
        self.clear_widgets()
        parts = [*self._icons(tone), *((self._text,) if self.plain else ())]
        if self.icon in ONWARD:
            parts.reverse()
        for part in parts:
            self.add_widget(part)
        self._centre()

    def _icons(self, tone: str) -> list[Widget]:
        """The icon as it is now; none when there is none."""
        if not self.icon:
            return []
        if self._icon is None:
            self._icon = Icon(pos_hint={"center_y": 0.5})
        self._icon.tone, self._icon.name = tone, self.icon
        self._icon.extent = round(tokens.KINDS[self.kind] * 1.2)
        return [self._icon]

    def _centre(self, *_: object) -> None:
        """Icon and words stand together in the middle. Long words are set smaller, longer ones take two lines."""
        self._text.scale = 1.0
        size = tokens.KINDS[self.kind]
        cramped = bool(self.plain) and self.size_hint_x is not None and self.width < NARROW * size
        if self._icon is not None:
            self._icon.extent = 0 if cramped else round(size * 1.2)  # words say it better
        icon = self._icon.width if self._icon is not None and self.icon else 0.0
        beside = icon + self.spacing if icon and self.plain and not cramped else 0.0
        words = self._text.measure(self.plain)
        self.content_width = words + beside + 2 * SIDE
        if self.size_hint_x is None and self.plain:
            self.width = min(self.content_width, self.most or self.content_width)
        room = max(1.0, float(self.width) - beside - 2 * CLOSEST)
        if words > room:
            self._text.scale = max(SMALLEST, tokens.QUIET / size, int(size * room / words) / size)
            words = self._text.measure(self.plain)
        self._text.size_hint_x = None
        self._text.wrap, self._text.balance, self._text.halign = words > room, True, "center"
        if self._text.wrap:
            self._text.width = room
            words = room
        self._text.settle()
        if self._text.wrap and self._text.height > float(self.height):  # three lines of a long word
            self._text.scale = tokens.QUIET / size
            self._text.settle()
        inner = words + beside if self.plain else icon
        self.padding = (max(0.0, (float(self.width) - inner) / 2), 0, 0, 0)
