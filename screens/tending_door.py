"""The door for whoever looks after the terminal: a short number and a PIN, or a card, or a stick."""

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.gridlayout import GridLayout

from kiosk.journey.views import TendingDoor
from kiosk.tending.events import Digit, Quit
from screens.base import Desk
from screens.tending import TendingScreen
from screens.theme import tokens
from screens.widgets.action_bar import Action
from screens.widgets.button import PushButton

_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "enter")
#: mood of what is said, by the state of the door
_MOODS = {"waiting": "wrong", "refused": "wrong", "closed": "tip", "checking": "city"}


#: pixels of a key; in large print a pixel is larger, and 64 of them are 25 mm and more
_KEY, _CLOSE_KEY = 88, 64
#: pixels of the glass below which it is large print: on a high glass, and on a wide one
_CLOSE, _CLOSE_WIDE = 1300, 700
_NARROW = 8  #: pixels between keys where there is little height
_UNLAID = 101  #: pixels; Kivy's boxes begin at 100
_TYPED = 64  #: pixels of what is typed, in one line
_REACH = 0.7  #: of the height, from below: the body ends where the heading does


class TendingDoorScreen(TendingScreen):
    """See `tending_door.kv`."""

    label = StringProperty("")
    typed = StringProperty("")
    close = BooleanProperty(False)  #: large print: the pad is whole, and what is read gives way to it
    key_height = NumericProperty(_KEY)
    key_gap = NumericProperty(tokens.GAP_SMALL)

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._drawn: TendingDoor | None = None
        self._pad = GridLayout(cols=3, spacing=tokens.GAP_SMALL)
        for key in _KEYS:
            self._pad.add_widget(self._key(key))
        self.ids.place.add_widget(self._pad)
        for name in ("height", "wide"):
            self.fbind(name, self._come_close)
        self._come_close()

    @property
    def reach(self) -> float:
        """As `Screen.reach`; in large print the whole pad is touched, wherever it lies."""
        return _REACH if self.close and not self.wide else super().reach

    def body_least(self) -> float:
        """As of any step, and for the whole pad: it is never turned."""
        if not self.close or self.wide:
            return super().body_least()
        return _TYPED + 3.0 * tokens.GAP + float(self.ids.place.least_height)

    def _come_close(self, *_: object) -> None:
        close = _UNLAID < self.height < (_CLOSE_WIDE if self.wide else _CLOSE)
        changed, self.close = close != self.close, close
        self.key_height = (tokens.TOUCH if self.wide else _CLOSE_KEY) if self.close else _KEY
        self.key_gap = self._pad.spacing = _NARROW if self.close and self.wide else tokens.GAP_SMALL
        for key in self._pad.children:
            key.kind = "sentence" if not self.close else "body" if self.wide else "large"
        if changed and self._drawn is not None:
            self.draw(self._drawn)  # its words give way, or come back
        self._make_room()

    def draw(self, view: TendingDoor) -> None:
        """Dots for a PIN, never a digit."""
        self._drawn = view
        self.sentence = self.words(f"tending.door.sentence.{view.state}")
        others = [way for way in view.ways if way != "pin"]
        self.quiet = self.quietly(*(self.words(f"tending.door.or_{way}") for way in others))
        self.label = self.words(
            f"tending.door.short.{view.field}" if self.close else f"tending.door.{view.field}"
        )
        dots = "●" * view.length
        self.typed = (view.person if view.field == "person" else dots) or self.words("tending.door.empty")
        tip, said = self.ids.tip, self._said(view)
        tip.mood = _MOODS.get(view.state, "tip")
        tip.plain = "" if self.close else said
        if self.close and said:
            self.quiet = said
        usable = view.state in ("open", "refused")
        for key in self._pad.children:
            key.enabled = usable
        self.offer(Action("tending.leave", self.words("tending.door.leave"), Quit(), "arrow-left"))

    def _said(self, view: TendingDoor) -> str:
        if view.state == "waiting":
            return self.words("tending.door.wait", seconds=view.wait_s)
        if view.state == "closed":
            return self.words("tending.door.unset")
        return self.words(f"tending.door.{view.why}") if view.why else ""

    def _key(self, key: str) -> PushButton:
        icon = {"": "backspace-outline", "enter": "check"}.get(key, "")
        button = PushButton(
            plain="" if icon else key,
            icon=icon,
            look="plain" if not icon else "side",
            kind="sentence",
            touch_key=f"key.{key or 'erase'}",
        )
        if icon:
            button.said = self.words(f"tending.door.key.{key or 'erase'}")
        button.bind(on_tap=lambda _: self.post(Digit(key)))
        return button
