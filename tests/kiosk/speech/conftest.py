"""What is said aloud can be stopped: one stop for each test."""

from collections.abc import Iterator

import pytest

from kiosk.speech.hush import Hush


@pytest.fixture
def hush() -> Iterator[Hush]:
    hush = Hush()
    yield hush
    hush.close()
