"""Every sample scene against its golden picture. `KIOSK_RECORD_GOLDEN=1` (make golden) records them anew: look first.

On a difference build/golden-report/index.html shows expected | actual | changed.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from screens import pictures

GOLDEN = Path(__file__).parent / "golden"
REPORT = Path(__file__).parents[2] / "build" / "golden-report"
RECORD = bool(os.environ.get("KIOSK_RECORD_GOLDEN"))

#: software renderers round edges differently: a pixel counts as changed from this difference (of 255) on …
CHANGED_FROM = 56
#: … this share of changed pixels is allowed (about a third of a character) …
CHANGED_SHARE = 0.0002
#: … and so is this mean difference over all pixels
MEAN_DIFFERENCE = 0.6


def difference(expected: Path, actual: Path) -> tuple[float, float, np.ndarray | None]:
    """(share of changed pixels, mean difference, mask of changed pixels); everything changed when sizes differ."""
    one, other = (cv2.imread(str(path)) for path in (expected, actual))
    if one is None or other is None or one.shape != other.shape:
        return (1.0, 255.0, None)
    blue, green, red = cv2.split(cv2.absdiff(one, other))
    apart = cv2.max(blue, cv2.max(green, red))
    mask = apart >= CHANGED_FROM
    return (cv2.countNonZero(mask.view(np.uint8)) / mask.size, cv2.mean(apart)[0], mask)


def report(name: str, expected: Path, actual: Path, mask: np.ndarray | None) -> None:
    """One row more in the report."""
    REPORT.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(actual, REPORT / f"{name}-actual.png")
    if expected.exists():
        shutil.copyfile(expected, REPORT / f"{name}-expected.png")
    if mask is not None:
        faded = Image.open(actual).convert("L").point(lambda value: 160 + value * 95 // 255).convert("RGB")
        faded.paste((200, 0, 60), mask=Image.fromarray((mask * 255).astype(np.uint8)))
        faded.save(REPORT / f"{name}-changed.png")
    names = sorted({path.name.rsplit("-", 1)[0] for path in REPORT.glob("*.png")})
    rows = "".join(
        f"<h2>{row}</h2><div>"
        + "".join(f'<img src="{row}-{kind}.png" alt="{kind}">' for kind in ("expected", "actual", "changed"))
        + "</div>"
        for row in names
    )
    style = "<style>body{font:16px sans-serif}div{display:flex;gap:16px}img{width:32%;border:1px solid #999}</style>"
    page = f'<!doctype html><meta charset="utf-8"><title>Golden screens that changed</title>{style}{rows}'
    (REPORT / "index.html").write_text(page, encoding="utf-8")


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
            report(name, expected, actual, mask)
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
