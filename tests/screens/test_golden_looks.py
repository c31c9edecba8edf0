"""Every view in the looks, languages and orientations beside the usual one, a third of the size.

`KIOSK_RECORD_GOLDEN=1` (make golden) records them anew: look first. A third is enough to see what is cut or overlaps
or has lost its colour, and keeps the repository light; the usual look is compared in full size. On a difference
build/golden-looks/index.html shows expected | actual | changed.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from screens.manners import Manner, gallery_manners
from tests.screens.golden_pictures import GOLDEN, MEAN_DIFFERENCE, RECORD, REPORT, difference, report

REPORT_OF_LOOKS = REPORT.with_name("golden-looks")
SMALLER = 3
COLOURS = 64
#: of a picture a third of the size: about half of a character
CHANGED_SHARE = 0.0004
#: the screens of a visit on which most is read or done
MAIN = (
    "idle",
    "home",
    "notice",
    "place-card",
    "form",
    "capture-steady",
    "review",
    "sign",
    "done",
    "evaluate",
)
MANNERS = tuple(manner for manner in gallery_manners() if manner != Manner())


def one_of_each_view(rendered: Any) -> tuple[str, ...]:
    """The first scene of each view."""
    from screens import samples

    first: dict[type, str] = {}
    for name, scene in samples.scenes():
        first.setdefault(type(scene.view), name)
    return tuple(name for name in rendered.trees if name in set(first.values()) | set(MAIN))


def small(picture: Path, kept: Path) -> None:
    """A third of the size, few colours."""
    whole = Image.open(picture).convert("RGB")
    size = (whole.width // SMALLER, whole.height // SMALLER)
    third = whole.resize(size, Image.Resampling.BOX)
    kept.parent.mkdir(parents=True, exist_ok=True)
    third.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(kept, optimize=True)


@pytest.fixture(scope="module", autouse=True)
def fresh_report() -> None:
    shutil.rmtree(REPORT_OF_LOOKS, ignore_errors=True)


@pytest.mark.parametrize("manner", MANNERS, ids=lambda manner: manner.name)
def test_looks_as_approved(manner: Manner, painter: Any, rendered: Any, tmp_path: Path) -> None:
    scenes = MAIN if manner.landscape else one_of_each_view(rendered)
    shown = tuple(name for name in scenes if manner.shows(name))
    painted = painter.paint(manner, shown, drawn=True)
    changed = []
    for name in painted.trees:
        expected, actual = GOLDEN / manner.name / f"{name}.png", tmp_path / f"{name}.png"
        small(painted.picture(name), actual)
        if RECORD:
            expected.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(actual, expected)
        share, mean, mask = difference(expected, actual) if expected.exists() else (1.0, 255.0, None)
        if share > CHANGED_SHARE or mean > MEAN_DIFFERENCE:
            report(REPORT_OF_LOOKS, f"{manner.name}-{name}", expected, actual, mask)
            changed.append(f"{name}: {share:.3%} of the pixels, mean {mean:.2f}")
    assert changed == [], f"see {REPORT_OF_LOOKS / 'index.html'}"
    kept = {path.stem for path in (GOLDEN / manner.name).glob("*.png")}
    assert kept == set(shown), "a golden picture without a scene, or a scene without one"


def test_no_look_is_kept_that_nobody_draws() -> None:
    assert {path.name for path in GOLDEN.iterdir() if path.is_dir()} == {manner.name for manner in MANNERS}
