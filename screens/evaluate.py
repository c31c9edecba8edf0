"""Evaluation: the five national levels, equal in size, none preselected; skipping is one touch."""

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty

from devices.evaluator import Level
from kiosk.journey.events import CitizenEvent, Continue, Rate, Report, Skip, ToggleIndicator, ToggleReason
from kiosk.journey.views import Evaluate, Reason
from screens.base import Desk, StepScreen
from screens.widgets.action_bar import Action
from screens.widgets.chip import Chip
from screens.widgets.surface import TouchCard
from screens.widgets.touch import ROLES

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
    role = OptionProperty("choice", options=ROLES)


class EvaluateScreen(StepScreen):
    """See `evaluate.kv`."""

    face_height = NumericProperty(138)  #: of each of the five; lower while reasons need the room

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._level: Level | None = None
        self._chips: dict[str, Chip] = {}
        self._faces = {level: self._face(level) for level in LEVELS}
        for face in self._faces.values():
            self.ids.faces.add_widget(face)

    def draw(self, view: Evaluate) -> None:
        """Mark the level; the reasons appear only below a chosen one."""
        self._level = view.level
        for level, face in self._faces.items():
            face.chosen = level is view.level
        self._show_reasons(view.reasons, view.indicators)
        chosen = view.level is not None
        self.face_height = 112 if chosen else 138
        self.sentence = self.words("evaluate.ask")
        self.quiet = self.words("evaluate.free")
        self.ids.why.plain = self.words("evaluate.why") if view.reasons else ""
        self.ids.keypad.plain = self.words("evaluate.keypad") if view.keypad and not chosen else ""
        report = Action(
            "action.report", self.words("evaluate.report"), Report("hardship"), "hand-heart-outline"
        )
        self.offer(
            Action("action.continue", self.words("evaluate.send"), Continue(), "check", enabled=chosen),
            *((report,) if view.offer_report else ()),
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

    def _show_reasons(self, reasons: tuple[Reason, ...], indicators: tuple[Reason, ...]) -> None:
        """The reasons that go with the level, and behind them the national indicators."""
        of_level = {f"reason.{one.code}": (one, ToggleReason(one.code)) for one in reasons}
        national = {f"indicator.{one.code}": (one, ToggleIndicator(one.code)) for one in indicators}
        shown = of_level | national
        if {key: one.text for key, (one, _) in shown.items()} != {
            key: c.plain for key, c in self._chips.items()
        }:
            self.ids.reasons.clear_widgets()
            self._chips = {key: self._chip(key, one.text, event) for key, (one, event) in shown.items()}
            for chip in self._chips.values():
                self.ids.reasons.add_widget(chip)
        for key, (one, _) in shown.items():
            self._chips[key].chosen = one.chosen

    def _chip(self, key: str, text: str, event: CitizenEvent) -> Chip:
        chip = Chip(plain=text, touch_key=key)
        chip.bind(on_tap=lambda _: self.post(event))
        return chip
