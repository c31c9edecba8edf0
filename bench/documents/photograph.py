"""A sheet on a desk, photographed: a little tilt, uneven light, the lens's blur, the sensor's noise, JPEG."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bench.documents.ink import Pixels

_SEEN_MM = 330.0  # across the picture: a lying A4 sheet (297 mm) and a rim
_PX_PER_MM = 300 / 25.4  # of the drawn sheets
_MOST = 0.88  # of the picture's width and height, so that a turned sheet is not cut
WIDTH, HEIGHT = 4208, 3120  # pixels: the stills of a 13 MP document camera


@dataclass(frozen=True, slots=True)
class Photograph:
    """What the camera gives, and what its mounting is known to be."""

    jpeg: bytes = field(repr=False)
    px_per_mm: float  #: on the desk, as a calibration of this camera at this height would tell


def photographed(sheet: Pixels, dice: Generator, *, width: int = WIDTH) -> Photograph:
    """The sheet on a dark desk, as a camera sees it that just takes in an A4 sheet."""
    height = round(width * HEIGHT / WIDTH)
    seen_mm = _SEEN_MM * float(dice.uniform(0.85, 1.15))  # the camera hangs higher or lower
    scale = min(
        width / (seen_mm * _PX_PER_MM), _MOST * width / sheet.shape[1], _MOST * height / sheet.shape[0]
    )
    place = _placed(sheet.shape[1] * scale, sheet.shape[0] * scale, width, height, dice)
    desk = _desk(width, height, dice)
    rim = np.array(
        [[0, 0], [sheet.shape[1], 0], [sheet.shape[1], sheet.shape[0]], [0, sheet.shape[0]]], np.float32
    )
    move = cv2.getPerspectiveTransform(rim - 0.5, place)
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    seen = cv2.warpPerspective(sheet, move, (width, height), flags=flags)
    mask = cv2.warpPerspective(np.full(sheet.shape[:2], 255, np.uint8), move, (width, height))
    picture = np.where(mask[:, :, None] > 127, seen, desk)
    return Photograph(_shot(picture, dice), scale * _PX_PER_MM)


def flat(sheet: Pixels, dice: Generator) -> bytes:
    """The sheet alone, as a scanner gives it."""
    quality = int(dice.integers(70, 95))
    noisy = _grainy(cv2.GaussianBlur(sheet, (0, 0), float(dice.uniform(0.4, 1.1))), dice)
    return cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _placed(across: float, down: float, width: int, height: int, dice: Generator) -> NDArray[np.float32]:
    """Corners of the sheet in the picture: turned by a few degrees, seen from slightly aside."""
    turn = np.deg2rad(float(dice.uniform(-6, 6)))
    if across > width * 0.7 or down > height * 0.7:
        turn *= 0.35
    rim = np.array([[-across, -down], [across, -down], [across, down], [-across, down]], np.float32) / 2
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]], np.float32)
    corners = rim @ rotation.T + dice.uniform(-0.012, 0.012, (4, 2)).astype(np.float32) * min(across, down)
    free = max(0.0, 0.5 - across / width * 0.55), max(0.0, 0.5 - down / height * 0.55)
    shift = dice.uniform(-0.7, 0.7, 2) * np.array(free) * (width, height)
    middle = np.array((width / 2, height / 2))
    return np.asarray(corners + middle + shift, np.float32)


def _desk(width: int, height: int, dice: Generator) -> Pixels:
    tone = dice.integers(25, 110, 3).astype(np.float32)
    coarse = dice.normal(0, 9, (max(2, height // 90), max(2, width // 400), 1)).astype(np.float32)
    grain = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).reshape(height, width, 1)
    return np.asarray(np.clip(tone + grain, 0, 255), np.uint8)


def _shot(picture: Pixels, dice: Generator) -> bytes:
    height, width = picture.shape[:2]
    corners = dice.uniform(0.72, 1.05, (2, 2)).astype(np.float32)
    light = cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR)[:, :, None]
    tint = dice.uniform(0.93, 1.05, 3).astype(np.float32)
    lit = np.clip(picture * light * tint, 0, 255).astype(np.uint8)
    blurred = cv2.GaussianBlur(lit, (0, 0), float(dice.uniform(0.5, 1.4)))
    noisy = _grainy(blurred, dice)
    return cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, int(dice.integers(78, 95))])[1].tobytes()


def _grainy(picture: Pixels, dice: Generator) -> Pixels:
    noise = np.empty(picture.shape, np.int16)
    cv2.setRNGSeed(int(dice.integers(1, 1 << 30)))
    cv2.randn(noise, (0, 0, 0), (float(dice.uniform(1, 4)),) * 3)
    return np.asarray(np.clip(picture.astype(np.int16) + noise, 0, 255), np.uint8)
