"""Nobody stands before the glass: what is hers is covered. A touch, or the sensor, brings it back."""

from kivy.properties import StringProperty

from kiosk.journey.views import Away
from screens.base import Screen


class AwayScreen(Screen):
    """See `away.kv`."""

    left = StringProperty("")

    def draw(self, view: Away) -> None:
        """How long still."""
        self.left = self.words("away.seconds", seconds=view.seconds) if view.seconds else ""
