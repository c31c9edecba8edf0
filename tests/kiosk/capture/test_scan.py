"""Sheets that went through the scanner become pages of true size, whatever the scanner shows around them."""

import cv2
import numpy as np
import pytest

from devices.emulators.desk_sheets import drawn
from kiosk.capture.flatten import SheetSize
from kiosk.capture.judge import Verdict
from kiosk.capture.page import Page
from kiosk.capture.scan import page_of_scan


def sheet(dpi: int, ground: int = 255) -> np.ndarray:
    """An A4 sheet of print to the edges of the scan, BGR."""
    height, width = round(297 / 25.4 * dpi), round(210 / 25.4 * dpi)
    pixels = np.full((height, width, 3), ground, np.uint8)
    for row in range(12):
        y = round(height * (0.1 + 0.065 * row))
        cv2.putText(
            pixels, "2026-11-21 0123456789", (width // 10, y), 0, dpi / 200, (30, 30, 30), 2, cv2.LINE_AA
        )
    return pixels


@pytest.mark.parametrize("dpi", [200, 300])
def test_white_to_the_edges_is_the_whole_sheet(dpi: int) -> None:
    page = page_of_scan(sheet(dpi), dpi, SheetSize.A4)
    assert isinstance(page, Page)
    assert page.verdicts == ()
    assert page.size_mm == pytest.approx((210, 297), abs=0.5)
    assert page.corners is None


def test_a_frame_on_the_form_is_not_its_edge() -> None:
    pixels = sheet(200)
    height, width = pixels.shape[:2]
    cv2.rectangle(pixels, (width // 8, height // 8), (width * 7 // 8, height * 7 // 8), (0, 0, 0), 4)
    assert page_of_scan(pixels, 200, SheetSize.A4).corners is None


def test_a_turned_sheet_on_a_dark_glass_is_set_straight() -> None:
    paper = sheet(200)
    height, width = paper.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 3, 1.0)
    turn[:, 2] += (80, 80)
    lying = cv2.warpAffine(paper, turn, (width + 160, height + 160), borderValue=(40, 40, 40))
    page = page_of_scan(lying, 200, SheetSize.A4)
    assert page.corners is not None
    assert page.size_mm == pytest.approx((210, 297), abs=0.5)
    picture = cv2.imdecode(np.frombuffer(page.jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture[:, :30].mean() > 200, "no dark wedge is left at the edge"


def test_a_card_nobody_finds_on_the_glass_is_said_so() -> None:
    assert (
        Verdict.NO_SHEET
        in page_of_scan(np.full((2339, 1654, 3), 255, np.uint8), 200, SheetSize.CARD).verdicts
    )


@pytest.mark.parametrize("corner", [(0.0, 0.0), (1.0, 0.0)], ids=["top left", "top right"])
@pytest.mark.parametrize("skew", [0.9, -0.7])
def test_a_card_in_the_corner_of_the_glass_is_completed(corner: tuple[float, float], skew: float) -> None:
    """It lies crooked, so a sliver of two of its sides is outside of what the scanner sees."""
    dpi, card = 200, drawn("id-front", 10.0)
    height, width = round(297 / 25.4 * dpi), round(210 / 25.4 * dpi)
    scale = dpi / 254.0
    turn = cv2.getRotationMatrix2D((card.shape[1] / 2, card.shape[0] / 2), skew, scale)
    room = np.array([width, height]) - scale * np.array(card.shape[1::-1])
    turn[:, 2] += np.array(corner) * room + (scale - 1) * np.array(card.shape[1::-1]) / 2
    glass = np.zeros((height, width, 3), np.uint8)
    cv2.warpAffine(
        card, turn, (width, height), dst=glass, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_TRANSPARENT
    )
    page = page_of_scan(np.ascontiguousarray(glass[..., ::-1]), dpi, SheetSize.CARD)
    assert page.corners is not None
    assert sorted(page.size_mm) == pytest.approx([54.0, 85.6], abs=0.3)
    truth = cv2.transform(np.array([[[0, 0]], [[card.shape[1], card.shape[0]]]], np.float64), turn)[:, 0]
    assert np.abs(np.array(page.corners)[[0, 2]] - truth).max() < 0.3 / 25.4 * dpi
