"""Telephones, planks, tiles and mirrored lamps are told from what could be a sheet; paper and cards are not."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bench.desks import EMPTY, desk
from kiosk.capture.find import find_sheets
from kiosk.capture.find_doubt import is_no_sheet
from kiosk.capture.outline import Quad

Colour = tuple[int, int, int]
WIDE, HIGH = 640, 480


def table(colour: Colour) -> NDArray[np.uint8]:
    """A bare desk with a camera's grain."""
    grain = np.random.default_rng(5).normal(0, 1.5, (HIGH, WIDE, 3))
    return np.clip(np.full((HIGH, WIDE, 3), colour, np.float64) + grain, 0, 255).astype(np.uint8)


def rectangle(left: float, top: float, right: float, bottom: float) -> Quad:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def laid(colour: Colour, quad: Quad, on: Colour = (70, 90, 120)) -> NDArray[np.uint8]:
    picture = table(on)
    cv2.fillConvexPoly(picture, np.rint(quad).astype(np.int32), colour)
    return picture


A4 = rectangle(120, 130, 417, 340)
LONG = rectangle(120, 130, 417, 275)  # 2.05: a telephone's shape
CARD = rectangle(200, 150, 400, 276)  # 1.585


@pytest.mark.parametrize("colour", [(20, 20, 22), (40, 190, 60), (130, 60, 160)])
def test_what_is_as_long_as_a_telephone_and_no_paper(colour: Colour) -> None:
    assert is_no_sheet(laid(colour, LONG), LONG)


@pytest.mark.parametrize("light", [130, 180, 245])
def test_a_till_slip_is_as_long_and_is_paper(light: int) -> None:
    assert not is_no_sheet(laid((light - 6, light - 3, light), LONG), LONG)


@pytest.mark.parametrize("colour", [(20, 20, 22), (40, 30, 110), (130, 60, 160)])
def test_dark_covers_and_coloured_cards_have_their_own_shapes(colour: Colour) -> None:
    assert not is_no_sheet(laid(colour, CARD), CARD)
    assert not is_no_sheet(laid(colour, A4), A4)


def test_a_plank_ends_where_the_picture_does() -> None:
    plank = rectangle(100, -20, 400, 500)
    assert is_no_sheet(laid((62, 80, 110), plank), plank)
    assert not is_no_sheet(laid((235, 238, 240), plank), plank)  # paper that was moved out of the picture


def tiled(colour: Colour, joint: Colour) -> NDArray[np.uint8]:
    picture = table(colour)
    for x in range(20, WIDE, 150):
        cv2.line(picture, (x, 0), (x, HIGH), joint, 4)
    for y in range(30, HIGH, 150):
        cv2.line(picture, (0, y), (WIDE, y), joint, 4)
    return picture


@pytest.mark.parametrize("joint", [(90, 90, 90), (205, 205, 205)])
def test_a_tile_has_joints_that_go_on(joint: Colour) -> None:
    tile = rectangle(172, 182, 318, 328)
    assert is_no_sheet(tiled((150, 152, 150), joint), tile)


def test_white_paper_on_a_white_desk_ends_at_its_corners() -> None:
    picture = table((232, 232, 230))
    cv2.polylines(picture, [np.rint(A4).astype(np.int32)], True, (205, 205, 203), 2)
    assert not is_no_sheet(picture, A4)


def test_a_mirrored_lamp_shines_beyond_its_rim() -> None:
    lamp = rectangle(200, 180, 380, 260)
    core = np.zeros((HIGH, WIDE), np.float32)
    cv2.fillConvexPoly(core, np.rint(lamp).astype(np.int32), 1.0)
    halo = cv2.GaussianBlur(core, (0, 0), 40)
    shown = table((40, 45, 50)) + (halo * 150 + core * 250)[:, :, None]
    assert is_no_sheet(np.clip(shown, 0, 255).astype(np.uint8), lamp)
    assert not is_no_sheet(laid((255, 255, 255), A4), A4)  # a blank sheet in too much light


def test_corners_in_one_line_are_no_error() -> None:
    is_no_sheet(table((90, 90, 90)), np.array([[10, 10], [20, 10], [30, 10], [40, 10]], np.float32))


@pytest.mark.parametrize("number", [22, 81])
def test_a_telephone_and_a_tile_are_not_found(number: int) -> None:
    assert find_sheets(desk(EMPTY, number).pixels) == ()
