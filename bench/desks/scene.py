"""One photograph: which desk, which sheet, what else lies there, and how it is lit and taken."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from bench.desks import things
from bench.desks.camera import Camera, Light, Pixels, Points, Sensor, Size, chosen_sensor, photographed
from bench.desks.framing import clockwise, framed, turned
from bench.desks.laying import Contact, Place, lay
from bench.desks.light import glare, lit, shadow
from bench.desks.noise import Plane
from bench.desks.printing import MEASURING, Paper
from bench.desks.sheets import Draw, any_page
from bench.desks.surfaces import SURFACES, Colour, View

Wear = Callable[[Paper, Generator], Paper]
_FINEST = 14.0  # pixels per mm of a drawn sheet: 355 dpi, as fine as print needs
ORDINARY = ("wood", "wood", "dark", "near_white", "stripes", "cloth", "stone")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a kind of picture has in common. Everything else is thrown."""

    surfaces: tuple[str, ...]
    page: Callable[[Generator], Draw] = any_page
    share: tuple[float, float] = (0.18, 0.85)  #: of the picture
    wear: tuple[Wear, ...] = ()  #: one of these, always
    things: tuple[int, int] = (0, 0)  #: how many, at least and at most
    papers: float = 0.0  #: chance of other papers that reach out of the picture
    finger: bool = False  #: a hand holds the sheet at an edge
    shadow: str = ""  #: "cast": across sheet and desk
    glare: bool = False


@dataclass(slots=True)
class Shot:
    """A picture while it is being made."""

    camera: Camera
    scene: Light
    paper: Colour  #: the white of the sheet's stock
    contact: Contact
    dice: Generator
    covers: Plane = field(init=False)  #: 1 where a sheet lies

    def __post_init__(self) -> None:
        self.covers = np.zeros(self.scene.shape[:2], np.float32)

    @property
    def scale(self) -> float:
        """Pixels per mm at which a sheet is drawn for it."""
        return min(_FINEST, max(1.5, self.camera.px_per_mm * 1.1))

    def put(self, paper: Paper, place: Place, contact: Contact | None = None) -> Plane:
        """Lay something down."""
        return lay(self.scene, self.camera, paper, place, contact or self.contact, self.paper)

    def taken(self, exposure: float, sensor: Sensor, warmth: float | None = None) -> Pixels:
        """Light it, photograph it."""
        self.scene = lit(self.scene, self.dice, exposure, warmth)
        return photographed(self.camera.through_lens(self.scene), sensor, self.dice)


def opened(camera: Camera, surface: str, dice: Generator) -> Shot:
    """An empty desk."""
    bright = float(dice.uniform(226, 250))
    cool = dice.normal(0, 2.2, 3)
    paper = (bright + float(cool[0]) - 3, bright + float(cool[1]), bright + float(cool[2]) + 1)
    if dice.uniform() < 0.08:  # recycled, cream or pale coloured stock
        paper = (paper[0] - float(dice.uniform(5, 40)), paper[1] - float(dice.uniform(0, 15)), paper[2])
    scene = SURFACES[surface](View(camera.seen(), camera.size, paper), dice)
    return Shot(camera, np.ascontiguousarray(scene, np.float32), paper, contact(dice, surface), dice)


def contact(dice: Generator, surface: str) -> Contact:
    """Thin paper on a flat desk: a narrow crevice, a lamp's faint shadow to one side. Faintest on white desks."""
    turn, far = float(dice.uniform(0, 2 * math.pi)), float(dice.gamma(1.6, 0.55))
    faint = 0.55 if surface == "white" else 1.0
    return Contact(
        depth=float(dice.uniform(0.05, 0.22)) * faint,
        wide_mm=float(dice.uniform(0.35, 1.6)),
        drop=float(dice.uniform(0.04, 0.26)) * faint,
        drop_mm=(far * math.cos(turn), far * math.sin(turn)),
        soft_mm=float(dice.uniform(0.25, 1.6)),
    )


