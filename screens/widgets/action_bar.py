"""The foot of every step: 返回 left, alternatives in the middle, the main action right; below, leaving."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.input.motionevent import MotionEvent
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.journey.events import AskHelp, AskLeave, AskLook, Back, CitizenEvent
from kiosk.journey.views import Chrome
from kiosk.tending.events import Quit
from screens.theme import tokens
from screens.widgets.button import CLOSEST, SIDE, PushButton
from screens.widgets.captions import PILL, say_pill
from screens.widgets.text import Text

Words = Callable[..., str]

QUIET_LINE = 44
_SQUAT_ACTION = 104
_SHRUNK = 0.7  #: of the room that words want, at which they still stand calmly in two lines
_CALM = 280  #: pixels: the least width of an action beside the foot


@dataclass(frozen=True, slots=True)
class Action:
    """What a button of the action bar offers."""

    key: str  #: touch key, "action.continue"
    text: str
    does: CitizenEvent | Callable[[], None]  #: what is posted, or what the screen does by itself
    icon: str = ""
    enabled: bool = True


class FootBar(BoxLayout):
    """Rebuilt only when what it offers changes; the countdown is written in place."""

    reads_whole = True
    height: float
    hidden = BooleanProperty(False)
    squat = BooleanProperty(False)  #: on a wide glass in large print: lower buttons

    def __init__(self, words: Words, post: Callable[[CitizenEvent], None], **properties: Any) -> None:
        super().__init__(
            orientation="vertical",
            size_hint_y=None,
            padding=(tokens.MARGIN, tokens.GAP, tokens.MARGIN, tokens.GAP_SMALL),
            spacing=tokens.GAP_SMALL,
            **properties,
        )
        self._words, self._post = words, post
        self._offered: object = None
        self._empty = True
        with self.canvas.before:
            Color(*tokens.CARD)
            self._ground = Rectangle()
            Color(*tokens.LINE)
            self._line = Rectangle()
        self._row = BoxLayout(spacing=tokens.GAP, size_hint_y=None, height=tokens.ACTION)
        self._more = BoxLayout(
            spacing=tokens.GAP, size_hint_y=None, height=0
        )  #: alternatives, in large print
        self._foot = FootRow(words, post)
        self.add_widget(self._row)
        self.add_widget(self._foot)
        for name in ("minimum_height", "hidden"):
            self.fbind(name, self._take_room)
        for name in ("width", "squat"):
            self.fbind(name, self._stand)
        self._foot.fbind("line_width", self._stand)
        self.fbind("pos", self._draw)
        self.fbind("size", self._draw)

    def offer(self, main: Action | None, sides: tuple[Action, ...], chrome: Chrome) -> None:
        """Show these actions, 返回 when the chrome allows it, and the foot."""
        self._foot.show(chrome)
        offered = (main, sides, chrome.can_go_back)
        if offered == self._offered:
            return
        self._offered = offered
        self._row.clear_widgets()
        self._more.clear_widgets()
        if chrome.can_go_back:
            back = Action("action.back", self._words("action.back"), Back(), "arrow-left")
            self._row.add_widget(self._button(back, "side", size_hint_x=None))
        for action in sides:
            self._row.add_widget(self._button(action, "side", size_hint_x=1, kind="body"))
        if main is not None:
            self._row.add_widget(self._button(main, "main", size_hint_x=1.6 if sides else 1))
        elif not sides:
            self._row.add_widget(Widget())
        empty = main is None and not sides and not chrome.can_go_back
        self._empty = empty
        self._stand()

    def _stand(self, *_: object) -> None:
        """On a wide glass buttons and foot stand beside each other where they fit."""
        self._row.height = 0 if self._empty else _SQUAT_ACTION if self.squat else tokens.ACTION
        buttons = (*self._row.children, *self._more.children)
        wanted = self._foot.line_width + tokens.GAP_LARGE + sum(_wanted(button) for button in buttons)
        beside = tokens.WIDE and not self._empty and wanted <= self.width - 2 * tokens.MARGIN
        self.orientation = "horizontal" if beside else "vertical"
        self.spacing = tokens.GAP_LARGE if beside else tokens.GAP_SMALL
        self.padding = (
            tokens.MARGIN,
            tokens.GAP_SMALL if tokens.WIDE else tokens.GAP,
            tokens.MARGIN,
            tokens.GAP_SMALL,
        )
        self._foot.beside = beside
        self._foot.size_hint_x = None if beside else 1
        self._foot.pos_hint = {"center_y": 0.5} if beside else {}
        if beside:
            self._foot.width = self._foot.line_width
        self._spread(beside)
        more = (self._more,) if self._more.children else ()
        wanted_order = (self._foot, self._row) if beside else (*more, self._row, self._foot)
        if tuple(reversed(self.children)) != wanted_order:
            self.clear_widgets()
            for part in wanted_order:
                self.add_widget(part)

    def _spread(self, beside: bool) -> None:
        """Alternatives go above the main action where they would be torn beside it."""
        buttons = list(reversed(self._more.children)) + list(reversed(self._row.children))
        sides = [button for button in buttons if getattr(button, "kind", "") == "body"]
        room = self.width - 2 * tokens.MARGIN - tokens.GAP * (len(buttons) - 1)
        shares = (1.0 if button.size_hint_x is None else _SHRUNK for button in buttons)
        wanted = (float(getattr(button, "content_width", 0)) for button in buttons)
        torn = sum(share * want for share, want in zip(shares, wanted, strict=True)) > room
        apart = bool(sides) and torn and not beside
        if apart != bool(self._more.children):
            order = sorted(buttons, key=lambda button: (button in sides, button.touch_key != "action.back"))
            for box in (self._more, self._row):
                box.clear_widgets()
            back = [button for button in order if button.touch_key == "action.back"]
            rest = [button for button in order if button not in sides and button not in back]
            for button in (*back, *(() if apart else sides), *rest):
                self._row.add_widget(button)
            for button in sides if apart else ():
                self._more.add_widget(button)
        self._more.height = self._row.height if apart else 0

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Hidden buttons have no height of their own to keep them from being touched: a key lies there now."""
        return False if self.hidden else bool(super().on_touch_down(touch))

    def _take_room(self, *_: object) -> None:
        self.height, self.opacity = (0, 0) if self.hidden else (self.minimum_height, 1)

    def _button(self, action: Action, look: str, **properties: Any) -> PushButton:
        button = PushButton(
            plain=action.text,
            icon=action.icon,
            look=look,
            touch_key=action.key,
            enabled=action.enabled,
            **properties,
        )
        button.bind(on_tap=lambda _: self._do(action))
        return button

    def _do(self, action: Action) -> None:
        if callable(action.does):
            action.does()
        else:
            self._post(action.does)

    def _draw(self, *_: object) -> None:
        self._ground.pos, self._ground.size = self.pos, self.size
        self._line.pos, self._line.size = (self.x, self.y + self.height - 2), (self.width, 2)


