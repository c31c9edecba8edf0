"""Where the wizard's work is done while its screens go on: in a thread of its own, or on one that owns the devices."""

import threading
from collections.abc import Callable
from typing import Protocol


class Job(Protocol):
    """Something that is done beside the main thread."""

    def is_alive(self) -> bool:
        """Whether it goes on."""
        ...

    def join(self) -> None:
        """Wait for its end."""
        ...


Start = Callable[[Callable[[], None]], Job]


def in_a_thread(do: Callable[[], None]) -> Job:
    """Begin it in a thread of its own."""
    thread = threading.Thread(target=do, name="setup", daemon=True)
    thread.start()
    return thread
