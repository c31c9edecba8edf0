"""Run by `test_keyboards.py` in a process of its own: opens every keyboard on the form and touches it.

`drive_input.py OUT FONTS WORDS SCRATCH PICTURES` writes OUT, {scenario: what came of it}, and PICTURES/<name>.png.
"""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from drive_b import HEIGHT, SCENES, WIDTH, Glass, pause, settle
from kivy.base import EventLoop
from kivy.clock import Clock

from kiosk.catalogue.model import Check, Field
from kiosk.journey import views
from kiosk.preview import PreviewSlot
from kiosk.words import Words
from screens import gallery
from screens.input.pinyin import ENGINE
from screens.theme import fonts
from screens.widgets.touch import live_widgets, rectangle, touchables

PICTURES = Path(sys.argv[5])
#: 中 in its stroke order, in shares of the pad: 丨 乛 一 丨
ZHONG = (
    ((0.32, 0.3), (0.32, 0.6)),
    ((0.32, 0.3), (0.68, 0.3), (0.68, 0.6)),
    ((0.32, 0.6), (0.68, 0.6)),
    ((0.5, 0.1), (0.5, 0.9)),
)
FIELDS = (
    Field(name="phone", label="手机号码", check=Check.PHONE, section="申请人", longest=11),
    Field(name="number", label="证件号码", check=Check.ID_NUMBER, section="申请人"),
    Field(name="contact", label="联系人姓名", check=Check.NAME, section="申请人", hint="照身份证上写"),
    Field(name="address", label="现在的住址", check=Check.ADDRESS, section="申请人", hint="写到门牌号"),
    Field(name="since", label="从哪天起住在这里", check=Check.DATE, section="申请人"),
    Field(name="code", label="统一社会信用代码", check=Check.CREDIT_CODE, section="申请人"),
)


def form(glass: Glass, field: str, value: str = "") -> Glass:
    """A form of all kinds, with the keyboard of one field open."""
    scene = SCENES["form"]
    asked = tuple(views.FormEntry(each, value if each.name == field else "", "", "") for each in FIELDS)
    glass.stage.clear()
    glass.posted.clear()
    glass.show(replace(scene, view=replace(scene.view, known=(), asked=asked)))
    pause()
    row = next(w for w in live_widgets(glass.stage) if getattr(w, "touch_key", "") == f"field.{field}")
    row.dispatch("on_tap")
    settle()
    return glass


def panel(glass: Glass) -> Any:
    return glass.stage.screen._panel  # type: ignore[union-attr]


def picture(name: str) -> None:
    """Keep what the window shows, at a third of its size."""
    PICTURES.mkdir(exist_ok=True)
    EventLoop.idle()
    shown = gallery.snapshot()
    if "--full" not in sys.argv:
        shown = shown.resize((WIDTH // 3, HEIGHT // 3))
    gallery.save(shown, PICTURES / f"{name}.png")


def write(glass: Glass, strokes: Iterable[Iterable[tuple[float, float]]], tremble: float = 0.0) -> None:
    """Draw on the pad with the finger, 20 points for each line, and wait for the candidates."""
    box = glass.place("pad")
    for stroke in strokes:
        corners = [(box.left + x * box.width, box.top + y * box.height) for x, y in stroke]
        path = [corners[0]]
        for (x0, y0), (x1, y1) in pairwise(corners):
            for step in range(1, 21):
                shake = tremble * (1 if step % 2 else -1)
                path.append((x0 + (x1 - x0) * step / 20 + shake, y0 + (y1 - y0) * step / 20 - shake))
        glass.drag(path)
    ENGINE.ink.wait()
    until = Clock.get_time() + 0.1
    while Clock.get_time() < until:
        Clock.tick()
    settle()


def candidates(glass: Glass) -> list[str]:
    return [w.plain for w in touchables(glass.stage) if w.touch_key.startswith("candidate.")]


def every_keyboard(glass: Glass) -> Any:
    """A picture of each; whether every key is large enough, on the screen, and no two overlap."""
    found: dict[str, Any] = {}
    for name, field, value, keys in (
        ("phone", "phone", "138", ()),
        ("id-number", "number", "429006195403120", ()),
        ("handwriting", "contact", "王", ("key.handwriting",)),
        ("pinyin", "contact", "王", ("key.pinyin", *(f"key.{letter}" for letter in "xiaoming"))),
        ("letters", "contact", "", ("key.letters",)),
        ("symbols", "contact", "", ("key.symbols",)),
        ("find", "contact", "王", ("key.find", "key.土", "key.口")),
        ("code", "contact", "王", ("key.find", "key.code", *(f"key.{digit}" for digit in "20BB7"))),
        ("region", "address", "", ()),
        ("region-village", "address", "", ("region.岳口镇",)),
        ("date", "since", "", ()),
        ("date-day", "since", "", ("date.decade.1950", "date.year.1954", "date.month.3")),
    ):
        form(glass, field, value).touch(*keys)
        if name == "handwriting":
            write(glass, ZHONG)
        picture(name)
        found[name] = layout(glass)
        panel(glass).close()
    ENGINE.forget()
    return found


def layout(glass: Glass) -> dict[str, Any]:
    whole = rectangle(panel(glass), HEIGHT)
    keys = [w for w in touchables(glass.stage) if w.opacity and rectangle(w, HEIGHT).within(whole)]
    boxes = {w.touch_key: rectangle(w, HEIGHT) for w in keys if w.parent.opacity}
    names = sorted(boxes)
    return {
        "smallest": round(min(min(box.width, box.height) for box in boxes.values())),
        "overlap": [(a, b) for a in names for b in names if a < b and boxes[a].overlap(boxes[b]) > 1],
        "on screen": whole.top >= 0 and whole.top + whole.height <= HEIGHT,
        "height": round(whole.height),
        "pad": round(boxes["pad"].width * boxes["pad"].height / (whole.width * whole.height), 3)
        if "pad" in boxes
        else None,
    }


SCENARIOS: Iterable[Callable[[Glass], Any]] = (every_keyboard,)


def main() -> None:
    """Run every scenario on one glass."""
    fonts.register(Path(sys.argv[2]))
    EventLoop.ensure_window()
    EventLoop.start()
    glass = Glass(Words.load(Path(sys.argv[3]), "zh-Hans"), PreviewSlot())
    found = {scenario.__name__: scenario(glass) for scenario in SCENARIOS}
    Path(sys.argv[1]).write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
