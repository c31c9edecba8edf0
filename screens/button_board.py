"""The window of the demo's control panel: a tab for each device, with buttons, switches and fields.

What they do is the caller's; see `tools.demo.panel`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.scrollview import ScrollView
from kivy.uix.textinput import TextInput
from kivy.uix.widget import Widget

from screens.theme import fonts, tokens
from screens.widgets.button import PushButton
from screens.widgets.lens import zoomed
from screens.widgets.surface import Surface
from screens.widgets.text import Text

_ROW_HEIGHT = 78
_PER_ROW = 3
_LOOK_S = 1.0  # values move by themselves: paper runs off the roll, a fault happens once
_STEP_WIDTH = 84

SIZE = (900, 1560)  #: as it is laid out, pixels
ZOOM = 0.6  #: fits beside the kiosk on an office screen


@dataclass(frozen=True, slots=True)
class Button:
    """One button and what it does."""

    text: str
    turn: Callable[[], str]  #: what to tell of it, "" when all is well


@dataclass(frozen=True, slots=True)
class Group:
    """Buttons that belong together."""

    title: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Dial:
    """One thing that has a value."""

    name: str
    text: str
    kind: str  #: "switch", "number" or "text"


class Dials(Protocol):
    """The dials of one device."""

    @property
    def dials(self) -> tuple[Dial, ...]:
        """In their order."""
        ...

    def look(self) -> Mapping[str, str]:
        """What each dial says now; a switch says "on" or "off". {} when it cannot be told."""
        ...

    def put(self, name: str, text: str) -> str:
        """Put a dial; what to tell of it, "" when all is well."""
        ...

    def step(self, name: str, steps: int) -> str:
        """Turn a number up or down by so many steps; what to tell of it."""
        ...


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the panel."""

    title: str
    groups: tuple[Group, ...]
    dials: Dials | None = None


class _Row(BoxLayout):
    """A dial's name and what turns it."""

    def __init__(
        self, dial: Dial, dials: Dials, tell: Callable[[str], None], on_off: tuple[str, str]
    ) -> None:
        super().__init__(spacing=8, size_hint_y=None, height=_ROW_HEIGHT)
        self.name = dial.name
        self._dials, self._tell, self._on_off = dials, tell, on_off
        self._said = ""
        self.add_widget(Text(plain=dial.text, kind="quiet", size_hint_x=1.2, pos_hint={"center_y": 0.5}))
        self._switch: PushButton | None = None
        self._field: TextInput | None = None
        if dial.kind == "switch":
            self._switch = self._button("", self._flip)
            return
        if dial.kind == "number":
            self._button("−", partial(self._step, -1), _STEP_WIDTH)
        self._field = TextInput(
            multiline=False, font_name=fonts.SANS, font_size=tokens.QUIET, padding=(12, 14), write_tab=False
        )
        self._field.bind(on_text_validate=self._enter, focus=self._left)
        self.add_widget(self._field)
        if dial.kind == "number":
            self._button("+", partial(self._step, 1), _STEP_WIDTH)

    def show(self, said: str) -> None:
        """Show what the dial says, unless somebody is writing."""
        self._said = said
        if self._switch is not None:
            on = said == "on"
            self._switch.plain, self._switch.look = self._on_off[not on], "city" if on else "side"
        elif self._field is not None and not self._field.focus:
            self._field.text = said

    def _button(self, text: str, turn: Callable[[], None], width: int | None = None) -> PushButton:
        size = {} if width is None else {"size_hint_x": 0.25}
        button = PushButton(plain=text, kind="quiet", padding=(8, 0), touch_key=f"{self.name}.{text}", **size)
        button.bind(on_tap=lambda *_: turn())
        self.add_widget(button)
        return button

    def _flip(self) -> None:
        self._tell(self._dials.put(self.name, "off" if self._said == "on" else "on"))

    def _step(self, steps: int) -> None:
        self._tell(self._dials.step(self.name, steps))

    def _left(self, field: TextInput, has_focus: bool) -> None:
        if not has_focus:
            self._enter(field)

    def _enter(self, field: TextInput) -> None:
        if field.text != self._said:
            self._tell(self._dials.put(self.name, field.text))


