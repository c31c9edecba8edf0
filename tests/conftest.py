"""What all tests share: property tests that draw the same examples each time, so that a failure is nobody's luck,
and how `make test` spreads them over processes.

`HYPOTHESIS_PROFILE=explore make unit` draws new ones.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

_HERE = Path(__file__).parent
_FIRST = ("screens", "system")  # they take longest
_MOST_PROCESSES = 6  # each holds OpenCV, a server or a screen: about 300 MB


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: half of a test's time is a wait for a process, a disk or a line."""
    return min((os.cpu_count() or 1) + 1, _MOST_PROCESSES)


@pytest.hookimpl(tryfirst=True)  # before xdist looks for the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first; what shares a costly fixture, or a file, stays in one process."""
    items.sort(key=lambda item: _place(item).parts[0] not in _FIRST)
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_together(item)))


def _together(item: pytest.Item) -> str:
    folder = _place(item).parts[0]
    if folder == "screens":  # every scene is drawn once
        return folder
    if "demo" in getattr(item, "fixturenames", ()):  # walked once
        return "demo"
    return str(_place(item))


def _place(item: pytest.Item) -> Path:
    return item.path.relative_to(_HERE)
