"""Desks to train on: a bank of surfaces, from which each scene cuts a piece and tints it anew."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR
Grey = NDArray[np.float32]  #: (height, width) float32
Chance = np.random.Generator

WIDTH, HEIGHT = 900, 700  # of a surface; a scene of 640 × 480 still finds room when it is turned


def clouds(chance: Chance, cells: tuple[int, int], size: tuple[int, int] = (WIDTH, HEIGHT)) -> Grey:
    """Smooth noise, about -1…1, with `cells` (across, down) grains in `size` (width, height)."""
    coarse = chance.normal(0, 0.6, (max(2, cells[1]), max(2, cells[0]))).astype(np.float32)
    return np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC), np.float32)


def coloured(shade: Grey, dark: NDArray[np.floating], bright: NDArray[np.floating]) -> Pixels:
    """`shade` 0…1 as colours between `dark` and `bright` (BGR)."""
    ramp = np.clip(shade, 0, 1)[..., None]
    mixed = dark * (1 - ramp) + bright * ramp
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)


def hue(chance: Chance, saturation: tuple[float, float], value: tuple[float, float]) -> NDArray[np.float64]:
    """A random colour (BGR 0…255) of this saturation and value (0…1)."""
    pixel = np.array(
        [[[chance.uniform(0, 360), chance.uniform(*saturation), chance.uniform(*value)]]], np.float32
    )
    return np.asarray(cv2.cvtColor(pixel, cv2.COLOR_HSV2BGR)[0, 0] * 255, np.float64)


def _two(chance: Chance) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two colours of one surface: near kin or strangers."""
    first = hue(chance, (0, chance.choice([0.15, 0.5, 0.9])), (0.1, 1.0))
    if chance.random() < 0.5:
        return first, np.clip(first + chance.normal(0, 25) + chance.normal(0, 8, 3), 0, 255)
    return first, hue(chance, (0, 0.7), (0.1, 1.0))


def wood(chance: Chance) -> Pixels:
    dark = np.array([chance.uniform(20, 110), chance.uniform(45, 150), chance.uniform(70, 190)])
    bright = np.clip(dark + chance.uniform(15, 70), 0, 255)
    grain = clouds(chance, (int(chance.integers(2, 8)), int(chance.integers(60, 240))))
    waves = clouds(chance, (3, 4)) * chance.uniform(2, 30)
    rings = np.sin(waves + np.linspace(0, chance.uniform(5, 60), HEIGHT, dtype=np.float32)[:, None])
    shade = 0.5 + 0.3 * grain + chance.uniform(0, 0.35) * rings
    if chance.random() < 0.4:
        plank = int(chance.integers(60, 240))
        for number, top in enumerate(range(int(chance.integers(0, plank)), HEIGHT, plank)):
            shade[top : top + plank] += 0.15 * np.sin(number * 2.3)
            shade[top : top + int(chance.integers(1, 4))] -= chance.uniform(0.1, 0.8)
    return coloured(shade.astype(np.float32), dark, bright)


def plain(chance: Chance) -> Pixels:
    first, second = _two(chance)
    second = first + np.clip(second - first, -12, 12)
    cells = int(chance.choice([3, 12, 60, 300]))
    return coloured(0.5 + 0.5 * clouds(chance, (cells, cells)), first, second)


def white(chance: Chance) -> Pixels:
    base = chance.uniform(195, 252) + chance.normal(0, 3, 3)
    cells = int(chance.choice([2, 6, 40, 250]))
    spread = chance.choice([0.5, 2, 5])
    return coloured(0.5 + 0.4 * clouds(chance, (cells, cells)), base - spread, base + spread)


def stone(chance: Chance) -> Pixels:
    first, second = _two(chance)
    shade: Grey = np.full((HEIGHT, WIDTH), 0.5, np.float32)
    for cells in (4, 14, 50, 180):
        shade += clouds(chance, (cells, cells)) * chance.uniform(0, 0.4)
    if chance.random() < 0.4:
        vein = np.abs(clouds(chance, (5, 5)) + 0.3 * clouds(chance, (30, 30)))
        shade -= np.exp(-vein * chance.uniform(8, 40)) * chance.uniform(-0.6, 0.6)
    return coloured(shade, first, second)


