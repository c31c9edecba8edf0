"""The page just taken, large: keep it or take it again. A verdict always says why and what to do."""

from typing import Any

from kiosk.journey.events import Continue, Retake
from kiosk.journey.views import CheckPage
from screens.base import Desk, StepScreen
from screens.widgets.action_bar import Action
from screens.widgets.tip_card import TipCard
from screens.widgets.verdict_picture import VerdictCard

#: verdicts with a drawing, the gravest; more would leave no room for the page itself
DRAWN = 2
#: verdicts whose advice speaks of our lamp or desk, and is another one for a page from her phone or stick
ELSEWHERE = frozenset({"dark", "no_sheet"})


class CheckPageScreen(StepScreen):
    """See `check_page.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._picture = b""
        self._said: object = None

    def draw(self, view: CheckPage) -> None:
        """The picture is decoded once."""
        if view.picture != self._picture:
            self._picture = view.picture
            self.ids.picture.show(view.picture)
        said = (view.verdicts, view.warnings, view.goes_to)
        if said != self._said:
            self._said = said
            self._say(view)
        doubtful = bool(view.verdicts or view.warnings)
        self.sentence = self.words("check_page.doubt" if doubtful else "check_page.look")
        page = self.words("check_page.page", name=view.material.name, page=view.page)
        self.quiet = self.quietly(page, self.time_left())
        self._offer(doubtful)

    def _say(self, view: CheckPage) -> None:
        self.ids.verdicts.clear_widgets()
        if not (view.verdicts or view.warnings):
            self.ids.verdicts.add_widget(TipCard(plain=self.words("check_page.fine"), mood="good"))
        if view.goes_to:
            goes = self.words("ocr.belongs", name=view.goes_to)
            self.ids.verdicts.add_widget(TipCard(plain=goes, mood="good"))
        for warning in view.warnings:
            self.ids.verdicts.add_widget(TipCard(plain=self.words(f"ocr.warning.{warning}"), mood="wrong"))
        for place, verdict in enumerate(view.verdicts):
            advice = "do_brought" if view.brought and verdict in ELSEWHERE else "do"
            said, do = self.words(f"verdict.{verdict}.said"), self.words(f"verdict.{verdict}.{advice}")
            if place < DRAWN:
                self.ids.verdicts.add_widget(VerdictCard(verdict=verdict, said=said, do=do))
            else:
                self.ids.verdicts.add_widget(TipCard(plain=f"{said}{do}", mood="wrong"))

    def _offer(self, doubtful: bool) -> None:
        """What is advised is the main action; the other way stays open."""
        again = Action("action.retake", self.words("check_page.retake"), Retake(), "camera-retake-outline")
        key = "check_page.keep_anyway" if doubtful else "check_page.keep"
        keep = Action("action.continue", self.words(key), Continue(), "check")
        if doubtful:
            self.offer(again, keep)
        else:
            self.offer(keep, again)

    def leave(self) -> None:
        """Nothing of the page stays in the widgets."""
        self.ids.picture.show(b"")
        self._picture = b""
