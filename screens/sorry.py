"""Something failed that nobody foresaw. Plainly said, with what to do and a reference for the staff."""

from kivy.properties import StringProperty

from kiosk.journey.views import Sorry
from screens.base import Screen


class SorryScreen(Screen):
    """See `sorry.kv`."""

    reference = StringProperty("")

    def draw(self, view: Sorry) -> None:
        """Write the reference."""
        self.reference = view.reference
