"""查进度: how shall her cases be found? By card, by number, by the code on her receipt."""

from kivy.properties import StringProperty

from kiosk.journey.events import LayCard, TypeNumber
from kiosk.journey.views import Finding
from screens.base import StepScreen


class FindingScreen(StepScreen):
    """See `finding.kv`."""

    scan_note = StringProperty("")

    def draw(self, view: Finding) -> None:
        """What cannot be told now is said here already."""
        self.sentence = self.words("finding.sentence")
        self.quiet = self.words("finding.quiet")
        seen = "finding.scan_note" if view.scanner else "finding.scan_camera_note"
        self.scan_note = self.words(seen) if view.scanner or view.camera else ""
        tip = self.ids.tip
        tip.mood = "offline" if view.offline and not view.trouble else "tip"
        tip.plain = (
            self.words(view.trouble)
            if view.trouble
            else self.words("finding.offline")
            if view.offline
            else ""
        )
        self.offer()

    def by_card(self) -> None:
        """All her cases."""
        self.post(LayCard())

    def by_number(self) -> None:
        """One case, from her slip."""
        self.post(TypeNumber())
