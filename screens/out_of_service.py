"""Out of service: what is broken, since when, and where else it works."""

from kivy.properties import StringProperty

from kiosk.journey.events import ChooseLanguage
from kiosk.journey.views import OutOfService
from screens.base import Screen


class OutOfServiceScreen(Screen):
    """See `out_of_service.kv`."""

    since = StringProperty("")
    place = StringProperty("")
    hours = StringProperty("")
    phone = StringProperty("")
    code = StringProperty("")

    def draw(self, view: OutOfService) -> None:
        """Facts as they are."""
        spoken = self.words("language.name")
        self.ids.languages.show(spoken, self.chrome, lambda tag: self.post(ChooseLanguage(tag)))
        at = view.since
        self.since = self.words("out_of_service.since", at=f"{at:%m-%d %H:%M}") if at else ""
        self.place, self.hours, self.phone = view.place, view.hours, view.phone
        self.code = self.words("out_of_service.code", code=view.code)
