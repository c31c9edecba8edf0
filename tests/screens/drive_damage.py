"""Run by `test_damage.py` in a process of its own: is a picture that was drawn by parts the same as one drawn whole?

`drive_damage.py OUT FONTS WORDS` shows sample scenes, changes something in each (presses, lets go, turns lists, tells
another patience, writes other words, puts another camera picture) and after each change compares every pixel with the
picture drawn anew. Writes OUT: {"compared": n, "parts": n, "apart": [[scene, change, pixels], …]}.
"""

import gc
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from screens import env

env.prepare(Path(sys.argv[1]).parent / "kivy", width=1080, height=1920, max_fps=0)

import numpy as np  # noqa: E402
from kivy.clock import Clock  # noqa: E402
from kivy.core.window import Window  # noqa: E402
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels  # noqa: E402

from kiosk.journey.look import Look, TextSize  # noqa: E402
from kiosk.preview import PreviewSlot  # noqa: E402
from kiosk.words import Words  # noqa: E402
from screens import gallery, samples  # noqa: E402
from screens.damage import Glass  # noqa: E402
from screens.widgets.scroll import Scroll  # noqa: E402
from screens.widgets.text import Text  # noqa: E402
from screens.widgets.touch import live_widgets, touchables  # noqa: E402

_EVERY = 4  # so many scenes one is compared, and those that move by themselves
_ALWAYS = ("leave-question", "capture-steady", "capture-trouble", "handing-in", "place-card")


def picture() -> Any:
    wide, high = Window.system_size
    return np.frombuffer(bytes(glReadPixels(0, 0, wide, high, GL_RGB, GL_UNSIGNED_BYTE)), np.uint8)


def settle() -> None:
    quiet = 0
    while quiet < 3:  # what was drawn last may be measured in the next tick
        Clock.tick()
        Clock.tick_draw()
        quiet += 1
        if Window.canvas.needs_redraw:
            Window.dispatch("on_draw")
            quiet = 0


def changes(name: str, scene: Any, stage: Any, slot: PreviewSlot, chance: random.Random) -> Iterator[str]:
    """Makes one change after another; names it."""
    found = touchables(stage)
    for touchable in chance.sample(found, min(2, len(found))):
        touchable.pressed = True
        yield f"pressed {touchable.touch_key}"
        touchable.pressed = False
        yield f"released {touchable.touch_key}"
    if scene.chrome.patience_left_s is not None:
        gc.collect()  # what a screen put aside must still be there when it is drawn again
        stage.show(replace(scene, chrome=replace(scene.chrome, patience_left_s=7)))
        yield "patience"
    for scroll in [widget for widget in live_widgets(stage) if isinstance(widget, Scroll)]:
        if scroll.viewport.longest:
            scroll.viewport.scroll_to(chance.uniform(1, scroll.viewport.longest))
            yield "turned"
    shown = [widget for widget in live_widgets(stage) if widget.children and widget.parent is not stage]
    chance.choice(shown).opacity = 0.4
    yield "faded"
    texts = [widget for widget in live_widgets(stage) if isinstance(widget, Text) and widget.plain]
    chance.choice(texts).plain = "别的话"
    yield "words"
    live = samples.previews().get(name)
    if live is not None:
        slot.put(replace(live, pixels=live.pixels[::-1].copy()))
        yield "camera"


def main(out: Path, fonts: Path, words: Path) -> None:
    """See above."""
    chance, slot = random.Random(20261122), PreviewSlot()
    said = {"compared": 0, "apart": []}
    with gallery.stage(Words.load(words, "zh-Hans"), fonts, slot) as stage:
        glass = Glass(Window, always=True)
        for at, (name, scene) in enumerate(samples.scenes()):
            if at % _EVERY and name not in _ALWAYS:
                continue
            if at % (3 * _EVERY) == 0:
                scene = replace(scene, chrome=replace(scene.chrome, look=Look(text=TextSize.LARGER)))
            if name in samples.previews():
                slot.put(samples.previews()[name])
            stage.show(scene)
            settle()
            for change in changes(name, scene, stage, slot, chance):
                settle()
                drawn = picture()
                glass.forget()
                Window.dispatch("on_draw")
                apart = int((picture() != drawn).sum())
                said["compared"] += 1
                if apart:
                    said["apart"].append([name, change, apart])
            stage.clear()
        said["parts"] = glass.parts
    out.write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
