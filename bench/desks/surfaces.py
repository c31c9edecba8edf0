"""The desks themselves: wood, mats, laminates, cloth, tiles, stone. All of them noise and arithmetic in millimetres."""

import colorsys
import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from bench.desks.camera import Light, Points, Size
from bench.desks.noise import Matrix, Plane, Weave, laid

Colour = tuple[float, float, float]  #: BGR, 0…255


@dataclass(frozen=True, slots=True)
class View:
    """Where the desk is drawn into: a picture of a lens without distortion."""

    seen: Matrix  #: desk mm to pixels
    size: Size
    paper: Colour  #: of the sheet that will lie there, for desks that look like it

    def noise(
        self, weave: Weave, period_mm: float, dice: Generator, turn: float | None = None, coarse: int = 1
    ) -> Plane:
        return laid(weave, self.seen, self.size, period_mm, dice, turn, coarse)

    def millimetres(self, turn: float) -> tuple[Plane, Plane]:
        """Desk coordinates of every pixel along and across a direction."""
        inverse = np.linalg.inv(self.seen)
        x = np.arange(self.size[0], dtype=np.float32)[None, :]
        y = np.arange(self.size[1], dtype=np.float32)[:, None]
        cos, sin = math.cos(turn), math.sin(turn)
        along, across = inverse[0] * cos + inverse[1] * sin, inverse[1] * cos - inverse[0] * sin
        a, b, c = (np.float32(part) for part in inverse[2])
        over = 1 / (x * a + (y * b + c))
        first, second = (
            (x * np.float32(row[0]) + (y * np.float32(row[1]) + np.float32(row[2]))) * over
            for row in (along, across)
        )
        return np.asarray(first, np.float32), np.asarray(second, np.float32)

    def pixels(self, desk_mm: Points) -> Points:
        return np.asarray(cv2.perspectiveTransform(np.asarray(desk_mm, np.float64)[None], self.seen)[0])


def painted(colour: Colour, tone: Plane, slant: Colour = (1.0, 1.0, 1.0)) -> Light:
    """A colour times a tone (1 is as it is); `slant` says how strongly each of B, G, R follows the tone."""
    return np.asarray(
        cv2.merge([(1 + (tone - 1) * s) * c for c, s in zip(colour, slant, strict=True)]), np.float32
    )


def tinted(hue: float, saturation: float, value: float) -> Colour:
    """BGR of hue 0…1, saturation 0…1 and value 0…255."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return blue, green, red


def mixed(first: Light, second: Light, share: Plane) -> Light:
    """`second` where the share is 1."""
    return np.asarray(first + (second - first) * share[:, :, None], np.float32)


def wood(view: View, dice: Generator) -> Light:
    """Boards or veneer, from pale birch to dark walnut; with or without joints, dull or clearly grained."""
    turn = (
        float(dice.choice([0.0, math.pi / 2]) + dice.normal(0, 0.08))
        if dice.uniform() < 0.7
        else float(dice.uniform(0, 3))
    )
    colour = tinted(
        float(dice.uniform(0.035, 0.1)), float(dice.uniform(0.2, 0.62)), float(dice.uniform(65, 215))
    )
    along, across = view.millimetres(turn)
    drift = view.noise("cloud", float(dice.uniform(500, 1100)), dice, coarse=4)
    fibre = view.noise("fibre", float(dice.uniform(240, 420)), dice, turn + math.pi / 2, coarse=1)
    ring_mm = float(dice.uniform(6, 30))
    rings = np.sin((across + drift * dice.uniform(6, 22) + along * 0.03) * np.float32(2 * math.pi / ring_mm))
    depth = float(dice.uniform(0.02, 0.13))
    tone = 1 + rings * depth * 0.6 + fibre * depth * 0.5 + drift * 0.03
    if dice.uniform() < 0.45:
        board = float(dice.uniform(70, 180))
        place = across / board
        number = np.floor(place)
        tone = tone * (1 + np.float32(0.06) * np.sin(number * 12.9898 + float(dice.uniform(0, 6))))
        gap = np.abs(place - number - 0.5) > 0.5 - float(dice.uniform(0.3, 1.2)) / board
        tone = tone * (1 - gap * np.float32(dice.uniform(0.15, 0.6)))
    return painted(colour, tone, (1.25, 1.05, 0.9))


def dark(view: View, dice: Generator) -> Light:
    """A mat of felt, rubber or leather: black, grey, navy, bottle green, brown; sometimes with a cutting grid."""
    colour = tinted(
        float(dice.choice([0.0, 0.6, 0.38, 0.08])), float(dice.uniform(0, 0.5)), float(dice.uniform(14, 70))
    )
    weave: Weave = dice.choice(["grain", "cells", "cloud"])
    tone = 1 + view.noise(weave, float(dice.uniform(60, 200)), dice) * dice.uniform(0.03, 0.14)
    if dice.uniform() < 0.25:
        turn = float(dice.normal(0, 0.1))
        fade = np.float32(dice.uniform(0.3, 1.2))
        for way in view.millimetres(turn):
            tone = tone + fade * (np.abs(way / 10 - np.rint(way / 10)) < 0.025)
    return painted(colour, np.asarray(tone, np.float32))


def like_paper(view: View, dice: Generator, least: float, most: float) -> Light:
    """A pale smooth desk that differs from the paper by so many grey levels, brighter or darker."""
    differs = float(dice.uniform(least, most)) * float(dice.choice([-1, -1, 1]))
    tint = dice.normal(0, 0.25 * abs(differs) + 0.4, 3)
    blue, green, red = (
        float(np.clip(part + differs + aside, 30, 253)) for part, aside in zip(view.paper, tint, strict=True)
    )
    cloud = view.noise("cloud", float(dice.uniform(300, 900)), dice, coarse=4) * dice.uniform(0.0005, 0.006)
    speckle = view.noise("grain", float(dice.uniform(80, 200)), dice) * dice.uniform(0.0005, 0.007)
    return painted((blue, green, red), 1 + cloud + speckle)


def white(view: View, dice: Generator) -> Light:
    """A white laminate desk, 0 to 8 grey levels from the paper's white."""
    return like_paper(view, dice, 0, 8)