def speckled(chance: Chance) -> Pixels:
    first, second = _two(chance)
    cells = int(chance.integers(40, 350))
    grains = clouds(chance, (cells, cells))
    return coloured((grains > chance.uniform(0.2, 0.9)).astype(np.float32), first, second)


def _wave(chance: Chance, length: int) -> Grey:
    """A periodic profile along one axis, 0…1: bars of one or several widths, hard or soft."""
    period = chance.uniform(6, 160)
    phase = np.arange(length, dtype=np.float32) / period + chance.uniform(0, 1)
    kind = chance.integers(0, 3)
    if kind == 0:
        return np.asarray(0.5 + 0.5 * np.sin(phase * 2 * np.pi), np.float32)
    if kind == 1:
        return np.asarray((phase % 1) < chance.uniform(0.1, 0.9), np.float32)
    levels = chance.uniform(0, 1, int(chance.integers(3, 9)))
    return np.asarray(levels[(phase % 1 * len(levels)).astype(int) % len(levels)], np.float32)


def _wavering(shade: Grey, chance: Chance) -> Grey:
    """The same with its lines a little crooked, each in its own way."""
    x, y = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
    cells = (int(chance.choice([3, 20])), int(chance.integers(4, 60)))
    moved = (
        x + chance.uniform(0.5, 4) * clouds(chance, cells) + chance.uniform(0, 25) * clouds(chance, (2, 2))
    )
    return np.asarray(cv2.remap(shade, moved, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.float32)


def stripes(chance: Chance) -> Pixels:
    first, second = _two(chance)
    shade = np.repeat(_wave(chance, WIDTH)[None], HEIGHT, axis=0)
    if chance.random() < 0.5:  # a cloth that does not lie straight, lines drawn by hand
        shade = _wavering(shade, chance)
    shade = shade + chance.uniform(0, 0.15) * clouds(chance, (300, 240))
    return coloured(shade, first, second)


def checks(chance: Chance) -> Pixels:
    first, second = _two(chance)
    across, down = _wave(chance, WIDTH)[None], _wave(chance, HEIGHT)[:, None]
    shade = 0.5 * (across + down) if chance.random() < 0.6 else np.abs(across - down)
    shade = shade + chance.uniform(0, 0.2) * clouds(chance, (260, 200))
    return coloured(np.asarray(shade, np.float32), first, second)


def weave(chance: Chance) -> Pixels:
    first, second = _two(chance)
    thread = chance.uniform(2.5, 9)
    x, y = np.arange(WIDTH, dtype=np.float32) / thread, np.arange(HEIGHT, dtype=np.float32)[:, None] / thread
    shade = 0.5 + 0.25 * np.sin(x * np.pi) * np.sin(y * np.pi) + 0.2 * clouds(chance, (150, 120))
    shade = shade + 0.25 * clouds(chance, (4, 4)) * chance.uniform(0, 1)
    return coloured(np.asarray(shade, np.float32), first, second)


def tiles(chance: Chance) -> Pixels:
    base, other = hue(chance, (0, 0.5), (0.2, 1.0)), hue(chance, (0, 0.4), (0.1, 1.0))
    width = int(chance.integers(40, 330))
    height = width if chance.random() < 0.6 else int(chance.integers(40, 330))
    rows, columns = HEIGHT // height + 2, WIDTH // width + 2
    own = chance.normal(0, chance.choice([1, 6, 20]), (rows, columns, 1)) + np.zeros((1, 1, 3))
    if chance.random() < 0.25:
        own[(np.indices((rows, columns)).sum(axis=0) % 2) == 0] += other - base
    y, x = np.arange(HEIGHT) // height, np.arange(WIDTH) // width
    picture = (
        base + own[y[:, None], x[None]] + 14 * chance.uniform(0, 1) * clouds(chance, (40, 30))[..., None]
    )
    joint = int(chance.integers(1, 9))
    picture[np.arange(HEIGHT) % height < joint] = other
    bond = (
        int(width * chance.uniform(0.2, 0.8)) if chance.random() < 0.35 else 0
    )  # each row set off, as bricks are
    for row in range(rows):
        picture[row * height : (row + 1) * height, (np.arange(WIDTH) + row * bond) % width < joint] = other
    picture = np.asarray(np.clip(picture, 0, 255), np.uint8)
    return np.asarray(cv2.GaussianBlur(picture, (3, 3), 0))


def dotted(chance: Chance) -> Pixels:
    first, second = _two(chance)
    picture = np.full((HEIGHT, WIDTH, 3), first, np.uint8)
    step, size = int(chance.integers(16, 110)), chance.uniform(0.1, 0.42)
    for row, y in enumerate(range(0, HEIGHT + step, step)):
        for x in range(0, WIDTH + step, step):
            middle = (x + (step // 2 if row % 2 else 0), y)
            cv2.circle(picture, middle, max(1, int(step * size)), second.tolist(), -1, cv2.LINE_AA)
    return picture


def ruled_mat(chance: Chance) -> Pixels:
    """A cutting mat or a squared cloth: fine lines, each fifth stronger, and a frame."""
    base = hue(chance, (0.1, 0.8), (0.1, 0.8))
    ink = np.clip(base + chance.choice([-1, 1]) * chance.uniform(15, 90), 0, 255)
    picture = np.full((HEIGHT, WIDTH, 3), base, np.uint8)
    step = int(chance.integers(8, 60))
    for number, x in enumerate(range(0, WIDTH, step)):
        cv2.line(picture, (x, 0), (x, HEIGHT), ink.tolist(), 2 if number % 5 == 0 else 1, cv2.LINE_AA)
    for number, y in enumerate(range(0, HEIGHT, step)):
        cv2.line(picture, (0, y), (WIDTH, y), ink.tolist(), 2 if number % 5 == 0 else 1, cv2.LINE_AA)
    return picture


def framed(chance: Chance) -> Pixels:
    """A cloth or mat with frames and borders woven in: rectangles that are no sheets."""
    picture = _base(chance).copy()
    for _ in range(int(chance.integers(1, 4))):
        ink = hue(chance, (0, 0.8), (0.1, 1.0))
        x, y = int(chance.uniform(20, WIDTH * 0.3)), int(chance.uniform(20, HEIGHT * 0.3))
        other = (WIDTH - int(x * chance.uniform(0.3, 1)), HEIGHT - int(y * chance.uniform(0.3, 1)))
        thick = int(chance.integers(1, 30))
        cv2.rectangle(picture, (x, y), other, ink.tolist(), thick, cv2.LINE_AA)
        if chance.random() < 0.4:
            cv2.rectangle(picture, (x + 12, y + 12), (other[0] - 12, other[1] - 12), ink.tolist(), 1)
    return picture


def divided(chance: Chance) -> Pixels:
    """The edge of a table or of a mat: two surfaces meet in a straight line."""
    picture, beyond = _base(chance).copy(), _base(chance)
    where = int(chance.uniform(0.1, 0.9) * WIDTH)
    picture[:, where:] = beyond[:, where:]
    if chance.random() < 0.5:
        edge = hue(chance, (0, 0.3), (0, 1)).tolist()
        cv2.line(picture, (where, 0), (where, HEIGHT), edge, int(chance.integers(1, 14)), cv2.LINE_AA)
    return picture


_BASES: list[Callable[[Chance], Pixels]] = [wood, plain, white, stone, speckled, weave, stripes]


def _base(chance: Chance) -> Pixels:
    return _BASES[int(chance.integers(len(_BASES)))](chance)


_KINDS: list[tuple[Callable[[Chance], Pixels], float]] = [
    (wood, 5),
    (plain, 4),
    (white, 5),
    (stone, 2),
    (speckled, 1.5),
    (stripes, 5),
    (checks, 3),
    (weave, 2),
    (tiles, 4),
    (dotted, 3),
    (ruled_mat, 1),
    (framed, 2.5),
    (divided, 2),
]


def surface(chance: Chance) -> tuple[str, Pixels]:
    """One surface, with the name of its kind."""
    weights = np.array([weight for _, weight in _KINDS])
    make = _KINDS[int(chance.choice(len(_KINDS), p=weights / weights.sum()))][0]
    return make.__name__, make(chance)
