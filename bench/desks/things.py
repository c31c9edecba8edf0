"""What else lies on a desk: pens, telephones, cups, keys, rulers, coins, and hands. Each is a sheet with a shape."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bench.desks.noise import Plane, square
from bench.desks.printing import Paper
from bench.desks.surfaces import tinted

_Canvas = NDArray[np.uint8]


@dataclass(slots=True)
class _Cut:
    """A canvas in millimetres with a shape."""

    size_mm: tuple[float, float]
    scale: float

    def planes(self) -> tuple[Plane, Plane]:
        """x and y of every pixel, millimetres from the middle."""
        wide, high = (max(6, round(side * self.scale)) for side in self.size_mm)
        x = (np.arange(wide, dtype=np.float32) + 0.5) / np.float32(self.scale) - np.float32(
            self.size_mm[0] / 2
        )
        y = (np.arange(high, dtype=np.float32) + 0.5) / np.float32(self.scale) - np.float32(
            self.size_mm[1] / 2
        )
        return np.asarray(np.broadcast_to(x, (high, wide))), np.asarray(
            np.broadcast_to(y[:, None], (high, wide))
        )

    def thing(self, colour: NDArray[np.floating[Any]], inside: Plane) -> Paper:
        """`inside`: distance to the outline in mm, positive within."""
        alpha = np.clip(inside * self.scale + 0.5, 0, 1) * 255
        bgr = np.clip(colour, 0, 255).astype(np.uint8)
        return Paper(np.ascontiguousarray(bgr), alpha.astype(np.uint8), self.size_mm, self.scale, tints=False)


def _block(x: Plane, y: Plane, half: tuple[float, float], radius: float) -> Plane:
    """Distance into a rounded rectangle about the middle."""
    over_x = np.abs(x) - (half[0] - radius)
    over_y = np.abs(y) - (half[1] - radius)
    outside = np.hypot(np.maximum(over_x, 0), np.maximum(over_y, 0))
    return np.asarray(radius - outside - np.minimum(np.maximum(over_x, over_y), 0), np.float32)


def _flat(shape: tuple[int, ...], colour: tuple[float, float, float]) -> NDArray[np.float32]:
    return np.asarray(np.ones((*shape, 1), np.float32) * np.array(colour, np.float32), np.float32)


def _any_colour(dice: Generator, least: float = 25, most: float = 235) -> tuple[float, float, float]:
    return tinted(float(dice.uniform()), float(dice.uniform(0, 0.9)), float(dice.uniform(least, most)))


def pen(scale: float, dice: Generator) -> Paper:
    """A ball pen: round, with a bright line along it, a clip and a metal tip."""
    long, thick = float(dice.uniform(125, 150)), float(dice.uniform(8, 12))
    cut = _Cut((thick + 4, long), scale)
    x, y = cut.planes()
    half = np.where(y < -long / 2 + 14, thick / 2 * np.clip((y + long / 2) / 14, 0.12, 1), thick / 2)
    inside = np.minimum(half - np.abs(x), long / 2 - 0.5 - np.abs(y))
    round_light = np.sqrt(np.maximum(1 - (x / np.maximum(half, 0.1)) ** 2, 0))
    glint = np.exp(-(((x + thick * 0.18) / (thick * 0.07)) ** 2))
    tone = 0.45 + 0.6 * round_light + 0.5 * glint
    colour = _flat(x.shape, _any_colour(dice))
    metal = (y < -long / 2 + 14) | ((x > thick * 0.1) & (x < thick * 0.3) & (y > long * 0.2))
    colour[metal] = (175, 175, 178)
    return cut.thing(colour * tone[:, :, None], np.asarray(inside, np.float32))


def telephone(scale: float, dice: Generator) -> Paper:
    """A mobile telephone, its glass dark with a reflection or lit with bars of colour."""
    wide, high = float(dice.uniform(68, 78)), float(dice.uniform(142, 165))
    cut = _Cut((wide, high), scale)
    x, y = cut.planes()
    inside = _block(x, y, (wide / 2, high / 2), float(dice.uniform(6, 11)))
    colour = _flat(x.shape, _any_colour(dice, 20, 190))
    screen = _block(x, y, (wide / 2 - 3, high / 2 - 4), 5) > 0
    if dice.uniform() < 0.4:
        bands = np.floor((y + high / 2) / float(dice.uniform(9, 30))).astype(int) % 5
        colour[screen] = (np.array([_any_colour(dice) for _ in range(5)], np.float32)[bands])[screen]
    else:
        sheen = 26 + 30 * np.clip((x + y * 0.6) / 90 + 0.4, 0, 1)
        colour[screen] = np.dstack([sheen * 1.1, sheen, sheen])[screen]
    rim = np.clip(1.6 - inside, 0, 1)
    return cut.thing(colour + rim[:, :, None] * 45, inside)


def cup(scale: float, dice: Generator) -> Paper:
    """A tea cup from above: rim, inside, tea, handle."""
    radius = float(dice.uniform(35, 48))
    cut = _Cut((2 * radius + 32, 2 * radius + 4), scale)
    x, y = cut.planes()
    away = np.hypot(x, y)
    handle = 4.5 - np.abs(np.hypot((x - radius - 3) * 1.1, y) - 10)
    inside = np.maximum(radius - away, handle)
    tone = 0.8 + 0.25 * np.clip((x + y) / radius, -1, 1) * np.where(away < radius - 3.5, -1, 1)
    colour = _flat(x.shape, _any_colour(dice, 90, 245)) * tone[:, :, None]
    tea = away < radius - 7
    colour[tea] = np.array(
        tinted(0.08, float(dice.uniform(0.2, 0.9)), float(dice.uniform(40, 170))), np.float32
    )
    return cut.thing(colour, np.asarray(inside, np.float32))


def keys(scale: float, dice: Generator) -> Paper:
    """A ring with three keys."""
    cut = _Cut((90.0, 90.0), scale)
    x, y = cut.planes()
    inside = 1.2 - np.abs(np.hypot(x, y) - 12)
    for turn in dice.uniform(0, 2 * math.pi, 3):
        along = x * math.cos(turn) + y * math.sin(turn)
        aside = -x * math.sin(turn) + y * math.cos(turn)
        bow = 8 - np.hypot(along - 19, aside)
        teeth = 3 + 1.1 * np.sign(np.sin(along * 1.7)) * (aside > 0)
        blade = np.minimum(np.minimum(along - 20, 43 - along), teeth - np.abs(aside))
        inside = np.maximum(inside, np.maximum(bow, blade))
    tone = 0.75 + 0.35 * np.sin(x * 0.3 + y * 0.2)
    return cut.thing(_flat(x.shape, (150, 165, 172)) * tone[:, :, None], np.asarray(inside, np.float32))


def ruler(scale: float, dice: Generator) -> Paper:
    """A ruler with its marks."""
    long, wide = float(dice.uniform(150, 310)), float(dice.uniform(22, 34))
    cut = _Cut((wide, long), scale)
    x, y = cut.planes()
    pale = _flat(x.shape, _any_colour(dice, 150, 245))
    mark = (np.abs(y - np.rint(y / 5) * 5) < 0.3) & (x < -wide / 2 + 6)
    pale[mark] = 30
    return cut.thing(pale, _block(x, y, (wide / 2, long / 2), 1.0))


def coin(scale: float, dice: Generator) -> Paper:
    """A coin."""
    radius = float(dice.uniform(9.5, 12.5))
    cut = _Cut((2 * radius + 1, 2 * radius + 1), scale)
    x, y = cut.planes()
    away = np.hypot(x, y)
    tone = 0.8 + 0.2 * np.sin(x * 1.3) * np.sin(y * 1.1) + 0.3 * (np.abs(away - radius + 1) < 0.6)
    colour = (165.0, 170.0, 175.0) if dice.uniform() < 0.6 else (80.0, 160.0, 190.0)
    return cut.thing(_flat(x.shape, colour) * tone[:, :, None], np.asarray(radius - away, np.float32))


def box(scale: float, dice: Generator) -> Paper:
    """A stapler, ink pad, glasses case or calculator: a rounded block with a lighter top edge."""
    wide, high = float(dice.uniform(30, 75)), float(dice.uniform(70, 150))
    cut = _Cut((wide, high), scale)
    x, y = cut.planes()
    inside = _block(x, y, (wide / 2, high / 2), float(dice.uniform(3, min(wide / 2, 20))))
    colour = _flat(x.shape, _any_colour(dice, 25, 160))
    if dice.uniform() < 0.4:
        key = (np.mod(x, 13) > 3) & (np.mod(y, 13) > 3) & (y > -high * 0.2) & (inside > 5)
        colour[key] += 50
    return cut.thing(colour * (0.85 + 0.2 * np.clip(inside / 6, 0, 1))[:, :, None], inside)


def hand(scale: float, dice: Generator, fingers: int | None = None) -> Paper:
    """A hand whose longest fingertip is 12 mm below the middle of the upper edge; the arm leaves at the lower edge."""
    size = (190.0, 420.0)
    cut = _Cut(size, min(scale, 5.0))
    x, y = cut.planes()
    count = int(dice.integers(1, 4)) if fingers is None else fingers
    thick = float(dice.uniform(6.3, 9.0))
    top = -size[1] / 2 + 12 + thick
    bones = [((0.0, top), (0.0, top + 88), thick)]
    for place in range(3):
        tip = top + float(dice.uniform(4, 14)) if place < count - 1 else top + float(dice.uniform(45, 60))
        aside = (place + 1) * (2 * thick + 0.5)
        bones.append(((aside * 1.08, tip), (aside * 0.95, top + 92), thick * 0.97))
    bones.append(((-34.0, top + float(dice.uniform(45, 75))), (-6.0, top + 120), thick * 1.15))
    bones += [((10.0, top + 108), (24.0, top + 112), 28.0), ((16.0, top + 130), (16.0, top + 420), 27.0)]
    depth = np.full(x.shape, -99.0, np.float32)
    height = np.zeros_like(depth)
    for begin, end, radius in bones:
        into = radius - _from_line(x, y, begin, end)
        depth = np.maximum(depth, into)
        bulge = (
            np.sqrt(np.maximum(radius**2 - (radius - np.clip(into, 0, radius)) ** 2, 0)) * (5 / radius) ** 0.5
        )
        height = np.maximum(height, bulge)
    height = cv2.GaussianBlur(height, (0, 0), 1.0 * cut.scale)
    slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) * np.float32(cut.scale / 8)
    slope_y = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3) * np.float32(cut.scale / 8)
    light = float(dice.uniform(0, 2 * math.pi))
    tone = (1.05 - 0.22 * (slope_x * math.cos(light) + slope_y * math.sin(light))) / np.sqrt(
        1 + slope_x**2 + slope_y**2
    )
    skin = _flat(
        x.shape,
        tinted(
            float(dice.uniform(0.035, 0.075)), float(dice.uniform(0.25, 0.5)), float(dice.uniform(150, 235))
        ),
    )
    nail = np.hypot(x / (thick * 0.62), (y - top + 1) / (thick * 0.8)) < 1
    skin[nail] = skin[nail] * 0.85 + 38
    rows, columns = (np.arange(side) * (5 / cut.scale) % 1024 for side in x.shape)
    pores = square("grain")[rows.astype(int)][:, columns.astype(int)]
    colour = skin * (np.clip(tone, 0.35, 1.15) * (1 + pores * 0.02))[:, :, None]
    sleeve = y > top + float(dice.uniform(190, 260))
    colour[sleeve] = np.array(_any_colour(dice), np.float32) * np.clip(tone, 0.4, 1.1)[sleeve][:, None]
    return cut.thing(colour, depth)


def _from_line(x: Plane, y: Plane, begin: tuple[float, float], end: tuple[float, float]) -> Plane:
    """Distance from a stretch of line."""
    dx, dy = end[0] - begin[0], end[1] - begin[1]
    share = np.clip(((x - begin[0]) * dx + (y - begin[1]) * dy) / (dx * dx + dy * dy), 0, 1)
    return np.asarray(np.hypot(x - begin[0] - share * dx, y - begin[1] - share * dy), np.float32)


THINGS: tuple[Callable[[float, Generator], Paper], ...] = (pen, pen, telephone, cup, keys, ruler, coin, box)
