"""Paper becomes white under any light; seals stay red, photographs natural, print as clear as it was."""

import functools

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from devices.emulators.desk_sheets import drawn
from kiosk.capture import clean as cleaning
from kiosk.capture.clean import Mode
from kiosk.capture.flatten import Pixels
from kiosk.capture.planes import Planes

_PHOTO = np.s_[160:440, 960:1170]  # 35 × 24 mm at 150 dpi
_RED = (45, 40, 215)  # vermilion ink, BGR
_RED_AT = np.s_[1180:1200, 390:410]
LIGHTS = ("lamp", "warm", "cold", "shadow", "hard shadow", "dim")


def planes(page: Pixels) -> Planes:
    """The page as it comes from the camera's picture."""
    height, width = page.shape[:2]
    half = cv2.resize(page, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
    return Planes(np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)), np.asarray(half))


def clean(page: Pixels, mode: Mode = Mode.COLOUR) -> Pixels:
    """The cleaned page as a viewer shows its JPEG: (height, width, 3), or (height, width) without colours."""
    done = cleaning.clean(planes(page), mode)
    if not done.coloured:
        return done.luma
    blue, red = (cv2.resize(chroma, done.size) for chroma in done.chroma())
    return np.asarray(cv2.cvtColor(cv2.merge([done.luma, red, blue]), cv2.COLOR_YCrCb2BGR))


@functools.cache
def original() -> Pixels:
    """A lease with a photograph and a red seal, 150 dpi, as it was printed."""
    page = cv2.resize(drawn("lease-1", 12.0), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    photo = np.full((280, 210, 3), (200, 120, 60), np.uint8)
    cv2.ellipse(photo, (105, 130), (60, 82), 0, 0, 360, (150, 175, 225), -1)
    cv2.ellipse(photo, (105, 60), (66, 36), 0, 0, 360, (25, 22, 20), -1)
    cv2.rectangle(photo, (20, 225), (190, 280), (90, 90, 95), -1)
    page[_PHOTO] = cv2.GaussianBlur(photo, (0, 0), 2)
    cv2.circle(page, (400, 1190), 120, _RED, 8)
    cv2.circle(page, (400, 1190), 40, _RED, -1)
    return np.asarray(page)


@functools.cache
def seen(light: str) -> Pixels:
    """The page as a camera sees it in this light."""
    page = original()
    height, width = page.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    falling = np.ones((height, width, 3), np.float32) * 0.93
    if light == "lamp":
        falling /= (1 + 0.7 * ((x / width - 0.3) ** 2 + (y / height - 0.2) ** 2))[:, :, None]
    if light == "warm":
        falling *= np.array([0.72, 0.92, 1.0], np.float32)
    if light == "cold":
        falling *= np.array([1.0, 0.93, 0.82], np.float32)
    if light == "dim":
        falling *= 0.6
    if "shadow" in light:
        lies = ((0.8 * x + 0.5 * y) > 950).astype(np.float32)
        falling *= (1 - 0.42 * cv2.GaussianBlur(lies, (0, 0), 9 if "hard" in light else 25))[:, :, None]
    grain = np.random.default_rng(3).normal(0, 3, page.shape)
    return np.clip(page * falling + grain, 0, 255).astype(np.uint8)


def blank_paper() -> NDArray[np.bool_]:
    """Where the original is white, away from everything else."""
    grey = cv2.cvtColor(original(), cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.erode((grey > 240).astype(np.uint8), np.ones((15, 15), np.uint8)) > 0)


def hue_and_saturation(colour: NDArray[np.float64]) -> tuple[float, float]:
    blue, green, red = colour
    return float(np.degrees(np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue))), float(
        1 - colour.min() / colour.max()
    )


@pytest.mark.parametrize("light", LIGHTS)
def test_paper_is_white_everywhere(light: str) -> None:
    white = cv2.blur(clean(seen(light)), (5, 5))[blank_paper()]
    assert np.percentile(white, 2) >= (225 if light == "hard shadow" else 240)  # its edge is 3 mm wide
    assert white.mean() >= 245
    assert np.ptp(white.mean(axis=0)) < 4  # no tint


