"""The generated desks are the same each time, and their corners are where the sheets really are."""

import cv2
import numpy as np
import pytest

from bench.desks import EMPTY, HELD_BACK_KINDS, KINDS, SEVERAL, desk, desks
from bench.desks.camera import Camera
from bench.desks.framing import clockwise
from bench.desks.laying import Contact, Place, lay
from bench.desks.outlines import area, jaccard
from bench.desks.printing import Paper

SMALL = (320, 240)
ONE_OF_EACH = [*KINDS, EMPTY, SEVERAL]
BARE = Contact(depth=0.0, drop=0.0)


def white_square(size_mm: tuple[float, float], scale: float = 6.0) -> Paper:
    wide, high = (round(side * scale) for side in size_mm)
    return Paper(
        np.full((high, wide, 3), 255, np.uint8), np.full((high, wide), 255, np.uint8), size_mm, scale
    )


@pytest.mark.parametrize("kind", ["clutter", "finger", EMPTY, SEVERAL])
def test_the_same_picture_each_time_and_another_for_another_number(kind: str) -> None:
    first, again, other = desk(kind, 1, SMALL), desk(kind, 1, SMALL), desk(kind, 2, SMALL)
    assert np.array_equal(first.pixels, again.pixels)
    assert all(np.array_equal(one, two) for one, two in zip(first.sheets, again.sheets, strict=True))
    assert not np.array_equal(first.pixels, other.pixels)


@pytest.mark.parametrize("tilt_deg", [0.0, 19.0])
@pytest.mark.parametrize("barrel", [0.0, 0.035])
def test_a_mark_on_the_desk_is_seen_where_the_camera_says(tilt_deg: float, barrel: float) -> None:
    camera = Camera((1280, 960), 3.0, 520.0, tilt_deg, 33.0, barrel)
    marks = np.array([[-150.0, -110.0], [140.0, -90.0], [0.0, 0.0], [120.0, 100.0], [-130.0, 95.0]])
    for at in marks:
        scene = np.zeros((960, 1280, 3), np.float32)
        lay(scene, camera, white_square((6.0, 6.0)), Place((float(at[0]), float(at[1])), 20.0), BARE)
        seen = camera.through_lens(scene)[:, :, 0].astype(np.float64)
        y, x = np.mgrid[0:960, 0:1280]
        middle = np.array([(seen * x).sum(), (seen * y).sum()]) / seen.sum()
        assert np.abs(middle - camera.where(at[None])[0]).max() < 0.15


def test_the_outline_told_is_the_outline_drawn() -> None:
    """Without distortion: a lens bends the sides of a sheet, and four corners cannot say so."""
    camera, place = Camera((1280, 960), 2.2, 520.0, 14.0, 200.0), Place((12.0, -9.0), 27.0)
    scene = np.zeros((960, 1280, 3), np.float32)
    lay(scene, camera, white_square((210.0, 297.0), 3.3), place, BARE)
    lit = (scene[:, :, 0] > 127).astype(np.uint8)
    contour = max(cv2.findContours(lit, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0], key=cv2.contourArea)
    told = clockwise(camera.where(place.corners((210.0, 297.0))))
    assert jaccard(contour[:, 0].astype(np.float64), told) > 0.99
    assert float(scene[:, :, 0].sum()) / 255 == pytest.approx(area(told), rel=2e-4)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_sheet_is_wholly_in_the_picture_its_first_corner_nearest_the_top_left(kind: str) -> None:
    for number in range(3):
        looked = desk(kind, number, SMALL)
        (corners,) = looked.sheets
        assert looked.pixels.shape == (240, 320, 3)
        assert (corners > 0).all()
        assert (corners < np.array(SMALL) - 1).all()
        assert np.argmin(np.hypot(corners[:, 0], corners[:, 1])) == 0
        across = np.roll(corners, -1, axis=0) - corners
        turns = across[:, 0] * np.roll(across[:, 1], -1) - across[:, 1] * np.roll(across[:, 0], -1)
        assert (turns > 0).all()  # y runs down: clockwise
        assert 0.05 <= area(corners) / (320 * 240) <= 0.9


def test_the_picture_is_the_same_at_another_size() -> None:
    small, large = desk("wood", 4, SMALL), desk("wood", 4, (960, 720))
    assert np.allclose((small.sheets[0] + 0.5) * 3 - 0.5, large.sheets[0], atol=1.5)


def test_a_sheet_differs_from_its_desk() -> None:
    """The middle of the sheet is paper, not desk: the truth belongs to this picture."""
    looked = desk("dark", 5, SMALL)
    inside = cv2.fillConvexPoly(np.zeros((240, 320), np.uint8), np.rint(looked.sheets[0]).astype(np.int32), 1)
    grey = cv2.cvtColor(looked.pixels, cv2.COLOR_BGR2GRAY)
    assert np.median(grey[inside == 1]) > 2 * np.median(grey[inside == 0])


def test_an_empty_desk_has_no_sheet_and_several_have_two_to_four_apart() -> None:
    assert desk(EMPTY, 3, SMALL).sheets == ()
    for number in range(4):
        sheets = desk(SEVERAL, number, SMALL).sheets
        assert 2 <= len(sheets) <= 4
        assert all(jaccard(one, other) == 0 for at, one in enumerate(sheets) for other in sheets[at + 1 :])


def test_every_third_and_two_whole_kinds_are_held_back() -> None:
    told = [(looked.kind, looked.number) for looked in desks(3, (64, 48)) if looked.held_back]
    assert told == [
        (kind, number) for kind in KINDS for number in range(3) if number == 2 or kind in HELD_BACK_KINDS
    ]


def test_an_unknown_kind_is_no_desk() -> None:
    with pytest.raises(KeyError):
        desk("marble hall", 0, SMALL)
