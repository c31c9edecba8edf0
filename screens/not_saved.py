"""The case could not be stored: nothing was promised. Try again, or leave."""

from kivy.properties import StringProperty

from kiosk.journey.views import NotSaved
from screens.base import Screen


class NotSavedScreen(Screen):
    """See `not_saved.kv`."""

    code = StringProperty("")

    def draw(self, view: NotSaved) -> None:
        """The code is for whoever comes to mend it."""
        self.code = self.words("out_of_service.code", code=view.code)
