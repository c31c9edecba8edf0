"""The manual's pictures: scenes of the gallery, drawn by the face itself, small, and written only when they differ."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageStat

from tools.cli import ROOT
from tools.demo.xserver import VirtualScreen
from tools.gallery import FONTS, GLASS
from tools.manual import book

#: mean difference of a grey level (0 to 255) below which two pictures are the same: another machine's anti-aliasing
SAME: Final = 0.5
_TIMES: Final = 3  # smaller: 360 pixels wide where the glass has 1080
_COLOURS: Final = 64  # enough for flat screens: 25 KB in place of 60


class NotDrawn(RuntimeError):
    """The face could not draw the scenes."""


def draw(names: Iterable[str], into: Path = book.PICTURES, fonts: Path = FONTS) -> list[Path]:
    """Draw these scenes; which files are new or really other than before. Files of no scene are deleted."""
    wanted = tuple(names)
    with tempfile.TemporaryDirectory() as home, VirtualScreen(GLASS, GLASS) as screen:
        environment = {**os.environ, "DISPLAY": screen.name, "LIBGL_ALWAYS_SOFTWARE": "1"}
        command = [sys.executable, "-m", "tools.manual.drawn", home, str(fonts), *wanted]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False, stdout=sys.stderr)
        if done.returncode:
            raise NotDrawn(f"exit code {done.returncode}")
        into.mkdir(parents=True, exist_ok=True)
        changed = [path for name in wanted if (path := _kept(Path(home) / f"{name}.png", into)) is not None]
    for path in into.glob("*.png"):
        if path.stem not in wanted:
            path.unlink()
    return changed


def _kept(drawn: Path, into: Path) -> Path | None:
    """Where the picture was put; None when there was such a one."""
    from screens.pictures import save, smaller

    target = into / drawn.name
    with Image.open(drawn) as image:
        small = smaller(image.convert("RGB"), _TIMES)
    if target.exists() and not differs(small, target):
        return None
    save(small, target, _COLOURS)
    return target


def differs(small: Image.Image, target: Path) -> bool:
    """Whether an eye could tell `small` from what is in the file."""
    with Image.open(target) as old:
        before = old.convert("RGB")
    if before.size != small.size:
        return True
    light = small.quantize(colors=_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return max(ImageStat.Stat(ImageChops.difference(light.convert("RGB"), before)).mean) > SAME
