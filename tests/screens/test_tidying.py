"""Garbage is looked for when nobody waits."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from screens.tidying import Tidying


class Knot:
    """Garbage that only a look through everything finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def tidying() -> Iterator[Tidying]:
    yield Tidying(100.0)
    Tidying.stop()


def test_in_a_quiet_moment(tidying: Tidying) -> None:
    knot = Knot()
    lives = weakref.ref(knot)
    gc.collect(1)
    del knot
    tidying.touched(130.0)
    assert not tidying.tick(130.5) and lives() is not None
    assert tidying.tick(132.5) and lives() is None
    assert not tidying.tick(133.0)


def test_whoever_waits_when_much_has_come(tidying: Tidying) -> None:
    tidying.touched(101.0)
    for _ in range(80):
        gc.collect(1)
    assert tidying.tick(101.1)


def test_as_python_does_it_afterwards(tidying: Tidying) -> None:
    tidying.stop()
    assert gc.get_freeze_count() == 0 and gc.get_threshold() == (700, 10, 10)
