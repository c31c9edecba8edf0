"""The shipped catalogue and words, and a world in memory that walks over them."""

from collections.abc import Callable, Iterator

import pytest

from kiosk.catalogue.load import Catalogue
from kiosk.words import Spoken
from tests.journeys.walked_world import World


@pytest.fixture
def world(catalogue: Catalogue, words: Spoken) -> Iterator[World]:
    yield World(catalogue, words)


@pytest.fixture
def make_world(catalogue: Catalogue, words: Spoken) -> Callable[[], World]:
    """As many worlds as a test needs."""
    return lambda: World(catalogue, words)
