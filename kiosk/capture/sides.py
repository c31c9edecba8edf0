"""The four sides of a guessed sheet, held against the picture: how real they are, and where exactly they run."""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.outline import Quad, crossing, is_convex, on_border

_STATIONS = 40  # looks along each side
_ASIDE = 4.0  # pixels of the reduced picture between the outline and the two looks
_STEP = 5.0  # Lab units of 0…255; noise after blurring is below 2
_BORDER_SUPPORT = 0.55  # a side that is the picture's edge neither proves nor disproves the sheet
_CONTRARY = 0.5  # what is left of a side's support when its step contradicts the others
_TAPS = 31  # looks across a side
_STRONG = 0.35  # of a side's typical step: a station below it saw a finger or a shadow instead


def support(lab: NDArray[np.uint8], quad: Quad) -> float:
    """The share 0…1 of the outline along which the colours inside and outside differ, and differ alike.

    A side whose step points the other way than the rest (darker inside where the others are brighter) is the far
    edge of the sheet's shadow, not of the sheet, and counts little.
    """
    size = (lab.shape[1], lab.shape[0])
    steps, shares = [], []
    for start, end in _sides(quad):
        step, share = _side_step(lab, start, end, on_border(start, end, size))
        steps.append(step)
        shares.append(share)
    main = np.sum(steps, axis=0)
    for place, step in enumerate(steps):
        if float(step @ main) < 0:
            shares[place] *= _CONTRARY
    return float(0.5 * np.mean(shares) + 0.5 * min(shares))


def _side_step(
    lab: NDArray[np.uint8], start: NDArray[np.float32], end: NDArray[np.float32], border: bool
) -> tuple[NDArray[np.float32], float]:
    """The typical change of colour across a side (Lab, outside to inside), and the share that agrees with it."""
    nothing = np.zeros(3, np.float32)
    along = np.linspace(0.06, 0.94, _STATIONS, dtype=np.float32)[:, None]
    places = start + along * (end - start)
    visible = _inside(places, lab.shape)
    if border or visible.sum() < _STATIONS // 4:
        return nothing, _BORDER_SUPPORT
    aside = _ASIDE * _inward(start, end)
    steps = (_colours(lab, places + aside) - _colours(lab, places - aside))[visible]
    typical = np.median(steps, axis=0)
    strength = float(np.linalg.norm(typical))
    if strength < _STEP:
        return nothing, 0.0
    agreeing = steps @ (typical / strength)
    return typical, float(np.mean(agreeing > max(_STEP, _STRONG * strength)))


def fit_sides(pixels: NDArray[np.uint8], quad: Quad, reach: float) -> Quad:
    """The outline with each side moved, by at most `reach` pixels, onto the steepest step of colour."""
    size = (pixels.shape[1], pixels.shape[0])
    lines = []
    for start, end in _sides(quad):
        fitted = None if on_border(start, end, size) else _fitted_line(pixels, start, end, reach)
        lines.append((start, end) if fitted is None else fitted)
    corners = [crossing(*lines[place - 1], *lines[place]) for place in range(4)]
    if any(corner is None for corner in corners):
        return quad
    moved = np.array(corners, np.float32)
    return moved if is_convex(moved) and np.abs(moved - quad).max() <= 4 * reach else quad


def _fitted_line(
    pixels: NDArray[np.uint8], start: NDArray[np.float32], end: NDArray[np.float32], reach: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Two points of the straight line through the steepest steps; None when there is too little to see."""
    along = np.linspace(0.04, 0.96, _STATIONS, dtype=np.float32)[:, None]
    places = start + along * (end - start)
    inward = _inward(start, end)
    places = places[_inside(places, pixels.shape)]
    if len(places) < 8:
        return None
    depth = np.linspace(-reach - 1, reach + 1, _TAPS, dtype=np.float32)
    looks = places[:, None, :] + depth[None, :, None] * inward
    profile = _colours(pixels, looks)
    step = np.median(profile[:, -4:].mean(axis=1) - profile[:, :4].mean(axis=1), axis=0)
    strength = float(np.linalg.norm(step))
    if strength < _STEP / 2:
        return None
    rise = np.gradient(profile @ (step / strength), axis=1)
    peak = np.clip(np.argmax(rise, axis=1), 1, _TAPS - 2)
    rows = np.arange(len(peak))
    sure = rise[rows, peak] > _STRONG * np.median(rise[rows, peak])
    low, top, high = rise[rows, peak - 1], rise[rows, peak], rise[rows, peak + 1]
    bend = low - 2 * top + high
    finer = np.where(np.abs(bend) > 1e-6, 0.5 * (low - high) / np.where(bend == 0, 1, bend), 0)
    offset = depth[peak] + np.clip(finer, -0.5, 0.5) * (depth[1] - depth[0])
    found = (places + offset[:, None] * inward)[sure].astype(np.float32)
    if len(found) < 6:
        return None
    vx, vy, x, y = cv2.fitLine(found, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
    return np.array([x, y], np.float64), np.array([x + vx * 100, y + vy * 100], np.float64)


def _sides(quad: Quad) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    return [(quad[place], quad[(place + 1) % 4]) for place in range(4)]


def _inward(start: NDArray[np.float32], end: NDArray[np.float32]) -> NDArray[np.float32]:
    """The unit normal to the right of the direction, which is inside when going clockwise (y points down)."""
    direction = (end - start) / max(float(np.linalg.norm(end - start)), 1e-6)
    return np.array([-direction[1], direction[0]], np.float32)


def _inside(places: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    margin = _ASIDE + 1
    x, y = places[:, 0], places[:, 1]
    return (x >= margin) & (y >= margin) & (x < shape[1] - margin) & (y < shape[0] - margin)


def _colours(pixels: NDArray[np.uint8], places: NDArray[np.float32]) -> NDArray[np.float32]:
    """Colours at fractional places, float32, interpolated; the picture's rim is continued outwards."""
    grid = np.ascontiguousarray(places.reshape(-1, 1, 2), np.float32)
    seen = cv2.remap(pixels, grid, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen.reshape(*places.shape[:-1], 3), np.float32)
