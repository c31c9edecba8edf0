"""The journey of a training: the same visit, every scene marked, and a way out that everybody finds."""

from collections.abc import Callable
from dataclasses import replace

from ground.clock import Clock
from kiosk.journey import events as ev
from kiosk.journey.journey import Journey
from kiosk.journey.show import Show
from kiosk.journey.views import Scene
from kiosk.journey.visit import Visit
from kiosk.tending.events import EndTraining

#: seconds on the idle screen after which a training that nobody ended is over; chosen: a trainer explains for minutes
FORGOTTEN_S = 600.0


class TrainingJourney(Journey):
    """What the conductor drives while somebody practises."""

    def __init__(self, visit: Visit, show: Show, clock: Clock, end: Callable[[], None]) -> None:
        """`end`: the training is over, wherever the visit is."""
        super().__init__(visit, show, clock)
        self._since, self._time, self._end = clock.after(FORGOTTEN_S), clock, end

    def handle(self, event: ev.Event) -> None:
        """As `Journey.handle`."""
        if isinstance(event, EndTraining):
            self._end()
            return
        if isinstance(event, ev.Touched):
            self._since = self._time.after(FORGOTTEN_S)
        super().handle(event)

    def tick(self) -> None:
        """As `Journey.tick`. A training that was forgotten ends: the next one who comes is a citizen."""
        super().tick()
        if self.state == "idle" and self._time.due(self._since):
            self._end()

    def scene(self) -> Scene:
        """As `Journey.scene`, marked."""
        scene = super().scene()
        return replace(scene, chrome=replace(scene.chrome, training=True))
