"""A window full of buttons, for whoever plays the cabinet in the demo: lay a card on, pull a plug, cut the network."""

from collections.abc import Callable
from dataclasses import dataclass

from kivy.app import App
from kivy.core.window import Window
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from screens.theme import fonts, tokens
from screens.widgets.button import PushButton
from screens.widgets.lens import zoomed
from screens.widgets.surface import Surface
from screens.widgets.text import Text

_ROW_HEIGHT = 90
_PER_ROW = 3

SIZE = (900, 1560)  #: as it is laid out, pixels
ZOOM = 0.6  #: fits beside the kiosk on an office screen


@dataclass(frozen=True, slots=True)
class Knob:
    """One button and what it does."""

    text: str
    turn: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Group:
    """Buttons that belong to one device."""

    title: str
    knobs: tuple[Knob, ...]


class BoardApp(App):
    """The panel's window."""

    def __init__(self, title: str, groups: tuple[Group, ...]) -> None:
        super().__init__()
        self.title = title
        self._groups = groups

    def build(self) -> Widget:
        """One card a group."""
        Window.clearcolor = tokens.PAPER
        board = BoxLayout(orientation="vertical", padding=14, spacing=12)
        for group in self._groups:
            board.add_widget(self._card(group))
        board.add_widget(BoxLayout())
        return zoomed(board, SIZE, ZOOM)

    def _card(self, group: Group) -> Surface:
        card = Surface(orientation="vertical", padding=14, spacing=8, grow=True)
        card.add_widget(Text(plain=group.title, kind="quiet", bold=True))
        for first in range(0, len(group.knobs), _PER_ROW):
            row = BoxLayout(spacing=8, size_hint_y=None, height=_ROW_HEIGHT)
            for knob in group.knobs[first : first + _PER_ROW]:
                button = PushButton(
                    plain=knob.text, kind="quiet", padding=(8, 0), touch_key=f"knob.{knob.text}"
                )
                button.bind(on_tap=lambda _, turn=knob.turn: turn())
                row.add_widget(button)
            card.add_widget(row)
        return card

    def load_kv(self, filename: str | None = None) -> None:
        """No kv file."""

    def get_application_config(self, defaultpath: str = "") -> str:
        """No settings file of Kivy's."""
        return ""


def run(title: str, groups: tuple[Group, ...], font_folder: str) -> None:
    """Show the board until its window closes. `screens.env.prepare` must have run before."""
    from pathlib import Path

    fonts.register(Path(font_folder))
    BoardApp(title, groups).run()
