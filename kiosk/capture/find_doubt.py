"""A second look at what is hardly sure enough to be a sheet: telephones, rulers, planks and mirrored lamps are none.

Paper is pale along its sides whatever is printed on it. What is not must be of a card's or a booklet's shape and show
all four sides. A tile is like its neighbours, and its joints go on beyond its corners, where a sheet's sides end. A
lamp's reflection is white without a mark, and its light spills over its rim.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.flatten import sides_of
from kiosk.capture.outline import Quad

Pixels = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR, about 640 long
Grey = NDArray[np.uint8]  #: (height, width) uint8

# All chosen on 800 empty desks and 960 sheets of generated desks that no bench shows (ADR 0052).
_INSIDE, _AROUND = 48, 12  # looks across the outline, and on each side beyond it
_BARRED = 2  # looks on both sides of the outline that belong to neither: the edge's own shadow
_BAND = 10  # looks from the outline inwards: paper's margin, a telephone's frame and what it shows
_PALE, _LIT, _MOSTLY = 0.72, 100, 0.5  # darkest colour to strongest; of 255; of the band: that is paper
_LONG = 1.75  # longer side to shorter: a card (1.59) seen aslant has 1.7, a telephone 1.9 to 2.2, a ruler 5 and more
_HIDDEN = 8.0  # pixels of the picture's edge: a side there is where the picture ends
_ALIKE = 8.0  # levels: so alike are a tile and its neighbours, and white paper and a white desk
_AWAY = np.arange(5, 26, 2, dtype=np.float32)  # pixels beyond a corner where a joint would go on
_MIDDLE = np.linspace(0.2, 0.8, len(_AWAY), dtype=np.float32)  # parts of the side, to which it is likened
_BESIDE = np.arange(-9, 10, dtype=np.float32)  # pixels across
_JOINT = 2  # pixels on both sides of the line where a joint may lie
_FAINTEST, _LIKE = 3.0, 0.5  # levels of a joint; of the side's own line: so much of it shows where it goes on
_INSIDE_SHARE = 0.7  # of its looks: an end that the picture cuts off says nothing
_GO_ON = (
    3  # of eight ends. Of 450 sheets in doubt, those with as many differ from the desk by 14 levels or more
)
_BURNT, _BURNT_SHARE = 248, 0.9  # level of all three colours, and of the looks inside
_SPILT = 5.0  # levels by which the desk close to a reflection is brighter than farther off


def is_no_sheet(picture: Pixels, quad: Quad) -> bool:
    """Whether the outline is surely something else. `quad` is clockwise, in pixels of `picture`."""
    looks, seen = _looked(picture, quad)
    blue, green, red = cv2.split(looks)
    strongest: Grey = np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)
    darkest: Grey = np.asarray(cv2.min(cv2.min(blue, green), red), np.uint8)
    if float((darkest[_inside(_BARRED + 1)] >= _BURNT).mean()) > _BURNT_SHARE:
        return _spills(strongest, seen)
    if _pale(strongest, darkest) < _MOSTLY:
        across, down = sides_of(quad)
        if max(across, down) > _LONG * min(across, down) or _ends_with_picture(quad, picture.shape):
            return True
    return _step(looks, seen) <= _ALIKE and _going_on(picture, quad) >= _GO_ON


def _looked(picture: Pixels, quad: Quad) -> tuple[Pixels, NDArray[np.bool_]]:
    """The outline and what is around it, laid square; and which looks lie inside the picture."""
    first, last = _AROUND - 0.5, _AROUND + _INSIDE - 0.5
    square = np.array([[first, first], [last, first], [last, last], [first, last]], np.float32)
    move = cv2.getPerspectiveTransform(np.ascontiguousarray(quad, np.float32), square)
    size = (_INSIDE + 2 * _AROUND, _INSIDE + 2 * _AROUND)
    looks = cv2.warpPerspective(picture, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    right, bottom = picture.shape[1] - 1, picture.shape[0] - 1
    frame = np.array([[[0, 0], [right, 0], [right, bottom], [0, bottom]]], np.float32)
    seen = np.zeros(size, np.uint8)
    outline = np.clip(cv2.perspectiveTransform(frame, move), -30000, 30000)
    cv2.fillConvexPoly(seen, np.rint(outline[0]).astype(np.int32), 1)
    return np.asarray(looks, np.uint8), seen > 0


def _inside(deep: int) -> tuple[slice, slice]:
    """The looks at least `deep` within the outline; below nought: also around it."""
    from_edge = _AROUND + deep
    return slice(from_edge, -from_edge), slice(from_edge, -from_edge)


def _ring(outer: int, inner: int) -> NDArray[np.bool_]:
    """Looks from `outer` to `inner` within the outline (below nought: outside of it)."""
    ring = np.zeros((_INSIDE + 2 * _AROUND,) * 2, np.bool_)
    ring[_inside(outer)] = True
    ring[_inside(inner)] = False
    return ring


_MARGIN = _ring(_BARRED, _BAND)
_CLOSE, _OFF = _ring(-5, -_BARRED), _ring(-_AROUND + 1, -_AROUND + 3)


def _pale(strongest: Grey, darkest: Grey) -> float:
    """How much of the margin is white or nearly so."""
    bright, least = strongest[_MARGIN], darkest[_MARGIN]
    return float(((least > _PALE * bright) & (bright > _LIT)).mean())


def _spills(strongest: Grey, seen: NDArray[np.bool_]) -> bool:
    """Whether what lies around is the brighter the closer."""
    close, off = strongest[_CLOSE & seen], strongest[_OFF & seen]
    return bool(close.size and off.size) and float(np.median(close)) - float(np.median(off)) > _SPILT


def _ends_with_picture(quad: Quad, shape: tuple[int, ...]) -> bool:
    """Whether one of its sides is only the picture's edge, or lies outside."""
    other = np.roll(quad, -1, axis=0)
    low = (quad <= _HIDDEN) & (other <= _HIDDEN)
    far = np.array([shape[1], shape[0]], np.float32) - 1 - _HIDDEN
    return bool((low | ((quad >= far) & (other >= far))).any())


