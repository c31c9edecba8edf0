"""What the tests of releases stand on: a publisher, a terminal that trusts it, a server between them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ground.clock import RealClock
from tests.tools.release.publishing import Publisher, Server, serving
from tools.release.trusted import Source, Trusted


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    """A publisher who has released 1.1.0. Do not change it: take `publisher`."""
    made = Publisher(tmp_path_factory.mktemp("publisher"), RealClock())
    made.begin()
    made.publish("1.1.0")
    return made


@pytest.fixture
def publisher(published: Publisher, tmp_path: Path) -> Publisher:
    """The same, of one's own."""
    return published.copy(tmp_path / "publisher")


@pytest.fixture
def server(publisher: Publisher) -> Iterator[Server]:
    """Serves what `publisher` has."""
    with serving(publisher.folder) as server:
        yield server


@pytest.fixture
def terminal(tmp_path: Path, published: Publisher) -> Iterator[Callable[..., Trusted]]:
    """A terminal that trusts `published`, with a memory of its own; each call is another round."""
    rounds: list[Trusted] = []

    def begin(url: str = "", folder: Path | None = None) -> Trusted:
        rounds.append(Trusted(tmp_path / "state", published.root, Source(url, folder), RealClock()))
        return rounds[-1]

    yield begin
    for each in rounds:
        each.close()
