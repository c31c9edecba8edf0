"""Sides are laid where the sheet ends, also where something else shows more clearly."""

import cv2
import numpy as np
import pytest

from kiosk.capture.find_models import Models, models
from kiosk.capture.find_sides import closer
from kiosk.capture.outline import Quad, jaccard

RIM = np.array([[150, 90], [490, 104], [478, 400], [138, 386]], np.float32)
MIDDLE = RIM.mean(axis=0)


def networks() -> Models:
    held = models()
    assert held is not None
    return held


def grown(quad: Quad, pixels: float) -> Quad:
    """The outline with every corner farther out along both of its sides."""
    away = np.sign(quad - MIDDLE) * np.float32(pixels)
    return np.asarray(quad + away, np.float32)


def picture(desk: float, paper: float, frame: float | None = None) -> np.ndarray:
    """A sheet with its faint shadow on a plain desk, 640 × 480; a frame printed so many pixels inside the rim."""
    drawn = np.full((480 * 4, 640 * 4, 3), desk, np.float32)
    scaled = np.rint((RIM + 0.5) * 4).astype(np.int32)
    shadow = np.zeros(drawn.shape[:2], np.float32)
    cv2.fillPoly(shadow, [scaled + 5], 1.0)
    drawn *= 1 - 0.12 * cv2.blur(shadow, (13, 13))[..., None]
    cv2.fillPoly(drawn, [scaled], (paper,) * 3)
    if frame is not None:
        inside = np.rint((grown(RIM, -frame) + 0.5) * 4).astype(np.int32)
        cv2.polylines(drawn, [inside], True, (60, 60, 150), 14)
    small = cv2.resize(drawn, (640, 480), interpolation=cv2.INTER_AREA)
    grain = np.random.default_rng(7).normal(0, 1.5, small.shape)
    return np.clip(small + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("desk", [60, 200, 236])
@pytest.mark.parametrize("off", [-6.0, 5.0])
def test_a_guess_that_is_nearly_right_becomes_exact(desk: float, off: float) -> None:
    quad, sure = closer(networks(), picture(desk, 240), grown(RIM, off))
    assert jaccard(quad, RIM) > 0.985
    assert sure > 0.85


def test_a_guess_on_a_printed_frame_is_brought_to_the_rim() -> None:
    quad, sure = closer(networks(), picture(205, 238, frame=18), grown(RIM, -18))
    assert jaccard(quad, RIM) > 0.98
    assert sure > 0.85


def test_on_a_bare_desk_no_side_is_sure() -> None:
    bare = np.full((480, 640, 3), 190, np.uint8)
    assert closer(networks(), bare, RIM)[1] < 0.5


def test_a_sheet_larger_than_the_picture_shows_no_side() -> None:
    whole = np.array([[-9, -9], [648, -9], [648, 488], [-9, 488]], np.float32)
    quad, sure = closer(networks(), np.full((480, 640, 3), 240, np.uint8), whole)
    assert sure == 0.0
    assert np.isfinite(quad).all()
