"""The live outline: steady sheets are taken once, moving and taken ones not."""

import numpy as np
import pytest

from devices.emulators.desk import Scene
from kiosk.capture.live import Watch
from tests.kiosk.capture.desks import seen, truth

HERE = np.array([[0.2, 0.1], [0.7, 0.1], [0.7, 0.9], [0.2, 0.9]], np.float32)
THERE = HERE + np.float32(0.1)
FRAME_S = 1 / 12


def follow(watch: Watch, corners: np.ndarray | None, frames: int, begin: float = 0.0) -> list[bool]:
    return [watch.follow(corners, begin + number * FRAME_S).ready for number in range(frames)]


def test_outline_in_parts_of_the_picture() -> None:
    scene = Scene("lease-1", "wood", angle_deg=3)
    sight = Watch().look(seen(scene, 640, 480), at=5.0)
    assert sight.corners is not None
    assert np.array(sight.corners) == pytest.approx(truth(scene, 640, 480) / [640, 480], abs=0.01)
    assert not sight.steady


def test_an_empty_desk_is_never_ready() -> None:
    watch = Watch()
    sights = [watch.look(seen(Scene("", "wood"), 640, 480), at) for at in range(8)]
    assert {(sight.corners, sight.ready) for sight in sights} == {(None, False)}


def test_ready_after_lying_still() -> None:
    ready = follow(Watch(), HERE, 10)
    assert not any(ready[:5])
    assert all(ready[6:])


def test_many_frames_in_no_time_are_not_enough() -> None:
    watch = Watch()
    assert not any(watch.follow(HERE, 1.0).ready for _ in range(30))


def test_trembling_outline_counts_as_still() -> None:
    chance = np.random.default_rng(4)
    watch = Watch()
    sights = [
        watch.follow(HERE + chance.uniform(-0.001, 0.001, (4, 2)).astype(np.float32), at * FRAME_S)
        for at in range(12)
    ]
    assert sights[-1].ready


def test_a_moving_sheet_is_not_ready() -> None:
    watch = Watch()
    assert not any(watch.follow(HERE + np.float32(0.01 * at), at * FRAME_S).ready for at in range(20))


def test_taken_sheet_is_not_taken_again() -> None:
    watch = Watch()
    assert follow(watch, HERE, 10)[-1]
    watch.taken()
    assert not any(follow(watch, HERE, 30, begin=1.0))
    assert watch.follow(HERE, 9.0).steady


def test_removed_and_laid_down_again_is_a_new_sheet() -> None:
    watch = Watch()
    follow(watch, HERE, 10)
    watch.taken()
    follow(watch, None, 3, begin=1.0)
    assert follow(watch, HERE, 10, begin=2.0)[-1]


def test_moved_sheet_may_be_taken_again() -> None:
    watch = Watch()
    follow(watch, HERE, 10)
    watch.taken()
    assert follow(watch, THERE, 10, begin=1.0)[-1]


def test_one_lost_frame_does_not_make_a_sheet_new_but_starts_the_count_again() -> None:
    watch = Watch()
    follow(watch, HERE, 10)
    watch.taken()
    follow(watch, None, 1, begin=1.0)
    assert not any(follow(watch, HERE, 12, begin=1.1))


def test_the_outline_stays_for_a_glimpse_but_is_not_ready() -> None:
    watch = Watch()
    follow(watch, HERE, 10)
    glimpses = [watch.follow(None, 1.0 + number * FRAME_S) for number in range(3)]
    assert [sight.corners is None for sight in glimpses] == [False, False, True]
    assert not any(sight.ready for sight in glimpses)


def test_a_trembling_outline_is_drawn_calmly() -> None:
    chance = np.random.default_rng(7)
    watch = Watch()
    drawn = []
    for number in range(60):
        tremble = chance.normal(0, 0.0008, (4, 2)).astype(np.float32)
        drawn.append(np.array(watch.follow(HERE + tremble, number * FRAME_S).corners))
    steps = np.abs(np.diff(np.array(drawn[5:]), axis=0)).mean()
    assert steps < 0.65 * 0.0008 * 2 / np.sqrt(np.pi)  # of what the found outline jumps from frame to frame


def test_the_drawn_outline_follows_at_once_when_the_sheet_moves() -> None:
    watch = Watch()
    follow(watch, HERE, 10)
    assert np.array(watch.follow(THERE, 2.0).corners) == pytest.approx(THERE, abs=1e-6)


def test_corners_do_not_change_places_at_45_degrees() -> None:
    watch = Watch()
    diamond = np.array([[0.5, 0.1], [0.8, 0.5], [0.5, 0.9], [0.2, 0.5]], np.float32)
    first = watch.follow(diamond, 0.0).corners
    second = watch.follow(np.roll(diamond, 1, axis=0), FRAME_S)
    assert np.array(second.corners) == pytest.approx(np.array(first), abs=1e-6)
    assert second.still_s > 0
