"""Brightness at full size and colours at half are the same page as three full planes."""

import cv2
import numpy as np
import pytest

from devices.emulators.desk import Scene
from kiosk.capture.calibration import true_size
from kiosk.capture.flatten import SheetSize, flatten
from kiosk.capture.page import encoded
from kiosk.capture.planes import Planes, half_of, luma_of
from tests.kiosk.capture.desks import seen, truth

CARD = Scene("id-front", "wood", angle_deg=6, tilt_deg=(2.0, 1.0))


@pytest.mark.parametrize("level_deg", [0.0, 0.6])
def test_the_planes_are_those_of_the_flattened_sheet(level_deg: float) -> None:
    pixels, corners = seen(CARD), truth(CARD)
    true = true_size(corners, (pixels.shape[1], pixels.shape[0]), SheetSize.CARD, None)
    flat = flatten(pixels, corners, true.size, mm=true.mm, level_deg=level_deg)
    luma, half = (make(pixels, corners, true, level_deg) for make in (luma_of, half_of))
    assert luma.shape == flat.shape[:2]
    assert np.abs(cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY).astype(int) - luma).mean() < 1
    assert half.shape == (-(-flat.shape[0] // 2), -(-flat.shape[1] // 2), 3)
    inner = np.s_[4:-4, 4:-4]
    small = cv2.resize(flat, half.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(small[inner].astype(int) - half[inner]).mean() < 3


def test_a_jpeg_of_planes_has_the_colours_of_the_page() -> None:
    page = np.full((641, 451, 3), 250, np.uint8)
    page[100:300, 50:201] = (40, 45, 215)
    page[350:600, 301:420] = (180, 90, 30)
    half = cv2.resize(page, (226, 321), interpolation=cv2.INTER_AREA)
    planes = Planes(np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)), np.asarray(half))
    shown = np.asarray(cv2.imdecode(np.frombuffer(encoded(planes), np.uint8), cv2.IMREAD_COLOR))
    assert shown.shape == page.shape
    for part in (np.s_[10:90, 10:440], np.s_[110:290, 60:190], np.s_[360:590, 310:410]):
        assert np.abs(shown[part].astype(int) - page[part]).mean() < 2


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_both_planes_turn_alike(degrees: int) -> None:
    luma = np.arange(60, dtype=np.uint8).reshape(6, 10)
    half = np.repeat(np.arange(15, dtype=np.uint8).reshape(3, 5, 1), 3, axis=2)
    turned = Planes(luma, half).turned(degrees)
    assert np.array_equal(turned.luma, np.rot90(luma, -degrees // 90))
    assert np.array_equal(turned.half, np.rot90(half, -degrees // 90))
    assert turned.size == ((10, 6) if degrees in (0, 180) else (6, 10))
