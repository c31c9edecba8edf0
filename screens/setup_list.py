"""All steps of setting up, and how each ended; any of them may be touched."""

from typing import Any, Final

from kiosk.journey.events import Continue
from kiosk.setup.events import ChooseStep
from kiosk.setup.views import SetupList, SetupStep
from screens.base import Desk, StepScreen
from screens.widgets.action_bar import Action
from screens.widgets.list_row import ListRow

#: icon and flavour of a result
_LOOKS: Final = {
    "open": ("checkbox-blank-circle-outline", "city"),
    "pass": ("check-bold", "good"),
    "skipped": ("debug-step-over", "notice"),
    "fail": ("close-thick", "wrong"),
    "error": ("close-thick", "wrong"),
}


class SetupListScreen(StepScreen):
    """See `setup_list.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._steps: tuple[SetupStep, ...] | None = None

    def draw(self, view: SetupList) -> None:
        """Rows are rebuilt when a result changes."""
        self.sentence = self.words(f"setup.list.{view.state}")
        self.quiet = self.words("setup.list.quiet")
        if view.steps != self._steps:
            self._steps = view.steps
            rows = self.ids.rows
            rows.clear_widgets()
            for step in view.steps:
                rows.add_widget(self._row(step))
        icon = "restart" if view.state == "finished" else "arrow-right"
        self.offer(Action("action.continue", self.words(f"setup.list.{view.state}_main"), Continue(), icon))

    def _row(self, step: SetupStep) -> ListRow:
        icon, flavour = _LOOKS[step.result]
        note = step.note or self.words(f"setup.verb.result_{step.result}")
        row = ListRow(name=step.title, note=note, icon=icon, flavour=flavour, touch_key=f"step.{step.key}")
        row.bind(on_tap=lambda _: self.post(ChooseStep(step.key)))
        return row
