"""Run by `test_fault_notices.py` in a process of its own: shows scenes, and says what can be read on each.

`shown_sentences.py SCRATCH FONTS WORDS`: each line of its input is a pickled scene, base64; each line of its answer a
JSON list of the texts on the glass.
"""

import base64
import json
import pickle
import sys
from pathlib import Path

from screens import env

_SIZE = (1080, 1920)


def main(scratch: Path, font_folder: Path, word_folder: Path) -> None:
    env.prepare(scratch, width=_SIZE[0], height=_SIZE[1], max_fps=0)
    answers, sys.stdout = sys.stdout, sys.stderr
    from kivy.core.window import Window

    from kiosk.preview import PreviewSlot
    from kiosk.words import Words
    from screens.app import Stage
    from screens.base import Desk
    from screens.theme import fonts
    from screens.tree import describe

    fonts.register(font_folder)
    words = Words.load(word_folder, "zh-Hans")
    stage = Stage(Desk(words=words, post=lambda event: None, preview=PreviewSlot(), still=True))
    stage.size = _SIZE
    Window.add_widget(stage)
    for line in sys.stdin:
        stage.clear()
        stage.show(pickle.loads(base64.b64decode(line)))
        texts = [text["plain"] for text in describe(stage, _SIZE)["texts"]]
        answers.write(json.dumps(texts, ensure_ascii=False) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