def one_sheet(plan: Plan, size: Size, dice: Generator) -> tuple[Pixels, list[Points]]:
    """A photograph of one sheet, and its corners."""
    draw, seed = plan.page(dice), int(dice.integers(0, 2**32))
    sheet_mm = draw(MEASURING, np.random.default_rng(seed)).size_mm
    camera, place = framed(dice, size, sheet_mm, float(dice.uniform(*plan.share)), turned(dice))
    shot = opened(camera, str(dice.choice(plan.surfaces)), dice)
    truth = clockwise(camera.where(place.corners(sheet_mm)))
    around_it(shot, plan, place, sheet_mm)
    paper = worn(draw(shot.scale, np.random.default_rng(seed)), plan.wear, dice)
    shot.covers = shot.put(paper, place)
    if plan.finger:
        held(shot, place, sheet_mm, float(dice.uniform(3, min(24, 0.3 * min(sheet_mm)))))
    crossed(shot, plan, truth)
    return shot.taken(exposure(dice), chosen_sensor(dice)), [truth]


def worn(paper: Paper, wear: tuple[Wear, ...], dice: Generator) -> Paper:
    """A little of what every sheet has, and what the kind is about."""
    if wear:
        return wear[int(dice.integers(0, len(wear)))](paper, dice)
    return paper


def around_it(shot: Shot, plan: Plan, place: Place, sheet_mm: tuple[float, float]) -> None:
    """Other papers that reach out of the picture, and things beside or a little under the sheet."""
    dice = shot.dice
    if dice.uniform() < plan.papers:
        for _ in range(int(dice.integers(1, 3))):
            reaching_out(shot, place, sheet_mm)
    clear = 0.5 * math.hypot(*sheet_mm)
    for _ in range(int(dice.integers(plan.things[0], plan.things[1] + 1))):
        thing = things.THINGS[int(dice.integers(0, len(things.THINGS)))](shot.scale, dice)
        far = (clear * float(dice.uniform(0.75, 1.0))) + 0.3 * max(thing.size_mm)
        where = _beside(shot, place, far)
        shot.put(
            thing, Place(where, float(dice.uniform(0, 360))), _of_height(dice, float(dice.uniform(2, 9)))
        )


def _beside(shot: Shot, place: Place, far_mm: float) -> tuple[float, float]:
    """A point of the desk so far from the sheet's middle, in the picture if one is found soon."""
    for _ in range(12):
        turn = float(shot.dice.uniform(0, 2 * math.pi))
        where = (place.at_mm[0] + far_mm * math.cos(turn), place.at_mm[1] + far_mm * math.sin(turn))
        seen = shot.camera.where(np.array([where]))[0]
        if (seen > -40).all() and (seen < np.array(shot.camera.size) + 40).all():
            break
    return where


def reaching_out(shot: Shot, place: Place, sheet_mm: tuple[float, float]) -> None:
    """Another paper, most of which is outside the picture."""
    dice = shot.dice
    draw = any_page(dice)
    paper = draw(shot.scale, dice)
    width, height = shot.camera.size
    side = int(dice.integers(0, 4))
    along = float(dice.uniform(0.1, 0.9))
    edge = ((along, 0.0), (1.0, along), (along, 1.0), (0.0, along))[side]
    outward = ((0, -1), (1, 0), (0, 1), (-1, 0))[side]
    field = np.array([width, height]) / shot.camera.px_per_mm
    far = 0.5 * min(paper.size_mm) - float(dice.uniform(8, 45))
    at = (np.array(edge) - 0.5) * field + np.array(outward) * max(far, 4)
    turn = turned(dice)
    if dice.uniform() < 0.7 and _overlap(
        Place(place.at_mm, place.turn_deg), sheet_mm, Place((at[0], at[1]), turn), paper
    ):
        return
    shot.put(paper, Place((float(at[0]), float(at[1])), turn))