@pytest.mark.parametrize("light", LIGHTS)
def test_a_seal_stays_red(light: str) -> None:
    hue, saturation = hue_and_saturation(clean(seen(light))[_RED_AT].reshape(-1, 3).mean(axis=0))
    wanted_hue, wanted_saturation = hue_and_saturation(np.array(_RED, np.float64))
    assert abs(hue - wanted_hue) < 8
    assert saturation >= wanted_saturation - 0.06


@pytest.mark.parametrize("light", ["lamp", "warm", "cold", "dim"])
def test_a_photograph_keeps_its_tones(light: str) -> None:
    apart = clean(seen(light))[_PHOTO].astype(int) - original()[_PHOTO]
    assert np.abs(apart).mean() < 14


@pytest.mark.parametrize("light", LIGHTS)
def test_print_is_no_fainter_than_it_was(light: str) -> None:
    before, after = seen(light), clean(seen(light))
    part = np.s_[500:1000, 150:900]
    contrast = [
        float(np.percentile(grey, 80) - np.percentile(grey, 2)) / float(np.percentile(grey, 80))
        for grey in (cv2.cvtColor(page[part], cv2.COLOR_BGR2GRAY) for page in (before, after))
    ]
    assert contrast[1] >= contrast[0] - 0.02


def test_nothing_is_sharpened() -> None:
    """The steepest step grows only as much as the light does."""
    before = cv2.GaussianBlur(seen("lamp"), (0, 0), 1.5)
    steps = [
        float(np.abs(np.diff(page[500:1000, 150:900, 1].astype(int), axis=1)).max())
        for page in (before, clean(before))
    ]
    assert steps[1] <= 1.7 * steps[0]


def test_the_seal_survives_in_grey_and_in_black_and_white() -> None:
    grey, black = clean(seen("lamp"), Mode.GREY), clean(seen("lamp"), Mode.BW)
    assert grey.ndim == black.ndim == 2
    assert 20 < grey[_RED_AT].mean() < 130  # dark, and still lighter than print
    assert set(np.unique(black)) == {0, 255}
    assert black[_RED_AT].mean() < 20
    ring = black[1070:1310, 280:520]
    assert 0.05 < (ring == 0).mean() < 0.6
    assert (black[blank_paper()] == 255).mean() > 0.999


def test_a_card_keeps_its_colours() -> None:
    card = cv2.resize(drawn("id-front", 12.0), None, fx=0.9, fy=0.9)
    dark = (card * 0.8).astype(np.uint8)
    before, after = (picture.reshape(-1, 3).mean(axis=0) for picture in (dark, clean(dark)))
    assert np.allclose(after / before, (after / before).mean(), atol=0.02)
    assert 1.0 <= (after / before).mean() <= 1.26


def test_coloured_paper_keeps_its_colour() -> None:
    cover = np.full((1754, 1240, 3), (40, 30, 120), np.uint8)  # a household register's cover
    cv2.putText(cover, "0123456789", (200, 600), 0, 4, (60, 180, 220), 12)
    hue, saturation = hue_and_saturation(clean(cover)[1000:1100, 300:900].reshape(-1, 3).mean(axis=0))
    wanted = hue_and_saturation(np.array([40.0, 30.0, 120.0]))
    assert abs(hue - wanted[0]) < 3
    assert abs(saturation - wanted[1]) < 0.05


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("shape", [(1, 1), (30, 900), (1500, 70), (1754, 1241), (2000, 1400)])
def test_no_size_is_too_odd(mode: Mode, shape: tuple[int, int]) -> None:
    flat = np.random.default_rng(2).integers(0, 256, (*shape, 3), np.uint8)
    assert clean(flat, mode).shape[:2] == shape
    assert clean(np.zeros((*shape, 3), np.uint8), mode).shape[:2] == shape
