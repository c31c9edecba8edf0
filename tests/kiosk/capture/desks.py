"""Generated desks for the capture tests: what lies where is known exactly."""

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.emulators.desk import Scene, corners, render

WIDTH, HEIGHT = 1600, 1200
A4_SHEETS = ("lease-1", "lease-2", "deed", "student-card", "labour-contract", "kinship-proof", "owner-id")
CARDS = ("id-front", "id-back")


def jaccard(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Area of the intersection in parts of the union, of two convex outlines."""
    first, second = np.asarray(one, np.float32), np.asarray(other, np.float32)
    shared, _ = cv2.intersectConvexConvex(first, second)
    return float(shared / (cv2.contourArea(first) + cv2.contourArea(second) - shared))


def random_scene(number: int, desk: str) -> Scene:
    """A sheet or card somewhere under a lamp of some strength, wholly visible."""
    chance = np.random.default_rng(number)
    card = number % 3 == 2
    if card:
        sheet, angle = CARDS[number % 2], chance.uniform(-180, 180)
        offset = (chance.uniform(-130, 130), chance.uniform(-90, 90))
    else:
        sheet, angle = A4_SHEETS[number % len(A4_SHEETS)], chance.uniform(-10, 10)
        offset = (chance.uniform(-70, 70), chance.uniform(-3, 3))
    tilt = (chance.uniform(-2.5, 2.5), chance.uniform(-2.5, 2.5))
    return Scene(
        sheet,
        desk,
        angle_deg=angle,
        offset_mm=offset,
        light=chance.uniform(0.5, 1),
        tilt_deg=tilt,
        seed=number,
    )


@functools.lru_cache(maxsize=8)
def seen(scene: Scene, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    """The rendered picture; do not write to it."""
    picture = render(scene, width, height)
    picture.setflags(write=False)
    return picture


def truth(scene: Scene, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.float32]:
    """The sheet's corners."""
    return corners(scene, width, height)
