"""A device does what it is for; it tells what it sees, and a person says whether it was right."""

from typing import Any

from kiosk.journey.views import DeviceTest
from kiosk.tending.events import Judge, Proceed
from screens.base import Desk
from screens.tending import TendingScreen
from screens.widgets.action_bar import Action
from screens.widgets.text import Text

#: of the glass, for the picture of the self-test sheet
_SHARE, _SHARE_LOW = 0.3, 0.14
_MOODS = {"running": "city", "asking": "tip", "pass": "good", "fail": "wrong", "error": "wrong"}


class DeviceTestScreen(TendingScreen):
    """See `device_test.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._told: tuple[str, ...] = ()
        self._picture = b""
        self.fbind("height", self._fit)
        self.fbind("low", self._fit)

    def draw(self, view: DeviceTest) -> None:
        """Its lines, newest below."""
        self.sentence = self.words("device_test.sentence", name=self.words(f"trial.kind.{view.name}"))
        self.quiet = self.words(f"device_test.{view.state}")
        if view.told != self._told:
            self._told = view.told
            self.ids.told.clear_widgets()
            for line in view.told:
                self.ids.told.add_widget(Text(plain=line, kind="large"))
        if view.picture != self._picture:
            self._picture = view.picture
            self.ids.picture.show(view.picture)
            self._fit()
        tip = self.ids.tip
        tip.mood = _MOODS[view.state]
        tip.plain = self._said(view)
        self._offer(view)

    def _fit(self, *_: object) -> None:
        """As high as a look at the sheet needs; away where the words need the room."""
        room = self.height * (_SHARE_LOW if self.low or self.wide else _SHARE)
        self.ids.picture.height = room if self._picture else 0

    def leave(self) -> None:
        """The picture goes with the screen."""
        self.ids.picture.show(b"")

    def _said(self, view: DeviceTest) -> str:
        if view.state == "asking":
            return view.question
        if view.state == "error":
            return self.quietly(view.code, view.hint)
        return self.words(f"device_test.now.{view.state}")

    def _offer(self, view: DeviceTest) -> None:
        if view.state == "asking":
            yes = Action("tending.yes", self.words("tending.yes"), Judge(True), "check")
            self.offer(yes, Action("tending.no", self.words("tending.no"), Judge(False)))
        elif view.state == "running":
            self.offer(None)
        else:
            again = Action("tending.go", self.words("device_test.again"), Proceed(), "refresh")
            self.offer(again)
