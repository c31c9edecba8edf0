"""A power cut ended her last visit, or she had it kept: go on with it, or begin anew?"""

from kivy.properties import BooleanProperty, StringProperty

from kiosk.journey.events import Continue, StartOver
from kiosk.journey.views import Unfinished
from screens.base import StepScreen
from screens.widgets.action_bar import Action


class UnfinishedScreen(StepScreen):
    """See `unfinished.kv`."""

    at = StringProperty("")
    pages = StringProperty("")
    saved = BooleanProperty(False)  #: she had it kept herself

    def draw(self, view: Unfinished) -> None:
        """When it was interrupted, and what is still there."""
        self.sentence = self.words("unfinished.sentence")
        self.quiet = self.time_left()
        self.saved, at = view.saved, view.at
        self.at = self.words("unfinished.at", month=at.month, day=at.day, time=f"{at:%H:%M}")
        self.pages = self.words("unfinished.pages", pages=view.pages) if view.pages else ""
        self.offer(
            Action("action.continue", self.words("unfinished.go_on"), Continue(), "check"),
            Action("action.start_over", self.words("unfinished.start_over"), StartOver(), "restart"),
        )
