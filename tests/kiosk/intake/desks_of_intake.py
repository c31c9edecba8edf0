"""The threads behind phone and stick on a real clock, and an inbox that waits for what is posted."""

import threading
from collections.abc import Callable
from typing import Any

from ground.clock import RealClock
from ground.logbook import MemoryLogbook
from kiosk.health import Health
from kiosk.intake.making import PageMaker
from kiosk.workers import Worker

LONG_S = 110.0  # for a slow, busy machine; nothing waits that long when all is well
CLOCK = RealClock()


class Inbox:
    """Everything that was posted; waits for what is wanted."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self._news = threading.Condition()

    def post(self, event: Any) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def until(self, met: Callable[[], Any]) -> Any:
        """Wait until `met` is true; asked at each event and now and then."""
        end = CLOCK.after(LONG_S)
        with self._news:
            while not (found := met()):
                assert not CLOCK.due(end), self.events
                self._news.wait(0.05)
        return found

    def first(self, kind: type, count: int = 1) -> Any:
        """Wait for the `count`th event of this kind."""

        def found() -> Any:
            of_kind = [event for event in self.events if isinstance(event, kind)]
            return of_kind[count - 1] if len(of_kind) >= count else None

        return self.until(found)


class Threads:
    """Workers that are begun and ended together."""

    def __init__(self) -> None:
        self.health = Health(CLOCK)
        self.workers: list[Worker[Any]] = []
        self.pages = self.worker("pages", start=object, stop=lambda _: None, errors=())

    def worker(self, name: str, **ways: Any) -> Worker[Any]:
        worker: Worker[Any] = Worker(name, clock=CLOCK, health=self.health, logbook=MemoryLogbook(), **ways)
        self.workers.append(worker)
        return worker

    def maker(self, post: Callable[[Any], None]) -> PageMaker:
        return PageMaker(self.pages, post)

    def begin(self) -> None:
        for worker in self.workers:
            worker.begin()

    def end(self) -> None:
        for worker in self.workers:
            worker.end()
