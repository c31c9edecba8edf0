"""How long the screens take to change: run by `bench.face_views` in a process of its own, on a display.

`python -m bench.shown_views FOLDER` goes through all sample scenes, in their order, as a visit does: each is shown, and
frames are drawn as the face's loop draws them until the picture is the one that stays. Prints one JSON line:
{scene: [seconds to show it, seconds until the first frame with everything on it]}. The first walk finds, by the pixels,
how many frames each needs; the times are of the next walk, when every module was loaded, as after the first visit.
"""

import json
import sys
from pathlib import Path

from ground.clock import RealClock
from kiosk.words import Words
from screens import env
from tools.assemble import WORDS
from tools.cli import ROOT

QUIET_S = 60.0  # as if she had not touched anything for so long
_MOST_FRAMES = 12  # in which a picture has come to rest; three would do


def main(folder: Path) -> None:
    """See above."""
    env.prepare(folder / "kivy", width=1080, height=1920, max_fps=0)
    from kivy.base import EventLoop
    from kivy.clock import Clock
    from kivy.core.window import Window
    from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glFinish, glReadPixels

    from kiosk.preview import PreviewSlot
    from screens import gallery, samples
    from screens.damage import Glass
    from screens.tidying import Tidying

    clock, slot, took = RealClock(), PreviewSlot(), {}
    previews, scenes = samples.previews(), samples.scenes()

    def frame() -> None:
        Clock.tick()
        Clock.tick_draw()
        if Window.canvas.needs_redraw:
            Window.dispatch("on_draw")
            Window.dispatch("on_flip")

    def pixels() -> bytes:
        return bytes(glReadPixels(0, 0, 1080, 1920, GL_RGB, GL_UNSIGNED_BYTE))

    with gallery.stage(Words.load(WORDS, "zh-Hans"), ROOT / "build" / "fonts", slot) as stage:
        Glass(Window)
        EventLoop.idle()
        needed = {}
        for name, scene in scenes:
            if name in previews:
                slot.put(previews[name])
            stage.show(scene)
            seen = []
            for _ in range(_MOST_FRAMES):
                frame()
                seen.append(pixels())
            needed[name] = next(at for at, each in enumerate(seen, 1) if each == seen[-1])
        tidying = Tidying(clock.instant())
        for name, scene in scenes:
            if name in previews:
                slot.put(previews[name])
            glFinish()
            began = clock.instant()
            stage.show(scene)
            shown = clock.instant()
            for _ in range(needed[name]):
                frame()
            glFinish()
            took[name] = [shown - began, clock.instant() - began]
            for _ in range(_MOST_FRAMES - needed[name]):
                frame()
            tidying.tick(clock.instant() + QUIET_S)  # she looks at it for a while
    print(json.dumps(took))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
