"""Done: 已收件 with the case number, or 已暂存 with the local number; what happens next; the receipt and its QR."""

from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle, RoundedRectangle
from kivy.properties import BooleanProperty, OptionProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.journey.events import Continue, Reprint, ShowTips, Skip
from kiosk.journey.views import Done
from screens.base import Desk, StepScreen
from screens.theme import tokens
from screens.widgets.action_bar import Action
from screens.widgets.qr import QrCode
from screens.widgets.text import Text
from screens.widgets.waiting import SLOW_AFTER_S

#: hexadecimal digits of a local number that stand together
_GROUP = 4


class SlipPicture(Widget):
    """A drawing of the slip: on its way out of the slot, ready to take, or not coming."""

    state = OptionProperty("printing", options=["printing", "printed", "failed"])

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        for name in ("pos", "size", "state"):
            self.fbind(name, self._draw)

    def _draw(self, *_: object) -> None:
        out = {"printing": 0.55, "printed": 0.86, "failed": 0.12}[self.state]
        wide, slot_high = self.width * 0.62, 26
        top = self.y + self.height - slot_high
        paper = (self.height - slot_high) * out
        left = (self.x + self.width / 2) - wide / 2
        self.canvas.clear()
        with self.canvas:
            Color(*tokens.SHADOW[:3], 0.14)
            Rectangle(pos=(left + 5, top - paper - 5), size=(wide, paper))
            Color(*tokens.WHITE)
            Rectangle(pos=(left, top - paper), size=(wide, paper))
            Color(*tokens.INK[:3], 0.55)
            for number, share in enumerate((0.5, 0.8, 0.65, 0.8, 0.4, 0.7)):
                y = top - paper + 26 + number * 24
                if y < top - 20:
                    Rectangle(pos=(left + wide * 0.1, y), size=(wide * share, 7))
            Color(*tokens.CITY)
            RoundedRectangle(pos=(self.x, top), size=(self.width, slot_high), radius=[10])


class StepLine(BoxLayout):
    """A numbered line of what happens next."""

    def __init__(self, number: int, text: str, **properties: Any) -> None:
        super().__init__(size_hint_y=None, spacing=20, **properties)
        line = Text(plain=text, pos_hint={"top": 1})
        mark = Text(plain=f"{number}.", wrap=False, bold=True, tone="city", pos_hint={"top": 1})
        self.add_widget(mark)
        self.add_widget(line)
        line.fbind("height", lambda _, high: setattr(self, "height", high))


class DoneScreen(StepScreen):
    """See `done.kv`."""

    received = BooleanProperty(True)
    failed = BooleanProperty(False)  #: no paper: the QR code takes its place

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._steps: tuple[str, ...] | None = None
        self._slow = Clock.create_trigger(self._tell_slow, SLOW_AFTER_S)

    def draw(self, view: Done) -> None:
        """The number first, then the paper, then what comes."""
        self.received, self.failed = view.received, view.receipt == "failed"
        state = "received" if view.received else "stored"
        self.sentence = self.words(f"done.do.{view.receipt}")
        self._wait(printing=view.receipt == "printing")
        self.ids.title.plain = self.words(f"done.{state}.title")
        self.ids.label.plain = self.words(f"done.{state}.label")
        self.ids.number.plain = grouped_number(view.number)
        self.ids.means.plain = self.words(f"done.{state}.means", pages=view.pages)
        self.ids.saved.plain = self.words("list.comma").join(
            self.words(f"saved.{one.kind}", count=one.before - one.after) for one in view.saved
        )
        self._show_receipt(view)
        self._show_steps(view.next_steps)
        tips = Action("action.tips", self.words("done.tips"), ShowTips(), "lightbulb-on-outline")
        reprint = Action("action.reprint", self.words("done.reprint"), Reprint(), "printer-outline")
        self.offer(
            Action("action.continue", self.words("done.rate"), Continue(), "emoticon-happy-outline"),
            *((reprint,) if self.failed else ()),
            *((tips,) if view.tips else ()),
            Action("action.skip", self.words("evaluate.skip"), Skip()),
        )

    def _wait(self, *, printing: bool) -> None:
        """A bar beside the slip; in the quiet line what it means when it takes long."""
        busy = self.ids.busy
        if printing == bool(busy.opacity):
            return
        busy.opacity, busy.moving, self.quiet = float(printing), printing and not self.desk.still, ""
        if printing and not self.desk.still:
            self._slow()
        else:
            self._slow.cancel()

    def _tell_slow(self, *_: object) -> None:
        self.quiet = self.words("wait.slip.slow")

    def leave(self) -> None:
        """Nothing moves any more."""
        self._wait(printing=False)

    def _show_receipt(self, view: Done) -> None:
        self.ids.slip.state = view.receipt
        self.ids.receipt.plain = self.words(f"done.receipt.{view.receipt}")
        code: QrCode = self.ids.qr
        code.content = view.qr
        trouble = self.words(f"errors.{view.receipt_trouble}.citizen") if view.receipt_trouble else ""
        self.ids.trouble.plain = trouble if self.failed else ""
        self.ids.scan.plain = self.words("done.scan_large" if self.failed else "done.scan")

    def _show_steps(self, steps: tuple[str, ...]) -> None:
        if steps != self._steps:
            self._steps = steps
            self.ids.steps.clear_widgets()
            for number, text in enumerate(steps, start=1):
                self.ids.steps.add_widget(StepLine(number, text))


def grouped_number(number: str) -> str:
    """A number as it is read out: at its own hyphens when it has some, else in fours."""
    if "-" in number:
        return number
    return " ".join(number[at : at + _GROUP] for at in range(0, len(number), _GROUP))
