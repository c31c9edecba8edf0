"""How large, which colours, how low, how long: every touch is seen at once, on this very screen."""

from dataclasses import replace
from typing import Any

from kivy.properties import BooleanProperty, OptionProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from kiosk.journey.events import ChangeLook, ChooseLanguage, Stay
from kiosk.journey.look import USUAL, TextSize, Theme
from kiosk.journey.views import LookChoice
from screens.base import Desk, Screen
from screens.theme import themes, tokens
from screens.widgets.button import PushButton
from screens.widgets.fitting import filled
from screens.widgets.icon import Icon
from screens.widgets.surface import TouchCard
from screens.widgets.text import Text
from screens.widgets.touch import ROLES

#: members of `Look` that are on or off
_TOGGLES = ("low_reach", "unhurried", "simple", "companion")
_CARD = 132


class ChoiceCard(TouchCard):
    """One way to look; `chosen` is marked by a thick edge and a tick, not by colour alone."""

    chosen = BooleanProperty(False)
    role = OptionProperty("choice", options=ROLES)

    def __init__(self, words: str, key: str, *, scale: float = 1.0, **properties: Any) -> None:
        super().__init__(size_hint_y=None, height=_CARD, padding=(32, 0, 24, 0), touch_key=key, **properties)
        self.words = Text(
            plain=words, kind="large", bold=True, scale=scale, balance=True, pos_hint={"center_y": 0.5}
        )
        self.tick = Icon(name="check-circle", extent=52, pos_hint={"center_y": 0.5})
        self.add_widget(self.words)
        self.add_widget(self.tick)
        self.words.fbind("height", self._grow)
        self.fbind("chosen", self._mark)
        self._mark()

    def _grow(self, *_: object) -> None:
        self.height = max(_CARD, self.words.height + 32)

    def _mark(self, *_: object) -> None:
        self.edge, self.edge_width = (tokens.CITY_EDGE, 6) if self.chosen else (tokens.CLEAR, 2)
        self.tick.opacity = 1 if self.chosen else 0


class LookChoiceScreen(Screen):
    """Built in Python: its cards follow from the two enumerations."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._look = USUAL
        self._cards: list[tuple[ChoiceCard, str, Any]] = []  #: card, member of `Look`, its value
        self._body = filled((tokens.MARGIN, tokens.GAP_LARGE, tokens.MARGIN, tokens.GAP))
        self._body.words = self.words
        self.add_widget(self._body)
        self.fbind("low", self._lie)
        self.fbind("height", self._lie)
        self._body.add_widget(Text(plain=self.words("look.sentence"), kind="title", bold=True, balance=True))
        self._body.add_widget(Text(plain=self.words("look.plain"), kind="body", tone="soft"))
        self._languages = GridLayout(cols=4 if tokens.WIDE else 2, spacing=tokens.GAP_SMALL, size_hint_y=None)
        self._languages.fbind("minimum_height", self._languages.setter("height"))
        self._body.add_widget(self._languages)
        self._group("look.size_title", [self._size_card(size) for size in TextSize])
        self._group("look.colours_title", [self._theme_card(theme) for theme in Theme])
        self._group("look.more_title", [self._card(name, f"look.{name}", True) for name in _TOGGLES])
        self._body.add_widget(Widget())
        foot = BoxLayout(size_hint_y=None, height=192, padding=(tokens.MARGIN, tokens.GAP))
        done = PushButton(
            plain=self.words("look.done"), icon="check", look="main", kind="sentence", touch_key="action.stay"
        )
        done.bind(on_tap=lambda _: self.post(Stay()))
        foot.add_widget(done)
        self.add_widget(foot)

    def draw(self, view: LookChoice) -> None:
        """Mark what is chosen."""
        self._look = view.look
        self._offer_languages()
        for card, member, value in self._cards:
            card.chosen = getattr(view.look, member) == value

    def _offer_languages(self) -> None:
        """One card each, by their own names; nothing where there is no choice."""
        if self._languages.children or len(self.chrome.languages) < 2:
            return
        for one in self.chrome.languages:
            card = ChoiceCard(one.name, f"look.language.{one.tag}")
            card.chosen = one.name == self.words("language.name")
            card.bind(on_tap=lambda _, tag=one.tag: self.post(ChooseLanguage(tag)))
            self._languages.add_widget(card)

    def _lie(self, *_: object) -> None:
        """Low: everything is in the lower half, and turns by its buttons."""
        self.padding = (0, self.height / 2 if self.low else 0, 0, 0)

    def _group(self, title: str, cards: list[ChoiceCard]) -> None:
        self._body.add_widget(Text(plain=self.words(title), kind="body", bold=True, tone="city"))
        grid = GridLayout(cols=4 if tokens.WIDE else 2, spacing=tokens.GAP_SMALL, size_hint_y=None)
        grid.fbind("minimum_height", grid.setter("height"))
        for card in cards:
            grid.add_widget(card)
        self._body.add_widget(grid)

    def _card(self, member: str, key: str, value: Any, scale: float = 1.0) -> ChoiceCard:
        card = ChoiceCard(self.words(key), key, scale=scale)
        card.bind(on_tap=lambda _: self._choose(member, value))
        self._cards.append((card, member, value))
        return card

    def _choose(self, member: str, value: Any) -> None:
        again = getattr(self._look, member) == value
        new = (not value) if member in _TOGGLES and again else value
        if member == "simple":
            self.post(ChangeLook(self._look.simply(new)))
            return
        changes: dict[str, Any] = {member: new}
        self.post(ChangeLook(replace(self._look, **changes)))

    def _size_card(self, size: TextSize) -> ChoiceCard:
        return self._card("text", f"look.size.{size}", size, size.factor)

    def _theme_card(self, theme: Theme) -> ChoiceCard:
        card = self._card("theme", f"look.theme.{theme}", theme)
        card.fill = card.pressed_fill = themes.THEMES[theme]["CARD"]
        card.words.color = themes.THEMES[theme]["CITY_INK"]  # as its headings look, whatever is worn now
        return card
