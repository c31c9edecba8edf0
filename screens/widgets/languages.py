"""The other languages, each by its own name, wherever a visit may begin."""

from collections.abc import Callable
from typing import Any

from kivy.uix.boxlayout import BoxLayout

from kiosk.journey.views import Chrome
from kiosk.words import Language
from screens.theme import tokens
from screens.widgets.button import PushButton

#: so many stand on a screen; more are found where the look is chosen
MOST = 3
HEIGHT = 80


class LanguagePills(BoxLayout):
    """As wide as they need; nothing where one language is spoken."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(size_hint=(None, None), height=HEIGHT, spacing=tokens.GAP_SMALL, **properties)
        self.fbind("minimum_width", self.setter("width"))
        self._shown: tuple[tuple[Language, ...], bool] = (), False

    def show(
        self, spoken: str, chrome: Chrome, choose: Callable[[str], None], say: PushButton | None = None
    ) -> None:
        """All that can be chosen but the one that is `spoken` now; `choose` is given a tag.

        `say`: stands before them where screens can be read aloud.
        """
        others = tuple(one for one in chrome.languages if one.name != spoken)[:MOST]
        reads = say is not None and chrome.can_speak
        if (others, reads) == self._shown:
            return
        self._shown = others, reads
        self.clear_widgets()
        if say is not None and reads:
            self.add_widget(say)
        for one in others:
            pill = PushButton(
                plain=one.name,
                icon="translate",
                look="side",
                kind="body",
                touch_key=f"language.{one.tag}",
                size_hint_x=None,
            )
            pill.bind(on_tap=lambda _, tag=one.tag: choose(tag))
            self.add_widget(pill)
