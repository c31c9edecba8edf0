"""Pages come out in their true size, and straight."""

import cv2
import numpy as np
import pytest

from devices.emulators.desk import Scene
from kiosk.capture.find import find_sheet
from kiosk.capture.flatten import SheetSize, flatten, is_landscape, px_per_mm
from tests.kiosk.capture.desks import seen, truth


@pytest.mark.parametrize(
    ("sheet", "size", "angle_deg", "shape"),
    [
        ("lease-1", SheetSize.A4, 5, (3508, 2480)),
        ("deed", SheetSize.A4, 90, (2480, 3508)),
        ("id-front", SheetSize.CARD, -7, (638, 1011)),
        ("id-back", SheetSize.CARD, 83, (1011, 638)),
    ],
)
def test_size_at_300_dpi(sheet: str, size: SheetSize, angle_deg: float, shape: tuple[int, int]) -> None:
    scene = Scene(sheet, "wood", angle_deg=angle_deg)
    found = find_sheet(seen(scene))
    assert found is not None
    assert flatten(seen(scene), found.corners, size).shape == (*shape, 3)
    assert is_landscape(found.corners) == (shape[1] > shape[0])


def test_scale_of_the_camera() -> None:
    assert px_per_mm(truth(Scene("lease-1", tilt_deg=(0, 0))), SheetSize.A4) == pytest.approx(
        1600 / 467, rel=0.01
    )


@pytest.mark.parametrize("angle_deg", [-9, -2, 6, 11])
def test_ruled_lines_lie_straight(angle_deg: float) -> None:
    scene = Scene("deed", "dark", angle_deg=angle_deg, tilt_deg=(2.5, -2.0))
    found = find_sheet(seen(scene))
    assert found is not None
    page = flatten(seen(scene), found.corners, SheetSize.A4)
    assert abs(_skew(page)) < 0.2


def test_print_stays_where_it_was_on_the_paper() -> None:
    """The table of the deed begins 22 mm from the left edge."""
    scene = Scene("deed", "dark", angle_deg=4)
    found = find_sheet(seen(scene))
    assert found is not None
    page = cv2.cvtColor(flatten(seen(scene), found.corners, SheetSize.A4), cv2.COLOR_BGR2GRAY)
    band = page[700:1700, 150:400].astype(np.float32).mean(axis=0)
    left_mm = (150 + int(np.argmin(band))) / 300 * 25.4
    assert left_mm == pytest.approx(22, abs=0.5)


def _skew(page: np.ndarray) -> float:
    """Degrees by which the long rules of a table lean: their heights in two columns, 100 mm apart."""
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY).astype(np.float32)
    left, right = grey[:, 420:560].mean(axis=1), grey[:, 1960:2100].mean(axis=1)
    top = slice(480, 640)  # the table's first rule, 42 mm from the top
    fall = _dip(right[top]) - _dip(left[top])
    return float(np.degrees(np.arctan2(fall, 1960 - 420)))


def _dip(profile: np.ndarray) -> float:
    dark = np.clip(np.median(profile) - profile - 10, 0, None)
    return float((dark * np.arange(len(dark))).sum() / dark.sum())
