"""`screens check`: every screen in every size, language and orientation, looked over by `screens.checks`."""

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from kiosk.words import Words
from screens import env
from screens.checks import faults
from screens.manners import Manner, matrix
from tools.assemble import WORDS
from tools.gallery import FONTS, GLASS
from tools.out import say


def main(number: int) -> None:
    """Look over all scenes in one manner of the matrix, and say what is wrong, a line for each screen."""
    manner = matrix()[number]
    with tempfile.TemporaryDirectory() as home:
        env.prepare(Path(home), width=GLASS, height=GLASS, max_fps=0)
        found = look_over(manner)
        for line in found:
            say(line)
    sys.stdout.flush()
    os._exit(1 if found else 0)  # taking a hundred screens down costs as much as building them


def look_over(manner: Manner) -> list[str]:
    """What is wrong, a line for each check of each screen."""
    from screens import gallery, samples  # Kivy decides much at import: only after `prepare`
    from screens.tree import describe

    found: list[str] = []

    def check(_: int, name: str, stage: Any) -> None:
        for kind, told in faults(describe(stage, manner.size), manner).items():
            found.append(f"{manner.name} {name} {kind}: {'; '.join(told)}")

    scenes = [
        (name, replace(scene, chrome=replace(scene.chrome, look=manner.look)))
        for name, scene in samples.scenes()
        if manner.shows(name)
    ]
    words = Words.load(WORDS, manner.language)
    gallery.walk(scenes, words, FONTS, check, samples.previews(), manner.size)
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]))
