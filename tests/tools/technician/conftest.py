"""The faces that the report embeds; `make setup` made them."""

from pathlib import Path

import pytest

from tools.cli import ROOT


@pytest.fixture(scope="session")
def fonts() -> Path:
    return ROOT / "build" / "fonts"
