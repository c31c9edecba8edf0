"""Run by the fixture `rendered` in a process of its own: draws every sample scene, and writes down the widget tree.

`render_scenes.py OUT FONTS WORDS LANGUAGE [--trees] [--text SIZE] [--theme THEME] [--low] [--only NAME,…]
[--without NAME,…]` writes OUT/NN-<name>.png (not with --trees) and OUT/tree.json: {name: {"texts": [...],
"touchables": [...], "reading": [...], "walk": {...}}} (see `focus_walk`; no walk with --trees); rectangles as [left,
top, width, height] in pixels of the window.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import focus_walk

from kiosk.journey.look import Look, TextSize, Theme
from screens import env

WIDTH, HEIGHT = 1080, 1920


def describe(root: Any, factor: float = 1.0) -> dict[str, Any]:
    """Everything that the checks ask of a live tree."""
    from screens.widgets.text import Text
    from screens.widgets.touch import live_widgets, rectangle, touchables

    texts = []
    for widget in live_widgets(root):
        if not isinstance(widget, Text) or not widget.plain:
            continue
        box = rectangle(widget, HEIGHT)
        texts.append(
            {
                "plain": widget.plain,
                "tone": widget.tone,
                "pixels": round(widget.font_size * factor),
                "clipped": widget.clipped,
                "box": list(box),
                "ink": list(ink(widget, box, factor)),
                "seen": list(seen(widget)),
                "inside": surfaces(widget),
            }
        )
    found = [
        {"key": widget.touch_key, "box": list(rectangle(widget, HEIGHT)), "seen": list(seen(widget))}
        for widget in touchables(root)
    ]
    return {"texts": texts, "touchables": found, "reading": focus_walk.reading(root)}


def ink(widget: Any, box: Any, factor: float) -> tuple[float, float, float, float]:
    """Where the drawn text is inside its widget."""
    wide, high = (part * factor for part in widget.texture_size)
    room = box.width - wide
    left = box.left + (0 if widget.halign == "left" and widget.wrap else room / 2)
    return (left, box.top + (box.height - high) / 2, wide, high)


def seen(widget: Any) -> tuple[float, float, float, float]:
    """The window, cut down to the viewports of the lists that the widget is in: outside of them nothing is drawn."""
    from screens.widgets.clip import Clip
    from screens.widgets.touch import rectangle

    left, top, right, bottom = 0.0, 0.0, float(WIDTH), float(HEIGHT)
    parent = widget.parent
    while parent is not None and parent is not parent.parent:
        if isinstance(parent, Clip):
            place = rectangle(parent, HEIGHT)
            left, top = max(left, place.left), max(top, place.top)
            right = min(right, place.left + place.width)
            bottom = min(bottom, place.top + place.height)
        parent = parent.parent
    return (left, top, max(0.0, right - left), max(0.0, bottom - top))


def surfaces(widget: Any) -> list[list[float]]:
    """The cards that the widget stands on."""
    from screens.widgets.surface import Surface
    from screens.widgets.touch import rectangle

    found, parent = [], widget.parent
    while parent is not None and parent is not parent.parent:
        if isinstance(parent, Surface):
            found.append(list(rectangle(parent, HEIGHT)))
        parent = parent.parent
    return found


def arguments() -> argparse.Namespace:
    """As in the module's docstring."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("fonts", type=Path)
    parser.add_argument("words", type=Path)
    parser.add_argument("language")
    parser.add_argument("--trees", action="store_true")
    parser.add_argument("--text", type=TextSize, default=TextSize.USUAL)
    parser.add_argument("--theme", type=Theme, default=Theme.LIGHT)
    parser.add_argument("--low", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--without", default="", help="scenes that are never shown like this")
    return parser.parse_args()


def main() -> None:
    """Draw and describe."""
    asked = arguments()
    env.prepare(asked.out / "kivy", width=WIDTH, height=HEIGHT, max_fps=0)
    from kiosk.words import Words
    from screens import gallery, samples

    look = Look(text=asked.text, theme=asked.theme, low_reach=asked.low)
    only, without = (set(filter(None, names.split(","))) for names in (asked.only, asked.without))
    scenes = [
        (name, replace(scene, chrome=replace(scene.chrome, look=look)))
        for name, scene in samples.scenes()
        if (name in only or not only) and name not in without
    ]
    trees: dict[str, Any] = {}

    def keep(name: str, stage: Any) -> None:
        trees[name] = describe(stage, look.text.factor)
        if not asked.trees:  # once is enough, and the last thing: it turns the lists
            trees[name]["walk"] = focus_walk.walk(stage)

    said, previews = Words.load(asked.words, asked.language), samples.previews()
    if asked.trees:
        gallery.walk(scenes, said, asked.fonts, lambda _, name, stage: keep(name, stage), previews)
    else:
        gallery.render(scenes, asked.out, said, asked.fonts, keep, previews)
    (asked.out / "tree.json").write_text(json.dumps(trees, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
