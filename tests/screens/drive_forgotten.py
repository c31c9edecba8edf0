"""Run by test_nothing_is_left.py in a process of its own: a whole visit on a real face, and then a search.

`drive_forgotten.py OUT FONTS WORDS` writes OUT: {"seen": what was on the glass, "left": {place: what was found},
"textures": [before, after]}. Only what the face's process holds is searched, as Python and Kivy see it; what is left in
the allocator's free pages is bench/face_memory.py's business (ADR 0035).
"""

import functools
import gc
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from screens import env

#: in pieces: this very file may lie in memory, too
NAME, PHONE, TYPED = "".join(("慕容", "示例甲")), "".join(("1991", "2345678")), "".join(("槐", "荫示例巷"))


def live(kind: type) -> list[Any]:
    """All objects of this kind."""
    return [thing for thing in gc.get_objects() if issubclass(type(thing), kind)]


def shown(stage: Any) -> str:
    """All that is written on the glass."""
    from screens.widgets.text import Text
    from screens.widgets.touch import live_widgets

    return "\n".join(widget.plain for widget in live_widgets(stage) if isinstance(widget, Text))


class Walk:
    """A journey in memory whose every scene is drawn."""

    def __init__(self, fonts: Path, words: Path) -> None:
        from kivy.core.window import Window

        from kiosk.catalogue.load import load_catalogue
        from kiosk.preview import PreviewSlot
        from kiosk.words import Spoken
        from screens.app import Stage
        from screens.base import Desk
        from screens.theme import fonts as faces
        from tests.journeys.walked_world import World
        from tools.assemble import CATALOGUE

        faces.register(fonts)
        spoken = Spoken.load(words, "zh-Hans")
        self.world = World(load_catalogue(CATALOGUE, date(2026, 11, 21)), spoken)
        self.stage = Stage(Desk(words=spoken, post=self._post, preview=PreviewSlot(), still=True))
        self.seen: list[str] = []
        Window.add_widget(self.stage)

    def _post(self, event: Any) -> None:
        self.world.conductor.touch(event, self.world.scene.number)

    def look(self) -> None:
        """Draw what there is to see."""
        from kivy.clock import Clock

        self.stage.show(self.world.scene)
        Clock.tick()
        Clock.tick_draw()
        self.seen.append(shown(self.stage))

    def do(self, *events: Any) -> None:
        for event in events:
            self.world.do(event)
            self.look()

    def answer(self, event: Any) -> None:
        self.world.answer(event)
        self.look()

    def tap(self, *keys: str) -> None:
        """Touch these, as a finger would."""
        from screens.widgets.touch import touchables

        for key in keys:
            widget = next(one for one in touchables(self.stage) if one.touch_key == key)
            widget.dispatch("on_tap")
            self.look()


def visit(walk: Walk) -> None:
    """From the idle screen to the idle screen; every place that can hold something of hers gets it."""
    from kiosk.journey import events as ev
    from kiosk.journey import views
    from kiosk.journey.delays import DEFAULTS
    from tests.journeys.walked_world import PERSON, STROKES, page

    world = walk.world
    walk.do(ev.Start(), ev.ChooseMatter("N02"), *[ev.Continue()] * 3)
    walk.answer(ev.CardRead(world.stage.ticket, replace(PERSON, name=NAME)))
    walk.do(
        ev.Continue(),
        ev.Answer("applicant", "mainland"),
        ev.Answer("errand", "first"),
        ev.Answer("housing", "owned"),
        ev.Continue(),
    )
    walk.tap("form.known", "reveal.number", "field.phone", *(f"key.{digit}" for digit in PHONE))
    walk.tap("key.done", "field.residence_address", "key.pinyin", *(f"key.{letter}" for letter in "shili"))
    walk.tap("candidate.0", "candidate.0", "key.done")
    walk.do(
        ev.Fill("residence_address", f"天门市岳口镇{TYPED}2号"),
        ev.Fill("residence_since", "2026-03-01"),
        ev.Fill("residence_purpose", "work"),
        ev.Continue(),
    )
    while isinstance(world.view, views.Capture):
        if not world.view.enough:
            walk.do(ev.TakePicture())
            walk.answer(ev.PageTaken(world.stage.ticket, page()))
        walk.do(ev.Continue())
    walk.tap("action.reveal")
    walk.do(ev.Continue(), ev.Sign(STROKES))
    walk.answer(ev.Sealed(world.stage.ticket, "T-000001-3"))
    walk.answer(ev.Delivered(world.stage.ticket, "429006-20261121-000001-7"))
    walk.do(ev.AskLeave(), ev.Leave())
    world.turn(DEFAULTS.goodbye_s)
    walk.look()


