"""A window full of buttons, for whoever plays the cabinet in the demo: lay a card on, pull a plug, cut the network."""

from collections.abc import Callable
from dataclasses import dataclass

from kivy.app import App
from kivy.core.window import Window
from kivy.uix.boxlayout import BoxLayout

from screens.theme import fonts, tokens
from screens.widgets.button import PushButton
from screens.widgets.surface import Surface
from screens.widgets.text import Text

_ROW_HEIGHT = 72
_PER_ROW = 3


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

    def build(self) -> BoxLayout:
        """One card a group."""
        Window.clearcolor = tokens.PAPER
        board = BoxLayout(orientation="vertical", padding=24, spacing=16)
        for group in self._groups:
            board.add_widget(self._card(group))
        board.add_widget(BoxLayout())
        return board

    def _card(self, group: Group) -> Surface:
        card = Surface(orientation="vertical", padding=20, spacing=12, grow=True)
        card.add_widget(Text(plain=group.title, kind="quiet", bold=True, size_hint_y=None, height=40))
        for first in range(0, len(group.knobs), _PER_ROW):
            row = BoxLayout(spacing=12, size_hint_y=None, height=_ROW_HEIGHT)
            for knob in group.knobs[first : first + _PER_ROW]:
                button = PushButton(plain=knob.text, kind="quiet", touch_key=f"knob.{knob.text}")
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
