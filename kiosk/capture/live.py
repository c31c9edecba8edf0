"""Watch the preview: where the sheet lies, whether it lies still, and whether it was taken already."""

from dataclasses import dataclass

import numpy as np

from kiosk.capture.find import ENOUGH, Pixels, Sheet, find_sheets
from kiosk.capture.outline import Quad, jaccard

_STEADY_FRAMES = 4  # chosen: at 12 frames a second a third of a second, longer than a hand needs to let go
_STEADY_S = 0.4
_MOVED = 0.008  # of the picture's diagonal between two frames; trembling outlines stay below 0.002
_TAKEN_APART = 0.03  # of the diagonal: so far a taken sheet must move to count as another
_GLIMPSES = 2  # frames without a sheet that do not yet mean that it was removed
_FAMILIAR = (
    0.75  # of the confidence asked of a new sheet; the one that was just there need not prove itself anew
)
_SAME = 0.7  # Jaccard above which an outline is the last frame's sheet
_CALM = 0.5  # share of the old place in the drawn outline while the sheet lies still: trembling is halved
_FINE = np.float32(1000)  # areas are computed in thousandths of the picture, not in parts of one
_AMONG = 3  # sheets looked at; the one followed may be the second for a frame


@dataclass(frozen=True, slots=True)
class Sight:
    """What one preview frame shows."""

    corners: (
        tuple[tuple[float, float], ...] | None
    )  #: in parts of the picture's width and height, 0…1, clockwise
    steady: bool  #: the sheet has lain still long enough to be taken
    fresh: bool  #: it is not the sheet that was taken last
    still_s: float  #: for how long it has lain still

    @property
    def ready(self) -> bool:
        """Whether the sheet may be taken without a touch."""
        return self.steady and self.fresh


class Watch:
    """Follows one sheet from frame to frame. Pure: fed with frames and their instants, owns no thread or clock."""

    def __init__(self) -> None:
        self._last: Quad | None = None
        self._drawn: Quad | None = None
        self._since = 0.0
        self._frames = 0
        self._missing = 0
        self._taken: Quad | None = None

    def look(self, pixels: Pixels, at: float) -> Sight:
        """Take in the frame that was received at instant `at`, in seconds."""
        size = np.array([pixels.shape[1], pixels.shape[0]], np.float32)
        sheets = find_sheets(pixels, _AMONG, enough=ENOUGH * _FAMILIAR)
        return self.follow(self._followed([(sheet, sheet.corners / size) for sheet in sheets]), at)

    def _followed(self, sheets: list[tuple[Sheet, Quad]]) -> Quad | None:
        """The outline of the last frame's sheet if it is still there, else of the surest."""
        for _, corners in sheets:
            if self._last is not None and jaccard(corners * _FINE, self._last * _FINE) > _SAME:
                return corners
        return next((corners for sheet, corners in sheets if sheet.confidence >= ENOUGH), None)

    def follow(self, corners: Quad | None, at: float) -> Sight:
        """The same, for corners that are known already, in parts of the picture's width and height."""
        if corners is None:
            return self._lost()
        self._missing = 0
        if self._last is not None:
            corners = _in_order(corners, self._last)
        if self._last is None or self._drawn is None or _apart(self._last, corners) > _MOVED:
            self._since, self._frames, self._drawn = at, 0, corners
        self._last = corners
        self._drawn = self._drawn * np.float32(_CALM) + corners * np.float32(1 - _CALM)
        self._frames += 1
        if self._taken is not None and _apart(self._taken, corners) > _TAKEN_APART:
            self._taken = None
        still_s = max(0.0, at - self._since)
        return Sight(
            corners=_told(self._drawn),
            steady=self._frames >= _STEADY_FRAMES and still_s >= _STEADY_S,
            fresh=self._taken is None,
            still_s=still_s,
        )

    def taken(self) -> None:
        """The sheet that lies there now was photographed: do not call it ready again until it is changed."""
        self._taken = self._last

    def _lost(self) -> Sight:
        self._missing += 1
        if self._missing > _GLIMPSES:
            self._last, self._drawn, self._taken = None, None, None
        self._frames = 0
        return Sight(corners=_told(self._drawn), steady=False, fresh=self._taken is None, still_s=0.0)


def _told(corners: Quad | None) -> tuple[tuple[float, float], ...] | None:
    return None if corners is None else tuple((float(x), float(y)) for x, y in corners)


def _in_order(corners: Quad, last: Quad) -> Quad:
    """The same outline begun at the corner that matches the last frame's first: at 45° "top left" wavers."""
    turns = [np.roll(corners, turn, axis=0) for turn in range(4)]
    return min(turns, key=lambda turned: _apart(turned, last))


def _apart(one: Quad, other: Quad) -> float:
    """The farthest that a corner moved, in parts of the diagonal."""
    return float(np.linalg.norm(one - other, axis=1).max() / np.sqrt(2))
