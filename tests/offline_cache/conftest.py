"""What most tests of the offline cache stand on: a terminal's folder, a manual clock, a platform on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.offline_cache.bench_terminal import BenchTerminal
from tests.offline_cache.loopback_platform import LoopbackPlatform, loopback_platform


@pytest.fixture
def platform() -> Iterator[LoopbackPlatform]:
    """The platform, up."""
    with loopback_platform() as platform:
        yield platform


@pytest.fixture
def terminal(tmp_path: Path, platform: LoopbackPlatform) -> Iterator[BenchTerminal]:
    """A terminal whose outbox seals to that platform and whose uploader delivers there."""
    terminal = BenchTerminal(tmp_path, platform.url, platform.recipient)
    yield terminal
    terminal.close()
