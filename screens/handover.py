"""The citizens' side lets go of its devices, one after the other, before anybody else touches them."""

from kiosk.journey.views import Handover
from screens.tending import TendingScreen


class HandoverScreen(TendingScreen):
    """See `handover.kv`."""

    def draw(self, view: Handover) -> None:
        """It takes a moment; nothing is to be done."""
        self.sentence = self.words("handover.taking")
        self.quiet = self.words("handover.quiet")
        self.wait_for("tending", said=True)
        self.offer(None)
