"""What all tests share: property tests that draw the same examples each time, so that a failure is nobody's luck,
and how `make test` spreads them over processes.

`HYPOTHESIS_PROFILE=explore make unit` draws new ones; `HYPOTHESIS_PROFILE=many` draws 2,000 for each test that does
not name its own number, and for those of the catalogue.
"""

import os
from datetime import date
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from kiosk.catalogue.load import Catalogue, load_catalogue
from kiosk.words import Spoken
from tools.assemble import CATALOGUE, WORDS

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.register_profile("many", max_examples=2000, deadline=None, print_blob=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

_FIRST = ("tests/screens/", "tests/system/")  # they take longest
_ONE_WALK = ("tests/system/test_demo.py", "tests/system/test_nothing_personal_stays.py")
_MOST_PROCESSES = 6  # each holds OpenCV, a server or a screen: about 300 MB


class _ByFixture(LoadScopeScheduling):  # type: ignore[misc]  # xdist's schedulers are untyped
    """A file stays in one process; so do files that share a costly fixture: a drawn set of scenes, a walked demo."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file.startswith("tests/screens/"):
            return "screens"
        return "demo" if file in _ONE_WALK else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """`--dist loadgroup` would do, but xdist 3.8 does not see its groups under pytest 9.2."""
    return _ByFixture(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: half of a test's time is a wait for a process, a disk or a line."""
    return min((os.cpu_count() or 1) + 1, _MOST_PROCESSES)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first."""
    items.sort(key=lambda item: not item.nodeid.startswith(_FIRST))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped one, read once a process."""
    return load_catalogue(CATALOGUE, date(2026, 11, 21))


@pytest.fixture(scope="session")
def words() -> Spoken:
    """The shipped ones, read once a process."""
    return Spoken.load(WORDS, "zh-Hans")
