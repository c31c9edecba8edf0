"""Handing in: real stages with ticks. Nothing is ticked that did not happen."""

from typing import Any

from kivy.clock import Clock
from kivy.graphics import PopMatrix, PushMatrix, Rotate
from kivy.properties import OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.journey.views import HandingIn
from screens.base import Desk, StepScreen
from screens.widgets.icon import Icon

#: degrees a second: calm
TURN = 200

#: stage of the view → states of seal, keep, send
_STATES: dict[str, tuple[str, str, str]] = {
    "sealing": ("now", "later", "later"),
    "saved": ("done", "done", "now"),
}


class TurningIcon(Icon):
    """An icon that turns slowly while something is really under way."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        with self.canvas.before:
            PushMatrix()
            self._turn = Rotate(angle=0, origin=self.center)
        with self.canvas.after:
            PopMatrix()
        for name in ("pos", "size"):
            self.fbind(name, self._pivot)

    def _pivot(self, *_: object) -> None:
        self._turn.origin = (self.x + self.width / 2, self.y + self.height / 2)

    def turn(self, passed_s: float) -> None:
        """Turn on."""
        self._turn.angle = (self._turn.angle - TURN * passed_s) % 360


class HandInStage(BoxLayout):
    """A stage of the hand-in. See `handing_in.kv`."""

    name = StringProperty("")
    note = StringProperty("")
    state = OptionProperty("later", options=["later", "now", "done"])


class HandingInScreen(StepScreen):
    """See `handing_in.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._moving = None if desk.still else Clock.schedule_interval(self._move, 1 / 30)

    def draw(self, view: HandingIn) -> None:
        """Tick what is done."""
        saved = view.stage == "saved"
        self.sentence = self.words("handing_in.wait")
        self.quiet = self.words("handing_in.safe" if saved else "handing_in.stay")
        stages = (self.ids.seal, self.ids.keep, self.ids.send)
        for stage, state in zip(stages, _STATES[view.stage], strict=True):
            stage.state = state
        self.wait_for("send" if saved else "seal", said=True)
        number = self.words("handing_in.number", number=view.local_number) if view.local_number else ""
        self.ids.keep.note = number or self.words("handing_in.keep_note")
        self.offer()

    def _move(self, passed_s: float) -> None:
        for stage in (self.ids.seal, self.ids.keep, self.ids.send):
            if stage.state == "now":
                stage.ids.turning.turn(passed_s)

    def leave(self) -> None:
        """Nothing turns any more."""
        if self._moving is not None:
            self._moving.cancel()
