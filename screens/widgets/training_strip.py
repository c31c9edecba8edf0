"""Above every screen of a training: nothing of it is real, and the way back to what is."""

from collections.abc import Callable
from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.journey.events import CitizenEvent
from kiosk.tending.events import EndTraining
from screens.theme import tokens
from screens.widgets.button import PushButton
from screens.widgets.text import Text

HEIGHT = 84


class TrainingStrip(BoxLayout):
    """One line over the whole width, in a colour that no real screen has there."""

    def __init__(
        self, words: Callable[..., str], post: Callable[[CitizenEvent], None], **properties: Any
    ) -> None:
        super().__init__(
            size_hint_y=None,
            height=HEIGHT,
            padding=(tokens.MARGIN, tokens.STEP),
            spacing=tokens.GAP,
            **properties,
        )
        with self.canvas.before:
            Color(*tokens.WRONG)
            self._ground = Rectangle()
        for name in ("pos", "size"):
            self.fbind(name, self._place)
        said = Text(plain=words("training.strip"), kind="small", bold=True, tone="white")
        said.wrap, said.pos_hint = False, {"center_y": 0.5}
        end = PushButton(
            plain=words("training.leave"),
            look="plain",
            kind="small",
            touch_key="training.end",
            size_hint_x=None,
            pos_hint={"center_y": 0.5},
        )
        end.bind(on_tap=lambda _: post(EndTraining()))
        for part in (said, Widget(), end):  # the way out stands at the right
            self.add_widget(part)

    def _place(self, *_: object) -> None:
        self._ground.pos, self._ground.size = self.pos, self.size
