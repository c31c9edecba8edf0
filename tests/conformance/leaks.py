"""What a device may not leave behind: threads and descriptors."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ground.clock import RealClock

_LOOK_S = 0.02  # how often a block that may need a moment is looked at again


def _descriptors() -> dict[str, str]:
    found = {}
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found[entry.name] = str(entry.readlink())
        except FileNotFoundError:  # the descriptor of this very listing
            continue
    return found


@contextmanager
def nothing_left_behind(patience_s: float = 0.0) -> Iterator[None]:
    """Fails when a thread or a descriptor outlives the block by more than `patience_s`.

    Patience is for blocks whose other side runs in this process too: a server's thread ends a moment after its
    client hung up.
    """
    threads, descriptors = set(threading.enumerate()), _descriptors()
    yield
    clock = RealClock()
    deadline = clock.after(patience_s)
    while _left(threads, descriptors) and not clock.due(deadline):
        clock.wait(_LOOK_S)
    left = _left(threads, descriptors)
    assert not left, f"outlives the test: {left}"


def _left(threads: set[threading.Thread], descriptors: dict[str, str]) -> list[str]:
    """What is there now and was not there before, by name."""
    alive = [f"thread {thread.name}" for thread in set(threading.enumerate()) - threads]
    return alive + [f"{number}: {to}" for number, to in _descriptors().items() if number not in descriptors]
