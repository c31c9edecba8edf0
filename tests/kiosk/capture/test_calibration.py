"""Sheets come out in their own millimetres: measured where the camera's scale is known, unstretched where it is not."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.capture.calibration import Calibration, calibrated, keep, kept, true_size
from kiosk.capture.flatten import SheetSize, flatten, true_aspect
from kiosk.capture.outline import Quad
from kiosk.capture.page import Page, take_page

PICTURE = (1600, 1200)


def lying(mm: tuple[float, float], px_per_mm: float = 4.0, angle_deg: float = 0.0) -> Quad:
    """Corners of a sheet seen straight from above."""
    width, height = np.array(mm) * px_per_mm / 2
    turn = cv2.getRotationMatrix2D((0, 0), -angle_deg, 1.0)[:, :2]
    outline = np.array([[-width, -height], [width, -height], [width, height], [-width, height]])
    return np.asarray(outline @ turn.T + (800, 600), np.float32)


def tilted(mm: tuple[float, float], about_x: float, about_y: float, focal: float) -> Quad:
    """Corners of a sheet in the middle of a pinhole camera's view that leans."""
    a, b = np.deg2rad([about_x, about_y])
    lean = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]]) @ np.array(
        [[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]]
    )
    width, height = mm[0] / 2, mm[1] / 2
    sheet = np.array([[-width, -height, 0], [width, -height, 0], [width, height, 0], [-width, height, 0]])
    space = sheet @ lean.T + (0, 0, 420)
    seen = space[:, :2] / space[:, 2:] * focal * PICTURE[0]
    return np.asarray(seen + (np.array(PICTURE) - 1) / 2, np.float32)


@pytest.mark.parametrize(
    ("mm", "size"),
    [
        ((210, 297), SheetSize.A4),
        ((297, 210), SheetSize.A4),
        ((148, 210), SheetSize.A5),
        ((176, 250), SheetSize.B5),
        ((85.6, 54), SheetSize.CARD),
        ((35, 49), SheetSize.PHOTO_2_INCH),
        ((25, 35), SheetSize.PHOTO_1_INCH),
    ],
)
def test_calibrated_a_sheet_has_its_standard_size_whatever_the_slot_asks(
    mm: tuple[float, float], size: SheetSize
) -> None:
    slightly_off = lying((mm[0] * 1.006, mm[1] * 0.995))
    true = true_size(slightly_off, PICTURE, SheetSize.A4, Calibration(4.0))
    assert (true.size, true.mm, true.measured) == (size, mm, True)


def test_calibrated_any_other_sheet_has_its_own_millimetres() -> None:
    true = true_size(lying((80, 190)), PICTURE, SheetSize.A4, Calibration(4.0))
    assert true.size is SheetSize.FREE
    assert true.mm == pytest.approx((80, 190), abs=0.1)
    flat = flatten(np.zeros((1200, 1600, 3), np.uint8), lying((80, 190)), true.size, mm=true.mm)
    assert flat.shape == (round(190 / 25.4 * 300), round(80 / 25.4 * 300), 3)


def test_an_a5_sheet_in_an_a4_slot_is_not_stretched() -> None:
    desk = np.full((1200, 1600, 3), (40, 60, 80), np.uint8)
    corners = lying((148, 210), 4.5, angle_deg=3)
    cv2.fillConvexPoly(desk, np.rint(corners).astype(np.int32), (245, 245, 245))
    for row in range(12):
        cv2.putText(
            desk, "2026-11-21 0123456789", (560, 240 + 60 * row), 0, 0.9, (30, 30, 30), 2, cv2.LINE_AA
        )
    page = take_page(desk, SheetSize.A4, calibration=Calibration(4.5, PICTURE))
    assert isinstance(page, Page)
    assert (page.size, page.calibrated) == (SheetSize.A5, True)
    assert sorted(page.size_mm) == pytest.approx([148, 210], abs=0.2)


def test_a_calibration_of_another_resolution_is_not_used() -> None:
    true = true_size(lying((148, 210)), PICTURE, SheetSize.A4, Calibration(4.0, (4208, 3120)))
    assert (true.size, true.measured) == (SheetSize.A4, False)


@pytest.mark.parametrize("focal", [0.8, 1.25, 2.0])
@pytest.mark.parametrize(("about_x", "about_y"), [(0, 0), (2, -1.5), (20, 14), (-25, 18), (0, 25)])
@pytest.mark.parametrize("mm", [(210.0, 297.0), (85.6, 54.0)])
def test_the_shape_is_told_from_one_view(
    mm: tuple[float, float], about_x: float, about_y: float, focal: float
) -> None:
    aspect = true_aspect(tilted(mm, about_x, about_y, focal), PICTURE)
    # Leaning about one axis alone does not tell the focal length, and a usual one is assumed.
    told = (about_x == 0) == (about_y == 0)
    assert aspect == pytest.approx(mm[0] / mm[1], rel=0.02 if told else 0.14)


def test_uncalibrated_the_shape_decides() -> None:
    assert true_size(lying((210, 297)), PICTURE, SheetSize.A4, None).size is SheetSize.A4
    assert true_size(lying((85.6, 54)), PICTURE, SheetSize.A4, None).mm == (85.6, 54.0)
    assert true_size(lying((35, 49), 12), PICTURE, SheetSize.PHOTO_2_INCH, None).mm == (35.0, 49.0)
    strip = true_size(lying((80, 190)), PICTURE, SheetSize.A4, None)
    assert strip.size is SheetSize.FREE
    assert strip.mm[0] / strip.mm[1] == pytest.approx(80 / 190, rel=0.01)
    assert strip.mm[1] == pytest.approx(297)


def test_one_photograph_of_an_a4_sheet_tells_the_scale() -> None:
    measured = calibrated(lying((210, 297), 3.7, angle_deg=8), PICTURE, "usb-camera-7")
    assert measured.px_per_mm == pytest.approx(3.7, rel=0.002)
    with pytest.raises(ValueError, match="A4"):
        calibrated(lying((85.6, 54)), PICTURE)
    with pytest.raises(ValueError, match="px/mm"):
        Calibration(0.01)


def test_it_is_kept_for_each_camera_and_resolution(tmp_path: Path) -> None:
    assert kept(tmp_path, "one", PICTURE) is None
    for device, resolution, scale in (
        ("one", PICTURE, 3.5),
        ("one", (800, 600), 1.75),
        ("two", PICTURE, 6.0),
    ):
        keep(tmp_path / "data", Calibration(scale, resolution, device))
    keep(tmp_path / "data", Calibration(3.6, PICTURE, "one"))
    assert kept(tmp_path / "data", "one", PICTURE) == Calibration(3.6, PICTURE, "one")
    assert kept(tmp_path / "data", "one", (800, 600)) == Calibration(1.75, (800, 600), "one")
    assert kept(tmp_path / "data", "three", PICTURE) is None
    (tmp_path / "data" / "calibration.json").write_text(json.dumps([{"px_per_mm": "wide"}]), encoding="utf-8")
    assert kept(tmp_path / "data", "one", PICTURE) is None
