"""听: whether screens are read, how loudly and how fast, and whether what is read is shown."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kivy.uix.boxlayout import BoxLayout

from kiosk.journey.voice import FASTEST, LOUDEST, Voice
from kiosk.speech.desk import rate_name
from screens.theme import tokens
from screens.widgets.button import PushButton
from screens.widgets.surface import Surface
from screens.widgets.text import Text

Words = Callable[..., str]

_ROW = 132


class Dial(BoxLayout):
    """Less, how it stands, more."""

    def __init__(self, less: PushButton, more: PushButton, **properties: Any) -> None:
        super().__init__(size_hint_y=None, height=_ROW, spacing=tokens.GAP_SMALL, **properties)
        self._less, self._more = less, more
        self._text = Text(kind="large", bold=True, halign="center", pos_hint={"center_y": 0.5})
        shown = Surface(raised=False, padding=(16, 0))
        shown.add_widget(self._text)
        for part in (less, shown, more):
            self.add_widget(part)

    def show(self, plain: str, *, least: bool, most: bool) -> None:
        """`least`, `most`: it goes no further that way."""
        self._text.plain = plain
        self._less.enabled, self._more.enabled = not least, not most


class Hearing(BoxLayout):
    """Two dials; what is on or off stands above them as cards of the page."""

    def __init__(self, words: Words, change: Callable[[Voice], None], **properties: Any) -> None:
        super().__init__(orientation="vertical", size_hint_y=None, spacing=tokens.GAP_SMALL, **properties)
        self.fbind("minimum_height", self.setter("height"))
        self._words, self._change, self._voice = words, change, Voice()
        self._volume = Dial(
            self._button("softer", "volume-minus", lambda: self._louder(-1)),
            self._button("louder", "volume-plus", lambda: self._louder(1)),
        )
        self._rate = Dial(
            self._button("slower", "tortoise", lambda: self._quicker(-1)),
            self._button("faster", "rabbit", lambda: self._quicker(1)),
        )
        for title, dial in (("look.volume", self._volume), ("look.rate", self._rate)):
            self.add_widget(Text(plain=words(title), kind="body", bold=True, tone="city"))
            self.add_widget(dial)

    def show(self, voice: Voice) -> None:
        """As she has set it."""
        self._voice, words = voice, self._words
        level = words("look.volume_is", level=voice.volume)
        self._volume.show(level, least=voice.volume == 0, most=voice.volume == LOUDEST)
        rate = words(f"look.rate_is.{rate_name(voice.rate)}")
        self._rate.show(rate, least=voice.rate == -FASTEST, most=voice.rate == FASTEST)

    def _button(self, key: str, icon: str, does: Callable[[], None]) -> PushButton:
        button = PushButton(
            plain=self._words(f"look.{key}"), icon=icon, look="plain", touch_key=f"look.{key}"
        )
        button.bind(on_tap=lambda _: does())
        return button

    def _louder(self, by: int) -> None:
        self._change(replace(self._voice, volume=min(LOUDEST, max(0, self._voice.volume + by))))

    def _quicker(self, by: int) -> None:
        self._change(replace(self._voice, rate=min(FASTEST, max(-FASTEST, self._voice.rate + by))))
