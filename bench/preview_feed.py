"""Camera pictures for a face under measurement: 720p, 30 times a second, each a little other than the last."""

import threading

import numpy as np

from ground.clock import RealClock
from kiosk.preview import LivePicture, PreviewSlot

SIZE = (720, 1280)
FPS = 30
_DIFFERENT = 8


class Feed:
    """A camera's thread."""

    def __init__(self, slot: PreviewSlot) -> None:
        noise = np.random.default_rng(720)
        desk = np.full((*SIZE, 3), (120, 140, 160), np.uint8)
        desk[120:600, 300:980] = 245
        self._pictures = [
            np.clip(desk.astype(np.int16) + noise.integers(-6, 7, desk.shape), 0, 255).astype(np.uint8)
            for _ in range(_DIFFERENT)
        ]
        self._corners = np.array([[300, 120], [980, 120], [980, 600], [300, 600]], np.float32)
        self._slot, self._clock, self._over = slot, RealClock(), threading.Event()
        self.given = 0  #: pictures so far
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No more."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        began = self._clock.instant()
        while not self._over.is_set():
            pixels = self._pictures[self.given % _DIFFERENT]
            self._slot.put(LivePicture(pixels=pixels, corners=self._corners, steady=0.0))
            self.given += 1
            self._over.wait(max(0.0, began + self.given / FPS - self._clock.instant()))
