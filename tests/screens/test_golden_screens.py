"""Every sample scene against its golden picture. `KIOSK_RECORD_GOLDEN=1` (make golden) records them anew: look first.

On a difference build/golden-report/index.html shows expected | actual | changed.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from screens import pictures
from tests.screens.golden_pictures import (
    CHANGED_SHARE,
    GOLDEN,
    MEAN_DIFFERENCE,
    RECORD,
    REPORT,
    difference,
    report,
)


@pytest.fixture(scope="module", autouse=True)
def fresh_report() -> None:
    shutil.rmtree(REPORT, ignore_errors=True)


def test_screens_look_as_they_were_approved(rendered: Any) -> None:
    changed = []
    for name in rendered.trees:
        expected, actual = GOLDEN / f"{name}.png", rendered.picture(name)
        if RECORD:
            GOLDEN.mkdir(exist_ok=True)
            pictures.save(Image.open(actual), expected)
        share, mean, mask = difference(expected, actual) if expected.exists() else (1.0, 255.0, None)
        if share > CHANGED_SHARE or mean > MEAN_DIFFERENCE:
            report(REPORT, name, expected, actual, mask)
            changed.append(f"{name}: {share:.3%} of the pixels, mean {mean:.2f}")
    assert changed == [], f"see {REPORT / 'index.html'}"


def test_no_golden_picture_without_a_scene(rendered: Any) -> None:
    if RECORD:
        for path in GOLDEN.glob("*.png"):
            if path.stem not in rendered.trees:
                path.unlink()
    assert {path.stem for path in GOLDEN.glob("*.png")} == set(rendered.trees)


def test_goldens_are_light() -> None:
    heavy = {path.stem: path.stat().st_size for path in GOLDEN.glob("*.png")}
    assert {name: size for name, size in heavy.items() if size > 250_000} == {}


def test_a_missing_word_is_noticed(rendered: Any, tmp_path: Path) -> None:
    """The tolerance forgives edges, not a character that went away."""
    picture = Image.open(rendered.picture("home")).convert("RGB")
    word = next(text for text in rendered.trees["home"]["texts"] if text["plain"] == "大家常办")
    left, top, wide, high = (int(value) for value in word["ink"])
    picture.paste((247, 244, 238), (left, top, left + wide // 2, top + high))
    picture.save(tmp_path / "home.png")
    share, _, _ = difference(rendered.picture("home"), tmp_path / "home.png")
    assert share > CHANGED_SHARE
