"""Four plain lines, agreed before the card is read."""

from kiosk.journey.events import Continue
from kiosk.journey.views import Consent
from screens.base import StepScreen
from screens.widgets.action_bar import Action


class ConsentScreen(StepScreen):
    """See `consent.kv`."""

    def draw(self, view: Consent) -> None:
        """Say what for, what, how long, and what if not."""
        self.sentence = self.words("consent.sentence")
        self.quiet = self.time_left()
        self.ids.purpose.plain = self.words("consent.purpose", matter=view.matter)
        kept = self.words("consent.kept")
        if view.cut_days:
            kept += "\n" + self.words("consent.cut", days=view.cut_days)
        self.ids.kept.plain = kept
        self.offer(Action("action.continue", self.words("consent.agree"), Continue(), "check"))
