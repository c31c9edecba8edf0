"""An ordinary page under an ordinary camera, to be spoilt or not."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from bench.desks.camera import Camera, Pixels, Sensor, Size
from bench.desks.framing import framed
from bench.desks.laying import Place
from bench.desks.printing import MEASURING, Paper
from bench.desks.scene import Shot, opened
from bench.desks.sheets import A4, Draw, certificate, form, letter
from bench.desks.surfaces import Colour

_SURFACES = ("wood", "wood", "dark", "cloth", "stone")  # finding the sheet is not what is judged here
_SIZES: tuple[Size, ...] = ((1600, 1200), (2048, 1536), (2592, 1944))
_DENSE: tuple[Draw, ...] = (letter, letter, form, certificate)


@dataclass(frozen=True, slots=True)
class Taken:
    """A photograph that is ready to be judged."""

    pixels: Pixels
    sheet: str = "A4"
    before: Pixels | None = None


@dataclass(slots=True)
class Laid:
    """A page on a desk before it is lit and photographed."""

    shot: Shot
    place: Place
    size_mm: tuple[float, float]
    dice: Generator
    sensor: Sensor
    exposure: float
    warmth: float | None = None

    @property
    def camera(self) -> Camera:
        return self.shot.camera

    def pixels(self) -> Pixels:
        """The photograph."""
        return self.shot.taken(self.exposure, self.sensor, self.warmth)

    def at(self, across: float, down: float) -> tuple[float, float]:
        """A point of the sheet (0…1 from its own top left) in parts of the picture's width and height."""
        wide, high = self.size_mm
        on_sheet = np.array([[(across - 0.5) * wide, (down - 0.5) * high, 1.0]])
        desk = (on_sheet @ self.place.on_desk().T)[:, :2]
        x, y = self.camera.where(desk)[0]
        return float(x / self.camera.size[0]), float(y / self.camera.size[1])


def picture_size(dice: Generator) -> Size:
    """2 to 5 megapixels: enough for print, few enough for hundreds of pictures."""
    return _SIZES[int(dice.choice(3, p=[0.5, 0.4, 0.1]))]


def good_sensor(dice: Generator, size: Size) -> Sensor:
    """Focused: a point becomes 0.4 to 0.9 pixels (sigma)."""
    return Sensor(
        defocus_px=float(dice.uniform(0.4, 0.9)) / (size[0] / 1280),
        grain=float(dice.uniform(0.8, 3.0)),
        blotches=float(dice.uniform(0, 1.2)),
        sharpened=float(dice.uniform(0, 0.8)),
        contrast=float(dice.uniform(0, 0.5)),
        quality=int(dice.integers(75, 96)),
    )


def reading_turn(dice: Generator) -> float:
    """How a page lies that its owner reads or lays sideways: never head down."""
    return float(dice.choice([0, 0, 90, 270]) + dice.normal(0, 3.5))


def sheet_of(draw: Draw, dice: Generator) -> tuple[int, tuple[float, float]]:
    """A seed with which it comes out as A4, and its width and height."""
    while True:
        seed = int(dice.integers(0, 2**32))
        size = draw(MEASURING, np.random.default_rng(seed)).size_mm
        if sorted(size) == list(A4):
            return seed, size


def dense(dice: Generator) -> Draw:
    """A page that is full of print."""
    return _DENSE[int(dice.integers(0, len(_DENSE)))]


def laid(
    draw: Draw,
    seed: int,
    size_mm: tuple[float, float],
    dice: Generator,
    *,
    turn_deg: float | None = None,
    share: tuple[float, float] = (0.42, 0.72),
    moved: Callable[[Camera, Place, Generator], Place] | None = None,
    paper: Colour | None = None,
) -> Laid:
    """The page on a desk, wholly in the picture unless `moved` pushes it out; well lit, in focus."""
    size = picture_size(dice)
    turn = reading_turn(dice) if turn_deg is None else turn_deg
    camera, place = framed(dice, size, size_mm, float(dice.uniform(*share)), turn, most_tilt=9)
    if moved is not None:
        place = moved(camera, place, dice)
    shot = opened(camera, str(dice.choice(_SURFACES)), dice)
    if paper is not None:
        shot.paper = paper
    shot.covers = shot.put(_drawn(draw, seed, shot.scale), place)
    return Laid(shot, place, size_mm, dice, good_sensor(dice, size), float(dice.uniform(0.8, 1.0)))


def _drawn(draw: Draw, seed: int, scale: float) -> Paper:
    return draw(scale, np.random.default_rng(seed))


def ordinary(dice: Generator, draw: Draw | None = None, turn_deg: float | None = None) -> Laid:
    """A dense A4 page, nothing wrong with it."""
    chosen = draw or dense(dice)
    return laid(chosen, *sheet_of(chosen, dice), dice, turn_deg=turn_deg)


def pushed(
    camera: Camera, place: Place, size_mm: tuple[float, float], way_deg: float, until_mm: float
) -> Place:
    """The place moved in one direction of the picture until the sheet sticks out of it by so many millimetres."""
    way = np.array([math.cos(math.radians(way_deg)), math.sin(math.radians(way_deg))])
    edge = np.array(camera.size, np.float64) - 1
    for _ in range(8):
        seen = camera.where(place.corners(size_mm))
        outside = max(float((-seen).max()), float((seen - edge).max())) / camera.px_per_mm
        lacking = until_mm - outside
        if abs(lacking) < 0.5:
            break
        step = way * lacking / max(abs(way).max(), 0.5)
        place = replace(place, at_mm=(place.at_mm[0] + float(step[0]), place.at_mm[1] + float(step[1])))
    return place
