"""Icons, alone and on a tinted tile."""

from typing import Any

from kivy.properties import NumericProperty, OptionProperty, StringProperty
from kivy.uix.label import Label

from screens.theme import fonts, icons, tokens
from screens.widgets.surface import Surface


class Icon(Label):
    """An icon. In kv: `Icon: name: "printer"; extent: 48; tone: "city"`. It is `extent` pixels square."""

    name = StringProperty("")
    extent = NumericProperty(48)
    tone = OptionProperty("city", options=list(tokens.TONES))

    def __init__(self, **properties: Any) -> None:
        super().__init__(font_name=fonts.ICONS, size_hint=(None, None), **properties)
        for name in ("name", "extent", "tone"):
            self.fbind(name, self._set)
        self._set()

    def _set(self, *_: object) -> None:
        self.text = icons.glyph(self.name) if self.name else ""
        self.font_size = self.extent
        self.size = (self.extent, self.extent)
        self.color = tokens.tone(self.tone)


#: tint and tone of a tile by its flavour
FLAVOURS: dict[str, tuple[str, str]] = {
    "city": ("city_tint", "city"),
    "good": ("good_tint", "good"),
    "notice": ("notice_tint", "notice"),
    "wrong": ("wrong_tint", "wrong"),
    "soft": ("paper_deep", "soft"),
    "plum": ("plum_tint", "plum"),
    "solid": ("city", "white"),
}


class IconTile(Surface):
    """An icon on a tinted square. In kv: `IconTile: name: "printer"; flavour: "good"; extent: 112`."""

    name = StringProperty("")
    flavour = OptionProperty("city", options=list(FLAVOURS))
    extent = NumericProperty(112)

    def __init__(self, **properties: Any) -> None:
        super().__init__(raised=False, size_hint=(None, None), **properties)
        self._icon = Icon(pos_hint={"center_x": 0.5, "center_y": 0.5})
        self.add_widget(self._icon)
        for name in ("name", "flavour", "extent"):
            self.fbind(name, self._set)
        self._set()

    def _set(self, *_: object) -> None:
        self.size = (self.extent, self.extent)
        self.radius = self.extent * 0.26
        fill, self._icon.tone = FLAVOURS[self.flavour]
        self.fill = tokens.colour(fill)
        self._icon.name = self.name
        self._icon.extent = round(self.extent * 0.56)
        self.padding = (self.extent - self._icon.extent) / 2
