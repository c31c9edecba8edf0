"""Idle: the first step, what this machine can do, what the city tells, and honest facts about place and machine."""

import math
from typing import Any

from kivy.clock import Clock
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from kiosk.journey.events import AskClean, ChooseLanguage, Start
from kiosk.journey.views import Idle
from screens.base import Desk, Screen
from screens.idle_pages import Dots, page_of
from screens.input.pinyin import ENGINE
from screens.opening_said import window_said
from screens.widgets.captions import say_pill
from screens.widgets.chip import Tag
from screens.widgets.hold_corner import HoldCorner
from screens.widgets.shade import Shade

#: the whole picture wanders on an ellipse this large (pixels), one step each so many seconds: a standing picture
#: marks a panel within weeks, and a step of a few pixels is seen by nobody
DRIFT_PX = (16, 20)
DRIFT_EVERY_S = 20.0
DRIFT_STEPS = 36
#: a page comes so slowly that nobody who stands in the hall looks up for it, and in few pictures: where the processor
#: draws, each costs it some 40 ms, all day
TURN_S = 1.2
TURN_STEPS = 6


class IdleScreen(Screen):
    """See `idle.kv`."""

    has_foot = True  # what it says stands on it
    place = StringProperty("")
    hours = StringProperty("")
    phone = StringProperty("")
    drift_x = NumericProperty(0)
    drift_y = NumericProperty(0)

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        ENGINE.forget()  # a visit can end here without a goodbye
        self._step = 0
        self._page: object = None
        self._turning: Any = None
        self._told: object = None
        self._say = say_pill(self.words, self.post, look="side", kind="body")
        self._dots = Dots()
        self.ids.dots.add_widget(self._dots)
        self._drift = None if desk.still else Clock.schedule_interval(self._wander, DRIFT_EVERY_S)
        corner = HoldCorner(on_short=lambda: self.post(Start()), on_held=lambda: self.post(AskClean()))
        whole = FloatLayout()
        card = self.ids.card
        self.remove_widget(card)
        corner.pos_hint = {"right": 1, "top": 1}
        for part in (card, corner):
            whole.add_widget(part)
        self.add_widget(whole)
        self._whole, self._shade = whole, Shade()

    def draw(self, view: Idle) -> None:
        """Facts as they are."""
        spoken = self.words("language.name")
        self.ids.languages.show(spoken, self.chrome, lambda tag: self.post(ChooseLanguage(tag)), self._say)
        self.place = self.words("home.place", place=view.place)
        self.hours = self._hours(view)
        self.phone = view.phone
        self._dim(view.dim)
        told = (view.online, view.printer_ready, view.limits)
        if told != self._told:
            self._told = told
            self._tell(view)
        page = (view.shows, view.message, view.can, view.limits)
        if page != self._page:
            first, self._page = self._page is None, page
            self._turn(view, gently=not (first or self.desk.still))
        self._dots.show(view.page, view.of)

    def _hours(self, view: Idle) -> str:
        """As the place writes them; while nobody is there, when somebody comes."""
        return window_said(self.words, view.window, key="idle") or view.hours

    def _dim(self, dim: bool) -> None:
        """Nearly dark; a touch goes through, and the next picture is bright."""
        if dim and self._shade.parent is None:
            self._whole.add_widget(self._shade)
        elif not dim and self._shade.parent is not None:
            self._whole.remove_widget(self._shade)

    def leave(self) -> None:
        """Stop wandering."""
        if self._drift is not None:
            self._drift.cancel()
        self._stop_turning()

    def _tell(self, view: Idle) -> None:
        """What works, and what does not: told in the same place, never left out."""
        state = self.ids.state
        state.clear_widgets()
        said: list[tuple[str, str, str]] = []
        if view.online:
            said.append(("idle.online", "wifi", "good"))
        if view.printer_ready:
            said.append(("idle.printer", "printer-outline", "good"))
        icons = {"network": "wifi-off", "slip": "printer-off-outline"}
        said += [
            (f"limits.short.{limit}", icons.get(limit, "alert-outline"), "notice") for limit in view.limits
        ]
        if not view.limits:
            missing = (
                ("idle.offline", view.online, "wifi-off"),
                ("idle.no_printer", view.printer_ready, "printer-off-outline"),
            )
            said += [(key, icon, "notice") for key, works, icon in missing if not works]
        for key, icon, look in said:
            state.add_widget(Tag(plain=self.words(key), icon=icon, look=look, height=64))

    def _turn(self, view: Idle, *, gently: bool) -> None:
        place = self.ids.pages
        self._stop_turning()
        place.clear_widgets()
        page = page_of(view, self.words)
        page.pos_hint = {"x": 0, "y": 0}
        place.add_widget(page)
        if gently:
            page.opacity = 0
            self._turning = Clock.schedule_interval(lambda _: self._appear(page), TURN_S / TURN_STEPS)

    def _appear(self, page: Widget) -> bool:
        shown = min(1.0, float(page.opacity) + 1 / TURN_STEPS)
        page.opacity = shown
        return shown < 1.0

    def _stop_turning(self) -> None:
        if self._turning is not None:
            self._turning.cancel()

    def _wander(self, *_: object) -> None:
        self._step = (self._step + 1) % DRIFT_STEPS
        angle = 2 * math.pi * self._step / DRIFT_STEPS
        self.drift_x = round(DRIFT_PX[0] * math.sin(angle))
        self.drift_y = round(DRIFT_PX[1] * (math.cos(angle) - 1) / 2)
