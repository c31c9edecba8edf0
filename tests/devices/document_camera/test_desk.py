"""The generated desk: deterministic, true to its corners, and marked as a sample."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from devices.emulators import desk_sheets
from devices.emulators.desk import Scene, corners, render
from devices.emulators.desk_sheets import CITIZEN, OWNER, SHEETS, Person, drawn, sheet_kind
from devices.emulators.desk_surfaces import DESKS

SCENE = Scene("lease-1", "wood", angle_deg=7, offset_mm=(20, -2))
SIZE = (640, 480)


@pytest.mark.parametrize("desk", sorted(DESKS))
def test_same_scene_same_pixels(desk: str) -> None:
    scene = replace(SCENE, desk=desk)
    assert np.array_equal(render(scene, *SIZE), render(scene, *SIZE))
    assert not np.array_equal(render(scene, *SIZE), render(replace(scene, seed=2), *SIZE))


def test_paper_begins_and_ends_at_the_corners() -> None:
    scene = replace(SCENE, desk="dark")
    placed = corners(scene, *SIZE)
    grey = cv2.cvtColor(render(scene, *SIZE), cv2.COLOR_BGR2GRAY)
    for place in range(4):
        middle = (placed[place] + placed[(place + 1) % 4]) / 2
        inward = placed.mean(axis=0) - middle
        inward /= np.linalg.norm(inward)
        inside, outside = (np.round(middle + step * inward).astype(int) for step in (2.5, -2.5))
        assert int(grey[inside[1], inside[0]]) > int(grey[outside[1], outside[0]]) + 60


def test_size_on_the_desk_is_true() -> None:
    placed = corners(replace(SCENE, tilt_deg=(0, 0)), 1600, 1200)
    across, down = (float(np.linalg.norm(placed[end] - placed[0])) for end in (1, 3))
    assert down / across == pytest.approx(297 / 210, rel=1e-3)


@pytest.mark.parametrize("kind", SHEETS, ids=lambda kind: kind.name)
def test_every_sheet_bears_print_and_the_red_mark_of_a_sample(kind: desk_sheets.SheetKind) -> None:
    paper = drawn(kind.name, 4.0)
    assert paper.shape[1] / paper.shape[0] == pytest.approx(kind.size_mm[0] / kind.size_mm[1], rel=0.01)
    assert (paper.max(axis=2) < 90).mean() > 0.004
    reddish = paper[:, :, 2].astype(int) - paper[:, :, 0]
    assert (reddish > 14).mean() > 0.005
    assert sheet_kind(kind.title) is kind


@pytest.mark.parametrize("person", [CITIZEN, OWNER])
def test_invented_numbers_have_a_valid_check_digit(person: Person) -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(person.number[:17], weights, strict=True))
    assert person.number[17] == "10X98765432"[total % 11]
    assert (int(person.number[16]) % 2 == 1) == (person.sex == "男")
    year, month, day = (int(part) for part in person.birth.replace("年", " ").replace("月", " ")[:-1].split())
    assert person.number[6:14] == f"{year}{month:02}{day:02}"


def test_clauses_belong_to_sheets() -> None:
    clauses = yaml.safe_load(Path(desk_sheets.__file__).with_name("desk_clauses.yaml").read_text("utf-8"))
    assert set(clauses) <= {kind.name for kind in SHEETS}


def test_lamp_and_lens() -> None:
    lit = render(SCENE, *SIZE)
    assert render(replace(SCENE, light=0.3), *SIZE).mean() < 0.4 * lit.mean()
    assert _sharpness(render(replace(SCENE, blur_mm=1.0), *SIZE)) < 0.5 * _sharpness(lit)


def test_unknown_names() -> None:
    with pytest.raises(KeyError):
        render(Scene("passport"), *SIZE)
    with pytest.raises(KeyError):
        render(Scene("", "marble"), *SIZE)


def _sharpness(pixels: np.ndarray) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), cv2.CV_32F).var())
