"""Photographs of papers for the judge's tests: a desk, a lamp, a lens, a sensor, a JPEG, and what goes wrong."""

import math
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.find import Sheet
from kiosk.capture.flatten import SheetSize
from kiosk.capture.judge import Evidence
from tests.kiosk.capture.papers import PX_PER_MM

Pixels = NDArray[np.uint8]

DESKS = (
    (96, 92, 88),
    (40, 40, 42),
    (70, 120, 165),
    (52, 84, 128),
    (205, 208, 210),
    (70, 110, 60),
    (150, 130, 110),
)
SKINS = ((140, 172, 222), (120, 150, 205), (160, 190, 236), (90, 120, 178), (70, 96, 150), (125, 140, 215))


@dataclass(frozen=True)
class Shot:
    """How a paper lies, is lit and is seen."""

    wide: int = 3264  #: pixels of the picture, 4:3
    view_mm: float = 420.0  #: width of desk in the picture
    angle: float = 0.0
    shift_mm: tuple[float, float] = (0.0, 0.0)
    tilt: tuple[float, float] = (0.0, 0.0)  #: perspective: far side shorter by this share
    desk: int = 0
    gain: float = 0.92  #: paper white / 255
    warm: float = 0.0  #: 0 neutral … 1 a bulb
    falloff: float = 0.2  #: how much darker the far end of the sheet is
    shadow: float = 0.0  #: depth of the soft shadow over one side
    lens_px: float = 0.7
    noise: float = 2.0
    jpeg: int = 85
    defocus_mm: float = 0.0
    motion_mm: tuple[float, float] = (0.0, 0.0)  #: right and down
    glares: tuple[tuple[float, float, float, float], ...] = ()  #: x, y, radius in mm on the sheet; strength
    fingers: tuple[
        tuple[float, float, float, float], ...
    ] = ()  #: tip x, y in mm on the sheet; direction; width
    skin: int = 0
    seed: int = 0


def varied(seed: int, **fixed: object) -> Shot:
    """Some shot of a modest sort, wholly without fault."""
    chance = np.random.default_rng((seed, 9))
    wide = int(chance.choice([2592, 3264, 4208, 4608]))
    shot = Shot(
        wide=wide,
        view_mm=chance.uniform(450, 490),
        angle=chance.uniform(-6, 6),
        shift_mm=(chance.uniform(-40, 40), chance.uniform(-2, 2)),
        tilt=(chance.uniform(-0.03, 0.03), chance.uniform(-0.03, 0.03)),
        desk=int(chance.integers(len(DESKS))),
        gain=chance.uniform(0.6, 1.0),
        warm=chance.uniform(0, 1) * (chance.random() < 0.5),
        falloff=chance.uniform(0, 0.35),
        shadow=chance.uniform(0, 0.35) * (chance.random() < 0.5),
        lens_px=chance.uniform(0.5, 0.95),
        noise=chance.uniform(1, 4),
        jpeg=int(chance.integers(60, 96)),
        seed=seed,
    )
    return replace(shot, **fixed)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Taken:
    """A picture and where the sheet really is in it."""

    pixels: Pixels = field(repr=False)
    corners: NDArray[np.float32]
    size_mm: tuple[float, float]
    px_per_mm: float

    def evidence(self, others: tuple[Sheet, ...] = (), orientation: int = 0) -> Evidence:
        size = SheetSize.CARD if self.size_mm[0] < 100 and self.size_mm[1] < 60 else SheetSize.A4
        sheets = (Sheet(self.corners, 1.0), *others)
        return Evidence(self.pixels, sheets, self.flat(), size, orientation, self.px_per_mm)

    def flat(self) -> Pixels:
        wide, high = (round(side * 300 / 25.4) for side in self.size_mm)
        page = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32) - np.float32(0.5)
        move = cv2.getPerspectiveTransform(self.corners, page)
        return np.asarray(
            cv2.warpPerspective(self.pixels, move, (wide, high), borderMode=cv2.BORDER_REPLICATE)
        )


def take(paper: Pixels, shot: Shot) -> Taken:
    """Photograph a paper (at 10 px/mm)."""
    size_mm = (paper.shape[1] / PX_PER_MM, paper.shape[0] / PX_PER_MM)
    wide, high = shot.wide, shot.wide * 3 // 4
    scale = wide / shot.view_mm
    corners = _placed(size_mm, shot, wide, high, scale)
    picture = _desk(shot, wide, high)
    flat = np.array([[0, 0], [size_mm[0], 0], [size_mm[0], size_mm[1]], [0, size_mm[1]]], np.float32)
    onto = cv2.getPerspectiveTransform(flat, corners)
    fine = onto @ np.diag([1 / PX_PER_MM, 1 / PX_PER_MM, 1])
    cv2.warpPerspective(
        paper, fine, (wide, high), dst=picture, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_TRANSPARENT
    )
    _touch(picture, onto, shot, scale)
    light = _light(shot, wide, high)
    lit = cv2.multiply(picture, cv2.resize(light, (wide, high)), dtype=cv2.CV_8U)
    _shine(lit, onto, shot, scale)
    return Taken(_developed(lit, shot, scale), corners, size_mm, scale)


