"""The document camera: where a point of the desk falls in the picture, and what lens, sensor and JPEG do to it."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bench.desks.noise import Matrix, Plane, normal

Pixels = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR, origin top left
Light = NDArray[np.float32]  #: the same before the sensor: 0…255, may exceed it
Points = NDArray[np.float64]  #: (n, 2)
Size = tuple[int, int]  #: width, height of the picture in pixels


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera over one desk. The desk's origin is where its axis meets the desk; y runs down the picture."""

    size: Size
    px_per_mm: float  #: at the origin
    height_mm: float  #: lens to origin
    tilt_deg: float = 0.0
    towards_deg: float = 0.0  #: to which side it leans
    barrel: float = 0.0  #: share by which the picture's corners are drawn in, 0…0.04

    def seen(self) -> Matrix:
        """The projection of the desk (mm) into a picture of a lens without distortion (pixels)."""
        tilt, towards = math.radians(self.tilt_deg), math.radians(self.towards_deg)
        axis = np.array([-math.sin(towards), math.cos(towards), 0.0]) * tilt
        turned = np.asarray(cv2.Rodrigues(axis)[0])
        focal = self.px_per_mm * self.height_mm
        across, down = (self.size[0] - 1) / 2, (self.size[1] - 1) / 2
        lens = np.array([[focal, 0, across], [0, focal, down], [0, 0, 1]])
        return np.asarray(lens @ np.column_stack([turned[:, 0], turned[:, 1], [0, 0, self.height_mm]]))

    def where(self, desk_mm: Points) -> Points:
        """Where points of the desk are in the finished picture, pixels; the lens included."""
        ideal = cv2.perspectiveTransform(np.asarray(desk_mm, np.float64)[None], self.seen())[0]
        return self._distorted(ideal)

    def through_lens(self, ideal: Light) -> Light:
        """The picture as the lens bends it: straight lines bulge outwards, the picture's corners stay."""
        if self.barrel == 0:
            return ideal
        width, height = self.size
        step = 8
        x, y = np.meshgrid(
            np.arange(-step, width + 2 * step, step), np.arange(-step, height + 2 * step, step)
        )
        grid = np.column_stack([x.ravel(), y.ravel()]).astype(np.float64)
        source = self._straightened(grid).reshape(*x.shape, 2).astype(np.float32)
        rows, columns = x.shape
        onto = np.array([[step, 0, -step], [0, step, -step]], np.float64)
        maps = cv2.warpAffine(source, onto, (width, height), flags=cv2.INTER_LINEAR)
        assert rows * step >= height and columns * step >= width
        return np.asarray(cv2.remap(ideal, maps, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))

    def _distorted(self, ideal: Points) -> Points:
        centre, reach = self._middle()
        away = (ideal - centre) / reach
        square = (away**2).sum(1, keepdims=True)
        return np.asarray(centre + away * reach * (1 - self.barrel * square) / (1 - self.barrel))

    def _straightened(self, bent: Points) -> Points:
        """The inverse of `_distorted`, by repetition: it converges below a thousandth of a pixel in six rounds."""
        centre, reach = self._middle()
        target = (bent - centre) / reach
        away = target.copy()
        for _ in range(6):
            square = (away**2).sum(1, keepdims=True)
            away = target * (1 - self.barrel) / (1 - self.barrel * square)
        return np.asarray(centre + away * reach)

    def _middle(self) -> tuple[Points, float]:
        centre = (np.array(self.size, np.float64) - 1) / 2
        return centre, float(np.linalg.norm(centre))


@dataclass(frozen=True, slots=True)
class Sensor:
    """What becomes of the light behind the lens. Lengths are pixels of a picture 1280 wide and grow with it."""

    defocus_px: float = 0.6  #: sigma
    smear_px: float = 0.0  #: how far the picture moves while the shutter is open, pixels of this picture
    smear_deg: float = 0.0
    grain: float = 2.0  #: sigma in grey levels at middle grey
    blotches: float = 0.8  #: sigma of the coarse colour noise that a cheap camera's own filter leaves
    sharpened: float = 0.4  #: how much the camera's own sharpening overshoots
    contrast: float = 0.0  #: 0 straight; 1 a strong S-shaped tone curve
    quality: int = 85  #: JPEG


def chosen_sensor(dice: Generator) -> Sensor:
    """A sensor as document cameras have them, from good to poor."""
    return Sensor(
        defocus_px=float(dice.choice([dice.uniform(0.3, 0.9), dice.uniform(0.9, 1.7)], p=[0.75, 0.25])),
        grain=float(dice.uniform(0.8, 4.5)),
        blotches=float(dice.uniform(0.0, 1.8)),
        sharpened=float(dice.uniform(0.0, 1.1)),
        contrast=float(dice.uniform(0.0, 0.6)),
        quality=int(dice.integers(60, 96)),
    )


def photographed(scene: Light, sensor: Sensor, dice: Generator) -> Pixels:
    """The picture that comes out of the camera, decoded."""
    width = scene.shape[1]
    grow = max(width / 1280, 0.5)
    scene = _smeared(scene, sensor.smear_px, sensor.smear_deg)
    scene = cv2.GaussianBlur(scene, (0, 0), max(sensor.defocus_px * grow, 0.25))
    spread = sensor.grain * (0.35 + 0.65 / 128 * float(scene[::16, ::16].mean()))
    scene = np.asarray(cv2.scaleAdd(normal(scene.shape, dice), spread, scene), np.float32)
    if sensor.blotches > 0.2:
        rows, columns = scene.shape[0] // 5 + 1, width // 5 + 1
        coarse = normal((rows, columns, 3), dice) * np.float32(sensor.blotches)
        scene += cv2.resize(coarse, (width, scene.shape[0]), interpolation=cv2.INTER_LINEAR)
    if sensor.sharpened > 0.05:
        soft = cv2.GaussianBlur(scene, (0, 0), 1.4 * grow)
        scene = cv2.addWeighted(scene, 1 + sensor.sharpened, soft, -sensor.sharpened, 0)
    pixels = cv2.LUT(cv2.convertScaleAbs(cv2.max(scene, 0.0)), _tone(sensor.contrast))
    kept = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, sensor.quality])[1]
    return np.asarray(cv2.imdecode(kept, cv2.IMREAD_COLOR), np.uint8)


def _tone(contrast: float) -> NDArray[np.uint8]:
    level = np.linspace(0, 1, 256)
    curved = level**2 * (3 - 2 * level)
    return np.asarray(np.rint((level * (1 - contrast) + curved * contrast) * 255), np.uint8)


def _smeared(scene: Light, length: float, angle_deg: float) -> Light:
    if length <= 0.5:
        return scene
    reach = math.ceil(length / 2) + 1
    path: Plane = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    for step in np.linspace(-length / 2, length / 2, 8 * reach + 1):
        x = reach + step * math.cos(math.radians(angle_deg))
        y = reach + step * math.sin(math.radians(angle_deg))
        left, top = int(x), int(y)
        path[top : top + 2, left : left + 2] += np.outer([1 - (y - top), y - top], [1 - (x - left), x - left])
    return np.asarray(cv2.filter2D(scene, -1, path / path.sum(), borderType=cv2.BORDER_REPLICATE), np.float32)
