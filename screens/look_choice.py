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
from kiosk.journey.voice import Voice
from screens.base import Desk, Screen
from screens.theme import themes, tokens
from screens.widgets.button import PushButton
from screens.widgets.fitting import filled
from screens.widgets.hearing import Hearing
from screens.widgets.icon import Icon
from screens.widgets.surface import TouchCard
from screens.widgets.text import Text
from screens.widgets.touch import ROLES

#: members of `Look` that are on or off
_TOGGLES = ("low_reach", "unhurried", "simple", "companion")
_CARD = 132
_TAB = 112


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
        self._tabs = {
            "see": self._tab("see", "look.see_title", "eye-outline"),
            "hear": self._tab("hear", "look.hear_title", "volume-high"),
            "more": self._tab("more", "look.more_title", "tune-variant"),
        }
        self._pages = BoxLayout(size_hint_y=None, height=_TAB, spacing=tokens.GAP_SMALL)
        for tab in self._tabs.values():
            self._pages.add_widget(tab)
        self._body.add_widget(self._pages)
        self._languages = GridLayout(cols=4 if tokens.WIDE else 2, spacing=tokens.GAP_SMALL, size_hint_y=None)
        self._languages.fbind("minimum_height", self._languages.setter("height"))
        self._body.add_widget(self._languages)
        self._group("look.size_title", [self._size_card(size) for size in TextSize])
        self._group("look.colours_title", [self._theme_card(theme) for theme in Theme])
        self._group("look.more_title", [self._card(name, f"look.{name}", True) for name in _TOGGLES])
        self._body.add_widget(Widget())
        shown = [part for part in reversed(self._body.column.children) if part not in self._always()]
        self._hearing = Hearing(self.words, self._speak)
        more = shown.index(self._more)
        self._parts = {  # of each page
            "see": [*shown[:more], Widget()],
            "hear": [self._voice_cards(), self._hearing, Widget()],
            "more": shown[more:],
        }
        for part in shown:
            self._body.remove_widget(part)
        for part in self._parts["see"]:
            self._body.add_widget(part)
        self._page = self._began = "see"
        self._mark_tabs()
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
        if view.page != self._began:
            self._began = view.page
            self._turn(view.page)
        self._offer_languages()
        self._hearing.show(view.look.voice)
        self._voice_on.chosen, self._captions.chosen = view.look.voice.on, view.look.voice.captions
        if not self.chrome.can_speak and self._tabs["hear"].parent is not None:
            self._pages.remove_widget(self._tabs["hear"])
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

    # --- 听 ---

    def _always(self) -> tuple[Widget, ...]:
        """What stands above each page."""
        column = self._body.column.children
        return (column[-1], column[-2], self._pages)

    def _tab(self, page: str, key: str, icon: str) -> PushButton:
        tab = PushButton(
            plain=self.words(key), icon=icon, look="plain", role="tab", touch_key=f"look.page.{page}"
        )
        tab.bind(on_tap=lambda _: self._turn(page))
        return tab

    def _turn(self, page: str) -> None:
        """See, hear, or what else there is."""
        if page == self._page:
            return
        for part in self._parts[self._page]:
            self._body.remove_widget(part)
        self._page = page
        for part in self._parts[page]:
            self._body.add_widget(part)
        self._mark_tabs()

    def _mark_tabs(self) -> None:
        for page, tab in self._tabs.items():
            tab.look = "city" if page == self._page else "plain"

    def _voice_cards(self) -> GridLayout:
        self._voice_on = ChoiceCard(self.words("look.voice_on"), "look.voice_on")
        self._captions = ChoiceCard(self.words("look.captions"), "look.captions")
        self._voice_on.bind(on_tap=lambda _: self._switch("on"))
        self._captions.bind(on_tap=lambda _: self._switch("captions"))
        grid = GridLayout(cols=1, spacing=tokens.GAP_SMALL, size_hint_y=None)
        grid.fbind("minimum_height", grid.setter("height"))
        grid.add_widget(self._voice_on)
        grid.add_widget(self._captions)
        return grid

    def _switch(self, member: str) -> None:
        voice = self._look.voice
        changes: dict[str, Any] = {member: not getattr(voice, member)}
        self._speak(replace(voice, **changes))

    def _speak(self, voice: Voice) -> None:
        self.post(ChangeLook(replace(self._look, voice=voice)))

    def _lie(self, *_: object) -> None:
        """Low: everything is in the lower half, and turns by its buttons."""
        self.padding = (0, self.height * (1 - self.reach) if self.low else 0, 0, 0)

    def _group(self, title: str, cards: list[ChoiceCard]) -> None:
        self._more = Text(plain=self.words(title), kind="body", bold=True, tone="city")
        self._body.add_widget(self._more)
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
