"""The door for whoever looks after the terminal: a short number and a PIN, or a card, or a stick."""

from typing import Any

from kivy.properties import StringProperty
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


class TendingDoorScreen(TendingScreen):
    """See `tending_door.kv`."""

    label = StringProperty("")
    typed = StringProperty("")

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._pad = GridLayout(cols=3, spacing=tokens.GAP_SMALL)
        for key in _KEYS:
            self._pad.add_widget(self._key(key))
        self.ids.place.add_widget(self._pad)

    def draw(self, view: TendingDoor) -> None:
        """Dots for a PIN, never a digit."""
        self.sentence = self.words(f"tending.door.sentence.{view.state}")
        others = [way for way in view.ways if way != "pin"]
        self.quiet = self.quietly(*(self.words(f"tending.door.or_{way}") for way in others))
        self.label = self.words(f"tending.door.{view.field}")
        dots = "●" * view.length
        self.typed = (view.person if view.field == "person" else dots) or self.words("tending.door.empty")
        tip = self.ids.tip
        tip.mood = _MOODS.get(view.state, "tip")
        tip.plain = self._said(view)
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
