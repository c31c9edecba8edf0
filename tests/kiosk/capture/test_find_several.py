"""Two sheets are two, a picture of any size and either way up is looked at, and a crumb is none."""

import cv2
import numpy as np
import pytest

from devices.emulators.desk import Scene
from kiosk.capture.find import find_sheet, find_sheets
from kiosk.capture.outline import jaccard, overlap
from tests.kiosk.capture.desks import seen, truth

SIZE = (1280, 960)


def two_sheets() -> tuple[np.ndarray, list[np.ndarray]]:
    """Two halves of a desk, each with a card of its own."""
    left, right = (
        Scene("id-front", "wood", offset_mm=(-90, 10), angle_deg=5),
        Scene("id-back", "wood", offset_mm=(100, -20), angle_deg=-12),
    )
    picture = seen(left, *SIZE).copy()
    middle = SIZE[0] // 2
    picture[:, middle:] = seen(right, *SIZE)[:, middle:]
    return picture, [truth(left, *SIZE), truth(right, *SIZE)]


def test_two_sheets_are_told() -> None:
    picture, quads = two_sheets()
    found = find_sheets(picture)
    assert len(found) == 2
    for quad in quads:
        assert max(jaccard(sheet.corners, quad) for sheet in found) > 0.96


def test_a_card_copied_onto_a_page_is_not_a_second_sheet() -> None:
    scene = Scene("lease-1", "wood", angle_deg=4)
    picture, page = seen(scene, *SIZE).copy(), truth(scene, *SIZE)
    copied = page.mean(axis=0) + (page - page.mean(axis=0)) * np.float32(0.42)
    cv2.fillConvexPoly(picture, np.rint(copied).astype(np.int32), (150, 120, 90), cv2.LINE_AA)
    (sheet,) = find_sheets(picture)
    assert jaccard(sheet.corners, page) > 0.97


def test_how_far_outlines_lie_on_each_other() -> None:
    page = np.array([[0, 0], [40, 0], [40, 60], [0, 60]], np.float32)
    assert overlap(page, page * np.float32(0.5)) == 1.0
    assert overlap(page, page + np.float32([20, 0])) == pytest.approx(0.5)
    assert overlap(page, page + np.float32([50, 0])) == 0.0


def test_no_more_than_asked_for() -> None:
    picture, _ = two_sheets()
    assert len(find_sheets(picture, most=1)) == 1


def test_an_upright_picture() -> None:
    scene = Scene("lease-1", "wood", angle_deg=4)
    lying = seen(scene, *SIZE)
    upright = np.ascontiguousarray(np.rot90(lying))
    one, other = find_sheet(lying), find_sheet(upright)
    assert one is not None
    assert other is not None
    back = np.stack([SIZE[0] - 1 - other.corners[:, 1], other.corners[:, 0]], axis=1)
    assert jaccard(one.corners, back) > 0.98


def test_a_wide_picture() -> None:
    scene = Scene("deed", "dark", angle_deg=-3)
    wide = seen(scene, *SIZE)[120:840]
    sheet = find_sheet(np.ascontiguousarray(wide))
    assert sheet is not None
    rim = np.array([[0, 0], [1279, 0], [1279, 719], [0, 719]], np.float32)
    _, shown = cv2.intersectConvexConvex(truth(scene, *SIZE) - np.float32([0, 120]), rim)
    overlap, _ = cv2.intersectConvexConvex(sheet.corners, shown.reshape(-1, 2))
    assert overlap > 0.97 * cv2.contourArea(shown)


def test_a_crumb_of_a_picture() -> None:
    assert find_sheets(np.zeros((20, 500, 3), np.uint8)) == ()


def test_one_colour_is_an_empty_desk() -> None:
    for level in (0, 128, 255):
        assert find_sheets(np.full((480, 640, 3), level, np.uint8)) == ()
