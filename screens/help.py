"""Who helps, where, when, and by what telephone."""

from kivy.properties import StringProperty

from kiosk.journey.views import Help
from screens.base import Screen


class HelpScreen(Screen):
    """See `help.kv`."""

    place = StringProperty("")
    hours = StringProperty("")
    phone = StringProperty("")
    hotline = StringProperty("")

    def draw(self, view: Help) -> None:
        """Facts as they are."""
        self.place, self.hours, self.phone, self.hotline = view.place, view.hours, view.phone, view.hotline
        self.ids.kept.plain = self.words("help.kept") if self.chrome.title else ""
