"""Two outlines cover each other by the share that geometry says; the recipe finds what a tutorial shows."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.desks.__main__ import main
from bench.desks.outlines import area, jaccard
from bench.desks.recipe import contour_recipe

SQUARE = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]])


def test_known_overlaps() -> None:
    assert area(SQUARE) == pytest.approx(100)
    assert jaccard(SQUARE, SQUARE) == pytest.approx(1)
    assert jaccard(SQUARE[::-1], SQUARE) == pytest.approx(1)
    assert jaccard(SQUARE + np.array([5.0, 0.0]), SQUARE) == pytest.approx(50 / 150)
    assert jaccard(SQUARE + np.array([10.0, 0.0]), SQUARE) == 0
    assert jaccard(SQUARE * 0.5 + 2, SQUARE) == pytest.approx(0.25)
    assert jaccard(np.zeros((4, 2)), np.zeros((4, 2))) == 0


def test_a_quad_with_a_dent_is_measured_exactly() -> None:
    dented = np.array([[0.0, 0.0], [10.0, 0.0], [5.0, 5.0], [0.0, 10.0]])
    assert jaccard(dented, SQUARE) == pytest.approx(0.5)


@given(st.floats(-20, 20), st.floats(-20, 20), st.floats(0, 6.3), st.floats(2, 15))
def test_it_agrees_with_counting_pixels(x: float, y: float, turn: float, side: float) -> None:
    cos, sin = np.cos(turn) * side, np.sin(turn) * side
    other = np.array([[cos, sin], [-sin, cos], [-cos, -sin], [sin, -cos]]) + np.array([x, y])
    ours = jaccard(other, SQUARE)
    planes = [
        cv2.fillConvexPoly(np.zeros((1200, 1200), np.uint8), np.rint((p + 30) * 15).astype(np.int32), 1)
        for p in (other, SQUARE)
    ]
    counted = (planes[0] & planes[1]).sum() / (planes[0] | planes[1]).sum()
    assert ours == pytest.approx(float(counted), abs=0.03)


def test_the_recipe_finds_white_on_black_and_nothing_on_grey() -> None:
    picture = np.full((960, 1280, 3), 25, np.uint8)
    truth = np.array([[300.0, 200.0], [900.0, 240.0], [880.0, 800.0], [280.0, 760.0]])
    cv2.fillConvexPoly(picture, truth.astype(np.int32), (240, 240, 240))
    found = contour_recipe(picture)
    assert found is not None
    assert jaccard(found, truth) > 0.97
    assert contour_recipe(np.full((960, 1280, 3), 128, np.uint8)) is None


def test_pictures_and_truth_as_files(tmp_path: Path) -> None:
    assert main([str(tmp_path), "--each", "1", "--kinds", "dark,empty", "--size", "320x240"]) == 0
    told = json.loads((tmp_path / "truth.json").read_text())
    assert [one["kind"] for one in told] == ["dark", "empty"]
    assert np.array(told[0]["sheets"]).shape == (1, 4, 2)
    assert told[1]["sheets"] == []
    assert all((tmp_path / one["file"]).stat().st_size > 1000 for one in told)


def test_the_worst_are_drawn(tmp_path: Path) -> None:
    assert main([str(tmp_path), "--each", "2", "--kinds", "dark", "--size", "640x480", "--worst", "1"]) == 0
    (drawn,) = tmp_path.iterdir()
    assert "dark" in drawn.name


def test_an_unknown_kind_is_told_what_there_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--kinds", "lava"])
    assert "no kind lava; there are wood" in capsys.readouterr().err
