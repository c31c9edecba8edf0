"""Run by the fixture `rendered` in a process of its own: draws every sample scene, and writes down the widget tree.

`render_scenes.py OUT FONTS WORDS LANGUAGE [--trees]` writes OUT/NN-<name>.png (not with --trees) and OUT/tree.json:
{name: {"texts": [...], "touchables": [...]}}, rectangles as [left, top, width, height] in pixels.
"""

import json
import sys
from pathlib import Path
from typing import Any

from screens import env

WIDTH, HEIGHT = 1080, 1920


def describe(root: Any) -> dict[str, Any]:
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
                "pixels": round(widget.font_size),
                "clipped": widget.clipped,
                "box": list(box),
                "ink": list(ink(widget, box)),
                "seen": list(seen(widget)),
                "inside": surfaces(widget),
            }
        )
    found = [
        {"key": widget.touch_key, "box": list(rectangle(widget, HEIGHT)), "seen": list(seen(widget))}
        for widget in touchables(root)
    ]
    return {"texts": texts, "touchables": found}


def ink(widget: Any, box: Any) -> tuple[float, float, float, float]:
    """Where the drawn text is inside its widget."""
    wide, high = widget.texture_size
    room = box.width - wide
    left = box.left + (0 if widget.halign == "left" and widget.wrap else room / 2)
    return (left, box.top + (box.height - high) / 2, wide, high)


def seen(widget: Any) -> tuple[float, float, float, float]:
    """The window, or the viewport of the list that the widget is in: outside of it nothing is drawn."""
    from kivy.uix.stencilview import StencilView

    from screens.widgets.touch import rectangle

    parent = widget.parent
    while parent is not None and parent is not parent.parent:
        if isinstance(parent, StencilView):
            return tuple(rectangle(parent, HEIGHT))
        parent = parent.parent
    return (0, 0, WIDTH, HEIGHT)


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


def main() -> None:
    """Draw and describe."""
    out, fonts, words, language = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    env.prepare(out / "kivy", width=WIDTH, height=HEIGHT, max_fps=0)
    from kiosk.words import Words
    from screens import gallery, samples

    trees: dict[str, Any] = {}
    said, previews = Words.load(words, language), samples.previews()
    if "--trees" in sys.argv:

        def keep(_: int, name: str, stage: Any) -> None:
            trees[name] = describe(stage)

        gallery.walk(samples.scenes(), said, fonts, keep, previews)
    else:
        gallery.render(
            samples.scenes(),
            out,
            said,
            fonts,
            lambda name, stage: trees.update({name: describe(stage)}),
            previews,
        )
    (out / "tree.json").write_text(json.dumps(trees, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
