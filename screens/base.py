"""What every screen is: it is given frozen views and draws them, and it posts what the citizen did.

`Screen` owns the whole window (idle, home, whole-screen questions). `StepScreen` adds the frame of a visit:
bar, step bar, the sentence that says what to do, a body, and the action bar.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.lang import Builder
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.focused import Focused
from kiosk.journey.events import CitizenEvent
from kiosk.journey.views import Chrome
from kiosk.preview import PreviewSlot
from screens.manners import WIDE_REACH
from screens.theme import tokens
from screens.widgets import shelf
from screens.widgets.action_bar import Action, FootBar
from screens.widgets.bar import Bar, OfflineStrip
from screens.widgets.captions import CaptionStrip, VoiceLine
from screens.widgets.fitting import filled
from screens.widgets.step_bar import StepBar
from screens.widgets.step_grid import StepGrid
from screens.widgets.text import Text
from screens.widgets.waiting import Progress, Waiting

Words = Callable[..., str]

#: every widget that a .kv file may name; held here so that all are known before the first file is read
WIDGETS = shelf.KNOWN


def _nobody_listens(focused: Focused) -> None:
    """Nothing is spoken."""


#: what step bar, heading and body need beside a keyboard, so that it is seen what is written about; pixels
_LEAST_BODY = 500
#: the least body of a screen that lies low; with a keyboard it reaches above the middle
_LEAST_LOW = 320
#: of any other body: on a high glass, and on a wide one
_LEAST_HIGH = 300
_LEAST_WIDE = 240
_LEAST_WIDE_LOW = 180


_UNLAID = 101  #: pixels; Kivy's boxes begin at 100
#: a wide screen lower than this is in large print; pixels
_LARGE_PRINT = 900


@dataclass(frozen=True, slots=True)
class Desk:
    """What a screen works with."""

    words: Words  #: a sentence by key, with facts: `words("foot.patience", seconds=88)`
    post: Callable[[CitizenEvent], None]  #: what the citizen did; stamped with the scene that she saw
    preview: PreviewSlot
    still: bool = False  #: nothing moves: pictures for tests, and people whom motion disturbs
    told: Callable[[Focused], None] = _nobody_listens  #: the keypad moved the focus here


class Screen(BoxLayout):
    """A whole window, on the paper that it is cleared with. Subclasses implement `draw`.

    `screens/<view>.kv` beside the module is read by itself.

    In kv: `root.words("brand")`; and with `#:import events kiosk.journey.events`
    `on_tap: root.post(events.Start())`.
    """

    low = BooleanProperty(False)  #: all that is touched lies in the lower half
    wide = BooleanProperty(False)  #: the glass is wider than high
    has_foot = False  #: its own foot offers to be read

    def __init__(self, desk: Desk, **properties: Any) -> None:
        self.desk, self.words, self.post = desk, desk.words, desk.post
        self.chrome = Chrome()
        self._voice: VoiceLine | None = None
        self.came_by: CitizenEvent | None = None  #: the touch that led here, None when the world did
        properties.setdefault("orientation", "vertical")
        properties.setdefault("wide", tokens.WIDE)
        super().__init__(**properties)
        self._named = tuple(part.__self__ for part in self.ids.values())  # kv's own references are weak

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Read the .kv file of the same name once, when the class is made."""
        super().__init_subclass__(**keywords)
        layout = Path(inspect.getfile(cls)).with_suffix(".kv")
        if layout.is_file():
            Builder.load_file(str(layout), encoding="utf-8")

    def show(self, view: Any, chrome: Chrome) -> None:
        """Draw this view, in place where possible. Called at each change, for the countdown once a second."""
        self.chrome = chrome
        self._offer_voice(chrome)
        self.draw(view)

    def _offer_voice(self, chrome: Chrome) -> None:
        """读 at the foot of a screen that has no other; what is being read beside it."""
        if self._voice is None and chrome.can_speak and not self.has_foot:
            self._voice = VoiceLine(self.words, self.post)
            super().add_widget(self._voice)
        if self._voice is not None:
            self._voice.show(chrome)

    def draw(self, view: Any) -> None:
        """Fill the widgets from the view."""
        raise TypeError(f"{type(self).__name__} draws nothing")

    @property
    def reach(self) -> float:
        """The share of the height, from below, that what is touched may use when it shall lie low.

        Half. In large print a wide glass gives as much as half of a high one: 263 of its 296 mm.
        """
        return WIDE_REACH if self.wide and self.height < _LARGE_PRINT else 0.5

    def leave(self) -> None:
        """The screen goes away: stop what moves, forget what is the citizen's."""


