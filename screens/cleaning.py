"""The glass is being wiped: a countdown over the whole screen, which no touch disturbs and which ends by itself."""

from kivy.properties import NumericProperty

from kiosk.journey.views import Cleaning
from screens.base import Screen


class CleaningScreen(Screen):
    """See `cleaning.kv`."""

    has_foot = True  # no touch counts while it is wiped
    seconds = NumericProperty(0)
    share = NumericProperty(0.0)

    def draw(self, view: Cleaning) -> None:
        """How long still."""
        self.seconds = view.seconds
        self.share = 1 - view.seconds / view.of
