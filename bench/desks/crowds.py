"""Desks with no sheet at all, and with several."""

import math

import numpy as np
from numpy.random import Generator

from bench.desks.camera import Camera, Pixels, Points, Size, chosen_sensor
from bench.desks.cards import any_card
from bench.desks.framing import clockwise, inside, set_up, turned
from bench.desks.laying import Place
from bench.desks.printing import MEASURING
from bench.desks.scene import ORDINARY, Plan, around_it, crossed, exposure, opened, pointed
from bench.desks.sheets import Draw, any_page
from bench.desks.surfaces import SURFACES

_APART_MM = 6.0  # between any two of several sheets


def empty_desk(number: int, size: Size, dice: Generator) -> Pixels:
    """No sheet: every surface in turn, half of them with things, some with a hand, a shadow or a reflection."""
    surface = list(SURFACES)[number % len(SURFACES)]
    camera = set_up(dice, size, float(dice.uniform(240, 520)))
    shot = opened(camera, surface, dice)
    many = (1, 6) if dice.uniform() < 0.5 else (0, 0)
    plan = Plan(
        (surface,), things=many, shadow="cast" if dice.uniform() < 0.2 else "", glare=dice.uniform() < 0.2
    )
    field = camera.size[0] / camera.px_per_mm
    around_it(shot, plan, Place(), (field * 0.35, field * 0.25))
    if dice.uniform() < 0.2:
        tip = np.array(dice.normal(0, 0.15, 2) * field)
        pointed(shot, tip, float(dice.uniform(0, 360)))
    crossed(shot, plan, None)
    return shot.taken(exposure(dice), chosen_sensor(dice))


def several_sheets(size: Size, dice: Generator) -> tuple[Pixels, list[Points]]:
    """Two to four sheets that lie apart."""
    count = int(dice.integers(2, 5))
    while True:
        draws: list[Draw] = [any_card if dice.uniform() < 0.35 else any_page(dice) for _ in range(count)]
        seeds = [int(seed) for seed in dice.integers(0, 2**32, count)]
        sizes = [
            draw(MEASURING, np.random.default_rng(seed)).size_mm
            for draw, seed in zip(draws, seeds, strict=True)
        ]
        laid = _spread(sizes, size, dice)
        if laid is not None:
            break
    camera, places = laid
    shot = opened(camera, str(dice.choice(ORDINARY)), dice)
    for draw, seed, place in zip(draws, seeds, places, strict=True):
        shot.put(draw(shot.scale, np.random.default_rng(seed)), place)
    truth = [clockwise(camera.where(p.corners(mm))) for p, mm in zip(places, sizes, strict=True)]
    return shot.taken(exposure(dice), chosen_sensor(dice)), truth


def _spread(
    sizes: list[tuple[float, float]], size: Size, dice: Generator
) -> tuple[Camera, list[Place]] | None:
    """A camera that sees them all side by side; None when this throw does not go."""
    area = sum(wide * high for wide, high in sizes)
    for attempt in range(60):
        share = float(dice.uniform(0.25, 0.55)) * (1 - attempt / 90)
        field = math.sqrt(area / share * size[0] / size[1])
        camera = set_up(dice, size, field, most_tilt=12)
        places: list[Place] = []
        for wanted in sizes:
            place = _free(places, sizes, wanted, camera, field, dice)
            if place is None:
                break
            places.append(place)
        seen = [camera.where(p.corners(mm)) for p, mm in zip(places, sizes, strict=False)]
        if len(places) == len(sizes) and all(_share(corners, size) > 0.02 for corners in seen):
            return camera, places
    return None


def _free(
    taken: list[Place],
    sizes: list[tuple[float, float]],
    wanted: tuple[float, float],
    camera: Camera,
    field: float,
    dice: Generator,
) -> Place | None:
    """A place in the picture away from all that is taken."""
    high = field * camera.size[1] / camera.size[0]
    for _ in range(25):
        at = (float(dice.uniform(-0.5, 0.5) * field), float(dice.uniform(-0.5, 0.5) * high))
        place = Place(at, turned(dice))
        if not inside(camera, camera.where(place.corners(wanted))):
            continue
        if all(_apart(place.corners(wanted), p.corners(mm)) for p, mm in zip(taken, sizes, strict=False)):
            return place
    return None


def _apart(one: Points, other: Points) -> bool:
    """Whether a straight gap runs between two convex outlines."""
    for shape in (one, other):
        for side in np.roll(shape, -1, axis=0) - shape:
            across = np.array([-side[1], side[0]]) / np.linalg.norm(side)
            mine, theirs = one @ across, other @ across
            if max(mine.min(), theirs.min()) - min(mine.max(), theirs.max()) >= _APART_MM:
                return True
    return False


def _share(corners: Points, size: Size) -> float:
    x, y = corners[:, 0], corners[:, 1]
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2 / (size[0] * size[1])
