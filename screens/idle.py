"""Idle: what this machine can do in three pictures, the first step, and honest facts about place and machine."""

import math
from typing import Any

from kivy.clock import Clock
from kivy.properties import NumericProperty, StringProperty

from kiosk.journey.events import ChooseLanguage
from kiosk.journey.views import Idle
from screens.base import Desk, Screen
from screens.input.pinyin import ENGINE

#: the whole picture wanders on an ellipse this large (pixels), one step each so many seconds: a standing picture
#: marks a panel within weeks, and a step of a few pixels is seen by nobody
DRIFT_PX = (16, 20)
DRIFT_EVERY_S = 20.0
DRIFT_STEPS = 36


class IdleScreen(Screen):
    """See `idle.kv`."""

    place = StringProperty("")
    hours = StringProperty("")
    phone = StringProperty("")
    drift_x = NumericProperty(0)
    drift_y = NumericProperty(0)

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        ENGINE.forget()  # a visit can end here without a goodbye
        self._step = 0
        self._drift = None if desk.still else Clock.schedule_interval(self._wander, DRIFT_EVERY_S)

    def draw(self, view: Idle) -> None:
        """Facts as they are."""
        spoken = self.words("language.name")
        self.ids.languages.show(spoken, self.chrome, lambda tag: self.post(ChooseLanguage(tag)))
        self.place = self.words("home.place", place=view.place)
        self.hours, self.phone = view.hours, view.phone
        network, printer = self.ids.network, self.ids.printer
        network.plain = self.words("idle.online" if view.online else "idle.offline")
        network.icon, network.look = ("wifi", "good") if view.online else ("wifi-off", "notice")
        printer.plain = self.words("idle.printer" if view.printer_ready else "idle.no_printer")
        printer.icon = "printer-outline" if view.printer_ready else "printer-off-outline"
        printer.look = "good" if view.printer_ready else "notice"

    def leave(self) -> None:
        """Stop wandering."""
        if self._drift is not None:
            self._drift.cancel()

    def _wander(self, *_: object) -> None:
        self._step = (self._step + 1) % DRIFT_STEPS
        angle = 2 * math.pi * self._step / DRIFT_STEPS
        self.drift_x = round(DRIFT_PX[0] * math.sin(angle))
        self.drift_y = round(DRIFT_PX[1] * (math.cos(angle) - 1) / 2)
