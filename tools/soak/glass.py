"""The other side of the desk's glass: what is to be seen, and a finger."""

import contextlib
import threading
from multiprocessing.connection import Connection, Listener
from pathlib import Path

from kiosk.journey.events import CitizenEvent
from kiosk.journey.views import Idle, Scene

RESTED = "rested"  #: what a desk answers to ("rest",)


class Gone(Exception):
    """The process behind the glass has ended."""


class Glass:
    """Waits for a desk to come, then keeps every scene it shows until somebody looks."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._listener = Listener(str(path), "AF_UNIX")
        self._news = threading.Condition()
        self._seen: list[Scene] = []
        self._now: Scene | None = None
        self._gone = False
        self._rested = False
        self._desk: Connection | None = None
        self._thread = threading.Thread(target=self._watch, name="glass", daemon=True)
        self._thread.start()

    def look(self, timeout_s: float) -> tuple[Scene, list[Scene]]:
        """The scene of this moment, and all that were shown since the last look, after a change or `timeout_s`.

        Raises `Gone` when nothing will come any more.
        """
        with self._news:
            if not self._seen and not self._gone:
                self._news.wait(timeout_s)
            if self._gone:
                raise Gone
            seen, self._seen = self._seen, []
            if self._now is None:
                raise Gone
            return self._now, seen

    def until_lit(self, timeout_s: float) -> bool:
        """Wait for the first scene; whether it came."""
        with self._news:
            return (
                self._news.wait_for(lambda: self._now is not None or self._gone, timeout_s) and not self._gone
            )

    def touch(self, event: CitizenEvent, scene: int) -> None:
        """What she did on the scene with this number. Raises `Gone`."""
        try:
            assert self._desk is not None
            self._desk.send(("touch", event, scene))
        except OSError as error:
            raise Gone from error

    def settle(self, before: Scene, timeout_s: float) -> None:
        """Wait until something else than `before` is to be seen, but no longer than `timeout_s`."""

        def other() -> bool:
            now = self._now
            return self._gone or now is None or now.number != before.number or now.view != before.view

        with self._news:
            self._news.wait_for(other, timeout_s)

    def idle(self) -> bool:
        """Whether somebody may begin."""
        with self._news:
            return self._gone or self._now is None or isinstance(self._now.view, Idle)

    def rest(self, timeout_s: float) -> None:
        """Wait for a change, or so long."""
        with self._news:
            self._news.wait(timeout_s)

    def tidied(self, timeout_s: float) -> bool:
        """Let the desk tidy up, as a face does when nobody touches it; whether it has."""
        with self._news, contextlib.suppress(OSError):
            self._rested = False
            if self._desk is not None:
                self._desk.send(("rest",))
                self._news.wait_for(lambda: self._rested or self._gone, timeout_s)
        return self._rested

    def end(self) -> None:
        """Ask the desk to end in order."""
        with contextlib.suppress(OSError):
            if self._desk is not None:
                self._desk.send(("end",))

    def close(self) -> None:
        """Look away. May be called once the desk is gone."""
        self._thread.join(10)
        self._listener.close()

    def _watch(self) -> None:
        try:
            with self._listener.accept() as self._desk:
                while True:
                    told = self._desk.recv()
                    with self._news:
                        if told == RESTED:
                            self._rested = True
                        else:
                            self._now = told
                            self._seen.append(told)
                        self._news.notify_all()
        except (EOFError, OSError):
            with self._news:
                self._gone = True
                self._news.notify_all()
