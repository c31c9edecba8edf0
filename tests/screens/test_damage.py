"""A picture drawn by parts is the picture."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def compared(
    face: Callable[..., None], fonts: Path, words: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, object]:
    out = tmp_path_factory.mktemp("damage") / "said.json"
    face("drive_damage.py", str(out), str(fonts), str(words))
    return dict(json.loads(out.read_text(encoding="utf-8")))


def test_no_pixel_is_left_behind(compared: dict[str, object]) -> None:
    assert compared["apart"] == []


def test_small_changes_are_drawn_by_parts(compared: dict[str, int]) -> None:
    assert compared["compared"] > 100
    assert compared["parts"] > compared["compared"] / 2
