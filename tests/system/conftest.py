"""What the system tests share: one visit that walks by itself, and the proof that no process outlives a module."""

import os
import uuid
from collections.abc import Iterator

import pytest

from tests.system.commands import MARK, left_behind
from tests.system.walked import WalkedDemo, walk_once


@pytest.fixture(scope="module", autouse=True)
def _no_process_outlives_its_module() -> Iterator[None]:
    """First set up and last torn down of a module's fixtures, so whatever is there after it, leaked."""
    mark = uuid.uuid4().hex
    os.environ[MARK] = mark
    yield
    del os.environ[MARK]
    assert left_behind(mark) == {}, "processes outlive the tests that started them"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> WalkedDemo:
    """`demo --headless --offline`, walked once for all tests: it takes about a minute."""
    return walk_once(tmp_path_factory.mktemp("demo"))