def _step(looks: Pixels, seen: NDArray[np.bool_]) -> float:
    """By how many levels inside and outside differ, at the median of the sides that show; 0 where none does."""
    along = slice(_AROUND + 4, -_AROUND - 4)
    outside, within = (
        slice(_AROUND - _BARRED - 5, _AROUND - _BARRED),
        slice(_AROUND + _BARRED, _AROUND + _BARRED + 5),
    )
    turned = [np.rot90(looks, turn) for turn in range(4)]
    colours = [
        np.median(np.stack([one[part, along].reshape(-1, 3) for one in turned]), axis=1)
        for part in (outside, within)
    ]
    shown = [np.rot90(seen, turn)[outside, along].mean() > 0.5 for turn in range(4)]
    steps = np.abs(colours[0] - colours[1]).max(axis=1)[shown]
    return float(np.median(steps)) if steps.size else 0.0


def _going_on(picture: Pixels, quad: Quad) -> int:
    """At how many of their eight ends the sides go on as lines of the same kind, light or dark."""
    begin, end = quad, np.roll(quad, -1, axis=0)
    along = (end - begin) / np.maximum(np.linalg.norm(end - begin, axis=1, keepdims=True), 1e-6)
    lines = (  # beyond the end, beyond the beginning, and the side itself: each (sides, looks, 2)
        end[:, None] + _AWAY[None, :, None] * along[:, None],
        begin[:, None] - _AWAY[None, :, None] * along[:, None],
        begin[:, None] + _MIDDLE[None, :, None] * (end - begin)[:, None],
    )
    inward = np.stack([-along[:, 1], along[:, 0]], axis=1)
    places = np.stack(lines)[:, :, :, None] + _BESIDE[:, None] * inward[:, None, None]
    grid = places.reshape(-1, len(_BESIDE), 2).astype(np.float32)
    seen = cv2.remap(picture, grid, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    across = np.median(
        seen.reshape(*places.shape[:-1], 3).astype(np.float32), axis=2
    )  # (3, sides, depths, 3)
    right, bottom = picture.shape[1] - 2, picture.shape[0] - 2
    inside = ((places >= 1) & (places <= (right, bottom))).all(axis=4).mean(axis=(2, 3)) > _INSIDE_SHARE
    lines_shown = _lines(across)  # (3, sides, light and dark)
    own = lines_shown[2]
    kind = own.argmax(axis=1)
    strength = np.take_along_axis(lines_shown[:2], kind[None, :, None], axis=2)[..., 0]
    like = strength >= np.maximum(_FAINTEST, _LIKE * own.max(axis=1))
    return int(np.count_nonzero(like & inside[:2]))


def _lines(across: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much lighter, and how much darker, the middle is than what lies on both sides of it: levels, not below 0."""
    middle = len(_BESIDE) // 2
    line = across[:, :, middle - _JOINT : middle + _JOINT + 1]
    sides = np.stack(
        [np.median(across[:, :, : middle - 3], axis=2), np.median(across[:, :, middle + 4 :], axis=2)]
    )
    lighter = (line.max(axis=2) - sides.max(axis=0)).max(axis=2)
    darker = (sides.min(axis=0) - line.min(axis=2)).max(axis=2)
    return np.asarray(np.maximum(np.stack([lighter, darker], axis=2), 0), np.float32)
