"""Sides go through most of their votes, and stay where they were guessed when nobody votes."""

import numpy as np
import pytest

from kiosk.capture.find_lines import voted_quad

SQUARE = np.array([[10, 10], [110, 10], [110, 110], [10, 110]], np.float32)
ALONG = np.linspace(0.05, 0.95, 40, dtype=np.float32)


def votes(depth: float, weight: float) -> tuple[np.ndarray, np.ndarray]:
    return np.full((4, 40), depth, np.float32), np.full((4, 40), weight, np.float32)


def test_sides_move_inwards_by_what_was_voted() -> None:
    moved = voted_quad(SQUARE, ALONG, *votes(3.0, 1.0), near=1.0)
    assert moved == pytest.approx(np.array([[13, 13], [107, 13], [107, 107], [13, 107]]), abs=1e-3)


def test_nobody_votes() -> None:
    assert voted_quad(SQUARE, ALONG, *votes(3.0, 0.0), near=1.0) == pytest.approx(SQUARE)


def test_a_finger_on_the_edge_is_outvoted() -> None:
    depth, weight = votes(2.0, 1.0)
    depth[0, 5:15] = -4.0  # a quarter of the upper side
    moved = voted_quad(SQUARE, ALONG, depth, weight, near=1.0)
    assert moved[:2, 1] == pytest.approx([12, 12], abs=0.2)


def test_a_slanting_side() -> None:
    depth, weight = votes(0.0, 1.0)
    depth[0] = 4 * ALONG
    moved = voted_quad(SQUARE, ALONG, depth, weight, near=1.0)
    assert moved[0] == pytest.approx([10, 10], abs=0.15)
    assert moved[1] == pytest.approx([110, 14], abs=0.15)
