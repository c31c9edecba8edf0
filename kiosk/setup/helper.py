"""Whoever stands before the glass, between the working thread and the screen."""

import threading
from typing import Final

TOLD: Final = 5  #: lines that are shown at most


class Helper:
    """Whoever stands before the glass, as the working thread sees them. Implements `Person`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: tuple[str, ...] = ()
        self._question = ""
        self._answered = threading.Event()
        self._fine = False

    def say(self, line: str) -> None:
        """Shown below the picture."""
        with self._lock:
            self._told = (*self._told, line)[-TOLD:]

    def saw(self, about: str, question: str) -> bool:
        """Waits until a button is touched, or the wizard goes away: then nobody saw anything."""
        self._answered.clear()
        with self._lock:
            self._question = question
        self._answered.wait()
        with self._lock:
            self._question = ""
        return self._fine

    def answer(self, fine: bool) -> None:
        """A button was touched."""
        self._fine = fine
        self._answered.set()

    def begin(self) -> None:
        """Something new is done: what was told before is gone."""
        with self._lock:
            self._told, self._question = (), ""

    @property
    def told(self) -> tuple[str, ...]:
        """The last lines."""
        with self._lock:
            return self._told

    @property
    def question(self) -> str:
        """What is asked now; "" when nothing is."""
        with self._lock:
            return self._question