def holders(secrets: tuple[str, ...], own: set[int]) -> Iterator[str]:
    """Kinds of objects that hold one of the secrets; those of the walk itself (`own`) do not count."""
    for thing in gc.get_objects():
        if id(thing) in own or issubclass(type(thing), type | type(gc)):
            continue
        for held in gc.get_referents(thing):
            text = (
                held if type(held) is str else held.decode("utf-8", "replace") if type(held) is bytes else ""
            )
            if any(secret in text for secret in secrets):
                yield f"{type(thing).__module__}.{type(thing).__qualname__}"


def search(secrets: tuple[str, ...], own: set[int]) -> dict[str, list[str]]:
    """Place → what was found there."""
    from kivy.cache import Cache
    from kivy.uix.widget import Widget

    from screens.input.pinyin import ENGINE

    told = [
        f"{type(widget).__name__}.{name}"
        for widget in live(Widget)
        for name in ("plain", "text", "value", "label", "origin", "said")
        if any(secret in str(getattr(widget, name, "")) for secret in secrets)
    ]
    cached = [
        f"{category}: {type(entry.get('value')).__name__}"
        for category, entries in Cache._objects.items()
        for key, entry in entries.items()
        if any(secret in f"{key} {entry}" for secret in secrets)
    ]
    remembered = [
        cache.__name__
        for cache in live(functools._lru_cache_wrapper)
        if any(secret in repr(gc.get_referents(cache)) for secret in secrets)
    ]
    clipboard = sys.modules.get("kivy.core.clipboard")
    pasted = str(clipboard.Clipboard.paste()) if clipboard else ""
    return {
        "widgets": told,
        "caches of Kivy": cached,
        "memories of functions": remembered,
        "clipboard": [secret for secret in secrets if secret in pasted],
        "ways of writing": [] if ENGINE.way is None else [str(ENGINE.way)],
        "objects": sorted(set(holders(secrets, own))),
    }


def was_seen(glass: str, secrets: tuple[str, ...]) -> dict[str, bool]:
    """Secret → whether it stood on the glass at any moment."""
    return {secret: secret in glass.replace(" ", "") for secret in secrets}


def main(out: Path, fonts: Path, words: Path) -> None:
    """As in the module's docstring."""
    env.prepare(out.parent / "kivy", width=1080, height=1920, max_fps=0)
    from kivy.core.image import Image
    from kivy.graphics.texture import Texture

    walk = Walk(fonts, words)
    walk.look()
    visit(walk)  # once for what is made once: icons, lakes, glyphs
    gc.collect()
    before, walk.seen = len(live(Texture)), []
    visit(walk)
    from tests.journeys.walked_world import PERSON

    secrets = (NAME, PHONE, TYPED, PERSON.number, PERSON.address)
    seen = was_seen("\n".join(walk.seen), secrets)
    walk.seen = []
    gc.collect()
    own = {id(secrets), *(id(thing) for thing in (PERSON, globals(), locals(), sys._getframe()))}
    own |= {id(vars(sys.modules[name])) for name in ("tests.journeys.walked_world", "__main__")}
    told = {
        "seen": seen,
        "left": search(secrets, own),
        "textures": [before, len(live(Texture))],
        "pictures": len(live(Image)),
    }
    out.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*(Path(argument).resolve() for argument in sys.argv[1:4]))
