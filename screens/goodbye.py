"""Goodbye: everything about the citizen is gone from this machine; take card, papers, slip."""

from typing import Any

from kivy.properties import StringProperty

from kiosk.journey.events import Continue
from kiosk.journey.views import Goodbye
from screens.base import Desk, Screen
from screens.input.pinyin import ENGINE
from screens.widgets.surface import Surface


class TakeCard(Surface):
    """A picture of a thing that may still lie there. See `goodbye.kv`."""

    icon = StringProperty("")
    name = StringProperty("")
    where = StringProperty("")


class GoodbyeScreen(Screen):
    """See `goodbye.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._things: tuple[str, ...] = ()
        ENGINE.forget()  # what the keyboard learned from her goes with her

    def draw(self, view: Goodbye) -> None:
        """Name only what can really lie there."""
        kept = "goodbye.kept" if view.handed_in else "goodbye.nothing_kept"
        if view.handed_in and view.sent:
            kept = f"goodbye.kept_{view.sent}"
        self.ids.thanks.plain = self.words(f"goodbye.{view.thanks}")
        if view.draft:
            kept = f"draft.{view.draft}"
        self.ids.kept.plain = self.words(kept, days=view.draft_days)
        things = view.lying
        self.ids.take.plain = self.words("goodbye.take.title" if things else "goodbye.take.nothing")
        if things != self._things:
            self._things = things
            self.ids.things.clear_widgets()
            for thing in things:
                self.ids.things.add_widget(self._card(thing))

    def finish(self) -> None:
        """She is done with this screen."""
        self.post(Continue())

    def _card(self, thing: str) -> TakeCard:
        icons = {
            "card": "card-account-details-outline",
            "papers": "file-document-multiple-outline",
            "slip": "receipt-text-outline",
            "stick": "usb-flash-drive-outline",
        }
        return TakeCard(
            icon=icons[thing],
            name=self.words(f"goodbye.take.{thing}"),
            where=self.words(f"goodbye.where.{thing}"),
        )
