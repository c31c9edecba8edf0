"""Threads that write and sync some files while the next is being made.

Not a ThreadPoolExecutor: `threading.Thread.start` waits for the new thread to begin, and waits for ever when the system
has no memory left for it. Here nobody waits for a thread; what none has begun, the caller does itself.
"""

import _thread
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType


class Writers:
    """Jobs done side by side; all are over when the block ends, and the first error of any is raised there."""

    def __init__(self, most: int) -> None:
        """`most`: threads at once, beside the caller's."""
        self._most = most
        self._running = 0
        self._lock = threading.Lock()
        self._waiting: deque[_Job] = deque()
        self._all: list[_Job] = []

    def begin(self, do: Callable[[], None]) -> None:
        """Do it soon."""
        job = _Job(do)
        self._all.append(job)
        self._waiting.append(job)
        with self._lock:
            if self._running >= self._most:
                return
            self._running += 1
        with contextlib.suppress(RuntimeError):  # no room for another thread: `help` does it
            _thread.start_new_thread(self._work, ())

    def help(self) -> None:
        """Do what nobody has begun."""
        while job := self._next():
            job.run()

    def __enter__(self) -> "Writers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.help()
        for job in self._all:
            job.over.wait()
        if error is None:
            for job in self._all:
                if job.error is not None:
                    raise job.error

    def _work(self) -> None:
        try:
            self.help()
        finally:
            with self._lock:
                self._running -= 1

    def _next(self) -> "_Job | None":
        try:
            return self._waiting.popleft()
        except IndexError:
            return None


class _Job:
    """Something to do, and how it ended."""

    __slots__ = ("_do", "error", "over")

    def __init__(self, do: Callable[[], None]) -> None:
        self._do = do
        self.over = threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        """Do it; never raises."""
        try:
            self._do()
        except BaseException as error:  # noqa: BLE001 - raised again where the job was begun
            self.error = error
        finally:
            self.over.set()