def _placed(size: tuple[float, float], shot: Shot, wide: int, high: int, scale: float) -> NDArray[np.float32]:
    x, y = size[0] / 2, size[1] / 2
    corners = np.array([[-x, -y], [x, -y], [x, y], [-x, y]])
    turn = math.radians(shot.angle)
    corners = corners @ np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    corners = corners + shot.shift_mm
    far = 1 + shot.tilt[0] * corners[:, :1] / 150 + shot.tilt[1] * corners[:, 1:] / 150
    return np.asarray(corners / far * scale + (wide / 2, high / 2), np.float32)


def _desk(shot: Shot, wide: int, high: int) -> Pixels:
    chance = np.random.default_rng((shot.seed, 4))
    colour = np.array(DESKS[shot.desk], np.float32)
    grain = cv2.resize(chance.normal(0, 0.1, (high // 6, wide // 60)).astype(np.float32), (wide, high))
    return np.clip(colour * (1 + grain[..., None]), 0, 255).astype(np.uint8)


def _light(shot: Shot, wide: int, high: int) -> NDArray[np.float32]:
    """How much light falls where, by colour, at an eighth of the size."""
    chance = np.random.default_rng((shot.seed, 5))
    y, x = np.mgrid[0 : high // 8, 0 : wide // 8].astype(np.float32)
    x, y = x / (wide // 8), y / (high // 8)
    turn = chance.uniform(0, 2 * math.pi)
    light = 1 - shot.falloff * (0.5 + (x - 0.5) * math.cos(turn) + (y - 0.5) * math.sin(turn))
    if shot.shadow:
        side = (x - chance.uniform(0.35, 0.65)) * math.sin(turn) + (y - 0.5) * math.cos(turn)
        light *= 1 - shot.shadow / (1 + np.exp(-side * chance.uniform(15, 60)))
    tint = np.array([1 - 0.38 * shot.warm, 1 - 0.13 * shot.warm, 1.0], np.float32)
    return np.asarray(light[..., None] * tint * shot.gain, np.float32)


def _touch(picture: Pixels, onto: NDArray[np.float64], shot: Shot, scale: float) -> None:
    """Fingers, each a rounded bar with a nail, shaded to its sides."""
    for x, y, turn, width in shot.fingers:
        way = np.array([math.cos(turn), math.sin(turn)])
        line = [np.array([x, y]) + way * far for far in np.linspace(0, 130, 30)]
        spine = cv2.perspectiveTransform(np.array([line], np.float32), onto)[0]
        tone = np.array(SKINS[shot.skin], float)
        for share, shade in ((1.0, 0.72), (0.86, 0.86), (0.66, 0.96), (0.4, 1.03)):
            for place, point in enumerate(spine):
                radius = width / 2 * share * scale * (0.92 if place < 2 else 1.0)
                centre = (int(point[0]), int(point[1]))
                cv2.circle(
                    picture, centre, int(radius), np.clip(tone * shade, 0, 255).tolist(), -1, cv2.LINE_AA
                )
        nail = tuple(int(v) for v in spine[1])
        axes = (int(width * 0.3 * scale), int(width * 0.26 * scale))
        bright = np.clip(tone * 1.08, 0, 255).tolist()
        cv2.ellipse(picture, nail, axes, math.degrees(turn), 0, 360, bright, -1, cv2.LINE_AA)


def _shine(lit: Pixels, onto: NDArray[np.float64], shot: Shot, scale: float) -> None:
    """The lamp's reflection: light that the print does not hold back."""
    for x, y, radius, strength in shot.glares:
        centre = cv2.perspectiveTransform(np.array([[[x, y]]], np.float32), onto)[0, 0]
        chance = np.random.default_rng((shot.seed, 6))
        spot = np.zeros((lit.shape[0] // 8, lit.shape[1] // 8), np.float32)
        axes = (max(1, int(radius * scale / 8)), max(1, int(radius * chance.uniform(0.5, 1) * scale / 8)))
        place = (int(centre[0] / 8), int(centre[1] / 8))
        cv2.ellipse(spot, place, axes, chance.uniform(0, 180), 0, 360, strength, -1)
        soft = cv2.GaussianBlur(spot, (0, 0), max(0.5, radius * chance.uniform(0.1, 0.4) * scale / 8))
        whole = cv2.resize(soft, (lit.shape[1], lit.shape[0]))
        cv2.add(lit, cv2.merge([whole, whole, whole]), dst=lit, dtype=cv2.CV_8U)


def _developed(lit: Pixels, shot: Shot, scale: float) -> Pixels:
    sigma = math.hypot(shot.lens_px, shot.defocus_mm * scale)
    seen = cv2.GaussianBlur(lit, (0, 0), sigma)
    right, down = (value * scale for value in shot.motion_mm)
    if right or down:
        side = 2 * int(max(abs(right), abs(down)) / 2 + 1) + 1
        kernel = np.zeros((side, side), np.float32)
        middle = np.array([side // 2, side // 2], float)
        start, end = middle - np.array([right, down]) / 2, middle + np.array([right, down]) / 2
        steps = np.linspace(start, end, 8 * side).round().astype(int)
        for x, y in steps:
            kernel[y, x] += 1
        seen = cv2.filter2D(seen, -1, kernel / kernel.sum())
    chance = np.random.default_rng((shot.seed, 7))
    tile = chance.normal(0, shot.noise, (512, 512, 3)).astype(np.float32)
    times = (seen.shape[0] // 512 + 1, seen.shape[1] // 512 + 1, 1)
    noisy = cv2.add(seen, np.tile(tile, times)[: seen.shape[0], : seen.shape[1]], dtype=cv2.CV_8U)
    coded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, shot.jpeg])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR))
