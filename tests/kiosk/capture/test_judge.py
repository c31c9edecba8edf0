"""Which numbers give which verdicts, and what the emulated terminal's desks make of the whole way."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from devices.emulators.desk import Scene
from kiosk.capture.flatten import SheetSize
from kiosk.capture.judge import Evidence, Measures, Verdict, judged, measure_page
from kiosk.capture.judge_cover import margin, side_margin
from kiosk.capture.page import Page, Refusal, take_page
from tests.kiosk.capture.desks import random_scene, seen

GOOD = Scene("lease-2", "wood", angle_deg=4)
FINE = Measures(blur_px=1.2, blur_mm=0.13, paper=220, margin=0.1)


def verdicts(scene: Scene) -> set[Verdict]:
    size = SheetSize.CARD if scene.sheet.startswith("id-") else SheetSize.A4
    return set(take_page(seen(scene), size).verdicts)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"sheets": 0}, Verdict.NO_SHEET),
        ({"sheets": 2}, Verdict.SEVERAL),
        ({"margin": 0.0}, Verdict.CUT_OFF),
        ({"margin": -0.2}, Verdict.CUT_OFF),
        ({"margin": 0.004, "side_margin": 0.004}, Verdict.CUT_OFF),
        ({"covered_mm": 15.0}, Verdict.COVERED),
        ({"paper": 70.0}, Verdict.DARK),
        ({"blur_px": 3.0, "blur_mm": 0.4}, Verdict.BLURRED),
        ({"glare_mm2": 80.0}, Verdict.GLARE),
        ({"print_cells": 1}, Verdict.BLANK),
        ({"text_orientation": 180}, Verdict.UPSIDE_DOWN),
        ({"known": True}, Verdict.DUPLICATE),
    ],
)
def test_each_number_has_its_verdict_and_no_other(change: dict[str, float], verdict: Verdict) -> None:
    assert judged(FINE) == ()
    assert judged(replace(FINE, **change)) == (verdict,)  # type: ignore[arg-type]


def test_a_side_that_ends_with_the_picture_is_told_from_a_corner_that_comes_near_to_it() -> None:
    shape, aslant = (1536, 2048, 3), np.array([[8, 200], [900, 8], [1300, 1200], [400, 1400]], np.float32)
    assert judged(replace(FINE, margin=margin(shape, aslant), side_margin=side_margin(shape, aslant))) == ()
    along = np.array([[1200, 100], [2040, 90], [2041, 1300], [1210, 1290]], np.float32)
    found = replace(FINE, margin=margin(shape, along), side_margin=side_margin(shape, along))
    assert judged(found) == (Verdict.CUT_OFF,)
    assert judged(replace(found, margin=0.01, side_margin=0.008)) == ()


def test_a_coarse_camera_is_not_the_citizens_fault() -> None:
    assert judged(replace(FINE, blur_px=1.6, blur_mm=0.4)) == ()
    assert judged(replace(FINE, blur_px=2.2, blur_mm=0.1)) == ()


def test_an_empty_page_is_neither_blurred_nor_twice_there() -> None:
    empty = replace(FINE, print_cells=0, blur_px=9.0, blur_mm=1.0, known=True)
    assert judged(empty) == (Verdict.BLANK,)


def test_a_page_that_lies_sideways_is_not_upside_down() -> None:
    assert judged(replace(FINE, text_orientation=90)) == ()


def test_the_gravest_comes_first() -> None:
    assert judged(replace(FINE, known=True, paper=40, margin=0)) == (
        Verdict.CUT_OFF,
        Verdict.DARK,
        Verdict.DUPLICATE,
    )


@pytest.mark.parametrize("number", range(6))
def test_good_pages_are_accepted(number: int) -> None:
    assert verdicts(random_scene(number, ("wood", "dark", "plain")[number % 3])) == set()


@pytest.mark.parametrize("sheet", ["lease-1", "deed", "id-front", "id-back"])
def test_defocus_is_blurred(sheet: str) -> None:
    assert verdicts(replace(GOOD, sheet=sheet, blur_mm=0.7)) == {Verdict.BLURRED}


@pytest.mark.parametrize("sideways", [True, False])
def test_motion_in_one_direction_is_blurred(sideways: bool) -> None:
    kernel = np.zeros((9, 9), np.float32)
    kernel[(4, slice(None)) if sideways else (slice(None), 4)] = 1 / 9
    shaken = cv2.filter2D(seen(replace(GOOD, angle_deg=0)), -1, kernel)
    assert Verdict.BLURRED in take_page(shaken, SheetSize.A4).verdicts


@pytest.mark.parametrize("light", [0.2, 0.3])
def test_a_weak_lamp_is_dark(light: float) -> None:
    assert Verdict.DARK in verdicts(replace(GOOD, light=light))


@pytest.mark.parametrize("light", [0.5, 0.7, 1.0])
def test_a_modest_lamp_is_not_dark(light: float) -> None:
    assert verdicts(replace(GOOD, light=light)) == set()


@pytest.mark.parametrize("offset_mm", [(0, 60), (190, 0), (-130, 30)])
def test_a_sheet_over_the_edge_is_cut_off(offset_mm: tuple[float, float]) -> None:
    assert Verdict.CUT_OFF in verdicts(replace(GOOD, offset_mm=offset_mm))


def test_an_empty_desk_has_no_sheet() -> None:
    assert take_page(seen(Scene("", "wood")), SheetSize.A4) == Refusal((Verdict.NO_SHEET,))


def test_who_insists_gets_the_whole_picture_with_the_verdict() -> None:
    page = take_page(seen(Scene("", "wood")), SheetSize.A4, insist=True)
    assert isinstance(page, Page)
    assert page.verdicts[0] is Verdict.NO_SHEET
    assert Verdict.CUT_OFF not in page.verdicts
    assert page.corners is None
    assert not page.accepted


@pytest.mark.parametrize("size", [(1, 1), (3, 70), (70, 3), (64, 64)])
@pytest.mark.parametrize("shade", [0, 128, 255])
def test_pictures_that_show_nothing_have_numbers_too(size: tuple[int, int], shade: int) -> None:
    pixels = np.full((*size, 3), shade, np.uint8)
    measures = measure_page(Evidence(pixels, (), pixels, SheetSize.A4, 0, 0.0))
    assert judged(measures)[0] is Verdict.NO_SHEET
    assert np.isfinite([measures.blur_px, measures.paper, measures.margin, measures.glare_mm2]).all()
