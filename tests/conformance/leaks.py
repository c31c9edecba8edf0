"""What a device may not leave behind: threads and descriptors."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _descriptors() -> dict[str, str]:
    found = {}
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found[entry.name] = str(entry.readlink())
        except FileNotFoundError:  # the descriptor of this very listing
            continue
    return found


@contextmanager
def nothing_left_behind() -> Iterator[None]:
    """Fails when a thread or a descriptor outlives the block."""
    threads, descriptors = set(threading.enumerate()), _descriptors()
    yield
    assert set(threading.enumerate()) <= threads, "a thread outlives the test"
    left = {number: to for number, to in _descriptors().items() if number not in descriptors}
    assert not left, f"descriptors outlive the test: {left}"
