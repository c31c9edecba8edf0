"""What the networks learn from: a pool of scenes that is renewed all the time, and the right answers for each."""

from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.find_net import BEYOND, DEPTH_STEP, DEPTHS, HEIGHT, WIDTH, planes, strip_planes, strips
from kiosk.capture.outline import clockwise
from tools.outline import scenes
from tools.outline.surfaces import Chance, Pixels
from tools.outline.things import box

SCENES = 4000  # kept in a pool; 3.7 GB
_MOST = 4  # sheets in a scene
_CORE = 0.5  # of a sheet's size: what tells sheets that touch each other apart
_FROM_AFAR = 0.22  # of the lessons: four scenes in one
_STATIONS_OUT = 24
_ALIKE = 0.7  # cosine of how far a true side may be turned from the guessed one
_WRONG = 0.3  # of the lessons in sides: the guess is no sheet's outline

Example = tuple[NDArray[np.float32], NDArray[np.float32]]


class Pool:
    """Scenes in a memory file, written by one process in a ring and read by others."""

    def __init__(self, folder: Path, size: int, create: bool) -> None:
        new = create and not (folder / "pixels").exists()
        mode: Literal["w+", "r+", "r"] = "w+" if new else "r+" if create else "r"
        shape = (size, scenes.HEIGHT, scenes.WIDTH, 3)
        self.size = size
        self.pixels = np.memmap(str(folder / "pixels"), np.uint8, mode, shape=shape)
        self.sheets = np.memmap(str(folder / "sheets"), np.float32, mode, shape=(size, _MOST, 4, 2))
        self.things = np.memmap(str(folder / "things"), np.float32, mode, shape=(size, _MOST, 4, 2))
        self.count = np.memmap(str(folder / "count"), np.int32, mode, shape=(size,))
        self.made = np.memmap(str(folder / "made"), np.int64, mode, shape=(1,))
        if new:
            self.count[:] = -1  # nothing there yet

    def put(self, scene: scenes.Scene) -> None:
        """Write a scene over the oldest one."""
        place = int(self.made[0]) % self.size
        self.count[place] = -1
        self.pixels[place] = scene.pixels
        for number, sheet in enumerate(scene.sheets[:_MOST]):
            self.sheets[place, number] = sheet
        self.things[place] = 0
        for number, thing in enumerate(scene.things[:_MOST]):
            self.things[place, number] = thing
        self.count[place] = min(len(scene.sheets), _MOST)
        self.made[0] += 1

    def any(self, chance: Chance) -> tuple[Pixels, NDArray[np.float32]]:
        """Some scene: its picture and its sheets (n, 4, 2)."""
        place = self._place(chance)
        return self.pixels[place], np.array(self.sheets[place, : int(self.count[place])])

    def any_thing(self, chance: Chance) -> tuple[Pixels, NDArray[np.float32], NDArray[np.float32]]:
        """The same, and rectangles around things (m, 4, 2)."""
        place = self._place(chance)
        things = np.array(self.things[place])
        sheets = np.array(self.sheets[place, : int(self.count[place])])
        return self.pixels[place], sheets, things[np.abs(things).sum(axis=(1, 2)) > 0]

    def _place(self, chance: Chance) -> int:
        """Of a scene that is there."""
        while True:
            place = int(chance.integers(min(self.size, max(1, int(self.made[0])))))
            if self.count[place] >= 0:
                return place


def depth_inside(sheet: NDArray[np.floating], width: int, height: int) -> NDArray[np.float32]:
    """How far inside a convex quad each pixel's middle lies, in pixels; negative outside."""
    x = np.arange(width, dtype=np.float32)[None] + np.float32(0.5)
    y = np.arange(height, dtype=np.float32)[:, None] + np.float32(0.5)
    depth = np.full((height, width), np.inf, np.float32)
    ordered = clockwise(sheet)
    for begin, end in zip(ordered, np.roll(ordered, -1, axis=0), strict=True):
        dx, dy = (end - begin) / max(1e-6, float(np.linalg.norm(end - begin)))
        np.minimum(depth, (y - begin[1]) * dx - (x - begin[0]) * dy, out=depth)
    return depth


