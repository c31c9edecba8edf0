"""Four straight sides through many votes, some of which are wrong."""

import numpy as np
from numpy.typing import NDArray

from kiosk.capture.outline import Quad, crossing, is_convex

Votes = NDArray[
    np.float32
]  #: (4, stations): for each side of a guess, how far inside of it something was seen

_ROUNDS = 4  # of weighing votes by how far they lie from the line; it stands still after three
_LEAST = 2.0  # votes in sum; a side with fewer stays where it was guessed


def voted_quad(guess: Quad, along: NDArray[np.float32], depth: Votes, weight: Votes, near: float) -> Quad:
    """The guess with each side moved onto its votes.

    `along` (stations,) says where on a side the votes were given, 0 at its beginning, 1 at its end; `depth` is in
    pixels, `weight` 0…1. Votes farther than about `near` pixels from the line lose their say.
    """
    first, last = voted_lines((guess, np.roll(guess, -1, axis=0)), along, depth, weight, near)
    corners = [crossing(first[side - 1], last[side - 1], first[side], last[side]) for side in range(4)]
    if any(corner is None for corner in corners):
        return guess
    moved = np.array(corners, np.float32)
    return moved if is_convex(moved) else guess


def voted_lines(
    lines: tuple[NDArray[np.floating], NDArray[np.floating]],
    along: NDArray[np.float32],
    depth: Votes,
    weight: Votes,
    near: float,
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """The same of any lines, each from its begin to its end (lines, 2); the votes count towards their right."""
    begin, end = lines
    offset, slope = _lines(along, depth, weight, near)
    inward = inwards(begin, end)
    return begin + offset[:, None] * inward, end + (offset + slope)[:, None] * inward


def inwards(begin: NDArray[np.floating], end: NDArray[np.floating]) -> NDArray[np.floating]:
    """The directions one pixel long to the right of lines: into an outline that is clockwise."""
    way = end - begin
    length = np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
    return np.asarray(np.stack([-way[:, 1], way[:, 0]], axis=1) / length)


def _lines(
    along: NDArray[np.float32], depth: Votes, weight: Votes, near: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Offset at the beginning and slope of each side's line, by least squares that forgive."""
    t = np.broadcast_to(along, depth.shape)
    held = weight.copy()
    offset, slope = np.zeros(4, np.float32), np.zeros(4, np.float32)
    for turn in range(_ROUNDS):
        whole = np.maximum(held.sum(axis=1), 1e-6)
        mean_t, mean_d = (held * t).sum(axis=1) / whole, (held * depth).sum(axis=1) / whole
        spread = (held * (t - mean_t[:, None]) ** 2).sum(axis=1)
        slope = (held * (t - mean_t[:, None]) * (depth - mean_d[:, None])).sum(axis=1) / (
            spread + 0.0005 * whole + 1e-6
        )
        offset = mean_d - slope * mean_t
        off = depth - offset[:, None] - slope[:, None] * t
        reach = near * (3.0 if turn == 0 else 1.0)
        held = weight / (1 + (off / reach) ** 2) ** 2
    few = weight.sum(axis=1) < _LEAST
    return np.where(few, 0, offset).astype(np.float32), np.where(few, 0, slope).astype(np.float32)
