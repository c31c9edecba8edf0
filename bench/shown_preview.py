"""What the camera's live picture costs: run by `bench.face_cost` in a process of its own, on a display.

`python -m bench.shown_preview FOLDER FPS SECONDS` shows the camera's screen with 720p pictures 30 times a second and
prints {"given": pictures, "shown": pictures that were drawn, "processor_s": of the process, "s": seconds}.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from bench.preview_feed import Feed
from bench.touched_face import HEIGHT, WIDTH, StillDirector
from ground.clock import RealClock
from kiosk.preview import PreviewSlot
from kiosk.words import Words
from screens import env
from tools.assemble import WORDS
from tools.cli import ROOT

_SETTLED_S = 2.0


def main(folder: Path, max_fps: int, seconds: float) -> None:
    """See above."""
    env.prepare(folder / "kivy", width=WIDTH, height=HEIGHT, max_fps=max_fps)
    from kivy.clock import Clock
    from kivy.core.window import Window

    from screens import samples
    from screens.app import FaceSettings, run

    clock, slot = RealClock(), PreviewSlot()
    feed = Feed(slot)
    drawn = [0]
    Window.bind(on_flip=lambda *_: drawn.__setitem__(0, drawn[0] + 1))
    began: list[tuple[float, float, int, int]] = []

    def begin(*_: Any) -> None:
        began.append((clock.instant(), _used(), feed.given, drawn[0]))

    def over() -> bool:
        return bool(began) and clock.instant() - began[0][0] >= seconds

    run(
        StillDirector(dict(samples.scenes())["capture-trouble"]),
        slot,
        Words.load(WORDS, "zh-Hans"),
        FaceSettings(fonts=ROOT / "build" / "fonts", width=WIDTH, height=HEIGHT, max_fps=max_fps),
        on_started=lambda _: Clock.schedule_once(begin, _SETTLED_S),
        over=over,
    )
    at, used, given, shown = began[0]
    told = {"given": feed.given - given, "shown": drawn[0] - shown}
    print(json.dumps(told | {"processor_s": _used() - used, "s": clock.instant() - at}))
    feed.stop()


def _used() -> float:
    times = os.times()
    return times.user + times.system


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
