"""Maps as the first network draws them become outlines."""

import cv2
import numpy as np
import pytest

from kiosk.capture.find import ENOUGH
from kiosk.capture.find_overview import guesses
from kiosk.capture.outline import jaccard

UPRIGHT = np.array([[20.3, 12.4], [60.2, 15.1], [57.9, 80.2], [17.6, 77.3]], np.float32)
BESIDE = np.array([[61.0, 15.2], [100.0, 17.8], [97.5, 83.0], [58.7, 80.3]], np.float32)
SMALL = np.array([[90, 60], [110, 62], [109, 75], [89, 73]], np.float32)


def maps(*quads: np.ndarray) -> np.ndarray:
    """Paper, edges and cores of ideal sheets."""
    drawn = np.zeros((3, 96 * 8, 128 * 8), np.float32)
    for quad in quads:
        fixed = np.rint((quad + 0.5) * 8).astype(np.int32)
        core = np.rint(((quad - quad.mean(axis=0)) * 0.5 + quad.mean(axis=0) + 0.5) * 8).astype(np.int32)
        cv2.fillPoly(drawn[0], [fixed], 1.0)
        cv2.polylines(drawn[1], [fixed], True, 1.0, 14)
        cv2.fillPoly(drawn[2], [core], 1.0)
    return np.stack([cv2.resize(plane, (128, 96), interpolation=cv2.INTER_AREA) for plane in drawn])


def test_one_sheet() -> None:
    (guess,) = guesses(maps(UPRIGHT))
    assert jaccard(guess.quad, UPRIGHT) > 0.98
    assert guess.strength > 0.8


def test_two_sheets_that_nearly_touch() -> None:
    found = guesses(maps(UPRIGHT, BESIDE))
    assert len(found) == 2
    for quad in (UPRIGHT, BESIDE):
        assert max(jaccard(guess.quad, quad) for guess in found) > 0.93


def test_cores_that_run_into_each_other_are_still_two() -> None:
    shown = maps(UPRIGHT, BESIDE)
    shown[2, 40:55, 40:80] = np.maximum(
        shown[2, 40:55, 40:80], 0.45
    )  # not sure whether a sheet's middle is there
    found = guesses(shown)
    assert len(found) == 2
    for quad in (UPRIGHT, BESIDE):
        assert max(jaccard(guess.quad, quad) for guess in found) > 0.93


def test_the_larger_one_comes_first() -> None:
    found = guesses(maps(SMALL, UPRIGHT))
    assert [round(float(jaccard(found[0].quad, UPRIGHT)), 1), len(found)] == [1.0, 2]


def test_nothing() -> None:
    assert guesses(np.zeros((3, 96, 128), np.float32)) == []


def test_noise_is_weak() -> None:
    noise = np.random.default_rng(3).uniform(0, 0.6, (3, 96, 128)).astype(np.float32)
    assert all(guess.strength < ENOUGH for guess in guesses(noise))


@pytest.mark.parametrize("shift", [-25, 60])
def test_partly_outside(shift: float) -> None:
    quad = UPRIGHT + np.float32([0, shift])
    (guess,) = guesses(maps(quad))
    rim = np.array([[0, 0], [127, 0], [127, 95], [0, 95]], np.float32)
    seen, shown = cv2.intersectConvexConvex(quad, rim)
    assert cv2.intersectConvexConvex(guess.quad, shown.reshape(-1, 2))[0] > 0.93 * seen
