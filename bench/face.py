"""Touch to the next frame: a real pointer on the real screens, until the pressed card's pixels change.

Measured from outside: the press is sent through the X server's test extension, and the X server's own picture is
watched. The screen is virtual and OpenGL is done by the processor (Mesa's llvmpipe), so a frame costs far more than on
a terminal's graphics chip; hence the second figure, against what drawing one frame costs in the same run.
"""

import json
import os
import select
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from Xlib import X, display
from Xlib.ext import xtest

from bench.report import Ratio
from config.schema import Face
from ground.clock import Clock, RealClock
from tools.cli import ROOT
from tools.demo.xserver import VirtualScreen
from tools.fonts import prepare

ROUNDS = 60
_MAX_FPS = Face().max_fps  # as shipped
_FRAME_S = 1 / _MAX_FPS
_WARM_UP = 3
_WATCHED = 24  # pixels, width and height of what is watched around the touched point
_LOOK_EVERY_S = 0.0005  # so that looking itself leaves the processor to the face
_REST_S = 0.137  # between touches; no multiple of a frame, so that touches fall anywhere within one
_PATIENCE_S = 120.0  # for the face to come up, or one change to come; a busy machine may take its time


@dataclass(frozen=True, slots=True)
class Touches:
    """What came of a row of touches. Seconds."""

    to_pixels_s: list[float]  #: from the press to changed pixels, sorted
    draw_s: float  #: drawing one whole picture, median

    @property
    def median_s(self) -> float:
        """The middle one."""
        return statistics.median(self.to_pixels_s)

    @property
    def p95_s(self) -> float:
        """19 of 20 touches are answered within it."""
        return self.to_pixels_s[(len(self.to_pixels_s) - 1) * 95 // 100]


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """Against one frame at the shipped frame rate, and against one frame and its drawing. Some twenty seconds."""
    touches = touch_to_pixels(rounds)
    median_s, p95_s, drawn_s = touches.median_s, touches.p95_s, _FRAME_S + touches.draw_s
    frame = f"{_FRAME_S * 1e3:.1f} ms"
    return [
        Ratio(
            f"face: touch to next frame, median / one frame at {_MAX_FPS}/s",
            median_s / _FRAME_S,
            limit=2.0,  # one frame until the touch is seen, one to show it; without a graphics chip: over
            detail=f"{median_s * 1e3:.1f} ms / {frame}",
        ),
        Ratio(
            f"face: touch to next frame, 95 of 100 / one frame at {_MAX_FPS}/s",
            p95_s / _FRAME_S,
            limit=3.0,  # the same, and one frame missed
            detail=f"{p95_s * 1e3:.1f} ms / {frame}",
        ),
        Ratio(
            "face: touch to next frame, median / one frame + drawing the picture once",
            median_s / drawn_s,
            limit=1.5,  # above 1: the face does more between touch and picture than wait and draw
            detail=f"{median_s * 1e3:.1f} ms / {_FRAME_S * 1e3:.1f} + {touches.draw_s * 1e3:.1f} ms",
        ),
    ]


def touch_to_pixels(rounds: int) -> Touches:
    """Press the first card of the home screen `rounds` times."""
    missing = prepare(ROOT / "build" / "fonts")
    if missing:
        raise RuntimeError("; ".join(missing))
    clock = RealClock()
    with VirtualScreen() as screen, _face(screen.name) as face:
        left, top, width, height = _told(face)
        finger = Finger(screen.name, clock)
        try:
            finger.point(left + width / 2, top + height / 2)
            pairs = [(finger.press_and_release(), _told(face)) for _ in range(_WARM_UP + rounds)][_WARM_UP:]
        finally:
            finger.close()
    return Touches(sorted(touch for touch, _ in pairs), statistics.median(drawn for _, drawn in pairs))


class Finger:
    """A pointer of the X server that sees what it does to the pixels under it."""

    def __init__(self, display_name: str, clock: Clock) -> None:
        self._display = display.Display(display_name)
        self._clock = clock
        self._at = (0, 0)

    def close(self) -> None:
        """Let go of the screen."""
        self._display.close()

    def point(self, x: float, y: float) -> None:
        """Go there without touching."""
        self._at = (int(x), int(y))
        xtest.fake_input(self._display, X.MotionNotify, x=self._at[0], y=self._at[1])
        self._display.sync()
        self._clock.wait(_REST_S)

    def press_and_release(self) -> float:
        """Seconds from the press until the pixels change; then lets go and waits until they are as before."""
        before = self._pixels()
        began = self._clock.instant()
        xtest.fake_input(self._display, X.ButtonPress, 1)
        self._display.flush()
        self._look_until(before, same=False)
        took = self._clock.instant() - began
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.flush()
        self._look_until(before, same=True)
        self._clock.wait(_REST_S)
        return took

    def _look_until(self, before: bytes, *, same: bool) -> None:
        limit = self._clock.after(_PATIENCE_S)
        while (self._pixels() == before) is not same:
            if self._clock.due(limit):
                raise TimeoutError("the face does not answer to touch")
            self._clock.wait(_LOOK_EVERY_S)

    def _pixels(self) -> bytes:
        left, top = (max(0, at - _WATCHED // 2) for at in self._at)
        root = self._display.screen().root
        return bytes(root.get_image(left, top, _WATCHED, _WATCHED, X.ZPixmap, 0xFFFFFFFF).data)


@contextmanager
def _face(display_name: str) -> Iterator[subprocess.Popen[str]]:
    """A face, and its end."""
    environment = os.environ | {"DISPLAY": display_name, "LIBGL_ALWAYS_SOFTWARE": "1"}
    with tempfile.TemporaryDirectory(prefix="bench-face-") as folder:
        face = subprocess.Popen(
            [sys.executable, "-m", "bench.touched_face", folder, str(_MAX_FPS)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield face
        finally:
            face.terminate()
            face.communicate()


def _told(face: subprocess.Popen[str]) -> Any:
    """The next line of JSON from the face. Raises `RuntimeError` when it has ended, `TimeoutError`."""
    assert face.stdout is not None
    ready, _, _ = select.select([face.stdout], [], [], _PATIENCE_S)
    if not ready:
        raise TimeoutError("the face says nothing")
    line = face.stdout.readline()
    if not line:
        raise RuntimeError("the face has ended")
    return json.loads(line)
