"""Run by `tools.manual.pictures` in a process of its own: draws scenes at full size. `drawn DIR FONTS NAME…`"""

import os
import sys
from pathlib import Path

from kiosk.words import Words
from screens import env
from tools.assemble import WORDS
from tools.gallery import GLASS


def main(folder: Path, fonts: Path, names: tuple[str, ...]) -> None:
    """Raises LookupError for a name that no scene has."""
    env.prepare(folder / "kivy", width=GLASS, height=GLASS, max_fps=0)
    from screens import gallery, samples  # Kivy decides much at import: only after `prepare`

    known = dict(samples.scenes())
    gallery.walk(
        [(name, known[name]) for name in names],
        Words.load(WORDS, "zh-Hans"),
        fonts,
        lambda _, name, stage: gallery.snapshot((1080, 1920)).save(folder / f"{name}.png"),
        samples.previews(),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), tuple(sys.argv[3:]))
    sys.stdout.flush()
    os._exit(0)  # taking the screens down costs as much as building them
