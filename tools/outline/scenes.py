"""Scenes to train on: sheets on desks with their exact corners. Fast and very varied rather than pretty."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.outline.hands import finger, hand
from tools.outline.light import Lenses, lit, photographed
from tools.outline.papers import Paper, Writer, paper
from tools.outline.surfaces import Chance, Pixels, surface
from tools.outline.things import strew

WIDTH, HEIGHT = 640, 480
Corners = NDArray[
    np.float64
]  #: (4, 2) x, y in parts of pixels, whose first begins at 0, in the order of the flat paper's corners

_EMPTY = 0.2  # of all scenes
_SMALLEST, _LARGEST = 0.02, 0.95  # of the picture that a sheet covers
_VISIBLE = 0.55  # of a sheet that lies partly outside
_BESIDE = 0.9  # the same of a second one laid close by
_THINGS, _THICK = 4, 24  # so many, at least so many pixels wide, are told
_CHANGED = 28  # levels; a thing's shadow changes less
_STRANGE = 0.4  # of a paper that only reaches into the picture


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture and what lies in it."""

    pixels: Pixels
    sheets: tuple[Corners, ...]
    things: tuple[Corners, ...]  #: rectangles around what is no sheet


class World:
    """Banks of surfaces and papers, from which scenes are put together."""

    def __init__(self, seed: int, fonts: Path, surfaces: int = 260, papers: int = 360) -> None:
        self.chance = np.random.default_rng(seed)
        cv2.setRNGSeed(seed)
        writer = Writer(fonts, self.chance)
        self._surfaces = [surface(self.chance) for _ in range(surfaces)]
        self._white = [picture for name, picture in self._surfaces if name in ("white", "plain")]
        self._papers = [_sizes(paper(self.chance, writer)) for _ in range(papers)]
        self._lenses = Lenses(WIDTH, HEIGHT, self.chance)

    def scene(self) -> Scene:
        """The next scene."""
        chance = self.chance
        alike = chance.random() < 0.36  # paper and desk of nearly one colour
        desk = self._desk(alike)
        bare = chance.random() < _EMPTY
        before = desk.copy()
        if chance.random() < (0.75 if bare else 0.45):
            strew(desk, chance, int(chance.integers(1, 12)))
        things = _around_things(before, desk)
        if not bare and chance.random() < 0.15:
            self._strangers(desk)
        sheets: list[Corners] = []
        if not bare:
            for number in range(int(chance.choice([1, 1, 1, 1, 1, 1, 2, 2, 3, 4]))):
                page = self._papers[int(chance.integers(len(self._papers)))]
                if number and chance.random() < 0.4:
                    placed = _beside(sheets, chance)
                else:
                    placed = _place(page[0], sheets, number > 0, chance)
                if placed is not None:
                    same = chance.random() < (
                        0.85 if alike else 0.12
                    )  # also of one stripe's or tile's colour
                    _lay(desk, page, placed, same, chance)
                    sheets.append(placed)
        self._hands(desk, sheets)
        picture = lit(desk, chance)
        corners = np.array([*sheets, *things], np.float64).reshape(-1, 2)
        if chance.random() < 0.35:
            picture, corners = self._lenses.through(picture, corners, chance)
        quads = tuple(corners.reshape(-1, 4, 2))
        return Scene(photographed(picture, chance), quads[: len(sheets)], quads[len(sheets) :])

    def _desk(self, alike: bool) -> Pixels:
        """A piece of a surface, turned and stretched."""
        chance = self.chance
        if alike and chance.random() < 0.7:
            source = self._white[int(chance.integers(len(self._white)))]
        else:
            source = self._surfaces[int(chance.integers(len(self._surfaces)))][1]
        turn, scale = chance.uniform(0, 360), chance.choice([0.6, 1.0, 1.7]) * chance.uniform(0.8, 1.25)
        middle = (chance.uniform(0.3, 0.7) * source.shape[1], chance.uniform(0.3, 0.7) * source.shape[0])
        move = cv2.getRotationMatrix2D(middle, turn, scale)
        move[:, 2] += np.array([WIDTH / 2, HEIGHT / 2]) - middle
        matrix = np.vstack([move, [chance.normal(0, 2e-4), chance.normal(0, 2e-4), 1]])
        desk = cv2.warpPerspective(
            source, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
        gains = np.append(chance.uniform(0.85, 1.1) * (1 + chance.normal(0, 0.04, 3)), 0)
        return np.asarray(cv2.transform(desk, np.diag(gains[:3])))

    def _strangers(self, desk: Pixels) -> None:
        """Other papers that lie for the most part outside the picture, perhaps under the sheet; none is meant."""
        chance = self.chance
        for _ in range(int(chance.choice([1, 1, 2]))):
            page = self._papers[int(chance.integers(len(self._papers)))]
            corners = _seen(page[0].shape[1], page[0].shape[0], chance.uniform(0.15, 0.7), chance)
            turn = chance.uniform(0, 2 * np.pi)
            rim = np.array([np.cos(turn), np.sin(turn)]) * chance.uniform(0.5, 0.75) * (WIDTH, HEIGHT)
            corners = corners - corners.mean(axis=0) + rim + (WIDTH / 2, HEIGHT / 2)
            if _share_seen(corners) < _STRANGE:
                _lay(desk, page, corners, chance.random() < 0.15, chance)

    def _hands(self, picture: Pixels, sheets: list[Corners]) -> None:
        """Fingers on the edges of the first sheet, or anywhere."""
        chance = self.chance
        if chance.random() < (0.04 if sheets else 0.12):
            hand(picture, chance.uniform(0.1, 0.9, 2) * (WIDTH, HEIGHT), chance.uniform(70, 200), chance)
        if chance.random() > 0.22:
            return
        for _ in range(int(chance.choice([1, 1, 2]))):
            if sheets:
                quad, side, along = sheets[0], int(chance.integers(4)), chance.uniform(0.05, 0.95)
                tip = quad[side] * (1 - along) + quad[(side + 1) % 4] * along
                tip = tip + (quad.mean(axis=0) - tip) * chance.uniform(-0.05, 0.15)
            else:
                tip = chance.uniform(0.1, 0.9, 2) * (WIDTH, HEIGHT)
            finger(picture, tip, chance)


def _around_things(before: Pixels, after: Pixels) -> list[Corners]:
    """Rectangles around the largest of what was strewn on the desk, for the lessons in what is no sheet."""
    changed = cv2.absdiff(before, after).max(axis=2) > _CHANGED
    outlines, _ = cv2.findContours(changed.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = sorted(outlines, key=cv2.contourArea, reverse=True)[:_THINGS]
    boxes = [cv2.minAreaRect(outline) for outline in largest]
    return [cv2.boxPoints(each) + 0.5 for each in boxes if min(each[1]) > _THICK]


def _place(page: Paper, others: list[Corners], small: bool, chance: Chance) -> Corners | None:
    """Where a sheet shall lie: any size, any turn, seen from any side; not on top of the others."""
    for _ in range(12):
        share = float(np.exp(chance.uniform(np.log(_SMALLEST), np.log(0.3 if small else _LARGEST))))
        if not small and chance.random() < 0.45:
            share = chance.uniform(0.3, _LARGEST)
        corners = _seen(page.shape[1], page.shape[0], share, chance)
        if _acceptable(corners, share) and all(_apart(corners, other) for other in others):
            return corners
    return None


def _lay(desk: Pixels, sizes: list[Paper], corners: Corners, alike: bool, chance: Chance) -> None:
    """A paper (in several sizes) onto the desk, with its shadow."""
    longest = max(float(np.linalg.norm(corners[place] - corners[0])) for place in (1, 3))
    source = next((size for size in reversed(sizes) if max(size.shape[:2]) >= 0.9 * longest), sizes[0])
    flat = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * (source.shape[1], source.shape[0]) - 0.5
    low = np.clip(np.floor(corners.min(axis=0)).astype(int) - 24, 0, (WIDTH - 32, HEIGHT - 32))
    high = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 24, low + 32, (WIDTH, HEIGHT))
    place = desk[low[1] : high[1], low[0] : high[0]]
    matrix = cv2.getPerspectiveTransform(flat.astype(np.float32), (corners - low - 0.5).astype(np.float32))
    laid = cv2.warpPerspective(source, matrix, (place.shape[1], place.shape[0]), flags=cv2.INTER_LINEAR)
    alpha = laid[..., 3]
    if alike:
        _tune(laid, alpha, place, chance)
    under = _shaded(place, alpha, chance, faint=alike)
    weight = alpha.astype(np.float32) / 255
    place[:] = cv2.blendLinear(cv2.cvtColor(laid, cv2.COLOR_BGRA2BGR), under, weight, 1 - weight)


def _sizes(whole: Paper) -> list[Paper]:
    """A paper at full, half and quarter size, so that no scene shrinks it by much."""
    sizes = [whole]
    for _ in range(2):
        last = sizes[-1]
        sizes.append(np.asarray(cv2.resize(last, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)))
    return sizes


def _seen(wide: float, tall: float, share: float, chance: Chance) -> Corners:
    """The corners of a paper that covers about `share` of the picture, turned in space."""
    scale = np.sqrt(share * WIDTH * HEIGHT / (wide * tall))
    flat = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2 * (wide * scale, tall * scale)
    turn = chance.uniform(0, 2 * np.pi)
    if chance.random() < 0.6:
        turn = np.radians(90 * chance.integers(4) + chance.normal(0, 7))
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    space = np.column_stack([flat @ spin.T, np.zeros(4)])
    tilt = chance.choice([0.03, 0.15, 0.4])
    lean, _ = cv2.Rodrigues(np.array([chance.normal(0, tilt), chance.normal(0, tilt), 0.0]))
    space = space @ lean.T
    far = chance.uniform(1.0, 3.0) * WIDTH
    seen = space[:, :2] * far / (far + space[:, 2:])
    if chance.random() < 0.75:  # wholly in the picture
        seen *= min(
            1.0, float((np.array([WIDTH, HEIGHT]) * chance.uniform(0.85, 0.985) / np.ptp(seen, axis=0)).min())
        )
    room = np.array([WIDTH, HEIGHT]) - np.ptp(seen, axis=0)
    slack = 0.5 * np.maximum(room, 0) + chance.choice([0.0, 0.0, 0.0, 0.0, 40.0, 110.0])
    middle = np.array([WIDTH, HEIGHT]) / 2 + chance.uniform(-1, 1, 2) * slack
    return np.asarray(seen - (seen.min(axis=0) + seen.max(axis=0)) / 2 + middle)


def _acceptable(corners: Corners, share: float) -> bool:
    """Whether it is a sheet that one would photograph: convex, not too thin, mostly in the picture."""
    quad = corners.astype(np.float32)
    area = float(cv2.contourArea(quad))
    if area < 0.6 * share * WIDTH * HEIGHT or not cv2.isContourConvex(quad):
        return False
    return _share_seen(corners) > _VISIBLE


def _share_seen(corners: Corners) -> float:
    """How much of a sheet lies in the picture."""
    quad = corners.astype(np.float32)
    rim = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    return float(cv2.intersectConvexConvex(quad, rim)[0] / max(1e-6, cv2.contourArea(quad)))


def _beside(others: list[Corners], chance: Chance) -> Corners | None:
    """As large as one that lies there, and close beside it: two pages of a contract, both sides of a card."""
    quad = others[int(chance.integers(len(others)))]
    side = int(chance.integers(4))
    away = (quad[side] - quad[side - 1] + quad[(side + 1) % 4] - quad[(side + 2) % 4]) / 2
    gap = chance.uniform(3, 22) / max(1.0, float(np.linalg.norm(away)))
    along = (quad[(side + 1) % 4] - quad[side]) * chance.normal(0, 0.08)
    corners = quad + away * (1 + gap) + along
    apart = all(_apart(corners, other) for other in others)
    return np.asarray(corners) if apart and _share_seen(corners) > _BESIDE else None


def _apart(one: Corners, other: Corners) -> bool:
    first, second = one.astype(np.float32), other.astype(np.float32)
    return bool(cv2.intersectConvexConvex(first, second)[0] < 0.01 * cv2.contourArea(first))


def _tune(laid: Paper, alpha: NDArray[np.uint8], desk: Pixels, chance: Chance) -> None:
    """Give the paper the desk's colour, but for a few levels."""
    inside = alpha[::5, ::5] > 200
    if not inside.any():
        return
    ground = np.median(laid[::5, ::5, :3][inside], axis=0)
    under = np.median(desk[::5, ::5][inside], axis=0)
    shift = under - ground + chance.normal(0, chance.choice([2, 5, 10])) + chance.normal(0, 1.2, 3)
    cv2.add(laid, (*np.rint(shift).tolist(), 0.0), laid)


def _shaded(desk: Pixels, alpha: NDArray[np.uint8], chance: Chance, faint: bool) -> Pixels:
    """The desk with the shadow of what will lie on it."""
    reach = int(chance.choice([1, 2, 3, 5, 9]))
    strength = chance.uniform(0.02, 0.2) if faint else chance.uniform(0.0, 0.45)
    move = np.array([[1, 0, chance.normal(0, 0.7) * reach], [0, 1, chance.normal(0, 0.7) * reach]])
    shadow = cv2.warpAffine(alpha, move, (desk.shape[1], desk.shape[0]))
    shadow = cv2.blur(cv2.blur(shadow, (reach, reach)), (reach, reach))
    kept = np.float32(1) - shadow.astype(np.float32) * np.float32(strength / 255)
    return np.asarray(cv2.multiply(desk, cv2.merge([kept] * 3), dtype=cv2.CV_8U))
