"""Photographs of all sorts of paper, each with one fault or none, judged at their true corners.

The whole set is larger (`bench/defects`, held-back part included); this one is small, of another hand, and quick.
"""

import math

import numpy as np
import pytest

from kiosk.capture.judge import Verdict, judged, measure_page
from tests.kiosk.capture.papers import CARD, SORTS, empty, paper
from tests.kiosk.capture.shots import DESKS, Shot, take, varied

WIDE = 2592  # pixels: a 5 MP camera, the coarsest that is worth its place


def said(sort: str, shot: Shot, seed: int = 3) -> tuple[Verdict, ...]:
    return judged(measure_page(take(paper(sort, seed), shot).evidence()))


@pytest.mark.parametrize(("number", "sort"), list(enumerate(SORTS)))
def test_a_good_page_of_any_sort_is_accepted(number: int, sort: str) -> None:
    assert said(sort, varied(40 + number, wide=WIDE, gain=0.8)) == ()


@pytest.mark.parametrize("sort", ["contract", "pale", "form", "red cover", "handwriting", "card front"])
def test_out_of_focus(sort: str) -> None:
    assert said(sort, varied(7, wide=WIDE, defocus_mm=0.45)) == (Verdict.BLURRED,)


@pytest.mark.parametrize("sort", ["form", "notice", "card back"])
@pytest.mark.parametrize("turn", [0, 45, 90, 160])
def test_shaken_along_one_direction(sort: str, turn: int) -> None:
    way = math.radians(turn)
    moved = (1.3 * math.cos(way), 1.3 * math.sin(way))
    assert said(sort, varied(8, wide=WIDE, motion_mm=moved)) == (Verdict.BLURRED,)


@pytest.mark.parametrize("sort", ["contract", "coloured", "card front"])
def test_too_dark(sort: str) -> None:
    assert Verdict.DARK in said(sort, varied(9, wide=WIDE, gain=0.3, warm=0.0, shadow=0.0))


@pytest.mark.parametrize(
    ("sort", "spot"),
    [
        ("contract", (105, 150, 18, 240)),
        ("form", (90, 120, 12, 260)),
        ("booklet", (60, 90, 14, 230)),
        ("card front", (30, 20, 8, 240)),
    ],
)
def test_the_lamp_mirrored_over_print(sort: str, spot: tuple[float, float, float, float]) -> None:
    assert Verdict.GLARE in said(sort, varied(10, wide=WIDE, glares=(spot,)))


def test_a_reflection_in_the_margin_hides_nothing() -> None:
    assert said("notice", varied(10, wide=WIDE, gain=0.8, glares=((120, 220, 10, 240),))) == ()


@pytest.mark.parametrize("desk", range(len(DESKS)))
def test_a_finger_over_the_edge_on_any_desk(desk: int) -> None:
    shot = varied(11, wide=WIDE, desk=desk, skin=desk % 6, fingers=((185, 120, 0.2, 17),))
    assert Verdict.COVERED in said("contract", shot)


@pytest.mark.parametrize("place", [(20, 150, math.pi), (100, 25, -math.pi / 2), (90, 270, math.pi / 2)])
def test_a_finger_from_any_side(place: tuple[float, float, float]) -> None:
    assert Verdict.COVERED in said("form", varied(12, wide=WIDE, desk=0, fingers=((*place, 16),)))


@pytest.mark.parametrize("desk", [2, 3])
def test_fingers_side_by_side_on_a_desk_of_their_own_colour(desk: int) -> None:
    fingers = tuple((185.0, 80.0 + 20 * place, 0.1, 17.0) for place in range(4))
    shot = varied(11, wide=WIDE, desk=desk, skin=3, fingers=fingers)
    assert Verdict.COVERED in said("contract", shot)


def test_a_page_that_is_one_dark_photograph_is_not_covered_by_its_own_margin() -> None:
    page = paper("notice", 3).copy()
    page[150:-150, 150:-150] = (page[150:-150, 150:-150] * 0.3).astype(np.uint8)
    shot = varied(14, wide=WIDE, desk=4, gain=0.8)
    assert Verdict.COVERED not in judged(measure_page(take(page, shot).evidence()))


def test_a_finger_on_a_card() -> None:
    assert Verdict.COVERED in said("card front", varied(12, wide=WIDE, desk=1, fingers=((70, 30, 0.1, 15),)))


@pytest.mark.parametrize("seed", range(6))
def test_an_empty_sheet_is_blank_and_nothing_else(seed: int) -> None:
    shot = varied(13 + seed, wide=WIDE, gain=0.85)
    assert judged(measure_page(take(empty(seed), shot).evidence())) == (Verdict.BLANK,)


def test_an_empty_card_is_blank() -> None:
    assert Verdict.BLANK in judged(measure_page(take(empty(1, CARD), varied(20, wide=WIDE)).evidence()))
