"""The face that `bench.face` touches: the real screens on one still scene, in a process of its own.

`python -m bench.touched_face FOLDER FPS [preview]` prints one JSON line, `[left, top, width, height]` of what to touch,
and serves until it is ended. Of each touch it tells the instant at which the widget heard of it; after the release it
draws one whole picture for itself and tells the seconds that this took, so that both sides of the ratio are measured in
turns. With `preview` the scene is the camera's, and 720p pictures come 30 times a second.

`python -m bench.touched_face FOLDER FPS minimal` is the peer: nothing but a button of Kivy's own.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.preview_feed import Feed
from ground.clock import RealClock
from kiosk.journey.events import CitizenEvent
from kiosk.journey.views import Scene
from kiosk.preview import PreviewSlot
from kiosk.words import Words
from screens import env
from tools.assemble import WORDS
from tools.cli import ROOT

if TYPE_CHECKING:
    from screens.app import KioskApp

WIDTH, HEIGHT = 1080, 1920
SCENES = {"home": "matter.N02", "capture-trouble": "action.help"}  #: what is touched there
_AFTER_RELEASE_S = 0.05  # the picture of the release itself is drawn first
_SETTLED_FRAMES = 10  # until everything is laid out and every texture is made


class StillDirector:
    """Always shows the same scene, whatever is touched."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def pump(self) -> Scene:
        """See `Director`."""
        return self._scene

    def touch(self, event: CitizenEvent, scene: int) -> None:
        """See `Director`."""


class Drawing:
    """Says where to touch once everything is laid out; then tells of each touch and draws one picture after it."""

    def __init__(self, target: Callable[[], tuple[Any, Any] | None]) -> None:
        """`target`: the widget to be touched and its rectangle, once it is there."""
        from kivy.clock import Clock

        self._target, self._frames = target, 0
        self._clock = RealClock()
        Clock.schedule_interval(self._settle, 0)

    def _settle(self, _: float) -> bool:
        self._frames += 1
        found = self._target()
        if self._frames < _SETTLED_FRAMES or found is None:
            return True
        widget, place = found
        widget.fbind("pressed" if hasattr(widget, "pressed") else "state", self._pressed)
        _tell(list(place))
        return False

    def _pressed(self, _: object, pressed: bool | str) -> None:
        from kivy.clock import Clock

        if pressed in (True, "down"):
            _tell(self._clock.instant())
        else:
            Clock.schedule_once(lambda _: _tell(self._draw()), _AFTER_RELEASE_S)

    def _draw(self) -> float:
        """Seconds for one whole picture, as Kivy's own loop draws it."""
        from kivy.core.window import Window

        began = self._clock.instant()
        Window.canvas.ask_update()
        Window.dispatch("on_draw")
        Window.dispatch("on_flip")
        return self._clock.instant() - began


def _tell(what: Any) -> None:
    print(json.dumps(what), flush=True)


def main(folder: Path, max_fps: int, what: str = "") -> None:
    """Show the screen until the process is ended."""
    env.prepare(folder / "kivy", width=WIDTH, height=HEIGHT, max_fps=max_fps)
    if what == "minimal":
        _minimal()
    else:
        _ours(max_fps, "capture-trouble" if what == "preview" else "home")


def _ours(max_fps: int, shown: str) -> None:
    from screens import samples
    from screens.app import FaceSettings, run

    slot = PreviewSlot()
    feed = Feed(slot) if shown in samples.previews() else None
    drawings: list[Drawing] = []  # Kivy's clock alone would not keep it alive

    def target(app: "KioskApp") -> tuple[Any, Any] | None:
        place = app.find(SCENES[shown])
        widgets = [each for each in app.touchables() if each.touch_key == SCENES[shown]]
        return (widgets[0], place) if place is not None and widgets else None

    run(
        StillDirector(dict(samples.scenes())[shown]),
        slot,
        Words.load(WORDS, "zh-Hans"),
        FaceSettings(fonts=ROOT / "build" / "fonts", width=WIDTH, height=HEIGHT, max_fps=max_fps),
        on_started=lambda app: drawings.append(Drawing(lambda: target(app))),
    )
    if feed is not None:
        feed.stop()


def _minimal() -> None:
    """A window with one button of Kivy's: what Kivy itself needs."""
    from kivy.app import App
    from kivy.core.window import Window
    from kivy.uix.button import Button
    from kivy.uix.floatlayout import FloatLayout

    class Minimal(App):  # type: ignore[misc]
        def build(self) -> Any:
            self.button = Button(size_hint=(0.8, 0.1), pos_hint={"center_x": 0.5, "center_y": 0.5})
            root = FloatLayout()
            root.add_widget(self.button)
            return root

        def on_start(self) -> None:
            self.drawing = Drawing(self._place)

        def _place(self) -> tuple[Any, Any]:
            button = self.button
            return button, (button.x, Window.height - button.top, button.width, button.height)

    Minimal().run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
