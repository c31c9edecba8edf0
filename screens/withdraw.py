"""撤回: asked twice, on two screens; the second says that it counts."""

from kivy.properties import StringProperty

from kiosk.journey.events import Continue
from kiosk.journey.views import Withdraw
from screens.base import StepScreen
from screens.widgets.action_bar import Action


class WithdrawScreen(StepScreen):
    """See `withdraw.kv`."""

    matter = StringProperty("")
    number = StringProperty("")

    def draw(self, view: Withdraw) -> None:
        """Nothing here is done by one touch."""
        self.sentence = self.words("withdraw.sentence_sure" if view.sure else "withdraw.sentence")
        self.matter, self.number = view.matter, self.words("standing.number", number=view.number)
        tip = self.ids.means
        tip.mood = "wrong" if view.sure else "tip"
        tip.plain = self.words("withdraw.means_sure" if view.sure else "withdraw.means")
        said = self.words("withdraw.sure" if view.sure else "withdraw.on")
        self.offer(Action("action.continue", said, Continue(), "undo-variant"))

    def leave(self) -> None:
        """Nothing of her stays in the widgets."""
        self.matter = self.number = ""
