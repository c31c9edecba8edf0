"""What a terminal reads once, for all of its faults."""

from datetime import date

import pytest

from kiosk.catalogue.load import Catalogue, load_catalogue
from kiosk.words import Spoken
from tools.assemble import CATALOGUE, WORDS


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(CATALOGUE, date(2026, 11, 21))


@pytest.fixture(scope="session")
def words() -> Spoken:
    return Spoken.load(WORDS, "zh-Hans")
