"""Run by the fixture `painter` in a process of its own: shows scenes in any manner, and writes down their trees.

`render_scenes.py SCRATCH FONTS WORDS` reads requests from its standard input, one JSON object a line:

    {"folder": "…", "language": "en", "landscape": false, "text": "elder", "theme": "light", "low": true,
     "scenes": ["home", …] (left out: all), "drawn": true}

and writes folder/tree.json, {name: {"texts": […], "touchables": […], "reading": […], "walk": {…}, "own": […]}} as
`screens.tree.describe` and `focus_walk` have it (`own`: all texts of the scene), and with `drawn` folder/<name>.png
(else no walk). It answers each request with a line, "done". Kivy starts once for all of them. Nothing is swept up: end
it after a hundred screens or two, each of which leaves some 5 MB behind.
"""

import gc
import json
import sys
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import focus_walk
import pseudo

from kiosk.journey.look import Look, TextSize, Theme
from screens import env
from screens.manners import Manner

#: of the window: both orientations find room in it
SIDE = 1920


def serve(scratch: Path, font_folder: Path, word_folder: Path) -> None:
    """One request after another, until the input ends."""
    env.prepare(scratch, width=SIDE, height=SIDE, max_fps=0)
    from kiosk.words import Words

    answers, sys.stdout = sys.stdout, sys.stderr
    gc.disable()  # sweeping up a screen costs more than building it; this process ends soon
    words: dict[str, Words] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        language = asked["language"]
        if language == pseudo.TAG:
            words.setdefault(language, Words(language, pseudo.sentences()))
        elif language not in words:
            words[language] = Words.load(word_folder, language)
        paint(asked, words[language], font_folder)
        answers.write("done\n")
        answers.flush()


def paint(asked: dict[str, Any], words: Any, font_folder: Path) -> None:
    """As in the module's docstring."""
    from kiosk.journey.in_her_language import in_her_language
    from screens import gallery, samples
    from screens.tree import describe

    look = Look(text=TextSize(asked["text"]), theme=Theme(asked["theme"]), low_reach=asked["low"])
    manner = Manner(language=asked["language"], landscape=asked["landscape"], look=look)
    folder, only, trees = Path(asked["folder"]), asked.get("scenes"), {}
    translate = pseudo.text if manner.language == pseudo.TAG else words.text

    def worn(scene: Any) -> Any:
        """As she sees it: in her language, and as she chose."""
        told = in_her_language(scene, translate)
        kept = replace(look, voice=told.chrome.look.voice)
        return replace(told, chrome=replace(told.chrome, look=kept))

    scenes = [
        (name, worn(scene))
        for name, scene in samples.scenes()
        if manner.shows(name) and (only is None or name in only)
    ]

    shown = dict(scenes)

    def keep(_: int, name: str, stage: Any) -> None:
        if asked.get("drawn"):
            gallery.snapshot(manner.size).save(folder / f"{name}.png", compress_level=1)
        trees[name] = describe(stage, manner.size) | {
            "reading": focus_walk.reading(stage),
            "own": sorted(strings(shown[name])),
        }
        if asked.get("drawn"):  # once is enough, and the last thing: it turns the lists
            trees[name]["walk"] = focus_walk.walk(stage)

    folder.mkdir(parents=True, exist_ok=True)
    gallery.walk(scenes, words, font_folder, keep, samples.previews(), manner.size)
    (folder / "tree.json").write_text(json.dumps(trees, ensure_ascii=False), encoding="utf-8")


def strings(seen: Any) -> set[str]:
    """Every text that stands in a scene."""
    if isinstance(seen, str):
        return {str(seen)}
    if isinstance(seen, tuple):
        return {found for one in seen for found in strings(one)}
    if is_dataclass(seen):
        return {found for one in fields(seen) for found in strings(getattr(seen, one.name))}
    return set()


if __name__ == "__main__":
    serve(*(Path(argument) for argument in sys.argv[1:4]))
