"""Lay a sheet or a thing on the desk of a picture: projected, with the shadow that its edge and the lamp give it."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from bench.desks.camera import Camera, Light, Points
from bench.desks.noise import Matrix, Plane
from bench.desks.printing import Paper
from bench.desks.surfaces import Colour

_REACH_MM = 14.0  # how far a sheet's shadow is drawn


@dataclass(frozen=True, slots=True)
class Place:
    """Where the middle of a sheet lies, and how it is turned."""

    at_mm: tuple[float, float] = (0.0, 0.0)
    turn_deg: float = 0.0  #: clockwise in the picture

    def on_desk(self) -> Matrix:
        """Sheet millimetres, from its middle, to desk millimetres."""
        turn = math.radians(self.turn_deg)
        cos, sin = math.cos(turn), math.sin(turn)
        return np.array([[cos, -sin, self.at_mm[0]], [sin, cos, self.at_mm[1]], [0, 0, 1]])

    def corners(self, size_mm: tuple[float, float]) -> Points:
        """The sheet's corners on the desk: its own top left, top right, bottom right, bottom left."""
        wide, high = size_mm
        square = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]]) / 2
        return np.asarray(cv2.perspectiveTransform(square[None], self.on_desk())[0])


@dataclass(frozen=True, slots=True)
class Contact:
    """How an edge darkens the desk beside it."""

    depth: float = 0.12  #: of the light that the crevice along the edge takes
    wide_mm: float = 1.2  #: sigma of it
    drop: float = 0.12  #: of the light that the lamp's shadow takes
    drop_mm: tuple[float, float] = (0.5, 0.8)  #: how far it falls
    soft_mm: float = 1.0  #: sigma of its edge


def lay(
    scene: Light,
    camera: Camera,
    paper: Paper,
    place: Place,
    contact: Contact,
    stock: Colour = (255.0, 255.0, 255.0),
) -> Plane:
    """Draw it into the scene; returns where it is: 0…1, as large as the picture."""
    everywhere = np.zeros(scene.shape[:2], np.float32)
    move = camera.seen() @ place.on_desk() @ _from_pixels(paper)
    window = _window(move, paper, camera)
    if window is None:
        return everywhere
    left, top, width, height = window
    shifted = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1.0]]) @ move
    bgr, alpha = _projected(paper, shifted, (width, height))
    if paper.tints:
        bgr *= np.array(stock, np.float32) / 255
    shade = _shade(alpha, contact, camera.px_per_mm)
    part = scene[top : top + height, left : left + width]
    part *= (shade * (1 - alpha))[:, :, None]
    part += bgr * alpha[:, :, None]
    everywhere[top : top + height, left : left + width] = alpha
    return everywhere


def _from_pixels(paper: Paper) -> Matrix:
    """Pixels of the sheet's plane, whose whole coordinates are pixel centres, to millimetres from its middle."""
    high, wide = paper.alpha.shape
    per_x = (paper.size_mm[0] + 2 * paper.margin_mm) / wide
    per_y = (paper.size_mm[1] + 2 * paper.margin_mm) / high
    return np.array([[per_x, 0, per_x * (0.5 - wide / 2)], [0, per_y, per_y * (0.5 - high / 2)], [0, 0, 1]])


def _window(move: Matrix, paper: Paper, camera: Camera) -> tuple[int, int, int, int] | None:
    high, wide = paper.alpha.shape
    outline = np.array([[[0, 0], [wide, 0], [wide, high], [0, high]]], np.float64)
    seen = cv2.perspectiveTransform(outline, move)[0]
    reach = _REACH_MM * camera.px_per_mm
    left, top = (max(0, math.floor(side - reach)) for side in seen.min(0))
    right, bottom = (
        min(most, math.ceil(side + reach)) for side, most in zip(seen.max(0), camera.size, strict=True)
    )
    return (left, top, right - left, bottom - top) if right - left > 1 and bottom - top > 1 else None


def _projected(paper: Paper, move: Matrix, size: tuple[int, int]) -> tuple[Light, Plane]:
    pad = 2
    bgr = cv2.copyMakeBorder(paper.bgr, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    alpha = cv2.copyMakeBorder(paper.alpha, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
    inward = move @ np.array([[1, 0, -pad], [0, 1, -pad], [0, 0, 1.0]])
    drawn = cv2.warpPerspective(np.dstack([bgr, alpha]), inward, size, flags=cv2.INTER_LINEAR)
    return drawn[:, :, :3].astype(np.float32), np.asarray(drawn[:, :, 3] * np.float32(1 / 255), np.float32)


def _shade(alpha: Plane, contact: Contact, px_per_mm: float) -> Plane:
    """What is left of the light on the desk around it."""
    wide = max(contact.wide_mm * px_per_mm, 0.6)
    crevice = blurred(alpha, wide)
    soft = blurred(alpha, max(contact.soft_mm * px_per_mm, 0.6))
    dx, dy = (part * px_per_mm for part in contact.drop_mm)
    moved = cv2.warpAffine(soft, np.array([[1, 0, dx], [0, 1, dy]], np.float64), alpha.shape[::-1])
    return np.asarray(1 - contact.depth * crevice - contact.drop * moved, np.float32)


def blurred(plane: Plane, sigma: float) -> Plane:
    """Gaussian; a wide one is done on a reduced plane."""
    step = max(1, int(sigma / 2.5))
    if step == 1:
        return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma))
    small = cv2.resize(
        plane, (-(-plane.shape[1] // step), -(-plane.shape[0] // step)), interpolation=cv2.INTER_AREA
    )
    small = cv2.GaussianBlur(small, (0, 0), sigma / step)
    return np.asarray(cv2.resize(small, plane.shape[::-1], interpolation=cv2.INTER_LINEAR))
