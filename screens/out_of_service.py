"""Out of service: what is broken, since when, and where else it works."""

from typing import Any

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.catalogue.nearby import Nearby
from kiosk.journey.events import AskClean, ChooseLanguage
from kiosk.journey.views import OutOfService
from screens.base import Desk, Screen, Words
from screens.opening_said import window_said
from screens.theme import tokens
from screens.widgets.captions import say_pill
from screens.widgets.chip import Tag
from screens.widgets.hold_corner import HoldCorner
from screens.widgets.nearby_map import NearbyMap, Number, distance_said
from screens.widgets.surface import Surface
from screens.widgets.text import Text


class OutOfServiceScreen(Screen):
    """See `out_of_service.kv`."""

    has_foot = True  # what it says stands on it
    since = StringProperty("")
    fault = StringProperty("")
    kept = StringProperty("")
    what_now = StringProperty("")
    place = StringProperty("")
    hours = StringProperty("")
    phone = StringProperty("")
    code = StringProperty("")

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._nearby: tuple[Nearby, ...] | None = None
        self._say = say_pill(self.words, self.post, look="side", kind="body")
        corner = HoldCorner(on_short=lambda: None, on_held=lambda: self.post(AskClean()))
        self.ids.corner.add_widget(corner)

    def draw(self, view: OutOfService) -> None:
        """Facts as they are."""
        said = self.words
        self.ids.languages.show(
            said("language.name"), self.chrome, lambda tag: self.post(ChooseLanguage(tag)), self._say
        )
        self.since = said("out_of_service.since", at=f"{view.since:%m-%d %H:%M}") if view.since else ""
        self.fault = said(f"out_of_service.fault.{view.reason}")
        self.kept = said(f"out_of_service.kept.{view.reason}")
        self.what_now = said("nearby.title" if view.nearby else "nearby.none")
        self.place = view.place
        hours = said("out_of_service.window", hours=view.hours) if view.hours else ""
        self.hours = window_said(said, view.window, key="idle") or hours
        self.phone = " · ".join(number for number in (view.phone, view.hotline) if number)
        self.code = said("out_of_service.code", code=view.code)
        if view.nearby != self._nearby:
            self._nearby = view.nearby
            self._fill(view.nearby)

    def _fill(self, nearby: tuple[Nearby, ...]) -> None:
        box = self.ids.places
        box.clear_widgets()
        for number, one in enumerate(nearby, start=1):
            box.add_widget(_card(number, one, self.words))
        if any(one.offset is not None for one in nearby):
            box.add_widget(NearbyMap(nearby, self.words))


def _card(number: int, one: Nearby, words: Words) -> Surface:
    """A place: how to find it, when it is open, whom to call."""
    card = Surface(grow=True, padding=(24, 20), spacing=tokens.GAP)
    card.add_widget(Number(number, pos_hint={"center_y": 0.5}))
    lines = BoxLayout(orientation="vertical", size_hint_y=None, spacing=4, pos_hint={"center_y": 0.5})
    lines.fbind("minimum_height", lines.setter("height"))
    head = BoxLayout(size_hint_y=None, height=56, spacing=tokens.GAP_SMALL)
    far = distance_said(one, words)
    head.add_widget(Text(plain=one.name, kind="body", bold=True, wrap=False, pos_hint={"center_y": 0.5}))
    if one.sample:
        head.add_widget(Tag(plain=words("mark.sample"), look="notice", pos_hint={"center_y": 0.5}))
    head.add_widget(Widget())
    lines.add_widget(head)
    hours = words("nearby.hours", hours=one.hours) if one.hours else ""
    for parts, tone in (((far,), "city"), ((one.address, one.way), "soft"), ((hours, one.phone), "soft")):
        told = " · ".join(part for part in parts if part)
        if told:
            lines.add_widget(Text(plain=told, kind="small", tone=tone))
    card.add_widget(lines)
    return card
