"""A generated desk under the lamp, with or without a sheet on it, as a document camera sees it.

The picture is a true projection (a pinhole camera 620 mm above the desk, slightly tilted), so the four
corners of the sheet are known exactly. The same `Scene` and size always give the same pixels.
"""

import functools
import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.emulators.desk_sheets import drawn, sheet_kind
from devices.emulators.desk_surfaces import Pixels, grain, surface

_HEIGHT_MM = 620.0  # chosen: lens to desk, as on an A3 document camera
_FIELD_MM = 467.0  # chosen: width of desk in the picture; an upright A4 sheet fits 4:3 at ± 12°
_FINEST_PX_PER_MM = 12.0  # 305 dpi: as fine as the sheets are printed
_SHADE_STEP = 8  # lamp and shadow are smooth: computed at an eighth of the picture's size


@dataclass(frozen=True, slots=True)
class Scene:
    """What lies under the lamp, and how it is lit and seen."""

    sheet: str = ""  #: short name or title from `desk_sheets.SHEETS`; "" is an empty desk
    desk: str = "wood"  #: one of `desk_surfaces.DESKS`
    angle_deg: float = 0.0  #: the sheet turned clockwise
    offset_mm: tuple[float, float] = (
        0.0,
        0.0,
    )  #: the sheet's centre, right of and below the picture's
    blur_mm: float = 0.0  #: sigma of the defocus, measured on the paper; text is gone at about 0.6
    light: float = 1.0  #: 1.0 well lit, 0.0 lamp off
    tilt_deg: tuple[float, float] = (1.6, -1.2)  #: the camera out of plumb, about its two axes
    seed: int = 1


def render(scene: Scene, width: int, height: int) -> Pixels:
    """The picture, (height, width, 3) uint8, BGR. Raises KeyError for an unknown sheet or desk."""
    picture = surface(scene.desk, width, height, scene.seed).copy()
    shade = _lamp(width, height, scene)
    if scene.sheet:
        placed = corners(scene, width, height)
        _darken(picture, _shadow(placed, width, height))
        _lay(picture, scene.sheet, placed)
    _darken(picture, shade)
    if scene.blur_mm > 0:
        sigma = scene.blur_mm * width / _FIELD_MM
        cv2.GaussianBlur(picture, (0, 0), sigma, dst=picture)
    return grain(picture, scene.seed)


def corners(scene: Scene, width: int, height: int) -> NDArray[np.float32]:
    """Where the sheet's corners are in the picture: (4, 2) float32, x and y in pixels.

    In the sheet's own order: top left, top right, bottom right, bottom left. An empty desk raises KeyError.
    """
    wide, high = sheet_kind(scene.sheet).size_mm
    half = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]]) / 2
    turn = math.radians(scene.angle_deg)
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    return _project(half @ rotation.T + np.array(scene.offset_mm), scene.tilt_deg, width, height)


def _project(
    desk_mm: NDArray[np.float64], tilt_deg: tuple[float, float], width: int, height: int
) -> NDArray[np.float32]:
    """Points of the desk (millimetres from its centre) as picture points (pixels)."""
    about_x, about_y = (math.radians(angle) for angle in tilt_deg)
    tip = np.array(
        [[1, 0, 0], [0, math.cos(about_x), -math.sin(about_x)], [0, math.sin(about_x), math.cos(about_x)]]
    )
    roll = np.array(
        [[math.cos(about_y), 0, math.sin(about_y)], [0, 1, 0], [-math.sin(about_y), 0, math.cos(about_y)]]
    )
    flat = np.column_stack([desk_mm, np.zeros(len(desk_mm))])
    seen = flat @ (tip @ roll).T + np.array([0, 0, _HEIGHT_MM])
    focal = width / _FIELD_MM * _HEIGHT_MM
    points = seen[:, :2] / seen[:, 2:] * focal + np.array([width / 2, height / 2])
    return np.asarray(points, np.float32)


