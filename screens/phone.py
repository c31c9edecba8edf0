"""Her phone takes the pictures: the code to scan, three steps, and what the phone has done so far."""

from typing import Any

from kiosk.journey.events import Continue, TryAgain
from kiosk.journey.views import Phone
from screens.base import Desk, StepScreen
from screens.done import StepLine
from screens.widgets.action_bar import Action
from screens.widgets.qr import QrCode

_STEPS = ("one", "two", "three")
#: state of the phone → (mood of its line, icon)
_LOOKS = {
    "asking": ("city", "timer-sand"),
    "waiting": ("city", "cellphone"),
    "opened": ("good", "cellphone-check"),
    "arrived": ("good", "check-circle-outline"),
    "working": ("good", "check-circle-outline"),
    "over": ("tip", "timer-off-outline"),
}


class PhoneScreen(StepScreen):
    """See `phone.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        for number, step in enumerate(_STEPS, start=1):
            self.ids.steps.add_widget(StepLine(number, self.words(f"phone.step.{step}")))

    def draw(self, view: Phone) -> None:
        """Code, minutes, state."""
        no_link = view.state == "over" and view.trouble.startswith("U")
        self.sentence = self._what_to_do(view, no_link)
        self.quiet = self.words("phone.which", kept=view.kept, most=view.max_pages)
        code: QrCode = self.ids.qr
        if code.content != view.url:
            code.content = view.url
        without = "wifi-off" if no_link else "qrcode-remove" if view.state == "over" else "timer-sand"
        self.ids.void.name = "" if view.url else without
        void = self.words("phone.void") if view.state == "over" and not no_link else ""
        minutes = self.words("phone.minutes", minutes=view.minutes_left)
        self.ids.minutes.plain = minutes if view.url else void
        self.wait_for(
            "phone" if view.state == "asking" else "page" if view.working else "", said=not view.working
        )
        self._say_state(view)
        tip = self.ids.tip
        tip.mood = "wrong" if view.trouble and not no_link else "city"
        tip.plain = (
            self.words(f"errors.{view.trouble}.citizen")
            if view.trouble and not no_link
            else self.words("phone.safe")
        )
        self._offer(view, "capture.try_again" if no_link else "phone.new_code")

    def _what_to_do(self, view: Phone, no_link: bool) -> str:
        if no_link:
            return self.words("phone.no_link")
        if view.kept >= view.max_pages:
            return self.words("phone.full")
        if view.slow:
            return self.words("phone.slow")
        if view.state in ("asking", "over"):
            return self.words(f"phone.{view.state}")
        if view.trouble:
            return self.words("phone.again")
        if view.arrived or view.state == "opened":
            return self.words("phone.arrived" if view.arrived else "phone.opened")
        return self.words("phone.scan", name=view.material.name)

    def _say_state(self, view: Phone) -> None:
        """What the phone did last, in one line."""
        state: str = view.state
        if state == "opened" and view.arrived:
            state = "working" if view.working else "arrived"
        line = self.ids.state
        line.mood, line.icon = _LOOKS[state]
        line.plain = self.words(f"phone.state.{state}", count=view.arrived)

    def _offer(self, view: Phone, again: str) -> None:
        done = Action("action.continue", self.words("phone.done"), Continue(), "check")
        new_code = Action("action.try_again", self.words(again), TryAgain(), "refresh")
        offered = (*((new_code,) if view.state == "over" else ()), *((done,) if view.enough else ()))
        self.offer(*offered)

    def leave(self) -> None:
        """The code goes from the glass."""
        self.ids.qr.content = ""
