"""Home: a greeting, the search, the two big things, and what people here often do."""

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.journey.events import ChooseLanguage, ChooseMatter
from kiosk.journey.greeting import greeting
from kiosk.journey.views import Home, MatterCard
from screens.base import Desk, Screen
from screens.opening_said import home_said
from screens.theme import tokens
from screens.widgets.action_bar import FootRow
from screens.widgets.captions import CaptionStrip
from screens.widgets.surface import TouchCard
from screens.widgets.text import Text

#: pixels: where the head of the screen has no room for more than name and clock
_NARROW = 1000
_LOW = 900  #: of a wide one
_TILE = 120


class MatterTile(TouchCard):
    """A matter that people often want: its short name; whether it can be done here, or who leads it."""

    def __init__(self, card: MatterCard, note: str, **properties: Any) -> None:
        super().__init__(
            orientation="vertical",
            padding=(32, 0),
            touch_key=f"matter.{card.code}",
            size_hint_y=None,
            height=_TILE,
            **properties,
        )
        usable = card.complete and not card.blocked
        self.add_widget(
            Text(plain=card.short_name, kind="body", bold=True, tone="soft" if card.blocked else "ink")
        )
        self.add_widget(Text(plain=note, kind="quiet", tone="good" if usable else "soft"))
        self.fbind("minimum_height", self._centre)

    def _centre(self, *_: object) -> None:
        content = sum(child.height for child in self.children)
        self.height = max(_TILE, content + tokens.GAP)
        room = max(12, (self.height - content) / 2)
        self.padding = (32, room, 32, room)


class HomeScreen(Screen):
    """See `home.kv`."""

    has_foot = True
    place = StringProperty("")
    clock = StringProperty("")
    day = StringProperty("")
    greeting = StringProperty("")
    total = StringProperty("")
    small = BooleanProperty(False)  #: large print: the head says less

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._popular: tuple[MatterCard, ...] = ()
        for name in ("size", "low"):
            self.fbind(name, self._place_languages)
        self._foot = FootRow(self.words, self.post)
        self.ids.foot.add_widget(self._foot)
        self._strip = CaptionStrip(side=tokens.MARGIN)
        self.add_widget(self._strip, index=1)

    def _place_languages(self, *_: object) -> None:
        """Beside the clock, on a wide glass below it. Where there is no room or they lie too high, 字大些 has them."""
        pills = self.ids.languages
        self.small = self.width < _NARROW if not self.wide else self.height < _LOW
        pills.opacity = 0 if self.low or self.small else 1
        pills.disabled = not pills.opacity
        wanted = self.ids.below if self.wide or self.small else self.ids.head
        if pills.parent is not wanted:
            pills.parent.remove_widget(pills)
            wanted.add_widget(pills, 0 if wanted is self.ids.below else 2)
        self.ids.below.size_hint_min_y = pills.height if wanted is self.ids.below and not self.low else 0

    def draw(self, view: Home) -> None:
        """Write the clock; rebuild the tiles only when they change."""
        at = view.at
        self.place = self.words("home.place", place=view.place)
        self.clock = f"{at:%H:%M}"
        weekday = self.words(f"home.weekday.{at.isoweekday()}")
        self.day = self.words("home.day", month=at.month, day=at.day, weekday=weekday)
        self.greeting = self.words(f"home.greeting.{greeting(at)}")
        self.total = self.words("home.all", total=view.total)
        self._foot.show(self.chrome)
        self._strip.show(self.chrome)
        spoken = self.words("language.name")
        self.ids.languages.show(spoken, self.chrome, lambda tag: self.post(ChooseLanguage(tag)))
        if view.popular != self._popular:
            self._popular = view.popular
            self.ids.popular.clear_widgets()
            for card in view.popular:
                tile = MatterTile(card, self._note(card))
                tile.bind(on_tap=lambda _, code=card.code: self.post(ChooseMatter(code)))
                self.ids.popular.add_widget(tile)
        self.ids.offline.plain = self._said(view)
        self.ids.tip.plain = self.words(view.tip) if view.tip else ""

    def _said(self, view: Home) -> str:
        if view.tip:
            return ""
        chrome = self.chrome
        return home_said(self.words, view, on_battery=chrome.on_battery, offline=chrome.offline)

    def _note(self, card: MatterCard) -> str:
        if card.blocked:
            return self.words(f"service.{card.blocked}.short")
        return self.words("matters.here") if card.complete else card.lead
