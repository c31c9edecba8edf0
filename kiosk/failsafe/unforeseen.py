"""An error that nobody foresaw, on its way from the thread where it happened to the main thread, where it is met."""

import sys
import threading
from typing import Any


class Unforeseen:
    """Holds the first one. Any thread may tell it; only the main thread meets it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._error: BaseException | None = None
        self.device = ""  #: whose worker it happened in; "" where it was none's

    def tell(self, error: BaseException, device: str = "") -> None:
        """It happened. What follows the first one is its consequence, or would be told of the same way."""
        with self._lock:
            if self._error is None:
                self._error, self.device = error, device

    def meet(self) -> None:
        """Raise what was told, with the place where it happened. Called at each pump."""
        error = self._error
        if error is not None:
            raise error

    def watch_threads(self) -> None:
        """From now on no thread dies unheard, and nothing of an error's text is printed.

        A callback that a C library calls cannot raise: Python drops its error. It counts like a thread's.
        """
        threading.excepthook = self._of_thread
        sys.unraisablehook = self._of_callback

    def _of_thread(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
            self.tell(told.exc_value)

    def _of_callback(self, told: Any) -> None:
        if told.exc_value is not None and "callback" in (told.err_msg or ""):
            self.tell(told.exc_value)
