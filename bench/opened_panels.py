"""The keyboards that `bench.input` opens, in a process of its own.

`python -m bench.opened_panels FOLDER ROUNDS` prints {kind: [seconds the first time, median of the other times]} as
JSON; processor time.
"""

import gc
import json
import statistics
import sys
import time
from pathlib import Path

from kiosk.words import Words
from screens import env
from screens.input.layouts import Kind
from tools.assemble import WORDS
from tools.cli import ROOT

WIDTH, HEIGHT = 1080, 1920
_LAYOUT_FRAMES = 3  # size, text, place


def main(folder: Path, rounds: int) -> None:
    """Open, lay out and put away each keyboard `rounds` times, after once when its keys are made."""
    env.prepare(folder / "kivy", width=WIDTH, height=HEIGHT, max_fps=0)
    from kivy.clock import Clock
    from kivy.core.window import Window

    from screens.input.panel import InputPanel
    from screens.input.pinyin import ENGINE
    from screens.theme import fonts

    fonts.register(ROOT / "build" / "fonts")
    words = Words.load(WORDS, "zh-Hans")

    def opened(kind: Kind) -> float:
        begun = time.process_time()
        panel = InputPanel(kind, lambda _: None, words=words)
        Window.add_widget(panel)
        for _ in range(_LAYOUT_FRAMES):
            Clock.tick()
            Clock.tick_draw()
        took = time.process_time() - begun
        panel.close()
        Window.remove_widget(panel)
        ENGINE.forget()
        return took

    gc.collect()
    gc.freeze()  # as the face itself does when it has started (tools/face.py)
    kinds = (Kind.PHONE, Kind.HANDWRITING, Kind.PINYIN, Kind.SYMBOLS, Kind.FIND, Kind.DATE, Kind.REGION)
    told = {kind.value: [opened(kind) for _ in range(rounds + 1)] for kind in kinds}
    print(json.dumps({kind: [took[0], statistics.median(took[1:])] for kind, took in told.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
