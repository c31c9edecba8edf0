"""One process of `screens gallery` and `screens check`: all scenes in one manner, drawn, or looked over."""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from kiosk.words import Words
from screens import env
from screens.checks import faults
from screens.manners import Manner, gallery_manners, matrix
from tools.assemble import WORDS
from tools.gallery import FONTS, GLASS
from tools.out import say


def main(number: int, folder: Path | None = None) -> None:
    """With a folder: draw manner `number` of the gallery into it. Else: look over that manner of the matrix."""
    with tempfile.TemporaryDirectory() as home:
        env.prepare(Path(home), width=GLASS, height=GLASS, max_fps=0)
        found = look_over(matrix()[number]) if folder is None else draw(gallery_manners()[number], folder)
    for line in found:
        say(line)
    sys.stdout.flush()
    os._exit(1 if found else 0)  # taking a hundred screens down costs as much as building them


def look_over(manner: Manner) -> list[str]:
    """What is wrong, a line for each check of each screen."""
    from screens.tree import describe  # Kivy decides much at import: only after `prepare`

    found: list[str] = []

    def check(name: str, stage: Any) -> None:
        for kind, told in faults(describe(stage, manner.size), manner).items():
            found.append(f"{manner.name} {name} {kind}: {'; '.join(told)}")

    _walk(manner, check)
    return found


def draw(manner: Manner, folder: Path) -> list[str]:
    """Every scene as PNG at full size, in a folder named as the manner. Nothing is wrong."""
    from screens import gallery

    into = folder / manner.name
    into.mkdir(parents=True, exist_ok=True)
    _walk(manner, lambda name, _: gallery.snapshot(manner.size).save(into / f"{name}.png"))
    return []


def _walk(manner: Manner, on_scene: Callable[[str, Any], None]) -> None:
    from screens import gallery, samples

    scenes = [
        (name, replace(scene, chrome=replace(scene.chrome, look=manner.look)))
        for name, scene in samples.scenes()
        if manner.shows(name)
    ]
    words = Words.load(WORDS, manner.language)
    gallery.walk(
        scenes, words, FONTS, lambda _, name, stage: on_scene(name, stage), samples.previews(), manner.size
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), *(Path(argument) for argument in sys.argv[2:3]))
