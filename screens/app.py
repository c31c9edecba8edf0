"""Runs the face: asks the director 30 times a second what there is to see, and shows it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.input.motionevent import MotionEvent
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.focused import Focused
from kiosk.journey.events import ChangeLook, CitizenEvent, Touched
from kiosk.journey.look import Look, TextSize
from kiosk.journey.views import Idle, OutOfService, Scene
from kiosk.journey.voice import LOUDEST, USUAL_VOICE
from kiosk.pressed_keys import PressedKeys
from kiosk.preview import PreviewSlot
from kiosk.tending.events import Knock
from screens.base import Desk, Screen, Words
from screens.corners import corner_at
from screens.damage import Glass
from screens.keying import Keying
from screens.registry import screen_class
from screens.theme import fonts, themes, tokens
from screens.tidying import Tidying
from screens.wakeful import wake_for_touches
from screens.widgets.focus import Focus
from screens.widgets.lens import Magnified, zoomed
from screens.widgets.shedding import shed
from screens.widgets.touch import Rectangle, Touchable, rectangle, touchables
from screens.widgets.training_strip import HEIGHT, TrainingStrip

Languages = Callable[[str], Words]

PUMPS_PER_S = 30
PANEL_INCH = 23.8  #: diagonal of the panel that the design's pixels were measured on
_FIRST_S = 0.5  # chosen: after the first frame, which comes late where a processor draws, the next ones are drawn, too


@dataclass(frozen=True, slots=True)
class FaceSettings:
    """How the window is."""

    fonts: Path  #: the folder that `tools.fonts` filled
    width: int = 1080  #: pixels
    height: int = 1920
    diagonal_inch: float = PANEL_INCH  #: of the glass
    zoom: float = 1.0  #: the window is so many times that large; what is drawn is laid out at the full size
    fullscreen: bool = False
    max_fps: int = 240
    title: str = "天天顺"
    scan_s: float = 2.0  #: so long a single switch is offered each thing


def closer(diagonal_inch: float) -> float:
    """How many times larger all is drawn on a panel smaller than that of the design, so that 15 mm stay 15 mm."""
    return max(1.0, PANEL_INCH / diagonal_inch)


class Director(Protocol):
    """Who decides: the conductor, or a fixed row of scenes in the gallery."""

    def pump(self) -> Scene:
        """What there is to see now. Must return at once."""
        ...

    def touch(self, event: CitizenEvent, scene: int) -> None:
        """The citizen did this while she saw scene number `scene`."""
        ...


class _Gate:
    """A screen's way to the director, open while it is shown.

    A finger that came down on a screen and is lifted when another is shown is meant for neither: the next one does not
    know what it would say.
    """

    def __init__(self, post: Callable[[CitizenEvent], None]) -> None:
        self._post = post
        self.open = True

    def __call__(self, event: CitizenEvent) -> None:
        if self.open:
            self._post(event)


class Stage(AnchorLayout):
    """Holds the one screen, in the size and colours that she chose.

    Swallows touches just after a change: they were meant for the screen before.
    """

    def __init__(
        self, desk: Desk, languages: Languages | None = None, *, wide: bool = False, closer: float = 1.0
    ) -> None:
        """`wide`: the glass lies across. `closer`: so many times larger, because the panel is a small one."""
        super().__init__()
        self._wide, self._closer = wide, closer
        self._desk, self._gate = desk, _Gate(self._post)
        self._languages = languages or (lambda _: desk.words)
        self._pass_on = desk.post
        self._posted: CitizenEvent | None = None
        self._shown: tuple[type, Look, bool] | None = None
        self._changed_at = float("-inf")
        self.screen: Screen | None = None

    @property
    def words(self) -> Words:
        """The sentences that are shown now."""
        return self._desk.words if self.screen is None else self.screen.words

    @property
    def settled(self) -> bool:
        """Whether what is shown has stood there long enough that a touch is meant for it."""
        return bool(Clock.get_time() - self._changed_at >= tokens.DOUBLE_TAP)

    def show(self, scene: Scene) -> None:
        """Build a screen only when the type of view changes, or how it shall look; else update it in place."""
        look = replace(scene.chrome.look, voice=USUAL_VOICE)  # how it sounds changes nothing that is drawn
        wanted = (type(scene.view), look, scene.chrome.training)
        if wanted != self._shown:
            if self.screen is not None:
                self._changed_at = Clock.get_time()
            self.clear()
            self._build(*wanted)
        if self.screen is not None:
            self.screen.show(scene.view, scene.chrome)

    def _build(self, view_type: type, look: Look, training: bool) -> None:
        themes.wear(look.theme)
        tokens.WIDE = self._wide
        Window.clearcolor = tokens.PAPER
        self._gate = _Gate(self._post)
        still = self._desk.still or look.simple
        self.screen = screen_class(view_type)(
            replace(self._desk, post=self._gate, words=self._languages(look.language), still=still)
        )
        self.screen.came_by, self._posted = self._posted, None
        self._shown = (view_type, look, training)
        self.screen.low = look.low_reach  # before it is shown: frames are laid out by it
        factor = min(TextSize.LARGEST.factor, look.text.factor * self._closer)
        if (
            training and factor > 1 and self.height > HEIGHT
        ):  # the strip takes room from the print, not from the screen
            factor = max(1.0, factor * (self.height - HEIGHT) / self.height)
        whole: Widget = self.screen if factor == 1 else Magnified(self.screen, factor)
        if training:
            marked = BoxLayout(orientation="vertical")
            for part in (TrainingStrip(self.screen.words, self._gate), whole):
                marked.add_widget(part)
            whole = marked
        self.add_widget(whole)

    def clear(self) -> None:
        """Take the screen down."""
        gone = self.screen
        if gone is not None:
            gone.leave()
        self._gate.open = False
        self.clear_widgets()
        if gone is not None:
            shed(gone)
        self.screen, self._shown = None, None

    def _post(self, event: CitizenEvent) -> None:
        self._posted = event
        self._pass_on(event)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Pass on what is meant for this screen."""
        if not self.settled:
            return True
        return bool(super().on_touch_down(touch))


