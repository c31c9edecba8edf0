"""Golden pictures: where they lie, how alike a picture must be, and the report on those that are not."""

import os
import shutil
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

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


def report(folder: Path, name: str, expected: Path, actual: Path, mask: np.ndarray | None) -> None:
    """One row more in the report of this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(actual, folder / f"{name}-actual.png")
    if expected.exists():
        shutil.copyfile(expected, folder / f"{name}-expected.png")
    if mask is not None:
        faded = Image.open(actual).convert("L").point(lambda value: 160 + value * 95 // 255).convert("RGB")
        faded.paste((200, 0, 60), mask=Image.fromarray((mask * 255).astype(np.uint8)))
        faded.save(folder / f"{name}-changed.png")
    names = sorted({path.name.rsplit("-", 1)[0] for path in folder.glob("*.png")})
    rows = "".join(
        f"<h2>{row}</h2><div>"
        + "".join(f'<img src="{row}-{kind}.png" alt="{kind}">' for kind in ("expected", "actual", "changed"))
        + "</div>"
        for row in names
    )
    style = "<style>body{font:16px sans-serif}div{display:flex;gap:16px}img{width:32%;border:1px solid #999}</style>"
    page = f'<!doctype html><meta charset="utf-8"><title>Golden screens that changed</title>{style}{rows}'
    (folder / "index.html").write_text(page, encoding="utf-8")
