"""The light on a desk: lamp, daylight from one side, colour of the bulbs, shadows that fall across, reflections."""

import math

import cv2
import numpy as np
from numpy.random import Generator

from bench.desks.camera import Light
from bench.desks.laying import blurred
from bench.desks.noise import Plane

Spot = tuple[float, float]  #: x and y, parts of the picture's width and height


def lit(scene: Light, dice: Generator, exposure: float, warmth: float | None = None) -> Light:
    """Uneven light over everything: a fall-off to one side, a lamp's pool, the lens's vignette, a colour cast."""
    height, width = scene.shape[:2]
    y, x = np.mgrid[0:33, 0:33].astype(np.float32) / 16 - 1
    turn = float(dice.uniform(0, 2 * math.pi))
    slope = float(dice.choice([dice.uniform(0, 0.12), dice.uniform(0.12, 0.35)], p=[0.7, 0.3]))
    plane = 1 + slope * (x * math.cos(turn) + y * math.sin(turn)) / 1.4
    at_x, at_y = dice.uniform(-0.6, 0.6, 2)
    plane += float(dice.uniform(0, 0.14)) * np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / 0.7)
    plane *= 1 - float(dice.uniform(0, 0.22)) * (x * x + y * y) / 2
    plane *= exposure / float(plane[10:23, 10:23].mean())
    kelvin = float(dice.normal(0, 0.05)) if warmth is None else warmth
    green = float(dice.normal(0, 0.015))
    wide = cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR)
    scene *= cv2.merge([wide * (1 - kelvin), wide * (1 + green), wide * (1 + kelvin * 0.8)])
    return scene


def shadow(size: tuple[int, int], dice: Generator, hard: bool, across: Spot | None = None) -> Plane:
    """What is left of the light under the shadow of a head, an arm or the camera's own; 1 where none falls."""
    width, height = size
    step = 1 if hard else 4
    mask = np.zeros((-(-height // step), -(-width // step)), np.float32)
    reach = float(np.hypot(*mask.shape))
    at = across or (float(dice.uniform(0.25, 0.75)), float(dice.uniform(0.25, 0.75)))
    middle = np.array([at[0] * mask.shape[1], at[1] * mask.shape[0]])
    turn = float(dice.uniform(0, 2 * math.pi))
    way, side = np.array([math.cos(turn), math.sin(turn)]), np.array([-math.sin(turn), math.cos(turn)])
    if dice.uniform() < 0.5:  # everything on one side, ending in a curved edge
        bend = float(dice.uniform(-0.25, 0.25))
        run = np.linspace(-1, 1, 24)
        edge = [middle + side * t * reach + way * bend * reach * t * t for t in run]
        points = np.array(
            [*edge, middle + way * 2 * reach + side * reach, middle + way * 2 * reach - side * reach]
        )
    else:  # an arm
        half = float(dice.uniform(0.05, 0.16)) * reach
        wide = half * float(dice.uniform(0.7, 1.4))
        points = np.array([middle - way * half * dice.uniform(0, 6) + side * half,
                           middle + way * 2 * reach + side * wide, middle + way * 2 * reach - side * wide,
                           middle - way * half * dice.uniform(0, 6) - side * half])  # fmt: skip
    cv2.fillPoly(mask, [np.rint(points * 16).astype(np.int32)], 1.0, lineType=cv2.LINE_8, shift=4)
    sigma = float(dice.uniform(0.8, 4)) if hard else float(dice.uniform(12, 70)) / step
    mask = blurred(mask, max(0.6, sigma * width / 1280))
    if step > 1:
        mask = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(1 - mask * float(dice.uniform(0.2, 0.58)), np.float32)


def glare(size: tuple[int, int], dice: Generator, at: Spot, radius: float, core: float = 1.0) -> Plane:
    """Light to be added: a lamp, a strip of lamps or a window, mirrored. `radius` in parts of the picture's width."""
    width, height = size
    step = 4
    rows, columns = -(-height // step), -(-width // step)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    turn = float(dice.uniform(0, math.pi))
    x, y = (x - at[0] * columns) / columns, (y - at[1] * rows) / columns
    along, aside = x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)
    shape = int(dice.integers(0, 3))
    longer = float(dice.uniform(1.2, 3.0)) ** 0.5
    if shape == 0:
        away = np.hypot(along / longer, aside * longer) / radius
        bright = 330 * core / (1 + np.exp(np.minimum((away - 0.8) * 7, 30))) + 90 * np.exp(-((away / 2) ** 2))
    else:
        half = (radius * longer, radius / longer * (0.6 if shape == 1 else 1))
        over = np.maximum(np.abs(along) - half[0], np.abs(aside) - half[1]) / radius
        bright = 310 * core / (1 + np.exp(np.clip(over * float(dice.uniform(8, 40)), -30, 30)))
        bright += 70 * np.exp(-((np.maximum(over, 0) / 0.9) ** 2))
    return np.asarray(cv2.resize(bright.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC))
