"""A picture that moved, or was out of focus: the blur is measured, divided out, and the code is read."""

import math

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from kiosk.capture.codes import find_codes
from kiosk.capture.codes_sharpen import Disk, Line, blurs
from tests.kiosk.capture.codes_printed import printed

TEXT = "https://zwfw.example.cn/q?no=420000123456"


def sheet() -> NDArray[np.uint8]:
    """A symbol of 6 pixels a module among lines of writing."""
    dice = np.random.default_rng(7)
    paper = np.full((600, 800), 225, np.float32)
    for top in range(20, 560, 22):
        for left in range(20, 760, 26):
            paper[top : top + int(dice.integers(6, 14)), left : left + int(dice.integers(4, 20))] = 35
    symbol = printed(TEXT, scale=6)[40:-40, 40:-40]
    top, left = (600 - len(symbol)) // 2, (800 - len(symbol)) // 2
    paper[top : top + len(symbol), left : left + len(symbol)] = symbol * (190 / 255) + 35
    return cv2.GaussianBlur(paper, (0, 0), 0.6)


def through(picture: NDArray[np.float32], kernel: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Blurred, with the grain of a sensor."""
    blurred = cv2.filter2D(picture, -1, kernel / kernel.sum())
    grainy = blurred + np.random.default_rng(3).normal(0, 1.5, blurred.shape)
    return np.clip(np.rint(grainy), 0, 255).astype(np.uint8)


def disk(radius: float) -> NDArray[np.float32]:
    reach = math.ceil(radius) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)


def line(length: float, angle_deg: float) -> NDArray[np.float32]:
    reach = math.ceil(length / 2) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    for along in np.linspace(-length / 2, length / 2, 400):
        x = reach + along * math.cos(math.radians(angle_deg))
        y = reach + along * math.sin(math.radians(angle_deg))
        kernel[round(y), round(x)] += 1
    return kernel


@pytest.mark.parametrize("radius", [5.0, 6.5, 8.0])
def test_out_of_focus(radius: float) -> None:
    picture = through(sheet(), disk(radius))
    assert zxingcpp.read_barcodes(picture) == []
    (measured,) = blurs(picture)
    assert isinstance(measured, Disk)
    assert measured.radius == pytest.approx(radius, abs=0.4)
    assert [code.text for code in find_codes(picture)] == [TEXT]


@pytest.mark.parametrize("angle_deg", [0, 30, 90, 140])
@pytest.mark.parametrize("length", [15.0, 20.0])
def test_moved(length: float, angle_deg: float) -> None:
    picture = through(sheet(), line(length, angle_deg))
    assert zxingcpp.read_barcodes(picture) == []
    measured = next(blurs(picture))
    assert isinstance(measured, Line)
    assert measured.length == pytest.approx(length, abs=1.2)
    apart = (math.degrees(measured.angle) - angle_deg) % 180
    assert min(apart, 180 - apart) < 5
    assert [code.text for code in find_codes(picture)] == [TEXT]


def test_empty_paper_is_not_blurred() -> None:
    assert list(blurs(np.full((300, 400), 200, np.uint8))) == []
    grainy = np.random.default_rng(2).normal(200, 3, (600, 800))
    assert list(blurs(grainy.astype(np.uint8))) == []


@pytest.mark.parametrize("shape", [(8, 8), (20, 900), (900, 20), (513, 511)])
def test_pictures_of_any_shape_can_be_measured(shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    for measured in blurs(picture):
        assert isinstance(measured, Line | Disk)
    assert find_codes(picture) == ()
