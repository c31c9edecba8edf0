"""The shipped catalogue and words, and a world in memory that walks over them."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from kiosk.catalogue.load import Catalogue, load_catalogue
from kiosk.words import Spoken
from tests.journeys.walked_world import World
from tools.assemble import CATALOGUE, WORDS


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(CATALOGUE, date(2026, 11, 21))


@pytest.fixture(scope="session")
def words() -> Spoken:
    return Spoken.load(WORDS, "zh-Hans")


@pytest.fixture
def world(catalogue: Catalogue, words: Spoken) -> Iterator[World]:
    yield World(catalogue, words)


@pytest.fixture
def make_world(catalogue: Catalogue, words: Spoken) -> Callable[[], World]:
    """As many worlds as a test needs."""
    return lambda: World(catalogue, words)