class StepScreen(Screen):
    """A step of a visit. Children (from kv or `add_widget`) go into `body`, the box between heading and foot.

    Set `sentence` (begins with what to do) and `quiet` (which of how many, how long) in kv or in `draw`,
    and call `self.offer(main, *sides)` in `draw`. 返回, 退出, patience and help come from the chrome.
    """

    has_foot = True
    sentence = StringProperty("")
    quiet = StringProperty("")

    def __init__(self, desk: Desk, **properties: Any) -> None:
        self._framed = False
        super().__init__(desk, **properties)

    def apply_class_lang_rules(self, *arguments: Any, **keywords: Any) -> None:
        """Build the frame before kv adds its children, so that they land in the body."""
        self._build_frame()
        super().apply_class_lang_rules(*arguments, **keywords)

    def _build_frame(self) -> None:
        self.bar = Bar()
        self.step_bar = StepBar(self.words)
        self.heading = Heading()
        self.body = filled((tokens.MARGIN, tokens.GAP, tokens.MARGIN, tokens.GAP))
        self.body.words = self.words
        self.actions = FootBar(self.words, self.post)
        self.offline = OfflineStrip()
        self.rest = Widget()  #: between what is read above and what is touched below, when that shall lie low
        self.grid = StepGrid(self.heading, self.rest, self.body)
        self.captions = CaptionStrip(side=tokens.MARGIN)
        self._frame = (self.bar, self.offline, self.step_bar, self.grid, self.captions, self.actions)
        for part in self._frame:
            super().add_widget(part)
        self._framed = True
        for name in ("low", "height"):
            self.fbind(name, self._lie)
            self.fbind(name, self._make_room)
        for part in (self.actions, self.captions):
            part.fbind("height", self._lie)
        self.actions.fbind("minimum_height", self._make_room)
        for part, name in (
            (self.heading, "minimum_height"),
            (self.offline, "height"),
            (self.step_bar, "full"),
        ):
            part.fbind(name, self._make_room)
        self.fbind("sentence", self._put_sentence)
        self.fbind("quiet", self._make_room)

    def add_widget(self, widget: Widget, *arguments: Any, **properties: Any) -> None:
        """Into the body."""
        if self._framed:
            self.body.add_widget(widget, *arguments, **properties)
        else:
            super().add_widget(widget, *arguments, **properties)

    def _put_sentence(self, *_: object) -> None:
        self.heading.sentence.plain = self.sentence
        self._make_room()

    def add_to_foot(self, widget: Widget) -> None:
        """A keyboard: between body and action bar over the whole width; on a wide glass at the right."""
        self.grid.open(widget)
        widget.fbind("height", self._make_room)
        self._make_room()

    def _make_room(self, *_: object) -> None:
        """Beside a keyboard in large print the frame goes first: the keyboard's own 完成 brings it back."""
        tight = self.grid.keyboard is not None and self._is_tight()
        self.actions.hidden = tight
        self.actions.squat = self.wide and self.height < tokens.SQUAT
        room = self.height - self.actions.minimum_height - self.offline.height
        room -= self.body_least() + (0 if self.wide else self.heading.minimum_height)
        squat = self.wide and self.height < tokens.SQUAT
        self.step_bar.hidden = tight or squat or room < self.bar.full + self.step_bar.full
        self.bar.hidden = tight or room < self.bar.full
        hidden = (self.bar.hidden, self.step_bar.hidden, tight)
        tops = (self.bar.full, self.step_bar.full, self.actions.minimum_height)
        frame = sum(high for away, high in zip(hidden, tops, strict=True) if not away) + self.offline.height
        below = 0 if self.wide and not tight else self.body_least()
        keys = 0 if self.wide else self.grid.keyboard_height
        quiet = "" if tight and not self.wide else self.quiet
        if not self.heading.fit(quiet, self.height - frame - below - keys) and self.wide:
            self.bar.hidden = True
        self._lie()

    def body_least(self) -> float:
        """The least height of a body, pixels: less on a wide glass, where its buttons stand at the side."""
        if self.low:
            return _LEAST_WIDE_LOW if self.wide else _LEAST_LOW
        return _LEAST_WIDE if self.wide else _LEAST_HIGH

    def _is_tight(self) -> bool:
        frame = tokens.BAR + self.actions.minimum_height  # as high as they are when they are shown
        room: float = self.height - self.grid.keyboard_height - frame
        return bool(self.wide) or room < _LEAST_BODY

    def _lie(self, *_: object) -> None:
        """Low: body and foot take the lower half; above it is what is only read."""
        low = self.low and not (self.wide and self.grid.keyboard is not None)
        self.rest.size_hint_y = 1 if low else None
        self.rest.height = 0
        self.body.size_hint_y = None if low else 1
        if low:
            foot = self.actions.height + self.captions.height
            keys = 0 if self.wide else self.grid.keyboard_height
            tops = self.bar.height + self.step_bar.height + self.offline.height
            room, most = self.height * self.reach - foot - keys, self.height - foot - tops
            self.body.height = min(max(self.body_least(), room), most) if self.wide else max(_LEAST_LOW, room)

    def remove_from_foot(self, widget: Widget) -> None:
        """Take it away again."""
        self.grid.close(widget)
        self._make_room()

    def remove_widget(self, widget: Widget, *arguments: Any, **properties: Any) -> None:
        """Out of the body."""
        self.body.remove_widget(widget, *arguments, **properties)

    def show(self, view: Any, chrome: Chrome) -> None:
        """Frame first, then the view."""
        self.bar.show(
            chrome.title or self.words("brand"),
            chrome.who,
            self.words("mark.sample") if chrome.sample else "",
        )
        said = "power.strip" if chrome.on_battery else "offline.strip" if chrome.offline else ""
        self.offline.plain = self.words(said) if said else ""
        self.step_bar.show(chrome.steps, chrome.step)
        self.captions.show(chrome)
        super().show(view, chrome)

    def offer(self, main: Action | None = None, *sides: Action) -> None:
        """The buttons of this moment: the one main action, and alternatives between it and 返回."""
        self.actions.offer(main, sides, self.chrome)

    def on_parent(self, *_: object) -> None:
        """Nothing runs on a screen that is gone."""
        if self.parent is None and self._framed:
            self.heading.waiting.over()
            for part in self.walk():
                if isinstance(part, Progress):
                    part.moving = False

    def wait_for(self, what: str, *, said: bool = False) -> None:
        """Words `wait.<what>.plain` and `.slow`, below the heading; "" when nothing is waited for.

        `said`: the sentence says already what is waited for.
        """
        plain = self.words(f"wait.{what}.plain") if what and not said else ""
        slow = self.words(f"wait.{what}.slow") if what else ""
        self.heading.waiting.wait_for(plain, slow, still=self.desk.still)

    def time_left(self) -> str:
        """The quiet "还需约 3 分钟", or "" when no honest estimate is known."""
        minutes = self.chrome.minutes_left
        return self.words("time.left", minutes=minutes) if minutes > 0 else ""

    def quietly(self, *parts: str) -> str:
        """Joins the parts of a quiet line with a middle dot, leaving out empty ones."""
        return " · ".join(part for part in parts if part)