def _overlap(place: Place, sheet_mm: tuple[float, float], other: Place, paper: Paper) -> bool:
    """Whether two sheets lie one over the other (they are convex: an axis that parts them is one of their sides)."""
    shapes = (place.corners(sheet_mm), other.corners(paper.size_mm))
    for shape in shapes:
        for side in np.roll(shape, -1, axis=0) - shape:
            across = np.array([-side[1], side[0]])
            low, high = shapes[0] @ across, shapes[1] @ across
            if low.max() < high.min() or high.max() < low.min():
                return False
    return True


def _of_height(dice: Generator, high_mm: float) -> Contact:
    turn = float(dice.uniform(0, 2 * math.pi))
    return Contact(
        0.3, 1.5, 0.3, (high_mm * 0.5 * math.cos(turn), high_mm * 0.5 * math.sin(turn)), 0.25 * high_mm
    )


def held(
    shot: Shot, place: Place, sheet_mm: tuple[float, float], deep_mm: float, fingers: int | None = None
) -> Plane:
    """A hand from outside the picture whose longest finger lies `deep_mm` over an edge of the sheet."""
    dice = shot.dice
    corners = place.corners(sheet_mm)
    side = int(dice.integers(0, 4))
    begin, end = corners[side], corners[(side + 1) % 4]
    way = (end - begin) / np.linalg.norm(end - begin)
    outward = np.array([way[1], -way[0]])
    tip = begin + (end - begin) * float(dice.uniform(0.12, 0.88)) - outward * deep_mm
    return pointed(
        shot, tip, math.degrees(math.atan2(-outward[0], outward[1])) + float(dice.normal(0, 22)), fingers
    )


def pointed(shot: Shot, tip: Points, turn_deg: float, fingers: int | None = None) -> Plane:
    """A hand with its longest fingertip at a point of the desk; the arm runs down the sheet of the hand."""
    paper = things.hand(shot.scale, shot.dice, fingers)
    down = np.array([-math.sin(math.radians(turn_deg)), math.cos(math.radians(turn_deg))])
    middle = tip + down * (paper.size_mm[1] / 2 - 12)
    return shot.put(paper, Place((float(middle[0]), float(middle[1])), turn_deg), _of_height(shot.dice, 5))


def crossed(shot: Shot, plan: Plan, truth: Points | None) -> None:
    """Shadows and reflections that fall across sheet and desk."""
    dice, size = shot.dice, shot.camera.size
    middle = np.array(size) / 2 if truth is None else truth.mean(0)
    if plan.shadow:
        near = middle + dice.normal(0, 0.12, 2) * size[0]
        across = (float(near[0] / size[0]), float(near[1] / size[1]))
        for _ in range(int(dice.integers(1, 3))):
            shot.scene *= shadow(size, dice, hard=bool(dice.uniform() < 0.5), across=across)[:, :, None]
    if plan.glare:
        for _ in range(int(dice.integers(1, 3))):
            at = middle / size if truth is None else _near_edge(truth, dice) / size
            bright = glare(size, dice, (float(at[0]), float(at[1])), float(dice.uniform(0.025, 0.12)))
            where = 0 if truth is None else int(dice.integers(0, 3))
            bright *= (1.0, shot.covers, 1 - shot.covers)[where]
            shot.scene += bright[:, :, None]


def _near_edge(truth: Points, dice: Generator) -> Points:
    """A point near an edge or on the sheet, pixels."""
    side = int(dice.integers(0, 4))
    on = truth[side] + (truth[(side + 1) % 4] - truth[side]) * float(dice.uniform(0.1, 0.9))
    return np.asarray(on + (truth.mean(0) - on) * float(dice.uniform(-0.25, 0.7)))


def exposure(dice: Generator) -> float:
    """How brightly the camera sets itself: white paper mostly a little below the sensor's white."""
    return float(dice.choice([dice.uniform(0.78, 1.03), dice.uniform(0.5, 0.78)], p=[0.82, 0.18]))
