"""How a printed QR code is photographed: sheet, desk, projection, light, lens, hand, sensor and JPEG, in that order."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR, origin top left
Plane = NDArray[np.float32]  #: the same, 0…255, before the sensor rounds and clips

WIDTH, HEIGHT = 800, 600
QUIET = 4  # modules, ISO/IEC 18004 section 6.3.8


@dataclass(frozen=True, slots=True)
class Shot:
    """How one picture is taken. Lengths in modules are lengths on the printed symbol."""

    module_px: float
    turn_deg: float
    tilt_deg: float = 0.0
    tilt_towards_deg: float = 0.0
    defocus_px: float = 0.5  #: radius of the disk that a point becomes
    smear_px: float = 0.0  #: how far the picture moves while the shutter is open
    smear_deg: float = 0.0
    light: float = 1.0
    grain: float = 2.0  #: sigma, in steps of the sensor
    quality: int = 92  #: JPEG
    inverted: bool = False


def usual(dice: Generator) -> Shot:
    """A photograph without hardship."""
    return Shot(module_px=float(dice.uniform(3.5, 6.0)), turn_deg=float(dice.uniform(-10, 10)))


def taken(
    modules: NDArray[np.bool_],
    shot: Shot,
    dice: Generator,
    lit: Callable[[Plane, Plane], Plane] | None = None,
) -> Pixels:
    """The photograph. `lit(scene, where)` may change the light on it before the sensor; `where` is 1 on the symbol."""
    scene, where = _laid(modules, shot, dice)
    if lit is not None:
        scene = lit(scene, where)
    scene = _smeared(_defocused(scene, shot.defocus_px), shot.smear_px, shot.smear_deg)
    scene = scene * np.float32(shot.light)
    spread = np.sqrt(shot.grain**2 + np.maximum(scene, 0) * 0.02)  # read-out grain and a little shot noise
    scene = scene + _grain(dice).reshape(scene.shape) * spread
    pixels = np.clip(np.rint(scene), 0, 255).astype(np.uint8)
    kept = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, shot.quality])[1]
    return np.asarray(cv2.imdecode(kept, cv2.IMREAD_COLOR), np.uint8)


def _grain(dice: Generator) -> Plane:
    """Normal numbers for every pixel and colour: a stretch of a pool, for drawing them anew takes longest of all."""
    count = HEIGHT * WIDTH * 3
    begin = int(dice.integers(0, count))
    return _pool(2 * count)[begin : begin + count]


@functools.cache
def _pool(count: int) -> Plane:
    return np.random.default_rng(18004).standard_normal(count, np.float32)


def _laid(modules: NDArray[np.bool_], shot: Shot, dice: Generator) -> tuple[Plane, Plane]:
    """The sheet with the symbol on the desk, projected; and where the symbol is."""
    sheet, mask, per_module = _sheet(modules, shot.inverted, dice)
    side = sheet.shape[0]
    across = _projection(shot, side, per_module, dice)
    finest = max(1.0, per_module / shot.module_px)
    if finest > 1.2:  # what a lens and a pixel's own width do before sampling
        sheet = cv2.GaussianBlur(sheet, (0, 0), 0.35 * finest)
    desk = np.array(dice.uniform(60, 130, 3), np.float32)
    scene = np.empty((HEIGHT, WIDTH, 3), np.float32)
    scene[:] = desk
    tint = np.array([1.0, 1.0, 1.0] - dice.uniform(0, 0.06, 3), np.float32)
    size = (WIDTH, HEIGHT)
    paper = cv2.warpPerspective(sheet, across, size, flags=cv2.INTER_LINEAR, borderValue=-1.0)
    inside = cv2.warpPerspective(np.ones_like(sheet), across, size, flags=cv2.INTER_LINEAR)[:, :, None]
    seen = cv2.warpPerspective(mask, across, size, flags=cv2.INTER_LINEAR)
    scene = scene * (1 - inside) + np.maximum(paper, 0)[:, :, None] * tint * inside
    return scene.astype(np.float32), seen


def _sheet(modules: NDArray[np.bool_], inverted: bool, dice: Generator) -> tuple[Plane, Plane, int]:
    """A square sheet, its symbol's mask, and pixels a module: the symbol in the middle, writing around it."""
    per_module, count = 8, len(modules)
    ink, paper = float(dice.uniform(15, 50)), float(dice.uniform(190, 235))
    dark, light = (paper, ink) if inverted else (ink, paper)
    side = (count + 2 * QUIET) * per_module * 3
    sheet = np.full((side, side), paper, np.float32)
    for top in range(per_module * 4, side - per_module * 6, per_module * 5):
        left = per_module * 5
        while left < side - per_module * 8:
            wide = int(dice.integers(per_module // 2, per_module * 3))
            high = int(dice.integers(per_module, per_module * 3))
            sheet[top : top + high, left : left + wide] = ink
            left += wide + int(dice.integers(per_module // 2, per_module * 2))
    whole = (count + 2 * QUIET) * per_module
    begin = (side - whole) // 2
    sheet[begin : begin + whole, begin : begin + whole] = light
    inner = begin + QUIET * per_module
    square = np.kron(modules, np.ones((per_module, per_module), bool))
    end = inner + count * per_module
    sheet[inner:end, inner:end] = np.where(square, np.float32(dark), np.float32(light))
    mask = np.zeros_like(sheet)
    mask[inner:end, inner:end] = 1
    return sheet, mask, per_module


def _projection(shot: Shot, side: int, per_module: int, dice: Generator) -> NDArray[np.float64]:
    """Sheet pixels to picture pixels: turned, tilted away, its centre somewhere near the picture's."""
    turn, tilt, towards = (math.radians(a) for a in (shot.turn_deg, shot.tilt_deg, shot.tilt_towards_deg))
    scale = shot.module_px / per_module
    flat = np.array([[scale, 0, -side / 2 * scale], [0, scale, -side / 2 * scale], [0, 0, 1]])
    away = 900.0  # pixels from lens to sheet: a picture 48° wide
    fade = np.array([[1, 0, 0], [0, 1, 0], [0, math.sin(tilt) / away, 1]])
    lean = _turned(towards) @ fade @ np.diag([1, math.cos(tilt), 1.0]) @ _turned(turn - towards)
    aside, down = dice.uniform(-40, 40, 2)
    place = np.array([[1, 0, WIDTH / 2 + aside], [0, 1, HEIGHT / 2 + down], [0, 0, 1]])
    return np.asarray(place @ lean @ flat)


def _turned(radians: float) -> NDArray[np.float64]:
    cos, sin = math.cos(radians), math.sin(radians)
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])


def _defocused(scene: Plane, radius: float) -> Plane:
    if radius <= 0:
        return scene
    reach = math.ceil(radius) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disk = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    return np.asarray(cv2.filter2D(scene, -1, disk / disk.sum(), borderType=cv2.BORDER_REPLICATE), np.float32)


def _smeared(scene: Plane, length: float, angle_deg: float) -> Plane:
    if length <= 0:
        return scene
    reach = math.ceil(length / 2) + 1
    path = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    steps = np.linspace(-length / 2, length / 2, 8 * reach + 1)
    for step in steps:
        x = reach + step * math.cos(math.radians(angle_deg))
        y = reach + step * math.sin(math.radians(angle_deg))
        left, top = int(x), int(y)
        right, low = x - left, y - top
        path[top : top + 2, left : left + 2] += np.outer([1 - low, low], [1 - right, right])
    return np.asarray(cv2.filter2D(scene, -1, path / path.sum(), borderType=cv2.BORDER_REPLICATE), np.float32)
