"""Inbox, clock, journey: whatever happens goes through `post`; only `pump`, on the main thread, changes state."""

import queue
from collections.abc import Callable

from kiosk.journey.events import CitizenEvent, Touched, WorldEvent
from kiosk.journey.journey import Journey
from kiosk.journey.views import Scene

#: the most events handled in one pump, so that a flood cannot stop the picture
_BATCH = 64


class Conductor:
    """What the face drives: `pump` thirty times a second, `touch` when the citizen does something."""

    def __init__(self, journey: Journey, fed: Callable[[], None] = lambda: None) -> None:
        self._journey = journey
        self._fed = fed  #: called by each pump that really pumped: the watchdog's food
        self._inbox: queue.SimpleQueue[tuple[CitizenEvent | WorldEvent, int | None]] = queue.SimpleQueue()
        self._scene = journey.scene()

    def post(self, event: WorldEvent) -> None:
        """From any thread: the world answered."""
        self._inbox.put((event, None))

    def touch(self, event: CitizenEvent, scene: int) -> None:
        """From the face: the citizen did something on the scene with this number."""
        self._inbox.put((event, scene))

    def pump(self) -> Scene:
        """Handle what has come, let time act, and say what there is to see."""
        for _ in range(_BATCH):
            try:
                event, scene = self._inbox.get_nowait()
            except queue.Empty:
                break
            # a touch meant for an older scene is stale; that she touched at all is still true
            if scene is None or scene == self._scene.number or isinstance(event, Touched):
                self._journey.handle(event)
                self._scene = self._journey.scene()
        self._journey.tick()
        self._scene = self._journey.scene()
        self._fed()
        return self._scene
