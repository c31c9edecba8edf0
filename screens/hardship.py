"""办不成事: what went wrong, in large reasons, as many as she likes."""

from typing import Any

from kiosk.journey.events import Continue, ToggleReason
from kiosk.journey.views import Hardship, Reason
from screens.base import Desk, StepScreen
from screens.widgets.action_bar import Action
from screens.widgets.list_row import ListRow


class HardshipScreen(StepScreen):
    """See `hardship.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._rows: dict[str, ListRow] = {}

    def draw(self, view: Hardship) -> None:
        """Build the rows once, then only tick them."""
        self.sentence = self.words("hardship.sentence")
        about = self.words("hardship.about", matter=view.matter) if view.matter else ""
        self.quiet = self.quietly(about, self.words("hardship.quiet"))
        if not self._rows:
            self._rows = {reason.code: self._row(reason) for reason in view.reasons}
            for row in self._rows.values():
                self.ids.rows.add_widget(row)
        for reason in view.reasons:
            self._rows[reason.code].chosen = reason.chosen
        chosen = any(reason.chosen for reason in view.reasons)
        self.offer(
            Action("action.continue", self.words("action.next"), Continue(), "arrow-right", enabled=chosen)
        )

    def _row(self, reason: Reason) -> ListRow:
        row = ListRow(
            role="choice",
            name=reason.text,
            sign="checkbox-blank-circle-outline",
            touch_key=f"reason.{reason.code}",
            padding=(40, 32),
        )
        row.bind(on_tap=lambda _: self.post(ToggleReason(reason.code)))
        return row
