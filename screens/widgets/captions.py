"""What is being read aloud, to be read along; and the small control that has a screen read."""

from collections.abc import Callable
from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.journey.events import CitizenEvent, SayAgain
from kiosk.journey.views import Chrome
from screens.theme import tokens
from screens.widgets.button import PushButton
from screens.widgets.icon import Icon
from screens.widgets.text import Text

Words = Callable[..., str]

PILL = 72
#: two lines; a longer sentence takes more, a shorter one no less, so that nothing jumps
_LEAST = 132
_LEAST_WIDE = 72  # one line: a wide glass has little height


def say_pill(words: Words, post: Callable[[CitizenEvent], None], **properties: Any) -> PushButton:
    """读: has this screen read, and every one after it. Quiet, as in a foot, unless `properties` say otherwise."""
    pill = PushButton(
        plain=words("action.say"),
        icon="volume-high",
        touch_key="action.say",
        size_hint_x=None,
        **{"look": "bare", "kind": "small", **properties},
    )
    pill.bind(on_tap=lambda _: post(SayAgain()))
    return pill


class CaptionStrip(BoxLayout):
    """The sentence that is being said. No height while the voice is off, or captions are not wanted."""

    def __init__(self, side: float = tokens.GAP_SMALL, **properties: Any) -> None:
        """`side`: free room at both sides."""
        super().__init__(size_hint_y=None, height=0, opacity=0, spacing=tokens.GAP_SMALL, **properties)
        self._side = side
        self._on = False
        self._icon = Icon(name="volume-high", extent=40, tone="city", pos_hint={"center_y": 0.5})
        self._text = Text(kind="body", pos_hint={"center_y": 0.5})
        with self.canvas.before:
            Color(*tokens.CITY_TINT)
            self._ground = Rectangle()
        for name in ("pos", "size"):
            self.fbind(name, self._place)
        self._text.fbind("height", self._take_room)

    @property
    def wanted(self) -> bool:
        """Whether it takes any room."""
        return self._on

    def show(self, chrome: Chrome) -> None:
        """Updated at each sentence."""
        on = chrome.can_speak and chrome.look.voice.on and chrome.look.voice.captions
        self._text.plain = chrome.caption if on else ""
        if on != self._on:
            self._on = on
            self.clear_widgets()
            for part in (self._icon, self._text) if on else ():
                self.add_widget(part)
        self._take_room()

    def _take_room(self, *_: object) -> None:
        self.padding = (self._side, 8)
        self.height = max(_LEAST_WIDE if tokens.WIDE else _LEAST, self._text.height + 16) if self._on else 0
        self.opacity = 1 if self._on else 0

    def _place(self, *_: object) -> None:
        self._ground.pos, self._ground.size = self.pos, self.size


def stand_at_the_top(strip: CaptionStrip, box: BoxLayout) -> None:
    """In `box` only while it is wanted: what has no height would still take the gap between two."""
    if strip.wanted and strip.parent is None:
        box.add_widget(strip, index=len(box.children))
    elif not strip.wanted and strip.parent is not None:
        box.remove_widget(strip)


class VoiceLine(BoxLayout):
    """The foot of a screen that has no other: 读 at the left, and what is being read."""

    def __init__(self, words: Words, post: Callable[[CitizenEvent], None], **properties: Any) -> None:
        super().__init__(
            orientation="vertical",
            size_hint_y=None,
            padding=(tokens.MARGIN, 0, tokens.MARGIN, 8),
            spacing=8,
            **properties,
        )
        self.fbind("minimum_height", self.setter("height"))
        self._strip = CaptionStrip()
        row = BoxLayout(size_hint_y=None, height=PILL)
        row.add_widget(say_pill(words, post))
        row.add_widget(Widget())
        self.add_widget(row)

    def show(self, chrome: Chrome) -> None:
        """Updated at each sentence."""
        self._strip.show(chrome)
        stand_at_the_top(self._strip, self)
