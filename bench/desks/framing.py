"""How a camera is set over a sheet so that all of it is in the picture: share, tilt, turn and place."""

import math

import numpy as np
from numpy.random import Generator

from bench.desks.camera import Camera, Points, Size
from bench.desks.laying import Place

_MARGIN = 0.008  # of the picture's width: a sheet that is wholly in the picture keeps this distance


def turned(dice: Generator) -> float:
    """How sheets lie: mostly nearly straight or nearly sideways, sometimes anyhow."""
    chance = float(dice.uniform())
    if chance < 0.5:
        return float(dice.choice([0, 90, 180, 270]) + dice.normal(0, 4))
    if chance < 0.7:
        return float(dice.choice([0, 90, 180, 270]) + dice.uniform(-25, 25))
    return float(dice.uniform(0, 360))


def set_up(dice: Generator, size: Size, field_mm: float, most_tilt: float = 20.0) -> Camera:
    """A camera that sees `field_mm` of the desk across."""
    tilt = float(dice.uniform(0, 7) if dice.uniform() < 0.65 else dice.uniform(7, 20))
    return Camera(
        size,
        px_per_mm=size[0] / field_mm,
        height_mm=field_mm * float(dice.uniform(0.95, 2.1)),
        tilt_deg=min(tilt, most_tilt),
        towards_deg=float(dice.uniform(0, 360)),
        barrel=float(dice.choice([0.0, dice.uniform(0, 0.012), dice.uniform(0.012, 0.035)])),
    )


def framed(
    dice: Generator,
    size: Size,
    sheet_mm: tuple[float, float],
    share: float,
    turn_deg: float,
    most_tilt: float = 20.0,
) -> tuple[Camera, Place]:
    """A camera and a place so that the sheet takes about `share` of the picture and lies wholly in it."""
    wide, high = sheet_mm
    field = math.sqrt(wide * high / share * size[0] / size[1])
    camera = set_up(dice, size, field, most_tilt)
    room = np.array(size) - 1 - 2 * _MARGIN * size[0]
    for _ in range(5):
        seen = camera.where(Place((0.0, 0.0), turn_deg).corners(sheet_mm))
        over = float(((seen.max(0) - seen.min(0)) / room).max())
        if over <= 0.985:
            break
        camera = _further(camera, over / 0.97)
    return camera, _moved_inside(dice, camera, sheet_mm, turn_deg, room)


def _further(camera: Camera, factor: float) -> Camera:
    return Camera(
        camera.size,
        camera.px_per_mm / factor,
        camera.height_mm * factor,
        camera.tilt_deg,
        camera.towards_deg,
        camera.barrel,
    )


def _moved_inside(
    dice: Generator, camera: Camera, sheet_mm: tuple[float, float], turn_deg: float, room: Points
) -> Place:
    """Somewhere in the picture. Perspective bends the way there, so it is gone in steps."""
    seen = camera.where(Place((0.0, 0.0), turn_deg).corners(sheet_mm))
    extent = seen.max(0) - seen.min(0)
    target = _MARGIN * camera.size[0] + dice.uniform(0, 1, 2) ** 0.8 * np.maximum(room - extent, 0)
    at = np.zeros(2)
    for step in range(12):
        seen = camera.where(Place((float(at[0]), float(at[1])), turn_deg).corners(sheet_mm))
        low, high = seen.min(0) - _MARGIN * camera.size[0], seen.max(0) - _MARGIN * camera.size[0]
        if step > 3 and (low >= 0).all() and (high <= room).all():
            break
        wanted = target - seen.min(0)
        if step > 3:  # the aim itself did not fit: push back what sticks out
            wanted = np.maximum(-low, 0) * 1.15 - np.maximum(high - room, 0) * 1.15
        at += wanted / camera.px_per_mm
    return Place((float(at[0]), float(at[1])), turn_deg)


def inside(camera: Camera, corners: Points) -> bool:
    """Whether all of them are in the picture."""
    return bool((corners >= 0).all() and (corners <= np.array(camera.size) - 1).all())


def clockwise(corners: Points) -> Points:
    """Four corners of a convex outline, clockwise as the eye sees it, from the one nearest the picture's top left."""
    middle = corners.mean(0)
    around = corners[np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))]
    return np.asarray(np.roll(around, -int(np.argmin((around**2).sum(1))), axis=0))
