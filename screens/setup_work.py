"""Setting up: the machine tries or measures; a picture of what to do, what it says, and what went wrong."""

from typing import Any, Final

from kiosk.journey.events import Continue, Skip, TryAgain
from kiosk.setup.events import Saw
from kiosk.setup.views import SetupWork
from screens.base import Desk, StepScreen
from screens.widgets.action_bar import Action
from screens.widgets.text import Text

#: steps that ask for leave, where others ask what was seen
_AGREED: Final = ("settle", "rollback")


class SetupWorkScreen(StepScreen):
    """See `setup_work.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._told: tuple[str, ...] | None = None

    def draw(self, view: SetupWork) -> None:
        """The sentence says what to do; while somebody is asked, it is the question."""
        working = view.state == "working"
        self.sentence = view.question or (self.words("wait.setup.plain") if working else view.sentence)
        self.quiet = view.progress
        self.ids.picture.about = view.step
        self.wait_for("setup" if working else "", said=True)
        failed = view.state == "failed"
        told = view.told[:-1] if failed else view.told
        tip = self.ids.tip
        tip.mood, tip.plain = "wrong", view.told[-1] if failed and view.told else ""
        if told != self._told:
            self._told = told
            lines = self.ids.lines
            lines.clear_widgets()
            for line in told:
                lines.add_widget(Text(plain=line, kind="body"))
        actions = self._actions(view)
        self.offer(*actions)

    def _actions(self, view: SetupWork) -> tuple[Action, ...]:
        skip = Action("action.skip", self.words("setup.skip"), Skip(), "debug-step-over")
        skips = (skip,) if view.may_skip else ()
        match view.state:
            case "ready":
                return Action("action.continue", self.words("setup.work"), Continue(), "play"), *skips
            case "done":
                return (Action("action.continue", self.words("setup.adjusted.close"), Continue(), "check"),)
            case "failed":
                return Action("action.try_again", self.words("setup.again"), TryAgain(), "refresh"), *skips
            case "asking":
                asked = "agree" if view.step in _AGREED else "confirm"
                no = Action("action.saw_no", self.words(f"setup.{asked}_no"), Saw(False), "close")
                return Action("action.saw_yes", self.words(f"setup.{asked}_yes"), Saw(True), "check"), no
            case _:
                return ()