def near_white(view: View, dice: Generator) -> Light:
    """A cream, light grey, marbled or pale wooden desk, 8 to 32 grey levels from the paper's white."""
    desk = like_paper(view, dice, 8, 32)
    if dice.uniform() < 0.4:
        weave: Weave = dice.choice(["fibre", "cloud", "cells"])
        vein = view.noise(weave, float(dice.uniform(200, 600)), dice)
        desk = desk * (1 + vein * dice.uniform(0.004, 0.022))[:, :, None]
    return np.asarray(desk, np.float32)


def stripes(view: View, dice: Generator) -> Light:
    """A striped cover of two or three colours, one of them often as white as the paper."""
    turn = float(dice.uniform(0, math.pi))
    across = view.millimetres(turn)[1]
    across = across + view.noise("cloud", 700, dice, coarse=4) * dice.uniform(0, 3)
    colours = [
        tinted(float(dice.uniform()), float(dice.uniform(0, 0.8)), float(dice.uniform(30, 235)))
        for _ in range(3)
    ]
    if dice.uniform() < 0.55:
        colours[0] = view.paper
    widths = dice.uniform(4, 42, 2 if dice.uniform() < 0.6 else 3)
    place = np.mod(across, np.float32(widths.sum()))
    soft = np.float32(dice.uniform(0.3, 1.5))
    desk = painted(colours[0], np.ones_like(across))
    begin = 0.0
    for width, colour in zip(widths[:-1], colours[1:], strict=False):
        inside = np.clip(np.minimum(place - begin, begin + width - place) / soft + 0.5, 0, 1)
        desk = mixed(desk, painted(colour, np.ones_like(across)), inside)
        begin += float(width)
    weave = 1 + view.noise("grain", float(dice.uniform(60, 140)), dice) * dice.uniform(0.01, 0.05)
    return np.asarray(desk * weave[:, :, None], np.float32)


