"""A support bundle is made and handed over: three real stages with ticks, then what came of it."""

from typing import Any

from kivy.clock import Clock

from kiosk.journey.views import Bundling
from kiosk.tending.bundling import WAYS
from kiosk.tending.events import Choose, Proceed
from screens.base import Desk
from screens.handing_in import HandInStage
from screens.tending import TendingScreen
from screens.widgets.action_bar import Action

_STAGES = ("gather", "look", "hand")
_TURNS = 1 / 30  #: seconds


class BundlingScreen(TendingScreen):
    """See `bundling.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._stages: tuple[HandInStage, ...] = (self.ids.gather, self.ids.look, self.ids.hand)
        self._moving = None if desk.still else Clock.schedule_interval(self._move, _TURNS)

    def draw(self, view: Bundling) -> None:
        """Tick what is done; below it what came of it."""
        ended = f"done_{view.to}" if view.state == "done" else view.state
        self.sentence = self.words(f"bundling.sentence.{ended}")
        self.quiet = self.words(f"bundling.quiet.{view.to if view.state == 'working' else view.state}")
        at = len(_STAGES) if view.state == "done" else _STAGES.index(view.stage)
        for number, (key, stage) in enumerate(zip(_STAGES, self._stages, strict=True)):
            now = "now" if view.state == "working" else "later"
            stage.state = "done" if number < at else now if number == at else "later"
            stage.name = self.words(f"bundling.stage.{key if key != 'hand' else view.to}")
            stage.note = self._note(view) if number == at else ""
        tip = self.ids.tip
        tip.mood = {"failed": "wrong", "done": "good"}.get(view.state, "city")
        tip.plain = self._said(view)
        self._offer(view)

    def _note(self, view: Bundling) -> str:
        if view.state == "failed" or view.stage == "look" or view.of <= 1:
            return ""
        if view.stage == "hand":
            return self.words("bundling.percent", percent=100 * view.done // view.of)
        return self.words("bundling.part", number=min(view.done + 1, view.of), of=view.of)

    def _said(self, view: Bundling) -> str:
        came = view.came_to
        if view.state == "failed":
            return self.quietly(came.code, self.words(f"errors.{came.code}.hint"))
        if view.state == "working":
            return ""
        lines = [self.words("bundling.made", kb=came.kb, withheld=came.withheld)]
        if view.to == "stick":
            lines = [self.words("bundling.file", name=came.name), *lines, self.words("bundling.pull_out")]
        return "\n".join(lines)

    def _offer(self, view: Bundling) -> None:
        if view.state == "done":
            self.offer(Action("tending.go", self.words("bundling.finish"), Proceed(), "check"))
        elif view.state == "failed":
            other = next(way for way in WAYS if way != view.to)
            again = Action("tending.go", self.words("bundling.again"), Proceed(), "refresh")
            self.offer(again, Action("bundling.other", self.words(f"bundling.to.{other}"), Choose(other)))
        else:
            self.offer(None)

    def _move(self, passed_s: float) -> None:
        for stage in self._stages:
            if stage.state == "now":
                stage.ids.turning.turn(passed_s)

    def leave(self) -> None:
        """Nothing turns any more."""
        if self._moving is not None:
            self._moving.cancel()
