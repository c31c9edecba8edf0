"""Sheets are found where they lie, and only where they lie."""

import numpy as np
import pytest

from devices.emulators.desk import Scene
from devices.emulators.desk_surfaces import DESKS
from kiosk.capture.find import find_sheet
from kiosk.capture.outline import clockwise, four_sides
from tests.kiosk.capture.desks import jaccard, random_scene, seen, truth

EASY = ("wood", "dark", "plain")


@pytest.mark.parametrize("desk", EASY)
def test_corners_of_sheets_and_cards(desk: str) -> None:
    overlaps = []
    for number in range(16):
        scene = random_scene(number, desk)
        sheet = find_sheet(seen(scene, 1280, 960))
        overlaps.append(0.0 if sheet is None else jaccard(sheet.corners, truth(scene, 1280, 960)))
    assert np.mean(overlaps) >= 0.99
    assert min(overlaps) >= 0.97


def test_white_paper_on_a_white_desk_is_mostly_found() -> None:
    overlaps = []
    for number in range(12):
        scene = random_scene(number, "white")
        sheet = find_sheet(seen(scene, 1280, 960))
        overlaps.append(0.0 if sheet is None else jaccard(sheet.corners, truth(scene, 1280, 960)))
    assert np.mean(overlaps) >= 0.85


@pytest.mark.parametrize("desk", sorted(DESKS))
def test_nothing_is_found_on_an_empty_desk(desk: str) -> None:
    for number in range(8):
        light = 0.2 + 0.1 * number
        assert find_sheet(seen(Scene("", desk, light=light, seed=number), 1280, 960)) is None


@pytest.mark.parametrize("angle_deg", [-10, 0, 8, 100, 185])
def test_corners_go_clockwise_from_the_top_left(angle_deg: float) -> None:
    scene = Scene("id-front", "dark", angle_deg=angle_deg)
    sheet = find_sheet(seen(scene))
    assert sheet is not None
    assert np.argmin(sheet.corners.sum(axis=1)) == 0
    edges = np.roll(sheet.corners, -1, axis=0) - sheet.corners
    turns = [float(np.linalg.det(np.stack([edges[place], edges[(place + 1) % 4]]))) for place in range(4)]
    assert min(turns) > 0  # y points down: a positive turn is clockwise


def test_works_on_a_thumbnail_and_on_a_full_still() -> None:
    scene = Scene("lease-1", "wood", angle_deg=-6)
    for width, height in ((320, 240), (3200, 2400)):
        sheet = find_sheet(seen(scene, width, height))
        assert sheet is not None
        assert jaccard(sheet.corners, truth(scene, width, height)) > 0.98


def test_confidence_is_high_for_a_plain_case() -> None:
    sheet = find_sheet(seen(Scene("deed", "dark")))
    assert sheet is not None
    assert sheet.confidence > 0.9
    assert sheet.scaled(0.5).corners == pytest.approx(sheet.corners / 2)


def test_a_rounded_corner_is_squared_and_the_picture_edge_is_no_side() -> None:
    rounded = np.array([[10, 0], [90, 0], [100, 10], [100, 60], [0, 60], [0, 10]], np.int32) + 100
    best = next(four_sides(rounded.reshape(-1, 1, 2), (400, 300)))
    assert best == pytest.approx(np.array([[100, 100], [200, 100], [200, 160], [100, 160]]), abs=1)
    cut = np.array([[100, 40], [260, 90], [195, 299], [142, 299], [30, 264]], np.int32).reshape(-1, 1, 2)
    prolonged = next(four_sides(cut, (400, 300)))
    assert prolonged[2] == pytest.approx([190, 314], abs=2)  # the corner that the picture does not show


def test_clockwise_sorts_any_order() -> None:
    square = np.array([[0, 0], [9, 0], [9, 9], [0, 9]], np.float32)
    for order in ((2, 0, 3, 1), (3, 2, 1, 0)):
        assert clockwise(square[list(order)]) == pytest.approx(square)