def cloth(view: View, dice: Generator) -> Light:
    """A tablecloth: checked, dotted or plain, woven, thrown into soft folds."""
    turn = float(dice.uniform(0, math.pi))
    along, across = view.millimetres(turn)
    bend = view.noise("cloud", float(dice.uniform(350, 800)), dice, coarse=4)
    along, across = along + bend * dice.uniform(0, 4), across - bend * dice.uniform(0, 4)
    base = tinted(float(dice.uniform()), float(dice.uniform(0, 0.75)), float(dice.uniform(60, 240)))
    other = tinted(float(dice.uniform()), float(dice.uniform(0, 0.85)), float(dice.uniform(20, 240)))
    pitch = np.float32(dice.uniform(6, 45))
    ways = (np.mod(along / pitch, 1), np.mod(across / pitch, 1))
    pattern = dice.choice(["checks", "dots", "plain", "tartan"])
    if pattern == "checks":
        share = ((ways[0] < 0.5) * 0.5 + (ways[1] < 0.5) * 0.5).astype(np.float32)
    elif pattern == "dots":
        share = (np.hypot(ways[0] - 0.5, ways[1] - 0.5) < dice.uniform(0.12, 0.4)).astype(np.float32)
    elif pattern == "tartan":
        share = ((ways[0] < 0.18) * 0.6 + (np.abs(ways[1] - 0.6) < 0.12) * 0.4).astype(np.float32)
    else:
        share = np.zeros_like(along)
    desk = mixed(painted(base, np.ones_like(along)), painted(other, np.ones_like(along)), share)
    thread = np.float32(2 * math.pi / dice.uniform(0.8, 2.2))
    woven = (np.sin(along * thread) + np.sin(across * thread)) * dice.uniform(0, 0.04)
    folds = view.noise("cloud", float(dice.uniform(400, 900)), dice, coarse=4) * dice.uniform(0.01, 0.07)
    return np.asarray(desk * (1 + woven + folds)[:, :, None], np.float32)


def tiles(view: View, dice: Generator) -> Light:
    """Ceramic tiles or mosaic with grout; often pale, each tile a little different."""
    turn = float(dice.uniform(0, math.pi)) if dice.uniform() < 0.5 else float(dice.normal(0, 0.1))
    wide = float(dice.uniform(18, 170))
    high = wide * float(dice.choice([1.0, 1.0, 0.5]))
    along, across = view.millimetres(turn)
    row = np.floor(across / high)
    shifted = along / wide + np.mod(row, 2) * float(dice.choice([0, 0.5]))
    column = np.floor(shifted)
    edge = np.minimum(
        0.5 * wide - np.abs(shifted - column - 0.5) * wide,
        0.5 * high - np.abs(across / high - row - 0.5) * high,
    )
    joint = np.clip((float(dice.uniform(0.5, 2.2)) - edge) / 0.6 + 0.5, 0, 1).astype(np.float32)
    each = np.sin(row * 127.1 + column * 311.7 + float(dice.uniform(0, 6))) * 43758.5
    each = (each - np.floor(each) - 0.5) * np.float32(dice.uniform(0.01, 0.16))
    colour = tinted(float(dice.uniform()), float(dice.uniform(0, 0.35)), float(dice.uniform(95, 245)))
    grout = tinted(0.1, float(dice.uniform(0, 0.15)), float(dice.uniform(60, 225)))
    glaze = 1 + each + view.noise("cloud", 300, dice, coarse=2) * dice.uniform(0.002, 0.03)
    glaze = glaze + np.float32(dice.uniform(0, 0.08)) * np.exp(-np.maximum(edge - 1, 0) / 1.5)
    grain = 1 + view.noise("grain", 70, dice) * 0.02
    return mixed(painted(colour, np.asarray(glaze, np.float32)), painted(grout, grain), joint)


def stone(view: View, dice: Generator) -> Light:
    """Granite, terrazzo or marble."""
    colour = tinted(float(dice.uniform(0, 0.15)), float(dice.uniform(0, 0.2)), float(dice.uniform(50, 215)))
    if dice.uniform() < 0.5:
        cells = view.noise("cells", float(dice.uniform(60, 320)), dice)
        tone = 1 + np.tanh(cells * 2) * dice.uniform(0.04, 0.25)
        return painted(colour, np.asarray(tone + view.noise("grain", 90, dice) * 0.03, np.float32))
    cloud = view.noise("cloud", float(dice.uniform(250, 700)), dice, coarse=2)
    veins = np.exp(-np.abs(cloud) * dice.uniform(8, 22)) * dice.uniform(0.1, 0.4)
    return painted(colour, np.asarray(1 - veins + cloud * 0.03, np.float32))


SURFACES: dict[str, Callable[[View, Generator], Light]] = {
    "wood": wood,
    "dark": dark,
    "white": white,
    "near_white": near_white,
    "stripes": stripes,
    "cloth": cloth,
    "tiles": tiles,
    "stone": stone,
}
