"""The scenes that the finder learns from: the same seed makes the same, and the corners are where they are told."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tools.outline.lessons import Pool, depth_inside, overview, sides
from tools.outline.light import Lenses
from tools.outline.scenes import HEIGHT, WIDTH, World

FONTS = Path("build/fonts")


@pytest.fixture(scope="module")
def world() -> World:
    return World(5, FONTS, surfaces=8, papers=8)


def test_the_same_seed_makes_the_same_scenes() -> None:
    one, other = (World(9, FONTS, surfaces=4, papers=4).scene() for _ in range(2))
    assert np.array_equal(one.pixels, other.pixels)
    assert len(one.sheets) == len(other.sheets)


def test_scenes_have_sheets_and_some_have_none(world: World) -> None:
    scenes = [world.scene() for _ in range(60)]
    assert {scene.pixels.shape for scene in scenes} == {(HEIGHT, WIDTH, 3)}
    assert 0 < sum(not scene.sheets for scene in scenes) < 30
    assert max(len(scene.sheets) for scene in scenes) > 1


def test_a_lens_moves_points_as_it_moves_pixels() -> None:
    lenses = Lenses(WIDTH, HEIGHT, np.random.default_rng(2))
    dot = np.array([[60.0, 50.0]])
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    cv2.circle(picture, (60, 50), 4, (255, 255, 255), -1)
    seen, there = lenses.through(picture, dot, np.random.default_rng(3))
    rows, columns = np.nonzero(seen[..., 0] > 128)
    assert there[0] == pytest.approx([columns.mean(), rows.mean()], abs=0.6)


def test_depth_inside() -> None:
    depth = depth_inside(np.array([[2, 2], [8, 2], [8, 6], [2, 6]], np.float32), 10, 8)
    assert depth[3, 4] == pytest.approx(1.5)
    assert depth[0, 4] == pytest.approx(-1.5)
    assert (depth > 0).sum() == 24


def test_lessons_of_a_pool(world: World, tmp_path: Path) -> None:
    pool = Pool(tmp_path, 6, create=True)
    while pool.made[0] < 8:  # once around the ring
        scene = world.scene()
        if scene.sheets:
            pool.put(scene)
    chance = np.random.default_rng(1)
    shown, answer = overview(pool, chance)
    assert (shown.shape, answer.shape) == ((4, 192, 256), (3, 96, 128))
    assert 0.01 < answer[0].mean() < 1
    assert answer[2].sum() < answer[0].sum()
    strips, depths = sides(pool, chance)
    assert (strips.shape, depths.shape) == ((4, 4, 32, 96), (4, 24))
    assert (depths >= 0).any()
    assert depths.max() <= 31
