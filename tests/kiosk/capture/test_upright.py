"""Which way up a page is read, and how crooked its print lies: on printed forms, cards, and on what has no print."""

import cv2
import numpy as np
import pytest

from devices.emulators.desk_sheets import drawn
from kiosk.capture.flatten import Pixels
from kiosk.capture.upright import lines_of, text_orientation

PAGES = ("lease-1", "deed", "student-card", "labour-contract", "kinship-proof", "owner-id")
CARDS = ("id-front", "id-back")
_BACK = {0: None, 90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


def lying(name: str, turn: int = 0, skew: float = 0.0, blur: float = 0.0, noise: float = 0.0) -> Pixels:
    """A printed page at 150 dpi that must be turned clockwise by `turn` to be read."""
    page = cv2.resize(drawn(name, 12.0), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    height, width = page.shape[:2]
    move = cv2.getRotationMatrix2D((width / 2, height / 2), -skew, 1.0)
    page = cv2.warpAffine(page, move, (width, height), borderMode=cv2.BORDER_REPLICATE)
    if blur:
        page = cv2.GaussianBlur(page, (0, 0), blur)
    if noise:
        grain = np.random.default_rng(1).normal(0, noise, page.shape)
        page = np.clip(page * 0.7 + grain, 0, 255).astype(np.uint8)
    back = _BACK[turn]
    return np.asarray(page if back is None else cv2.rotate(page, back))


@pytest.mark.parametrize("name", [*PAGES, *CARDS])
def test_every_turn_is_told_and_sure(name: str) -> None:
    for turn in (0, 90, 180, 270):
        lines = lines_of(lying(name, turn))
        assert (lines.turn, lines.sure) == (turn, True)


@pytest.mark.parametrize("name", ["lease-1", "deed"])
def test_so_it_is_on_a_dim_and_soft_photograph(name: str) -> None:
    for turn in (90, 180):
        assert text_orientation(lying(name, turn, blur=1.2, noise=9)) == turn


@pytest.mark.parametrize("name", PAGES)
def test_print_tells_its_skew_to_a_tenth_of_a_degree(name: str) -> None:
    for skew in (-1.3, -0.4, 0.2, 0.7):
        assert lines_of(lying(name, skew=skew)).skew_deg == pytest.approx(skew, abs=0.1)


def test_the_skew_of_a_lying_page_is_that_of_its_lines() -> None:
    assert lines_of(lying("lease-1", 90, skew=0.6)).skew_deg == pytest.approx(0.6, abs=0.1)


def test_what_has_no_print_is_left_as_it_lies() -> None:
    chance = np.random.default_rng(5)
    noise = chance.integers(0, 256, (1400, 1000, 3), np.uint8)
    blank = np.full((1400, 1000, 3), 250, np.uint8)
    for picture in (blank, noise, cv2.GaussianBlur(noise, (0, 0), 15), np.zeros((40, 30, 3), np.uint8)):
        lines = lines_of(picture)
        assert not lines.sure or lines.turn == 0
        assert abs(lines.skew_deg) < 0.12
