"""Rows: something with a name, a quiet line, a picture left and what to do right."""

from typing import Any

from kivy.properties import BooleanProperty, OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.theme import tokens
from screens.widgets.icon import FLAVOURS, Icon, IconTile
from screens.widgets.surface import TouchCard
from screens.widgets.text import Text


class ListRow(TouchCard):
    """A row that is touched. In kv: `ListRow: name: "…"; note: "…"; icon: "…"; touch_key: "matter.N02"`.

    `sign` is the icon at the right end ("chevron-right"; "" for none); `chosen` shows an outline and a tick.
    Height follows the words, at least 112 px.
    """

    name = StringProperty("")
    note = StringProperty("")
    icon = StringProperty("")
    sign = StringProperty("chevron-right")
    flavour = OptionProperty("city", options=list(FLAVOURS))
    chosen = BooleanProperty(False)

    def __init__(self, **properties: Any) -> None:
        self._tile = IconTile(extent=88, pos_hint={"center_y": 0.5})
        self._words = BoxLayout(
            orientation="vertical", spacing=4, size_hint_y=None, pos_hint={"center_y": 0.5}
        )
        self._words.fbind("minimum_height", self._words.setter("height"))
        self._name, self._note = Text(bold=True), Text(kind="quiet", tone="soft")
        self._sign = Icon(extent=52, pos_hint={"center_y": 0.5})
        self._words.add_widget(self._name)
        self._words.add_widget(self._note)
        properties.setdefault("padding", (28, 20))
        super().__init__(spacing=tokens.GAP, size_hint_y=None, **properties)
        for name in ("name", "note", "icon", "sign", "flavour", "chosen"):
            self.fbind(name, self._set)
        self._words.fbind("height", self._fit)
        self._set()

    def _set(self, *_: object) -> None:
        self._name.plain, self._note.plain = self.name, self.note
        self._tile.name, self._tile.flavour = self.icon, self.flavour
        self._sign.name = "check-circle" if self.chosen else self.sign
        self.edge = tokens.CITY if self.chosen else tokens.CLEAR
        self.edge_width = 4
        self.fill = tokens.CITY_TINT if self.chosen else tokens.CARD
        self.clear_widgets()
        for part, wanted in ((self._tile, self.icon), (self._words, True), (self._sign, self._sign.name)):
            if wanted:
                self.add_widget(part)
        self._fit()

    def _fit(self, *_: object) -> None:
        self.height = max(tokens.ROW, self._words.height + 2 * self.padding[1])
