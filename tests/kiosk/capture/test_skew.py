"""Sheets that a feeder pulled in crooked come out level."""

import cv2
import numpy as np
import pytest

from devices.emulators.sane_paper import scanned, size_px
from kiosk.capture.flatten import Pixels, SheetSize
from kiosk.capture.judge import Verdict
from kiosk.capture.scan import page_of_scan
from kiosk.capture.skew import skew_deg

A4 = (210.0, 297.0)
PRINTED = ("lease-1", "deed", "labour-contract", "kinship-proof")


def fed(name: str, skew: float, dpi: int = 200, backdrop: int = 255) -> Pixels:
    """A sheet as the emulated scanner delivers it."""
    width, height = size_px(dpi, A4)
    rows = scanned(name, dpi, A4, skew, backdrop, grey=False)
    return np.ascontiguousarray(np.frombuffer(rows, np.uint8).reshape(height, width, 3)[:, :, ::-1])


def seen(jpeg: bytes) -> Pixels:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))


@pytest.mark.parametrize("name", PRINTED)
@pytest.mark.parametrize("skew", [-4.0, -1.3, 0.0, 0.6, 2.5])
def test_the_print_tells_how_crooked_it_lies(name: str, skew: float) -> None:
    assert skew_deg(fed(name, skew)) == pytest.approx(skew, abs=0.1)


@pytest.mark.parametrize("name", PRINTED)
@pytest.mark.parametrize("backdrop", [255, 0], ids=["white roller", "black roller"])
@pytest.mark.parametrize("skew", [-2.0, 0.0, 0.8])
def test_a_crooked_sheet_becomes_a_level_page_of_its_true_size(name: str, backdrop: int, skew: float) -> None:
    page = page_of_scan(fed(name, skew, backdrop=backdrop), 200, SheetSize.A4)
    assert page.verdicts == ()
    assert page.size_mm == pytest.approx(A4, abs=0.5)
    assert abs(skew_deg(seen(page.jpeg))) <= 0.15


def test_what_shows_no_lines_is_left_as_it_lies() -> None:
    chance = np.random.default_rng(5)
    noise = chance.integers(0, 256, (800, 600, 3), np.uint8)
    photo = cv2.GaussianBlur(noise, (0, 0), 9)
    blank = np.full((800, 600, 3), 255, np.uint8)
    dots = blank.copy()
    for x, y in chance.integers(5, 590, (300, 2)):
        cv2.circle(dots, (int(x), int(y)), 2, (0, 0, 0), -1)
    assert [skew_deg(pixels) for pixels in (noise, photo, blank, dots)] == [0.0] * 4


def test_a_sheet_turned_by_more_than_a_feeder_can_is_left_alone() -> None:
    paper = fed("lease-1", 0.0)
    height, width = paper.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 30.0, 0.6)
    assert skew_deg(cv2.warpAffine(paper, turn, (width, height), borderValue=(255, 255, 255))) == 0.0


def test_a_card_on_black_glass_is_found_and_cut_out() -> None:
    page = page_of_scan(fed("id-front", 1.0, 300, backdrop=0), 300, SheetSize.CARD)
    assert page.corners is not None
    assert Verdict.NO_SHEET not in page.verdicts
    assert sorted(page.size_mm) == pytest.approx([54.0, 85.6], abs=0.3)
