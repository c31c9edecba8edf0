"""A question or a message that takes the whole screen: a picture, a sentence, a few lines, large buttons."""

from typing import Any

from kivy.properties import NumericProperty, OptionProperty, StringProperty
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.widgets.fitting import Body
from screens.widgets.icon import FLAVOURS, IconTile
from screens.widgets.text import Text

_SAID = 4  #: parts of a message that are said: on a wide glass they stand left of what can be done


class Message(Body):
    """In kv: `Message: icon: "…"; sentence: "…"; plain: "…"`, with cards and buttons indented below it."""

    icon = StringProperty("")
    flavour = OptionProperty("city", options=list(FLAVOURS))
    sentence = StringProperty("")
    plain = StringProperty("")
    above = NumericProperty(160)  #: free room above the picture, where there is room

    def __init__(self, **properties: Any) -> None:
        self._tile = IconTile(extent=160 if tokens.WIDE else 208)
        self._sentence = Text(kind="title", bold=True, balance=True)
        self._plain = Text(kind="large", tone="soft")
        super().__init__(
            **properties,
        )
        self.gap = tokens.GAP if tokens.WIDE else tokens.GAP_LARGE
        for part in (self._tile, self._sentence, self._plain, Widget(size_hint_y=None, height=8)):
            self.add_widget(part)
        for name in ("icon", "flavour", "sentence", "plain"):
            self.fbind(name, self._set)
        for name in ("above", "height", "words"):
            self.fbind(name, self._rise)
        self.column.split = _SAID
        self.column.fbind("minimum_height", self._rise)
        self._set()

    def _rise(self, *_: object) -> None:
        """In large print the free room goes first."""
        needed = self.column.needed() - self.column.padding[1]
        top = min(float(self.above), max(float(tokens.GAP_LARGE), self.height - needed))
        self.inset = (tokens.MARGIN, top, tokens.MARGIN, tokens.GAP_SMALL)

    def _set(self, *_: object) -> None:
        self._tile.name, self._tile.flavour = self.icon, self.flavour
        self._sentence.plain, self._plain.plain = self.sentence, self.plain