def _wanted(button: Widget) -> float:
    """The room in which a button is still calm, with the gap beside it."""
    return max(_CALM, float(getattr(button, "content_width", 0))) + tokens.GAP


class FootRow(BoxLayout):
    """退出并清除我的信息 · being read to · large print · help: always at the same place; below, the remaining patience.

    Where they do not fit beside each other, leaving has a line of its own.
    """

    line_width = NumericProperty(0)  #: what all of it needs in one line, pixels
    beside = BooleanProperty(False)  #: it stands beside the buttons, in one line as wide as it needs

    def __init__(self, words: Words, post: Callable[[CitizenEvent], None], **properties: Any) -> None:
        super().__init__(orientation="vertical", size_hint_y=None, height=PILL, **properties)
        self._words, self._post = words, post
        self._soon = Clock.create_trigger(self._arrange, -1)  # a width may be worked out in several steps
        self._leave = self._pill("action.leave", "foot.leave", "logout-variant", AskLeave())
        self._look = self._pill("action.look", "foot.look", "format-size", AskLook())
        self._say = say_pill(words, post)
        self._help = self._pill("action.help", "foot.help", "face-agent", AskHelp())
        self._quit = self._pill("tending.quit", "tending.quit", "lock-outline", Quit())
        self._tended = self._inside = False  #: somebody looks after the terminal; and was let in
        self._patience = Text(
            kind="quiet", tone="soft", halign="center", balance=True, pos_hint={"center_y": 0.5}
        )
        self._rows: list[tuple[tuple[Widget, ...], bool]] = []
        self._can_leave = False
        self._ways: tuple[PushButton, ...] = (self._look,)
        self.fbind("width", self._arrange)
        self.fbind("minimum_height", self.setter("height"))
        for pill in (self._leave, self._say, self._look, self._help, self._quit):
            pill.fbind("content_width", self._soon)

    def show(self, chrome: Chrome) -> None:
        """Update the countdown; rebuild when leaving became possible or impossible."""
        seconds = chrome.patience_left_s
        said = "tending.patience" if chrome.tended else "foot.patience"
        self._patience.plain = "" if seconds is None else self._words(said, seconds=seconds)
        self._tended, self._inside = chrome.tended, bool(chrome.who)
        self._can_leave = chrome.can_leave
        self._ways = (self._say, self._look) if chrome.can_speak else (self._look,)
        pills = (*((self._leave,) if self._can_leave else ()), *self._ways, self._help)
        if self._tended:
            pills = (self._quit,) if self._inside else ()
        self.line_width = (
            sum(float(pill.content_width) + tokens.GAP_SMALL for pill in pills) + tokens.GAP_SMALL
        )
        self._arrange()

    def _arrange(self, *_: object) -> None:
        lines = self._lines()
        wanted = [(line, self._crowded(line)) for line in lines]
        if wanted == self._rows:
            return
        self._rows = wanted
        for row in self.children:
            row.clear_widgets()
        self.clear_widgets()
        for line in lines:
            self.add_widget(self._line(line))

    def _lines(self) -> tuple[tuple[Widget, ...], ...]:
        patience = (self._patience,) if self._patience.plain else ()
        if self._tended:
            way_out = ((self._quit,),) if self._inside else ()
            return way_out if self.beside else (*way_out, patience)
        if not self._can_leave and not self._fit(*self._ways, self._help, closer=2 * (SIDE - CLOSEST)):
            return (tuple(self._ways), (self._help, *patience))
        if not self._can_leave:
            return ((*self._ways, *patience, self._help),)
        lines: tuple[tuple[Widget, ...], ...]
        if tokens.WIDE and patience and not self.beside and self._all_fit():
            lines = ((self._leave, self._patience, *self._ways, self._help),)
        elif self._fit(self._leave, *self._ways, self._help, closer=2 * (SIDE - CLOSEST)):
            lines = ((self._leave, *self._ways, self._help), patience)
        elif self._fit(self._leave, self._help):
            lines = ((self._leave, self._help), (*self._ways, *patience))
        elif self._fit(*self._ways, self._help, closer=2 * (SIDE - CLOSEST)):
            lines = ((self._leave,), (*self._ways, self._help), patience)
        else:
            lines = ((self._leave,), self._ways, (self._help, *patience))
        return tuple(line for line in lines if line)

    def _fit(self, *pills: PushButton, closer: float = 0.0) -> bool:
        """`closer`: by so much each may be narrower than it likes."""
        needed = sum(float(pill.content_width) + tokens.GAP_SMALL - closer for pill in pills)
        return bool(self.beside) or needed <= float(self.width)

    def _all_fit(self) -> bool:
        words = self._patience.measure(self._patience.plain) + tokens.GAP_LARGE
        return bool(self.line_width + words <= self.width)

    def _crowded(self, parts: tuple[Widget, ...]) -> bool:
        """Whether they stand closer than they like."""
        return len(parts) > 2 and self._patience not in parts and not self._fit(*parts)

    def _line(self, parts: tuple[Widget, ...]) -> BoxLayout:
        alone = parts == (self._patience,)
        line = BoxLayout(size_hint_y=None, height=QUIET_LINE if alone else PILL, spacing=tokens.GAP_SMALL)
        crowded = self._crowded(parts)
        for pill in parts:
            if pill not in (self._patience, self._say):  # the shortest stays: narrower it would lose its icon
                pill.size_hint_x = float(pill.content_width) if crowded else None
        for number, part in enumerate(parts):
            if crowded:
                line.add_widget(part)
                continue
            if number == 1 and self._patience not in parts:
                line.add_widget(Widget())  # what is not leaving stands at the right
            line.add_widget(part)
        if parts in ((self._leave,), (self._quit,)):
            line.add_widget(Widget())
        return line

    def _pill(self, key: str, words: str, icon: str, event: CitizenEvent) -> PushButton:
        pill = PushButton(
            plain=self._words(words),
            icon=icon,
            look="bare",
            kind="small",
            touch_key=key,
            size_hint_x=None,
        )
        pill.bind(on_tap=lambda _: self._post(event))
        return pill