class Heading(BoxLayout):
    """The sentence and its quiet line."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(
            orientation="vertical",
            size_hint_y=None,
            padding=(tokens.MARGIN, tokens.GAP, tokens.MARGIN, 0),
            spacing=tokens.STEP,
            **properties,
        )
        self.fbind("minimum_height", self.setter("height"))
        self.sentence = Text(kind="sentence", bold=True, balance=True)
        self.quiet = Text(kind="small", tone="soft")
        self.add_widget(self.sentence)
        self.add_widget(self.quiet)
        self.waiting = Waiting()  #: for what the machine does; away when it does nothing, gap and all
        self.waiting.fbind("children", self._wait)

    def fit(self, quiet: str, room: float) -> bool:
        """Smaller, and then without its quiet line, where it would be higher than `room`, pixels; whether it fits."""
        if self.width <= _UNLAID:
            self.quiet.plain = quiet
            return True
        for kind, second in (("sentence", quiet), ("large", quiet), ("large", ""), ("body", "")):
            self.sentence.kind, self.quiet.plain = kind, second
            for text in (self.sentence, self.quiet):
                text.width = self.width - 2 * tokens.MARGIN
                text.settle()
            waiting = self.waiting.height + tokens.STEP if self.waiting.parent is self else 0
            if self.sentence.height + self.quiet.height + tokens.GAP + tokens.STEP + waiting <= room:
                return True
        if tokens.WIDE or 0 < room < _UNLAID * 2.5:
            Clock.schedule_once(lambda _: self.waiting.over(), 0)  # the body says it, too
        return False

    def _wait(self, *_: object) -> None:
        shown = bool(self.waiting.children)
        if shown and self.waiting.parent is None:
            self.add_widget(self.waiting)
        elif not shown and self.waiting.parent is not None:
            self.remove_widget(self.waiting)