def overview(pool: Pool, chance: Chance) -> Example:
    """One lesson in the whole picture: planes (4, 192, 256) and the answer (3, 96, 128)."""
    if chance.random() < _FROM_AFAR:
        picture, sheets = _four(pool, chance)
    else:
        picture, sheets = _cut(*pool.any(chance), chance)
    small = np.asarray(cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA))
    sheets = sheets * np.array([WIDTH / picture.shape[1], HEIGHT / picture.shape[0]], np.float32)
    for axis, size in ((1, WIDTH), (0, HEIGHT)):
        if chance.random() < 0.5:
            small = np.ascontiguousarray(np.flip(small, axis))
            sheets = sheets.copy()
            sheets[..., 1 - axis] = size - sheets[..., 1 - axis]
    return planes(_tinted(small, chance)), _answer((sheets / 2).astype(np.float32))


def _four(pool: Pool, chance: Chance) -> tuple[Pixels, NDArray[np.float32]]:
    """Four scenes side by side, as from a camera that stands high: small cards, several sheets, borders of desks."""
    picture = np.empty((scenes.HEIGHT, scenes.WIDTH, 3), np.uint8)
    half = np.array([scenes.WIDTH // 2, scenes.HEIGHT // 2])
    found = []
    for place in np.array([[0, 0], [1, 0], [0, 1], [1, 1]]) * half:
        part, sheets = pool.any(chance)
        while ((sheets < 0) | (sheets > 2 * half)).any():
            part, sheets = pool.any(chance)
        area = picture[place[1] : place[1] + half[1], place[0] : place[0] + half[0]]
        area[:] = cv2.resize(part, (int(half[0]), int(half[1])), interpolation=cv2.INTER_AREA)
        found.append(sheets.reshape(-1, 4, 2) / 2 + place)
    return picture, np.concatenate(found).astype(np.float32)


def _cut(picture: Pixels, sheets: NDArray[np.float32], chance: Chance) -> tuple[Pixels, NDArray[np.float32]]:
    """A part of the picture, as from a camera that stands lower, unless it would lose much of a sheet."""
    if chance.random() < 0.5:
        return picture, sheets
    height, width = picture.shape[:2]
    wide = int(width * chance.uniform(0.6, 1.0))
    tall = min(height, int(wide * height / width * chance.uniform(0.85, 1.18)))
    left, top = int(chance.integers(0, width - wide + 1)), int(chance.integers(0, height - tall + 1))
    window = np.array(
        [[left, top], [left + wide, top], [left + wide, top + tall], [left, top + tall]], np.float32
    )
    for sheet in sheets:
        whole = cv2.contourArea(sheet)
        share = cv2.intersectConvexConvex(sheet, window)[0] / max(whole, 1.0)
        if 0.03 < share < 0.8:
            return picture, sheets
    kept = [sheet for sheet in sheets if cv2.intersectConvexConvex(sheet, window)[0] > 0]
    moved = np.array(kept, np.float32).reshape(-1, 4, 2) - np.array([left, top], np.float32)
    return picture[top : top + tall, left : left + wide], moved


def _tinted(picture: Pixels, chance: Chance) -> Pixels:
    if chance.random() < 0.1:
        picture = picture[..., chance.permutation(3)]
    if chance.random() < 0.08:
        picture = np.repeat(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)[..., None], 3, axis=2)
    if chance.random() < 0.3:
        curve = 255 * (np.arange(256) / 255) ** chance.uniform(0.7, 1.4)
        picture = cv2.LUT(np.ascontiguousarray(picture), curve.astype(np.uint8))
    return np.ascontiguousarray(picture)


def _answer(sheets: NDArray[np.float32]) -> NDArray[np.float32]:
    """Paper, edges and cores at half the overview's size, 0…1."""
    width, height = WIDTH // 2, HEIGHT // 2
    answer = np.zeros((3, height, width), np.float32)
    rim = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    for sheet in sheets:
        depth = depth_inside(sheet, width, height)
        np.maximum(answer[0], np.clip(depth + 0.5, 0, 1), out=answer[0])
        np.maximum(answer[1], np.exp(-((depth / 1.1) ** 2)), out=answer[1])
        _, shown = cv2.intersectConvexConvex(sheet, rim)
        if shown is not None:
            middle = shown.reshape(-1, 2).mean(axis=0)
            core = depth_inside(middle + (sheet - middle) * _CORE, width, height)
            np.maximum(answer[2], np.clip(core + 0.5, 0, 1), out=answer[2])
    return answer


def sides(pool: Pool, chance: Chance) -> Example:
    """One lesson in four strips: planes (4, 4, 32, 96), and at which depth each of 24 stations the side runs (4, 24).

    The depth is in looks, 0…31; -1 where the picture does not show the side or it lies beyond the strip.
    """
    if chance.random() < _WRONG:
        picture, guess, sheets = _misled(pool, chance)
    else:
        picture, sheets = pool.any(chance)
        while len(sheets) == 0:
            picture, sheets = pool.any(chance)
        guess = clockwise(sheets[int(chance.integers(len(sheets)))]) - np.float32(0.5)
    apart = chance.choice([0.8, 2.0, 4.5])
    off = chance.normal(0, apart, (1, 2)) * 0.7 + chance.normal(0, apart, (4, 2))
    guess = np.asarray(guess + off, np.float32)
    seen = strips(picture, guess)
    answer = np.full((4, _STATIONS_OUT), -1, np.float32)
    for sheet in sheets:
        np.maximum(answer, _depths(guess, clockwise(sheet) - np.float32(0.5)), out=answer)
    return strip_planes(_tinted_strips(seen, chance)), answer


def _misled(pool: Pool, chance: Chance) -> tuple[Pixels, NDArray[np.float32], NDArray[np.float32]]:
    """A guess that is no sheet's outline: a thing's, that of a frame on a sheet, or any."""
    picture, sheets, things = pool.any_thing(chance)
    if len(things) and chance.random() < 0.8:
        guess = things[int(chance.integers(len(things)))]
    elif len(sheets):
        sheet = sheets[int(chance.integers(len(sheets)))]
        middle = sheet.mean(axis=0)
        guess = middle + (sheet - middle) * np.float32(chance.uniform(0.6, 1.25))
        if chance.random() < 0.5:  # right but for one side, as where a frame is nearer than the rim
            side = int(chance.integers(4))
            mixed = sheet.copy()
            mixed[[side, (side + 1) % 4]] = guess[[side, (side + 1) % 4]]
            guess = mixed
    else:
        flat = _any_box(chance, scenes.WIDTH, scenes.HEIGHT)
        guess = np.asarray(flat, np.float32)
    return picture, clockwise(guess) - np.float32(0.5), sheets


def _any_box(chance: Chance, width: int, height: int) -> NDArray[np.float64]:
    """Any rectangle in the picture."""
    size = chance.uniform(0.15, 0.7, 2) * min(width, height)
    middle = (float(chance.uniform(0.2, 0.8) * width), float(chance.uniform(0.2, 0.8) * height))
    return box(middle, float(size[0]), float(size[1]), float(chance.uniform(0, np.pi)))


def _tinted_strips(seen: NDArray[np.uint8], chance: Chance) -> NDArray[np.uint8]:
    flat = _tinted(seen.reshape(-1, seen.shape[2], 3), chance)
    return flat.reshape(seen.shape)


def _depths(guess: NDArray[np.floating], truth: NDArray[np.floating]) -> NDArray[np.float32]:
    """At which look across, 0…31, the true side is met from each station of the guessed one."""
    answer = np.full((4, _STATIONS_OUT), -1, np.float32)
    steps = np.linspace(-BEYOND, 1 + BEYOND, 96).reshape(-1, 4).mean(axis=1)
    for side in range(4):
        begin, end = guess[side], guess[(side + 1) % 4]
        along = (end - begin) / max(1e-6, float(np.linalg.norm(end - begin)))
        inward = np.array([-along[1], along[0]])
        places = begin + steps[:, None] * (end - begin)
        first, last = truth[side], truth[(side + 1) % 4]
        line = last - first
        slope = inward[0] * line[1] - inward[1] * line[0]
        if slope > -_ALIKE * np.linalg.norm(line):
            continue  # another sheet's, that runs across
        offset = ((first - places)[:, 0] * line[1] - (first - places)[:, 1] * line[0]) / slope
        met = places + offset[:, None] * inward
        share = (met - first) @ line / (line @ line)
        look = offset / DEPTH_STEP + (DEPTHS - 1) / 2
        inside = (met >= 0).all(axis=1) & (met[:, 0] < scenes.WIDTH) & (met[:, 1] < scenes.HEIGHT)
        good = inside & (share > -0.005) & (share < 1.005) & (look >= 0) & (look <= DEPTHS - 1)
        answer[side] = np.where(good, look, -1)
    return answer
