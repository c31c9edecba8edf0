"""What she told is kept, under this number; or it is not, and she may try again."""

from kivy.properties import BooleanProperty

from kiosk.journey.events import Continue, Reprint, Stay, TryAgain
from kiosk.journey.views import Noted
from screens.base import StepScreen
from screens.done import grouped_number
from screens.widgets.action_bar import Action


class NotedScreen(StepScreen):
    """See `noted.kv`."""

    kept = BooleanProperty(True)

    def draw(self, view: Noted) -> None:
        """The number first, then what follows, then the paper."""
        self.kept = bool(view.number)
        self.sentence = self.words(f"noted.{view.kind}.title" if self.kept else "noted.lost")
        self.wait_for("slip" if self.kept and view.receipt == "printing" else "", said=True)
        ids = self.ids
        ids.label.plain = self.words("noted.number") if self.kept else ""
        ids.number.plain = grouped_number(view.number) if self.kept else ""
        ids.next.plain = self.words(f"noted.{view.kind}.next" if self.kept else "noted.lost_note")
        ids.trouble.plain = (
            self.words(f"errors.{view.trouble}.citizen") if view.trouble and not self.kept else ""
        )
        ids.offline.plain = self.words("noted.offline") if view.offline and self.kept else ""
        ids.receipt.plain = self.words(f"noted.receipt.{view.receipt}") if self.kept else ""
        ids.receipt.mood = (
            "good" if view.receipt == "printed" else "tip" if view.receipt == "failed" else "city"
        )
        phones = self.words("list.comma").join(number for number in (view.phone, view.hotline) if number)
        ids.call.plain = self.words("noted.call", phones=phones) if phones else ""
        self._buttons(view)

    def _buttons(self, view: Noted) -> None:
        back = Action("action.stay", self.words("noted.back"), Stay(), "arrow-left")
        if not self.kept:
            again = Action("action.try_again", self.words("noted.again"), TryAgain(), "refresh")
            self.offer(again, *((back,) if view.goes_back else ()))
            return
        reprint = Action("action.reprint", self.words("noted.reprint"), Reprint(), "printer-outline")
        end = Action("action.continue", self.words("noted.end"), Continue(), "check")
        sides = (reprint,) if view.receipt == "failed" else ()
        self.offer(back if view.goes_back else end, *sides)
