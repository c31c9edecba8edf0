"""Where the glass is touched and where it should have been: the matrix between the two, by least squares.

Coordinates are fractions of the glass, origin top left. The matrix is libinput's: x' = ax + by + c, y' = dx + ey + f.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]

AS_IT_IS: Final[Matrix] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
#: four corners and the middle, a tenth from the edge: at the very edge fingers slip off
TARGETS: Final[tuple[Point, ...]] = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9), (0.5, 0.5))
FEWEST: Final = 4
#: of the glass: 10 mm of 527 on the design's panel, two thirds of the smallest target (15 mm)
_FARTHEST: Final = 0.02
#: a glass mounted upside down or mirrored has negative factors; one that is ten times too large is no measurement
_FACTORS: Final = (0.3, 3.0)


class NotCalibrated(ValueError):
    """The touches do not fit any straight mapping; somebody touched elsewhere, or the glass is broken."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What was measured."""

    matrix: Matrix
    farthest: float  #: the largest distance between a target and where its touch comes out, as fraction of the glass
    before: float  #: the same without the matrix


def fit(
    touched: tuple[Point, ...], targets: tuple[Point, ...] = TARGETS, installed: Matrix = AS_IT_IS
) -> Fit:
    """The matrix to install, when the touches were seen through `installed`. Raises `NotCalibrated`."""
    if len(touched) < FEWEST or len(touched) > len(targets):
        raise NotCalibrated(f"{len(touched)} touches")
    wanted = np.array(targets[: len(touched)])
    seen = np.array(touched)
    ground = np.hstack([seen, np.ones((len(seen), 1))])
    solved, _, rank, _ = np.linalg.lstsq(ground, wanted, rcond=None)
    if rank < 3:
        raise NotCalibrated("the touches lie on one line")
    farthest = float(np.linalg.norm(ground @ solved - wanted, axis=1).max())
    size = abs(float(np.linalg.det(solved[:2])))
    if farthest > _FARTHEST or not _FACTORS[0] ** 2 <= size <= _FACTORS[1] ** 2:
        raise NotCalibrated(f"{farthest:.3f} of the glass, {size:.2f} times")
    total = _square(tuple(solved.T.flatten())) @ _square(installed)
    a, b, c, d, e, f = (round(float(value), 6) for value in total[:2].flatten())
    before = float(np.linalg.norm(seen - wanted, axis=1).max())
    return Fit((a, b, c, d, e, f), round(farthest, 4), round(before, 4))


def written(points: tuple[Point, ...]) -> str:
    """Points as an answer holds them: `0.102,0.098 0.9,0.1 …`."""
    return " ".join(f"{x:.4f},{y:.4f}" for x, y in points)


def read(text: str) -> tuple[Point, ...]:
    """What `written` wrote. Raises `NotCalibrated`."""
    try:
        pairs = [part.split(",") for part in text.split()]
        points = tuple((float(x), float(y)) for x, y in pairs)
    except ValueError as error:
        raise NotCalibrated(text) from error
    if not all(-0.5 <= value <= 1.5 for point in points for value in point):
        raise NotCalibrated(text)
    return points


def _square(matrix: tuple[float, ...]) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return np.array([*matrix, 0.0, 0.0, 1.0], dtype=np.float64).reshape(3, 3)
