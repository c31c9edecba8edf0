"""Are you still there? The seconds count down, large; one touch stays."""

from kivy.properties import StringProperty

from kiosk.journey.views import StillThere
from screens.base import Screen


class StillThereScreen(Screen):
    """See `still_there.kv`."""

    seconds = StringProperty("")

    def draw(self, view: StillThere) -> None:
        """Write the seconds."""
        self.seconds = str(view.seconds)
