"""A material as a row of a list: what it looks like, what it is called, in which form it is wanted, and a tick."""

from typing import Any

from kivy.properties import BooleanProperty, OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.widgets.chip import Flow, Tag
from screens.widgets.icon import Icon, IconTile
from screens.widgets.material_drawings import THINGS
from screens.widgets.surface import TouchCard
from screens.widgets.text import Text
from screens.widgets.touch import ROLES
from screens.widgets.verdict_drawings import Drawing
from screens.widgets.verdict_picture import VerdictPicture

_SIZE = (176, 132)


class ThingPicture(VerdictPicture):
    """The drawing of a kind of thing: `verdict` names it, as it names a verdict's."""

    def drawing(self) -> Drawing:
        """From the things."""
        return THINGS.get(self.verdict, ())


class MaterialRow(TouchCard):
    """Built once; only the tick changes. Height follows the words, at least the picture's."""

    chosen = BooleanProperty(False)
    role = OptionProperty("choice", options=ROLES)
    name = StringProperty("")

    def __init__(
        self,
        name: str,
        lines: tuple[str, ...],
        marks: tuple[tuple[str, str], ...],
        thing: str,
        icon: str,
        **properties: Any,
    ) -> None:
        """`marks`: (words, look of the tag). `icon` stands where `thing` is ""."""
        super().__init__(
            name=name, padding=(24, 20), spacing=tokens.GAP, size_hint_y=None, edge_width=4, **properties
        )
        self._words = BoxLayout(
            orientation="vertical", spacing=6, size_hint_y=None, pos_hint={"center_y": 0.5}
        )
        self._words.fbind("minimum_height", self._fit)
        self._words.add_widget(Text(plain=name, bold=True))
        for line in lines:
            self._words.add_widget(Text(plain=line, kind="quiet", tone="soft"))
        tags = Flow(spacing=(12, 8))
        for words, look in marks:
            tags.add_widget(Tag(plain=words, look=look))
        self._words.add_widget(tags)
        self._sign = Icon(extent=56, pos_hint={"center_y": 0.5})
        for part in (_picture(thing, icon), self._words, self._sign):
            self.add_widget(part)
        self.fbind("chosen", self._mark)
        self._mark()

    def _mark(self, *_: object) -> None:
        self._sign.name = "check-circle" if self.chosen else "checkbox-blank-circle-outline"
        self.edge = tokens.CITY if self.chosen else tokens.CLEAR
        self.fill = tokens.CITY_TINT if self.chosen else tokens.CARD

    def _fit(self, *_: object) -> None:
        self._words.height = self._words.minimum_height
        self.height = max(_SIZE[1], self._words.height) + 2 * self.padding[1]


def _picture(thing: str, icon: str) -> Widget:
    """The drawing; what only its icon tells gets the icon."""
    if thing:
        return ThingPicture(verdict=thing, size=_SIZE, pos_hint={"center_y": 0.5})
    return IconTile(name=icon, flavour="soft", extent=_SIZE[1] - 12, pos_hint={"center_y": 0.5})
