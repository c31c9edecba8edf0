"""Evaluation: the five national levels, equal in size, none preselected; skipping is one touch."""

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from devices.evaluator import Level
from kiosk.journey.events import Continue, Rate, Skip, ToggleReason
from kiosk.journey.views import Evaluate, Reason
from screens.base import Desk, StepScreen
from screens.widgets.action_bar import Action
from screens.widgets.chip import Chip
from screens.widgets.surface import TouchCard

#: best first, as on the national form
LEVELS = tuple(sorted(Level, reverse=True))
FACES: dict[Level, str] = {
    Level.VERY_SATISFIED: "emoticon-excited-outline",
    Level.SATISFIED: "emoticon-happy-outline",
    Level.FAIR: "emoticon-neutral-outline",
    Level.DISSATISFIED: "emoticon-sad-outline",
    Level.VERY_DISSATISFIED: "emoticon-frown-outline",
}


class FaceCard(TouchCard):
    """A face and its official word. See `evaluate.kv`."""

    face = StringProperty("")
    word = StringProperty("")
    chosen = BooleanProperty(False)


class EvaluateScreen(StepScreen):
    """See `evaluate.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._level: Level | None = None
        self._reasons: tuple[tuple[str, str], ...] = ()
        self._chips: dict[str, Chip] = {}
        self._faces = {level: self._face(level) for level in LEVELS}
        for face in self._faces.values():
            self.ids.faces.add_widget(face)

    def draw(self, view: Evaluate) -> None:
        """Mark the level; the reasons appear only below a chosen one."""
        self._level = view.level
        for level, face in self._faces.items():
            face.chosen = level is view.level
        self._show_reasons(view.reasons)
        chosen = view.level is not None
        self.sentence = self.words("evaluate.ask")
        self.quiet = self.words("evaluate.free")
        self.ids.why.plain = self.words("evaluate.why") if view.reasons else ""
        self.ids.keypad.plain = self.words("evaluate.keypad") if view.keypad and not chosen else ""
        self.offer(
            Action("action.continue", self.words("evaluate.send"), Continue(), "check", enabled=chosen),
            Action("action.skip", self.words("evaluate.skip"), Skip()),
        )

    def _face(self, level: Level) -> FaceCard:
        face = FaceCard(
            face=FACES[level],
            word=self.words(f"evaluation.level.{level.value}"),
            touch_key=f"rate.{level.value}",
        )
        face.bind(on_tap=lambda _: self.post(Rate(None if self._level is level else level)))
        return face

    def _show_reasons(self, reasons: tuple[Reason, ...]) -> None:
        shown = tuple((reason.code, reason.text) for reason in reasons)
        if shown != self._reasons:
            self._reasons = shown
            self.ids.reasons.clear_widgets()
            self._chips = {code: self._chip(code, text) for code, text in shown}
            for chip in self._chips.values():
                self.ids.reasons.add_widget(chip)
        for reason in reasons:
            self._chips[reason.code].chosen = reason.chosen

    def _chip(self, code: str, text: str) -> Chip:
        chip = Chip(plain=text, touch_key=f"reason.{code}")
        chip.bind(on_tap=lambda _: self.post(ToggleReason(code)))
        return chip
