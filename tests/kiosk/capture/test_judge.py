"""Each fault is named, and good pages are left alone."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from devices.emulators.desk import Scene
from kiosk.capture.find import find_sheet
from kiosk.capture.flatten import SheetSize
from kiosk.capture.judge import Measures, Verdict, judged, measure
from kiosk.capture.page import Page, Refusal, take_page
from tests.kiosk.capture.desks import random_scene, seen

GOOD = Scene("lease-2", "wood", angle_deg=4)
SHARP = Measures(blur_px=0.9, blur_mm=0.1, paper=220, margin=0.1)


def verdicts(scene: Scene) -> set[Verdict]:
    size = SheetSize.CARD if scene.sheet.startswith("id-") else SheetSize.A4
    return set(take_page(seen(scene), size).verdicts)


@pytest.mark.parametrize("number", range(9))
def test_good_pages_are_accepted(number: int) -> None:
    assert verdicts(random_scene(number, ("wood", "dark", "plain")[number % 3])) == set()


@pytest.mark.parametrize("sheet", ["lease-1", "deed", "kinship-proof", "id-front", "id-back"])
def test_defocus_is_blurred(sheet: str) -> None:
    assert verdicts(replace(GOOD, sheet=sheet, blur_mm=0.5)) == {Verdict.BLURRED}


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


@pytest.mark.parametrize("offset_mm", [(0, 60), (0, -60), (190, 0), (-190, 0), (-150, 45)])
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


def test_a_blank_sheet_is_not_called_blurred() -> None:
    desk = np.full((900, 1200, 3), 60, np.uint8)
    desk[100:800, 350:845] = 235
    sheet = find_sheet(desk)
    assert sheet is not None
    assert measure(desk, sheet.corners, SheetSize.A4).blur_px == 0


def test_a_coarse_camera_is_not_the_citizens_fault() -> None:
    assert judged(replace(SHARP, blur_px=1.2, blur_mm=0.4)) == ()
    assert judged(replace(SHARP, blur_px=2.0, blur_mm=0.1)) == ()
    assert judged(replace(SHARP, blur_px=2.0, blur_mm=0.3)) == (Verdict.BLURRED,)


def test_blur_is_measured_in_millimetres_of_paper() -> None:
    measured = []
    for width, height in ((1600, 1200), (3200, 2400)):
        picture = seen(replace(GOOD, blur_mm=0.4), width, height)
        sheet = find_sheet(picture)
        assert sheet is not None
        measured.append(measure(picture, sheet.corners, SheetSize.A4).blur_mm)
    assert measured == pytest.approx([0.4, 0.4], abs=0.15)
