"""A corner of the idle screen was held: shall the glass be wiped? Not wiping is the main action."""

from kivy.properties import StringProperty

from kiosk.journey.views import CleanQuestion
from screens.base import Screen


class CleanQuestionScreen(Screen):
    """See `clean_question.kv`."""

    plain = StringProperty("")

    def draw(self, view: CleanQuestion) -> None:
        """What it would mean."""
        self.plain = self.words("cleaning.question_plain", seconds=view.seconds)
