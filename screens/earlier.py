"""May the platform be asked for what she wrote and was given before? Who asks, what, why; refusing costs nothing."""

from kivy.properties import BooleanProperty

from kiosk.journey.events import Continue, Refuse
from kiosk.journey.views import EarlierCases
from screens.base import StepScreen
from screens.widgets.action_bar import Action


class EarlierScreen(StepScreen):
    """See `earlier.kv`."""

    asking = BooleanProperty(False)

    def draw(self, view: EarlierCases) -> None:
        """Four plain lines; while it is looked up, she may go on at once."""
        self.asking = view.asking
        self.wait_for("earlier" if view.asking else "", said=True)
        slow = view.asking and view.slow
        asking = "earlier.still_asking" if slow else "earlier.asking"
        self.sentence = self.words(asking if view.asking else "earlier.sentence")
        self.ids.tip.plain = self.words("earlier.slow" if slow else "earlier.tip")
        self.ids.tip.mood = "offline" if slow else "city"
        self.quiet = "" if view.asking else self.time_left()
        self.ids.who.plain = self.words("earlier.who", matter=view.matter)
        kinds = self.words("list.comma").join(view.licences)
        what = "earlier.what_licences" if kinds else "earlier.what"
        self.ids.what.plain = self.words(what, licences=kinds)
        if view.asking:
            self.offer(Action("action.refuse", self.words("earlier.go_on"), Refuse(), "arrow-right"))
        else:
            self.offer(
                Action("action.continue", self.words("earlier.agree"), Continue(), "check"),
                Action("action.refuse", self.words("earlier.refuse"), Refuse()),
            )
