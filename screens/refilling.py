"""One step of a refill: a drawing of what the hands do, and what to do in words; at the end something is printed."""

from typing import Any

from kivy.properties import StringProperty

from kiosk.journey.views import Refilling
from kiosk.tending.events import Judge, Proceed
from screens.base import Desk
from screens.tending import TendingScreen
from screens.widgets.action_bar import Action
from screens.widgets.supply_drawings import SupplyPicture
from screens.widgets.text import Text


class RefillingScreen(TendingScreen):
    """See `refilling.kv`."""

    what = StringProperty("")

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._told: tuple[str, ...] = ()
        self._picture: SupplyPicture = self.ids.picture

    def draw(self, view: Refilling) -> None:
        """The sentence, the drawing, the way on."""
        self.sentence = self.words(f"refill.{view.supply}.title")
        self.quiet = self.words("refill.step", number=view.number, of=view.of)
        self._picture.verdict = f"{view.supply}.{view.number}"
        self.what = self.words(f"refill.{view.supply}.{view.number}")
        if view.told != self._told:
            self._told = view.told
            self.ids.told.clear_widgets()
            for line in view.told:
                self.ids.told.add_widget(Text(plain=line, kind="small", tone="soft"))
        self._say(view)
        self._offer(view)

    def _say(self, view: Refilling) -> None:
        tip = self.ids.tip
        tip.mood = {"done": "good", "failed": "wrong"}.get(view.state, "city")
        if view.state == "failed" and view.code:
            tip.plain = self.words(f"errors.{view.code}.hint")
        elif view.state == "asking":
            tip.plain = view.question
        else:
            tip.plain = "" if view.state == "do" else self.words(f"refill.{view.state}")

    def _offer(self, view: Refilling) -> None:
        if view.state == "asking":
            yes = Action("tending.yes", self.words("tending.yes"), Judge(True), "check")
            self.offer(yes, Action("tending.no", self.words("tending.no"), Judge(False)))
            return
        last = view.number == view.of
        key = {"done": "finish", "failed": "again"}.get(view.state, "try" if last else "next")
        main = Action(
            "tending.go", self.words(f"refill.main.{key}"), Proceed(), enabled=view.state != "trying"
        )
        self.offer(main)
