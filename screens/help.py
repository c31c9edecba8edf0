"""Who helps, where, when, and by what telephone."""

from kivy.properties import StringProperty

from kiosk.journey.views import Help
from screens.base import Screen


class HelpScreen(Screen):
    """See `help.kv`."""

    place = StringProperty("")
    hours = StringProperty("")
    phone = StringProperty("")

    def draw(self, view: Help) -> None:
        """Facts as they are."""
        self.place, self.hours, self.phone = view.place, view.hours, view.phone
        self.ids.kept.plain = self.words("help.kept") if self.chrome.title else ""