class BoardApp(App):
    """The panel's window."""

    def __init__(self, title: str, tabs: tuple[Tab, ...], on_off: tuple[str, str]) -> None:
        super().__init__()
        self.title = title
        self._tabs, self._on_off = tabs, on_off
        self._heads: list[PushButton] = []
        self._rows: list[_Row] = []
        self._tab = tabs[0]

    def build(self) -> Widget:
        """The tabs, the page of one of them, and a line for what went wrong."""
        Window.clearcolor = tokens.PAPER
        board = BoxLayout(orientation="vertical", padding=14, spacing=12)
        for first in range(0, len(self._tabs), _PER_ROW):
            board.add_widget(self._head(self._tabs[first : first + _PER_ROW]))
        self._place = ScrollView(do_scroll_x=False, scroll_type=["bars", "content"], bar_width=14)
        self._note = Text(plain="", kind="quiet", tone="wrong")
        board.add_widget(self._place)
        board.add_widget(self._note)
        self.open_tab(self._tab)
        Clock.schedule_interval(lambda _: self._look(), _LOOK_S)
        return zoomed(board, SIZE, ZOOM)

    def open_tab(self, tab: Tab) -> None:
        """Show one page."""
        self._tab = tab
        for head, one in zip(self._heads, self._tabs, strict=True):
            head.look = "city" if one is tab else "side"
        page = BoxLayout(orientation="vertical", spacing=12, size_hint_y=None, padding=(0, 0, 20, 0))
        page.bind(minimum_height=page.setter("height"))
        for group in tab.groups:
            page.add_widget(self._card(group))
        self._rows = []
        if tab.dials is not None:
            self._rows = [_Row(dial, tab.dials, self.tell, self._on_off) for dial in tab.dials.dials]
            card = Surface(orientation="vertical", padding=14, spacing=8, grow=True)
            for row in self._rows:
                card.add_widget(row)
            page.add_widget(card)
        self._place.clear_widgets()
        self._place.add_widget(page)
        self._place.scroll_y = 1
        self._note.plain = ""
        self._look()

    def tell(self, note: str) -> None:
        """Show what came of a touch, and the values as they are now."""
        self._note.plain = note
        self._look()

    def _look(self) -> None:
        said = self._tab.dials.look() if self._tab.dials is not None else {}
        for row in self._rows:
            if row.name in said:
                row.show(said[row.name])

    def _head(self, tabs: tuple[Tab, ...]) -> BoxLayout:
        line = BoxLayout(spacing=8, size_hint_y=None, height=_ROW_HEIGHT)
        for tab in tabs:
            head = PushButton(plain=tab.title, kind="quiet", padding=(8, 0), touch_key=f"tab.{tab.title}")
            head.bind(on_tap=lambda _, tab=tab: self.open_tab(tab))
            self._heads.append(head)
            line.add_widget(head)
        return line

    def _card(self, group: Group) -> Surface:
        card = Surface(orientation="vertical", padding=14, spacing=8, grow=True)
        card.add_widget(Text(plain=group.title, kind="quiet", bold=True))
        for first in range(0, len(group.buttons), _PER_ROW):
            row = BoxLayout(spacing=8, size_hint_y=None, height=_ROW_HEIGHT)
            for wanted in group.buttons[first : first + _PER_ROW]:
                button = PushButton(
                    plain=wanted.text, kind="quiet", padding=(8, 0), touch_key=f"knob.{wanted.text}"
                )
                button.bind(on_tap=lambda _, turn=wanted.turn: self.tell(turn()))
                row.add_widget(button)
            card.add_widget(row)
        return card

    def load_kv(self, filename: str | None = None) -> None:
        """No kv file."""

    def get_application_config(self, defaultpath: str = "") -> str:
        """No settings file of Kivy's."""
        return ""


def run(title: str, tabs: tuple[Tab, ...], on_off: tuple[str, str], font_folder: str) -> None:
    """Show the board until its window closes. `screens.env.prepare` must have run before."""
    fonts.register(Path(font_folder))
    BoardApp(title, tabs, on_off).run()
