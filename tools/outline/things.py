"""What lies about on desks and is no sheet: pens, phones, keyboards, cups, coins, cables."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.outline.surfaces import Chance, Pixels, hue

Points = NDArray[np.float64]  #: (n, 2) x, y in pixels


def box(middle: tuple[float, float], width: float, height: float, turn: float) -> Points:
    """The corners of a turned rectangle; `turn` in radians."""
    along = np.array([np.cos(turn), np.sin(turn)])
    across = np.array([-along[1], along[0]])
    signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2
    return np.asarray(np.array(middle) + signs[:, :1] * width * along + signs[:, 1:] * height * across)


def fill(picture: Pixels, points: Points, colour: NDArray[np.floating]) -> None:
    """A filled polygon with smooth edges, to a sixteenth of a pixel."""
    fixed = np.rint(points * 16).astype(np.int32)
    cv2.fillPoly(picture, [fixed], np.asarray(colour, np.float64).tolist(), cv2.LINE_AA, 4)


def shade_under(picture: Pixels, points: Points, chance: Chance) -> None:
    """The soft shadow of a thing with this outline."""
    reach = int(chance.integers(3, 16))
    moved = points + chance.uniform(-1, 1, 2) * reach
    low = np.maximum(np.floor(moved.min(axis=0)).astype(int) - 2 * reach, 0)
    high = np.minimum(
        np.ceil(moved.max(axis=0)).astype(int) + 2 * reach, (picture.shape[1], picture.shape[0])
    )
    if (high - low).min() < 4:
        return
    place = picture[low[1] : high[1], low[0] : high[0]]
    mask = np.zeros(place.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.rint(moved - low).astype(np.int32)], 255)
    mask = cv2.blur(cv2.blur(mask, (reach, reach)), (reach, reach))
    kept = 1 - mask.astype(np.float32)[..., None] * (chance.uniform(0.1, 0.6) / 255)
    place[:] = place * kept


def capsule(picture: Pixels, start: Points, end: Points, width: float, colour: NDArray[np.floating]) -> None:
    first, last = (np.rint(start * 16).astype(int).tolist(), np.rint(end * 16).astype(int).tolist())
    cv2.line(picture, first, last, np.asarray(colour).tolist(), max(1, int(width)), cv2.LINE_AA, 4)


def pen(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    turn = chance.uniform(0, 2 * np.pi)
    along = np.array([np.cos(turn), np.sin(turn)])
    long, thick = size * chance.uniform(0.8, 1.2), max(2.0, size * chance.uniform(0.05, 0.1))
    shade_under(picture, box((middle[0], middle[1]), long, thick, turn), chance)
    body, other = hue(chance, (0, 1), (0, 1)), hue(chance, (0, 1), (0, 1))
    capsule(picture, middle - along * long / 2, middle + along * long / 2, thick, body)
    capsule(picture, middle + along * long * 0.2, middle + along * long / 2, thick, other)
    capsule(
        picture, middle - along * long / 2, middle + along * long / 2, thick / 4, np.clip(body + 50, 0, 255)
    )


def phone(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    turn = chance.uniform(0, 2 * np.pi)
    place = (float(middle[0]), float(middle[1]))
    wide, tall = size * 0.48, size
    outline = _rounded(place, wide, tall, turn, 0.1 * size)
    shade_under(picture, outline, chance)
    fill(picture, outline, hue(chance, (0, 0.3), (0.02, 0.35 if chance.random() < 0.7 else 0.95)))
    if chance.random() < 0.75:  # the screen, dark or lit
        lit = chance.random() < 0.4
        fill(
            picture,
            _rounded(place, wide * 0.92, tall * 0.94, turn, 0.07 * size),
            hue(chance, (0, 0.6), (0.3, 0.9) if lit else (0.01, 0.15)),
        )
        for _ in range(int(chance.integers(0, 14)) if lit else 0):
            spot = middle + chance.uniform(-0.18, 0.18, 2) * size
            fill(
                picture,
                box((spot[0], spot[1]), size * 0.08, size * 0.08, turn),
                hue(chance, (0.2, 0.9), (0.3, 1)),
            )
    else:  # lying on its face: the lenses
        lens = middle + np.array([np.cos(turn + 2), np.sin(turn + 2)]) * size * 0.3
        for number in range(3):
            spot = lens + np.array([np.cos(turn), np.sin(turn)]) * number * size * 0.08
            cv2.circle(
                picture,
                np.rint(spot).astype(int).tolist(),
                max(2, int(size * 0.04)),
                (15, 15, 15),
                -1,
                cv2.LINE_AA,
            )


def _rounded(middle: tuple[float, float], width: float, height: float, turn: float, radius: float) -> Points:
    """A rectangle with rounded corners."""
    inner = box(middle, max(1.0, width - 2 * radius), max(1.0, height - 2 * radius), turn)
    angles = np.linspace(0, np.pi / 2, 6)
    points = []
    for number, corner in enumerate(inner):
        sweep = turn + np.pi + number * np.pi / 2 + angles
        points.append(corner + radius * np.stack([np.cos(sweep), np.sin(sweep)], axis=1))
    return np.concatenate(points)


def keyboard(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    turn = chance.uniform(-0.4, 0.4) + chance.choice([0, np.pi / 2])
    rows, columns = int(chance.integers(4, 7)), int(chance.integers(4, 16))
    key = size / columns
    place = (float(middle[0]), float(middle[1]))
    body = hue(chance, (0, 0.2), (0.05, 0.95))
    outline = box(place, columns * key * 1.05, rows * key * 1.1, turn)
    shade_under(picture, outline, chance)
    fill(picture, outline, body)
    cap = np.clip(body + chance.choice([-1, 1]) * chance.uniform(15, 60), 0, 255)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    for row in range(rows):
        for column in range(columns):
            spot = middle + along * (column - columns / 2 + 0.5) * key + across * (row - rows / 2 + 0.5) * key
            fill(picture, box((spot[0], spot[1]), key * 0.8, key * 0.8, turn), cap)


def round_thing(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    """A cup from above, a coin, a lid, a roll of tape."""
    size *= chance.uniform(0.1, 0.5)
    axes = (max(2, int(size)), max(2, int(size * chance.uniform(0.75, 1))))
    spot = np.rint(middle).astype(int).tolist()
    angle = float(chance.uniform(0, 180))
    rim = np.array(cv2.ellipse2Poly(spot, axes, int(angle), 0, 360, 12), np.float64)
    shade_under(picture, rim, chance)
    for share in (1.0, chance.uniform(0.75, 0.95), chance.uniform(0.2, 0.7)):
        inner = (max(1, int(axes[0] * share)), max(1, int(axes[1] * share)))
        cv2.ellipse(
            picture, spot, inner, angle, 0, 360, hue(chance, (0, 0.8), (0.05, 1)).tolist(), -1, cv2.LINE_AA
        )


def cable(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    steps = np.cumsum(chance.normal(0, size * 0.22, (6, 2)), axis=0)
    knots = middle + steps - steps.mean(axis=0)
    t = np.linspace(0, 5, 60)
    curve = np.stack([np.interp(t, np.arange(6), knots[:, axis]) for axis in (0, 1)], axis=1)
    curve = cv2.blur(curve, (1, 11))
    points = [np.rint(curve * 16).astype(np.int32).reshape(-1, 1, 2)]
    colour = hue(chance, (0, 0.7), (0, 1)).tolist()
    cv2.polylines(picture, points, False, colour, int(chance.integers(2, 6)), cv2.LINE_AA, 4)


def block(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    """A rubber, a ruler, a stapler, a clip, a box of matches: small or long, and of one colour."""
    long = size * chance.uniform(0.15, 1.0)
    thick = min(long * chance.uniform(0.1, 0.7), size * 0.16)
    turn = chance.uniform(0, np.pi)
    place = (float(middle[0]), float(middle[1]))
    shade_under(picture, box(place, long, thick, turn), chance)
    fill(picture, box(place, long, thick, turn), hue(chance, (0, 1), (0.02, 1)))
    if chance.random() < 0.5:
        fill(picture, box(place, long * 0.6, thick * 0.4, turn), hue(chance, (0, 1), (0.02, 1)))


def window(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    """The reflection of a window or a lamp: a bright quad with a halo, and nothing printed on it."""
    outline = box(
        (float(middle[0]), float(middle[1])), size, size * chance.uniform(0.3, 1.2), chance.uniform(0, np.pi)
    )
    outline = outline + chance.normal(0, 0.06 * size, outline.shape)
    glow = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillPoly(glow, [np.rint(outline).astype(np.int32)], 255)
    wide = int(size * chance.uniform(0.2, 0.8)) | 1
    halo = cv2.blur(cv2.blur(glow, (wide, wide)), (wide, wide))
    cv2.add(picture, cv2.merge([cv2.convertScaleAbs(halo, alpha=chance.uniform(0.2, 0.9))] * 3), picture)
    if chance.random() < 0.7:
        fill(picture, outline, np.full(3, chance.uniform(225, 255)))


def screen(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    """A phone that shows rows or bars of colour, in a thin dark rim."""
    turn = chance.uniform(0, 2 * np.pi)
    place = (float(middle[0]), float(middle[1]))
    outline = _rounded(place, size * 0.48, size, turn, 0.07 * size)
    shade_under(picture, outline, chance)
    fill(picture, outline, hue(chance, (0, 0.6), (0.02, 0.5)))
    down = np.array([-np.sin(turn), np.cos(turn)])
    bars = int(chance.integers(3, 9))
    for number in range(bars):
        spot = middle + down * (number - (bars - 1) / 2) * size * 0.92 / bars
        bar = box((float(spot[0]), float(spot[1])), size * 0.44, size * 0.92 / bars, turn)
        fill(picture, bar, hue(chance, (0, 0.8), (0.1, 1)))


def ruler(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    turn = chance.uniform(0, np.pi)
    long, wide = size * chance.uniform(0.8, 1.8), size * chance.uniform(0.12, 0.2)
    outline = box((float(middle[0]), float(middle[1])), long, wide, turn)
    shade_under(picture, outline, chance)
    body = hue(chance, (0, 0.9), (0.3, 1))
    fill(picture, outline, body)
    along = np.array([np.cos(turn), np.sin(turn)])
    edge = middle + np.array([-along[1], along[0]]) * wide * 0.35
    for share in np.linspace(-0.48, 0.48, int(chance.integers(10, 40))):
        spot = edge + along * share * long
        fill(picture, box((float(spot[0]), float(spot[1])), 1.2, wide * 0.25, turn), body * 0.3)


def calculator(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    """A calculator, a remote control, a block of notes with squares: a body, a display, rows of keys."""
    turn = chance.uniform(0, 2 * np.pi)
    place = (float(middle[0]), float(middle[1]))
    wide = size * chance.uniform(0.35, 0.8)
    outline = _rounded(place, wide, size, turn, size * chance.uniform(0.01, 0.1))
    shade_under(picture, outline, chance)
    body = hue(chance, (0, 0.5), (0.05, 0.95))
    fill(picture, outline, body)
    along, down = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    top = -0.48 * size
    if chance.random() < 0.7:
        spot = middle + down * (top + 0.11 * size)
        fill(
            picture,
            box((spot[0], spot[1]), wide * 0.84, size * 0.14, turn),
            hue(chance, (0, 0.3), (0.1, 0.8)),
        )
        top += 0.22 * size
    columns, rows = int(chance.integers(3, 6)), int(chance.integers(3, 8))
    key = np.clip(body + chance.choice([-1, 1]) * chance.uniform(15, 90), 0, 255)
    high = (0.48 * size - top) / rows
    for row in range(rows):
        for column in range(columns):
            across = (column - (columns - 1) / 2) * wide * 0.88 / columns
            spot = middle + along * across + down * (top + (row + 0.5) * high)
            fill(picture, box((spot[0], spot[1]), wide * 0.68 / columns, high * 0.75, turn), key)


def cup(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    """A cup from above, with its handle, perhaps on a saucer."""
    size *= chance.uniform(0.2, 0.5)
    spot = np.rint(middle).astype(int).tolist()
    rim = np.array(cv2.ellipse2Poly(spot, (int(size), int(size)), 0, 0, 360, 12), np.float64)
    shade_under(picture, rim, chance)
    ware = hue(chance, (0, 0.8), (0.05, 1)).tolist()
    if chance.random() < 0.4:
        saucer = hue(chance, (0, 0.5), (0.2, 1)).tolist()
        cv2.circle(picture, spot, int(size * 1.5), saucer, -1, cv2.LINE_AA)
    turn = chance.uniform(0, 2 * np.pi)
    ear = np.rint(middle + np.array([np.cos(turn), np.sin(turn)]) * size * 1.05).astype(int).tolist()
    cv2.circle(picture, ear, max(2, int(size * 0.3)), ware, max(2, int(size * 0.14)), cv2.LINE_AA)
    drink = np.array([chance.uniform(5, 60), chance.uniform(15, 90), chance.uniform(25, 140)])
    inside = drink if chance.random() < 0.6 else hue(chance, (0, 0.4), (0.3, 1))
    cv2.circle(picture, spot, int(size), ware, -1, cv2.LINE_AA)
    cv2.circle(picture, spot, int(size * chance.uniform(0.75, 0.9)), inside.tolist(), -1, cv2.LINE_AA)


def bunch(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    """Keys on a ring, clips, crumpled foil: small bright pieces in a heap."""
    size *= chance.uniform(0.2, 0.6)
    for _ in range(int(chance.integers(2, 7))):
        end = middle + chance.normal(0, size * 0.5, 2)
        metal = np.full(3, chance.uniform(60, 225)) + chance.normal(0, 8, 3)
        shade_under(picture, box((end[0], end[1]), size * 0.4, size * 0.3, 0.0), chance)
        capsule(picture, middle, end, size * chance.uniform(0.1, 0.3), metal)
        cv2.circle(
            picture,
            np.rint(end).astype(int).tolist(),
            max(2, int(size * 0.25)),
            metal.tolist(),
            -1,
            cv2.LINE_AA,
        )


def shard(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    """Anything else of one colour with three or five to nine corners."""
    count = int(chance.choice([3, 5, 6, 7, 9]))
    angles = np.sort(chance.uniform(0, 2 * np.pi, count))
    reach = size * chance.uniform(0.15, 0.5, (count, 1))
    outline = middle + reach * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    shade_under(picture, outline, chance)
    fill(picture, outline, hue(chance, (0, 1), (0.02, 1)))


_THINGS: list[Callable[[Pixels, Points, float, Chance], None]] = [
    pen, pen, phone, phone, screen, screen, keyboard, calculator, calculator, round_thing, cup, cup, bunch,
    cable, block, block, ruler, window, window, shard,
]  # fmt: skip


def strew(picture: Pixels, chance: Chance, count: int) -> None:
    """`count` things anywhere on the desk."""
    height, width = picture.shape[:2]
    for _ in range(count):
        middle = np.array([chance.uniform(-0.05, 1.05) * width, chance.uniform(-0.05, 1.05) * height])
        thing = _THINGS[int(chance.integers(len(_THINGS)))]
        thing(picture, middle, chance.uniform(50, 260), chance)
