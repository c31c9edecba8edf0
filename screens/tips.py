"""政策找人: what else may concern her, each with a plain reason. She asked to see it; it is a hint and nothing more."""

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.journey.events import Continue, Skip
from kiosk.journey.views import Tip, Tips
from screens.base import Desk, StepScreen
from screens.widgets.action_bar import Action
from screens.widgets.surface import Surface


class TipSheet(Surface):
    """One matter. See `tips.kv`."""

    name = StringProperty("")
    reason = StringProperty("")
    where = StringProperty("")
    mark = StringProperty("")
    here = BooleanProperty(False)


class TipsScreen(StepScreen):
    """See `tips.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._tips: tuple[Tip, ...] | None = None

    def draw(self, view: Tips) -> None:
        """At most two sheets; none is an answer, too."""
        self.sentence = self.words("tips.sentence" if view.tips else "tips.none")
        self.quiet = self.words("tips.quiet") if view.tips else ""
        if view.tips != self._tips:
            self._tips = view.tips
            self.ids.sheets.clear_widgets()
            for tip in view.tips:
                self.ids.sheets.add_widget(self._sheet(tip))
        self.offer(
            Action("action.continue", self.words("tips.go"), Continue(), "emoticon-happy-outline"),
            Action("action.skip", self.words("evaluate.skip"), Skip()),
        )

    def leave(self) -> None:
        """Why something may concern her names what she is: nothing of it stays."""
        self.ids.sheets.clear_widgets()
        self._tips = None

    def _sheet(self, tip: Tip) -> TipSheet:
        return TipSheet(
            name=tip.name,
            reason=tip.reason,
            where=self.words("tips.here" if tip.complete else "tips.window"),
            mark=self.words("mark.sample") if tip.sample else "",
            here=tip.complete,
        )