class KioskApp(App):
    """The Kivy application."""

    def __init__(
        self,
        director: Director,
        preview: PreviewSlot,
        words: Words,
        settings: FaceSettings,
        over: Callable[[], bool] = lambda: False,
        languages: Languages | None = None,
        *,
        keys: PressedKeys | None = None,
        told: Callable[[Focused], None] = lambda focused: None,
    ) -> None:
        """`keys`: where a keypad puts what was pressed. `told` hears what its focus stands on."""
        super().__init__()
        self.title = settings.title
        self._settings = settings
        self._director = director
        self._over = over
        self._scene: Scene | None = None
        desk = Desk(words=words, post=self._post, preview=preview, told=told)
        wide = settings.width > settings.height
        self.stage = stage = Stage(desk, languages, wide=wide, closer=closer(settings.diagonal_inch))
        self.focus = Focus(
            stage, lambda key, **facts: stage.words(key, **facts), desk.told, lambda: stage.settled
        )
        self._keying = Keying(
            self.focus, keys or PressedKeys(), lambda: self._post(Touched()), self._louder, settings.scan_s
        )

    def _louder(self, by: int) -> None:
        """A key of the keypad: so many steps louder, or softer."""
        if self._scene is not None:
            look = self._scene.chrome.look
            volume = min(LOUDEST, max(0, look.voice.volume + by))
            self._post(ChangeLook(replace(look, voice=replace(look.voice, volume=volume))))

    @property
    def scene(self) -> Scene | None:
        """What is shown now."""
        return self._scene

    def build(self) -> Widget:
        """The root of the widget tree."""
        Window.clearcolor = tokens.PAPER
        self.glass = Glass(Window)
        wake_for_touches(Clock, self._settings.max_fps)
        self._tidying: Tidying | None = None
        self.pump()
        Clock.schedule_interval(self.pump, 1 / PUMPS_PER_S)
        Window.bind(on_touch_down=self._note_touch)
        # keys come from a keypad that is fitted; F1, Escape and the rest of a keyboard do nothing
        Window.bind(**dict.fromkeys(("on_keyboard", "on_key_down", "on_key_up", "on_textinput"), _swallow))
        shown = self._settings
        return self.stage if shown.zoom == 1 else zoomed(self.stage, (shown.width, shown.height), shown.zoom)

    def on_start(self) -> None:
        """The face has begun."""
        self._tidying = Tidying(Clock.get_time())

    def on_stop(self) -> None:
        """It ends."""
        if self._tidying is not None:
            self._tidying.stop()

    def _note_touch(self, _: object, touch: MotionEvent) -> None:
        """Wherever she touches, whatever comes of it: she is there. Corners may be a sign of whoever tends it."""
        self._keying.touched()
        if self._tidying is not None:
            self._tidying.touched(Clock.get_time())
        self._post(Touched())
        corner = corner_at(touch.pos, Window.size)
        if corner is not None and self._scene and isinstance(self._scene.view, Idle | OutOfService):
            self._post(Knock(corner))

    def pump(self, *_: object) -> None:
        """Ask, and show what changed."""
        scene = self._director.pump()
        if scene != self._scene:
            if isinstance(scene.view, Idle) and self._scene and not isinstance(self._scene.view, Idle):
                self._keying.touched()  # she went: the next one begins without a ring
            self._scene = scene
            self.stage.show(scene)
            self.focus.changed()
        self._keying.look()
        if self._tidying is not None:
            self._tidying.tick(Clock.get_time())
        if self._over():
            self.stop()

    def _post(self, event: CitizenEvent) -> None:
        if self._scene is not None:
            self._director.touch(event, self._scene.number)

    def touchables(self) -> list[Touchable]:
        """All that can be touched now."""
        return touchables(self.stage)

    def find(self, touch_key: str) -> Rectangle | None:
        """Where in the window something can be touched, origin top left; None when it is not there."""
        for widget in self.touchables():
            if widget.touch_key == touch_key:
                return rectangle(widget, Window.height)
        return None

    def load_kv(self, filename: str | None = None) -> None:
        """No application-wide kv file: each screen has its own."""

    def open_settings(self, *_: object) -> bool:
        """No settings panel of Kivy's behind the F1 key."""
        return False

    def get_application_config(self, defaultpath: str = "") -> str:
        """No settings file of Kivy's."""
        return ""


def _swallow(*_: object) -> bool:
    """Whatever was pressed is nobody's."""
    return True


def run(
    director: Director,
    preview: PreviewSlot,
    words: Words,
    settings: FaceSettings,
    on_started: Callable[[KioskApp], None] | None = None,
    over: Callable[[], bool] = lambda: False,
    *,
    shown_first: Callable[[], None] = lambda: None,
    languages: Languages | None = None,
    keys: PressedKeys | None = None,
    told: Callable[[Focused], None] = lambda focused: None,
) -> None:
    """Show the face until the window closes, or until `over`, which is asked at each pump.

    `shown_first` is called once, when the first pictures are on the glass. `languages`: the words of the language
    that a look asks for; without it there is one language. `keys` and `told` are `KioskApp`'s.

    `screens.env.prepare` must have run before this module is imported.
    Exceptions of director, screens and `on_started` come out of here.
    """
    fonts.register(settings.fonts)
    app = KioskApp(director, preview, words, settings, over, languages, keys=keys, told=told)
    if on_started is not None:
        app.bind(on_start=lambda _: on_started(app))
    Clock.schedule_once(lambda _: Clock.schedule_once(lambda _: shown_first(), _FIRST_S), 0)
    app.run()
