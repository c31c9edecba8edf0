"""Setting up: a cross on an empty glass; where it is touched tells how far the touches are off."""

from typing import Any, Final

from kivy.graphics import Color, SmoothEllipse, SmoothLine
from kivy.input.motionevent import MotionEvent
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.boxlayout import BoxLayout

from kiosk.journey.events import Back, Skip
from kiosk.setup.events import Pointed
from kiosk.setup.views import SetupTouch
from screens.base import Desk, Screen
from screens.theme import tokens
from screens.widgets.button import PushButton
from screens.widgets.text import Text

_ARM: Final = 60  #: pixels from the middle of the cross to its end
_DISC: Final = 28


class SetupTouchScreen(Screen):
    """The whole glass; sentence and two buttons stand between the upper crosses and the middle one."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._at = (0.5, 0.5)
        self._sentence = Text(kind="large", bold=True, halign="center")
        self._again = Text(kind="body", tone="wrong", halign="center")
        self._skip = PushButton(plain=self.words("setup.skip"), look="plain", touch_key="action.skip")
        self._skip.bind(on_tap=lambda _: self.post(Skip()))
        back = PushButton(plain=self.words("action.back"), look="plain", touch_key="action.back")
        back.bind(on_tap=lambda _: self.post(Back()))
        self._buttons = BoxLayout(size_hint_y=None, height=tokens.ACTION, spacing=tokens.GAP)
        self._buttons.add_widget(back)
        self._box = BoxLayout(
            orientation="vertical", size_hint=(0.62, None), spacing=tokens.GAP, pos_hint={"center_x": 0.5}
        )
        self._box.fbind("minimum_height", self._box.setter("height"))
        for part in (self._sentence, self._again, self._buttons):
            self._box.add_widget(part)
        place = AnchorLayout(anchor_y="bottom", padding=(0, 0, 0, tokens.MARGIN))
        place.add_widget(self._box)
        self.add_widget(place)
        for name in ("pos", "size"):
            self.fbind(name, self._draw_cross)

    def draw(self, view: SetupTouch) -> None:
        """The next cross."""
        self._sentence.plain = self.words("setup.touch_point", number=view.number, of=view.of)
        self._again.plain = self.words("setup.problem.W118") if view.again else ""
        self._at = (view.x, view.y)
        if view.may_skip and self._skip.parent is None:
            self._buttons.add_widget(self._skip)
        self._draw_cross()

    def _draw_cross(self, *_: object) -> None:
        x, y = self.x + self._at[0] * self.width, self.y + (1 - self._at[1]) * self.height
        self.canvas.after.clear()
        with self.canvas.after:
            Color(*tokens.CITY)
            SmoothLine(points=(x - _ARM, y, x + _ARM, y), width=3)
            SmoothLine(points=(x, y - _ARM, x, y + _ARM), width=3)
            SmoothEllipse(pos=(x - _DISC / 2, y - _DISC / 2), size=(_DISC, _DISC))

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Wherever it is touched, but on a button, is meant for the cross."""
        if (
            super().on_touch_up(touch)
            or touch.grab_current is not None
            or self._buttons.collide_point(*touch.pos)
        ):
            return True
        self.post(Pointed(float(touch.sx), 1 - float(touch.sy)))
        return True
