"""The face that `bench.face` touches: the real screens on one still scene, in a process of its own.

`python -m bench.touched_face FOLDER FPS` prints one JSON line, `[left, top, width, height]` of what to touch, and
serves until it is ended. After each touch it draws one whole picture for itself and prints the seconds that it took,
so that both sides of the ratio are measured in turns.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

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
TARGET = "matter.N02"  # the home screen's first card; nothing else moves there
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
    """Says where to touch once everything is laid out; then draws one picture after each touch."""

    def __init__(self, app: "KioskApp") -> None:
        from kivy.clock import Clock

        self._app, self._frames = app, 0
        self._clock = RealClock()
        Clock.schedule_interval(self._settle, 0)

    def _settle(self, _: float) -> bool:
        self._frames += 1
        target = self._app.find(TARGET)
        if self._frames < _SETTLED_FRAMES or target is None:
            return True
        (widget,) = (each for each in self._app.touchables() if each.touch_key == TARGET)
        widget.fbind("pressed", self._pressed)
        print(json.dumps(list(target)), flush=True)
        return False

    def _pressed(self, _: object, pressed: bool) -> None:
        from kivy.clock import Clock

        if not pressed:
            Clock.schedule_once(lambda _: print(json.dumps(self._draw()), flush=True), _AFTER_RELEASE_S)

    def _draw(self) -> float:
        """Seconds for one picture, as Kivy's own loop draws it."""
        from kivy.core.window import Window

        began = self._clock.instant()
        Window.canvas.ask_update()
        Window.dispatch("on_draw")
        Window.dispatch("on_flip")
        return self._clock.instant() - began


def main(folder: Path, max_fps: int) -> None:
    """Show the home screen until the process is ended."""
    env.prepare(folder / "kivy", width=WIDTH, height=HEIGHT, max_fps=max_fps)
    from screens import samples_a
    from screens.app import FaceSettings, run

    scene = dict(samples_a.scenes())["home"]
    drawings: list[Drawing] = []  # Kivy's clock alone would not keep it alive
    run(
        StillDirector(scene),
        PreviewSlot(),
        Words.load(WORDS, "zh-Hans"),
        FaceSettings(fonts=ROOT / "build" / "fonts", width=WIDTH, height=HEIGHT, max_fps=max_fps),
        on_started=lambda app: drawings.append(Drawing(app)),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
