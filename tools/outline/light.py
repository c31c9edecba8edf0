"""Light and camera: gradients, shadows, glare, colour cast, lens, blur, noise, JPEG."""

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.outline.surfaces import Chance, Pixels, clouds
from tools.outline.things import box

_COARSE = 8  # light is computed on a grid this much coarser where it is soft


def lit(picture: Pixels, chance: Chance) -> Pixels:
    """The picture under some lamp: uneven, with shadows across it and reflections."""
    height, width = picture.shape[:2]
    field = 1 + chance.choice([0.03, 0.12, 0.3]) * clouds(
        chance, (3, 3), (width // _COARSE, height // _COARSE)
    )
    field = cv2.resize(field, (width, height))
    for _ in range(int(chance.choice([0, 0, 0, 1, 1, 2]))):
        field = field * _shadow(chance, width, height)
    gains = chance.uniform(0.45, 1.2) * (1 + chance.normal(0, chance.choice([0.02, 0.08]), 3))
    out = cv2.multiply(picture, cv2.merge([field * np.float32(gain) for gain in gains]), dtype=cv2.CV_8U)
    if chance.random() < 0.3:
        glare = cv2.convertScaleAbs(_glare(chance, width, height))
        out = cv2.add(out, cv2.merge([glare] * 3))
    if chance.random() < 0.35:
        out = cv2.add(out, (chance.uniform(0, 25),) * 3 + (0.0,))
    return np.asarray(out, np.uint8)


def _shadow(chance: Chance, width: int, height: int) -> NDArray[np.float32]:
    """A hand's, a head's or a lamp-post's shadow: how much light is left, hard or soft at its edge."""
    mask = np.zeros((height // 2, width // 2), np.uint8)
    middle = (chance.uniform(0, width / 2), chance.uniform(0, height / 2))
    size = chance.uniform(0.15, 1.2) * width / 2
    if chance.random() < 0.35:
        axes = (int(size / 2), int(size * chance.uniform(0.2, 0.6)))
        cv2.ellipse(mask, (int(middle[0]), int(middle[1])), axes, chance.uniform(0, 180), 0, 360, 255, -1)
    else:
        points = box(middle, size, size * chance.uniform(0.1, 2), chance.uniform(0, np.pi))
        points += chance.normal(0, 25, points.shape)
        cv2.fillPoly(mask, [np.rint(points).astype(np.int32)], 255)
    soft = int(chance.choice([1, 3, 9, 25, 61]))
    mask = cv2.blur(cv2.blur(mask, (soft, soft)), (soft, soft))
    full = cv2.resize(mask, (width, height)).astype(np.float32)
    return np.asarray(1 - full * np.float32(chance.uniform(0.1, 0.72) / 255))


def _glare(chance: Chance, width: int, height: int) -> NDArray[np.float32]:
    x = np.linspace(0, 1, width // 4, dtype=np.float32)[None]
    y = np.linspace(0, 1, height // 4, dtype=np.float32)[:, None]
    glare = np.zeros((height // 4, width // 4), np.float32)
    for _ in range(int(chance.integers(1, 4))):
        at, wide = chance.uniform(0, 1, 2), chance.uniform(0.03, 0.3, 2)
        turn = chance.uniform(0, np.pi)
        along = ((x - at[0]) * np.cos(turn) + (y - at[1]) * np.sin(turn)) / wide[0]
        across = ((y - at[1]) * np.cos(turn) - (x - at[0]) * np.sin(turn)) / wide[1]
        power = chance.choice([1, 1, 3])  # 3: a window or a tube with a clear edge
        glare += chance.uniform(40, 330) * np.exp(-((along**2 + across**2) ** power))
    return np.asarray(cv2.resize(glare, (width, height)), np.float32)


class Lenses:
    """A few lenses: barrel and pincushion, with the way back for points."""

    def __init__(self, width: int, height: int, chance: Chance) -> None:
        self._middle = np.array([width / 2, height / 2])
        self._radius = float(np.hypot(width, height) / 2)
        self._bends = chance.uniform(-0.05, 0.05, 6)
        grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).astype(np.float64)
        self._maps = [
            cv2.convertMaps(self._bent(grid, bend).astype(np.float32), None, cv2.CV_16SC2)
            for bend in self._bends
        ]

    def _bent(self, points: NDArray[np.float64], bend: float) -> NDArray[np.float64]:
        apart = (points - self._middle) / self._radius
        far = (apart**2).sum(axis=-1, keepdims=True)
        return np.asarray(self._middle + apart * (1 + bend * far) * self._radius)

    def through(
        self, picture: Pixels, corners: NDArray[np.float64], chance: Chance
    ) -> tuple[Pixels, NDArray[np.float64]]:
        """The picture and the points in it as a lens shows them."""
        number = int(chance.integers(len(self._bends)))
        first, second = self._maps[number]
        seen = cv2.remap(picture, first, second, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        there = corners.copy()
        for _ in range(8):  # the map tells where each seen point comes from; its inverse by iteration
            there += corners - self._bent(there, float(self._bends[number]))
        return np.asarray(seen), there


def photographed(picture: Pixels, chance: Chance) -> Pixels:
    """Blur, noise and JPEG of the camera."""
    kind = chance.random()
    if kind < 0.45:
        picture = cv2.GaussianBlur(picture, (0, 0), chance.uniform(0.3, 1.4))
    elif kind < 0.55:
        long = int(chance.integers(3, 8))
        kernel = np.zeros((long, long), np.float32)
        cv2.line(kernel, (0, int(chance.integers(long))), (long - 1, int(chance.integers(long))), 1.0)
        picture = cv2.filter2D(picture, -1, kernel / kernel.sum())
    elif kind < 0.65:
        soft = cv2.GaussianBlur(picture, (0, 0), 1.5)
        picture = cv2.addWeighted(picture, 1.6, soft, -0.6, 0)
    if chance.random() < 0.8:
        strength = float(chance.choice([1.5, 3, 6, 12]))
        grain = np.empty((picture.shape[0] // 2, picture.shape[1], picture.shape[2]), np.int16)
        cv2.randn(
            grain, (0, 0, 0), (strength,) * 3
        )  # one half serves both: twice as fast, and nobody sees it
        noise = np.concatenate([grain, grain[::-1, ::-1]])
        if chance.random() < 0.5:
            noise = cv2.blur(noise, (2, 2))
        picture = cv2.add(picture, noise, dtype=cv2.CV_8U)
    if chance.random() < 0.45:
        quality = int(chance.integers(30, 95))
        coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        picture = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(picture, np.uint8)
