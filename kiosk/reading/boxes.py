"""From the detector's map of probabilities to the boxes of text lines (DB, Liao et al. 2020)."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Box = NDArray[np.float32]  #: (4, 2) corners x, y; from the top left clockwise as the text runs

# The detector's own values (rapidocr 3.10, config.yaml: thresh, box_thresh, unclip_ratio, min_size, max_candidates)
_THRESHOLD = 0.3
_SURE = 0.5
_UNCLIP = 1.6
_SMALLEST = 3.0  # pixels of the map
_MOST = 1000
_LEVEL = 45.0  # degrees
_SQUARE = 2.0  # times as long as high; two signs, grown, are less
_SEAM = np.ones((2, 2), np.uint8)


@dataclass(frozen=True, slots=True)
class Turned:
    """A rectangle that may be turned."""

    middle: tuple[float, float]
    along: float  #: pixels, the longer side
    across: float  #: pixels
    angle: float  #: degrees that the longer side is turned, -90…90, clockwise as seen


def boxes_of(likely: NDArray[np.float32]) -> list[Turned]:
    """The lines on a map (height, width) of the probability that a pixel is text; in pixels of the map."""
    mask = cv2.dilate((likely > _THRESHOLD).astype(np.uint8), _SEAM)
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline in outlines[:_MOST]:
        rectangle = cv2.minAreaRect(outline)
        if min(rectangle[1]) < _SMALLEST or _sureness(likely, cv2.boxPoints(rectangle)) < _SURE:
            continue
        found.append(_grown(rectangle))
    return found


def corners(box: Turned) -> Box:
    """Its corners, clockwise from the beginning of the upper side; a steep one is taken to be read downwards."""
    turn = np.deg2rad(box.angle)
    along = np.array([np.cos(turn), np.sin(turn)]) * box.along / 2
    across = np.array([-np.sin(turn), np.cos(turn)]) * box.across / 2
    middle = np.array(box.middle)
    return np.array(
        [middle - along - across, middle + along - across, middle + along + across, middle - along + across],
        np.float32,
    )


def levelled(box: Turned) -> Turned:
    """The box with its lines running across the page: of a sign or two the shape does not tell how they run."""
    if abs(box.angle) <= _LEVEL or box.along > _SQUARE * box.across:
        return box
    return Turned(box.middle, box.across, box.along, box.angle - 90 if box.angle > 0 else box.angle + 90)


def _sureness(likely: NDArray[np.float32], points: NDArray[np.float32]) -> float:
    """The mean of the map within a rectangle."""
    height, width = likely.shape
    left, top = np.clip(np.floor(points.min(axis=0)).astype(int), 0, (width - 1, height - 1))
    right, bottom = np.clip(np.ceil(points.max(axis=0)).astype(int), 0, (width - 1, height - 1))
    inside = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(inside, [(points - (left, top)).astype(np.int32)], (1,))
    return float(cv2.mean(likely[top : bottom + 1, left : right + 1], inside)[0])


def _grown(rectangle: tuple[tuple[float, float], tuple[float, float], float]) -> Turned:
    """The detector was trained on shrunken lines: area x ratio / circumference is what it takes off each side."""
    middle, (width, height), angle = rectangle
    more = 2 * width * height * _UNCLIP / (2 * (width + height))
    along, across = width + more, height + more
    if along < across:
        along, across, angle = across, along, angle + 90
    return Turned((float(middle[0]), float(middle[1])), along, across, (angle + 90) % 180 - 90)
