"""Leave and wipe, or stay? Staying is the main action: nobody loses a case by a slip of the finger."""

from kivy.properties import StringProperty

from kiosk.journey.views import LeaveQuestion
from screens.base import Screen


class LeaveQuestionScreen(Screen):
    """See `leave_question.kv`."""

    plain = StringProperty("")

    def draw(self, view: LeaveQuestion) -> None:
        """Say what leaving means now."""
        self.plain = self.words("leave_question.safe" if view.handed_in else "leave_question.lost")
