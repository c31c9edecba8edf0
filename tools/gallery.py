"""`screens gallery DIR`: every screen as PNG, on a virtual screen of its own."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from kiosk.words import Words
from screens import env
from tools.assemble import WORDS
from tools.cli import ROOT
from tools.demo.xserver import VirtualScreen
from tools.fonts import prepare
from tools.out import complain, say

FONTS = ROOT / "build" / "fonts"
GLASS = 1920  #: of the window: both orientations find room in it
_SIZE = (GLASS, GLASS)


def run(asked: argparse.Namespace) -> int:
    """Draw in a process of its own: Kivy starts once in a process, and before its display is known it must not."""
    for line in prepare(FONTS):
        complain(line)
    command = [sys.executable, "-m", "tools.gallery", str(asked.folder.resolve())]
    with VirtualScreen(*_SIZE) as screen:
        environment = {**os.environ, "DISPLAY": screen.name, "LIBGL_ALWAYS_SOFTWARE": "1"}
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main(folder: Path) -> int:
    """Draw all sample scenes into `folder`."""
    with tempfile.TemporaryDirectory() as home:
        env.prepare(Path(home), width=_SIZE[0], height=_SIZE[1])
        from screens import gallery, samples  # Kivy decides much at import: only after `prepare`

        words = Words.load(WORDS, "zh-Hans")
        gallery.render(samples.scenes(), folder, words, FONTS, previews=samples.previews())
    say(str(folder / "index.html"))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