def _lay(picture: Pixels, sheet: str, placed: NDArray[np.float32]) -> None:
    """Paint the sheet into the picture, its edges anti-aliased."""
    needed = 1.25 * picture.shape[1] / _FIELD_MM
    px_per_mm = min(_FINEST_PX_PER_MM, math.ceil(needed / 2) * 2.0)
    paper = drawn(sheet, px_per_mm)
    high, wide = paper.shape[:2]
    flat = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    left, top, right, bottom = _bounds(placed, picture.shape[1], picture.shape[0])
    if right <= left or bottom <= top:
        return
    move = cv2.getPerspectiveTransform(flat, placed - np.array([left, top], np.float32))
    size = (right - left, bottom - top)
    seen = cv2.warpPerspective(paper, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = _covered(placed - np.array([left, top], np.float32), *size)
    region = picture[top:bottom, left:right]
    share = cv2.merge([inside, inside, inside])
    region[:] = cv2.add(
        cv2.multiply(seen, share, scale=1 / 255), cv2.multiply(region, cv2.bitwise_not(share), scale=1 / 255)
    )


def _covered(placed: NDArray[np.float32], width: int, height: int) -> NDArray[np.uint8]:
    """How much of each pixel the sheet covers, 0…255, true to a tenth of a pixel (cv2's own fill is not)."""
    x = np.arange(width, dtype=np.float32)[None, :]
    y = np.arange(height, dtype=np.float32)[:, None]
    share = np.full((height, width), 1.0, np.float32)
    for start, end in zip(placed, np.roll(placed, -1, axis=0), strict=True):
        normal = np.array([start[1] - end[1], end[0] - start[0]]) / np.linalg.norm(end - start)
        np.minimum(
            share, normal[0] * (x - start[0]) + (normal[1] * (y - start[1]) + np.float32(0.5)), out=share
        )
    return (np.clip(share, 0, 1) * 255).astype(np.uint8)


def _bounds(placed: NDArray[np.float32], width: int, height: int) -> tuple[int, int, int, int]:
    left, top = np.floor(placed.min(axis=0) - 2).astype(int)
    right, bottom = np.ceil(placed.max(axis=0) + 2).astype(int)
    return max(0, int(left)), max(0, int(top)), min(width, int(right)), min(height, int(bottom))


def _shadow(placed: NDArray[np.float32], width: int, height: int) -> NDArray[np.uint8]:
    """The soft shadow that the sheet throws on the desk, away from the lamp at the top left."""
    small = (max(1, width // _SHADE_STEP), max(1, height // _SHADE_STEP))
    per_mm = small[0] / _FIELD_MM
    mask = np.zeros((small[1], small[0]), np.uint8)
    shifted = placed * (small[0] / width) + np.array([2.2, 2.8], np.float32) * per_mm
    cv2.fillConvexPoly(mask, np.round(shifted * 256).astype(np.int32), 120, lineType=cv2.LINE_AA, shift=8)
    mask = cv2.GaussianBlur(mask, (0, 0), max(0.6, 2.4 * per_mm))
    return np.asarray(cv2.resize(255 - mask, (width, height), interpolation=cv2.INTER_LINEAR))


@functools.lru_cache(maxsize=8)
def _lamp_field(width: int, height: int, light: float, seed: int) -> NDArray[np.uint8]:
    small = (max(1, width // _SHADE_STEP), max(1, height // _SHADE_STEP))
    chance = np.random.default_rng(seed)
    centre_x, centre_y = chance.uniform(0.35, 0.6), chance.uniform(0.2, 0.45)
    x = (np.arange(small[0]) / small[0] - centre_x)[None, :]
    y = ((np.arange(small[1]) / small[1] - centre_y) * 0.75)[:, None]
    falloff = 1 / (1 + 0.75 * (x * x + y * y))
    field = np.clip(255 * light * 0.97 * falloff + 2, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR))


def _lamp(width: int, height: int, scene: Scene) -> NDArray[np.uint8]:
    """How much light falls on each spot, 255 full."""
    return _lamp_field(width, height, round(max(0.0, scene.light), 3), scene.seed)


def _darken(picture: Pixels, share: NDArray[np.uint8]) -> None:
    """Multiply in place by `share` / 255."""
    cv2.multiply(picture, cv2.merge([share, share, share]), dst=picture, scale=1 / 255)
