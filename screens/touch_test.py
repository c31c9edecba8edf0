"""Every field of the glass wants to be hit once: what stays pale is where the glass is deaf."""

from typing import Any

from kivy.uix.gridlayout import GridLayout

from kiosk.journey.views import TouchTest
from kiosk.tending.events import Dot, Judge
from screens.base import Desk, Screen
from screens.theme import tokens
from screens.widgets.button import PushButton
from screens.widgets.text import Text


class TouchTestScreen(Screen):
    """The whole glass; no frame could be reached otherwise."""

    has_foot = True

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, padding=tokens.GAP_SMALL, spacing=tokens.GAP_SMALL, **properties)
        self._said = Text(kind="body", bold=True, halign="center", balance=True)
        self._grid = GridLayout(spacing=tokens.STEP)
        deaf = PushButton(
            plain=self.words("touch_test.deaf"),
            look="side",
            kind="body",
            touch_key="tending.no",
            size_hint_y=None,
            height=tokens.ROW,
        )
        deaf.bind(on_tap=lambda _: self.post(Judge(False)))
        for part in (self._said, self._grid, deaf):
            self.add_widget(part)
        for name in ("low", "height"):
            self.fbind(name, self._lie)

    def _lie(self, *_: object) -> None:
        """Whoever reaches only the lower part tests that."""
        above = self.height * (1 - self.reach) if self.low else 0
        self.padding = (tokens.GAP_SMALL, tokens.GAP_SMALL + above, tokens.GAP_SMALL, tokens.GAP_SMALL)

    def draw(self, view: TouchTest) -> None:
        """What was hit is filled."""
        columns, rows = (view.rows, view.columns) if self.wide else (view.columns, view.rows)
        if len(self._grid.children) != columns * rows:
            self._grid.clear_widgets()
            self._grid.cols = columns
            for number in range(columns * rows):
                self._grid.add_widget(self._field(number))
        self._said.plain = self.words("touch_test.sentence", left=columns * rows - len(view.hit))
        for number, field in enumerate(reversed(self._grid.children)):
            hit = number in view.hit
            field.look, field.icon, field.plain = (
                ("city", "check", "") if hit else ("plain", "", str(number + 1))
            )

    def _field(self, number: int) -> PushButton:
        field = PushButton(plain=str(number + 1), look="plain", kind="body", touch_key=f"dot.{number}")
        field.said = self.words("touch_test.field", number=number + 1)
        field.bind(on_tap=lambda _: self.post(Dot(number)))
        return field
