"""Is this you? The masked name and number, large."""

from kivy.properties import StringProperty

from kiosk.journey.events import Back, Continue
from kiosk.journey.views import ConfirmIdentity
from screens.base import StepScreen
from screens.widgets.action_bar import Action


class ConfirmIdentityScreen(StepScreen):
    """See `confirm_identity.kv`."""

    name = StringProperty("")
    number = StringProperty("")
    kind = StringProperty("")

    def draw(self, view: ConfirmIdentity) -> None:
        """Masked name and number; what disagrees on the card, if anything."""
        self.sentence = self.words("confirm_identity.sentence")
        self.quiet = self.time_left()
        self.name, self.number = view.name, view.number
        self.kind = self.words(f"confirm_identity.kind.{view.kind}")
        notes = [self.words("confirm_identity.typed")] if view.typed else []
        notes += [self.words(f"identity.doubt.{doubt}") for doubt in view.doubts]
        self.ids.doubts.plain = "\n".join(notes)
        self.offer(
            Action("action.continue", self.words("confirm_identity.yes"), Continue(), "check"),
            Action("action.not_me", self.words("confirm_identity.no"), Back(), "account-switch-outline"),
        )

    def leave(self) -> None:
        """Forget the name, masked as it is."""
        self.name = self.number = ""
