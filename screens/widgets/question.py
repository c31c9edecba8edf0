"""A question or a message that takes the whole screen: a picture, a sentence, a few lines, large buttons."""

from typing import Any

from kivy.properties import OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.widgets.icon import FLAVOURS, IconTile
from screens.widgets.text import Text


class Message(BoxLayout):
    """In kv: `Message: icon: "…"; sentence: "…"; plain: "…"`, with cards and buttons indented below it."""

    icon = StringProperty("")
    flavour = OptionProperty("city", options=list(FLAVOURS))
    sentence = StringProperty("")
    plain = StringProperty("")

    def __init__(self, **properties: Any) -> None:
        self._tile = IconTile(extent=208)
        self._sentence = Text(kind="title", bold=True, balance=True)
        self._plain = Text(kind="large", tone="soft")
        super().__init__(
            orientation="vertical",
            padding=(tokens.MARGIN, 160, tokens.MARGIN, 72),
            spacing=tokens.GAP_LARGE,
            **properties,
        )
        for part in (self._tile, self._sentence, self._plain, Widget(size_hint_y=None, height=8)):
            self.add_widget(part)
        for name in ("icon", "flavour", "sentence", "plain"):
            self.fbind(name, self._set)
        self._set()

    def _set(self, *_: object) -> None:
        self._tile.name, self._tile.flavour = self.icon, self.flavour
        self._sentence.plain, self._plain.plain = self.sentence, self.plain
