"""Run by `test_keyboards.py` in a process of its own: opens every keyboard on the form and touches it.

`drive_input.py OUT FONTS WORDS SCRATCH PICTURES` writes OUT, {scenario: what came of it}, and PICTURES/<name>.png.
"""

import gc
import json
import os
import sys
import threading
import weakref
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import drive_b
import drive_keys
from drive_b import HEIGHT, SCENES, Finger, Glass, settle
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.lang import Builder

from ground.clock import RealClock
from kiosk.catalogue.model import Check, Field
from kiosk.journey import views
from kiosk.preview import PreviewSlot
from kiosk.words import Words
from screens import gallery, pictures
from screens.input.pinyin import ENGINE
from screens.theme import fonts, tokens
from screens.widgets.text import Text
from screens.widgets.touch import live_widgets, rectangle, touchables
from tools.demo.story import STORY

drive_b.SETTLE_FRAMES = 3  # layout, size, texture: keyboards have nothing that needs more
PICTURES = Path(sys.argv[5])
#: 中 in its stroke order, in shares of the pad: 丨 乛 一 丨
ZHONG = (
    ((0.32, 0.3), (0.32, 0.6)),
    ((0.32, 0.3), (0.68, 0.3), (0.68, 0.6)),
    ((0.32, 0.6), (0.68, 0.6)),
    ((0.5, 0.1), (0.5, 0.9)),
)
TORN_BELOW = 8  #: longer captions may take two lines: names of places, English sentences on keys
RARE = "㐂𠮷䶮〇㛃𪨶龘"
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
    rest()
    row = next(w for w in live_widgets(glass.stage) if getattr(w, "touch_key", "") == f"field.{field}")
    row.dispatch("on_tap")
    settle()
    return glass


def rest() -> None:
    """She looks before she touches again; without turning Kivy's clock all the while."""
    RealClock().wait(tokens.DOUBLE_TAP)
    settle()


def choose(glass: Glass, *keys: str) -> None:
    """Touch keys of which each leads to the next."""
    for key in keys:
        rest()
        glass.touch(key)


def panel(glass: Glass) -> Any:
    return glass.stage.screen._panel  # type: ignore[union-attr]


def picture(glass: Glass, name: str) -> None:
    """Keep the keyboard, at a third of its size; with --full, the whole window."""
    PICTURES.mkdir(exist_ok=True)
    Builder.sync()
    shown = gallery.snapshot()
    if "--full" not in sys.argv:
        left, top, width, height = (round(part) for part in rectangle(panel(glass), HEIGHT))
        shown = shown.crop((left, top, left + width, top + height)).resize((width // 3, height // 3))
    pictures.save(shown, PICTURES / f"{name}.png")


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
        ("address", "address", "", ("key.pinyin",)),
        ("region", "address", "", ()),
        ("region-village", "address", "", ("region.岳口镇",)),
        ("date", "since", "", ()),
        ("date-day", "since", "", ("date.decade.1950", "date.year.1954", "date.month.3")),
    ):
        form(glass, field, value)
        touch = choose if field in ("address", "since") else Glass.touch
        touch(glass, *keys)
        if name == "handwriting":
            write(glass, ZHONG)
        picture(glass, name)
        found[name] = layout(glass)
        panel(glass).close()
    ENGINE.forget()
    return found


def layout(glass: Glass) -> dict[str, Any]:
    whole = rectangle(panel(glass), HEIGHT)
    boxes = {w.touch_key: rectangle(w, HEIGHT) for w in touchables(panel(glass))}
    names = sorted(boxes)
    return {
        "smallest": round(min(min(box.width, box.height) for box in boxes.values())),
        "overlap": [(a, b) for a in names for b in names if a < b and boxes[a].overlap(boxes[b]) > 1],
        "torn": [
            text.plain
            for text in live_widgets(panel(glass))
            if isinstance(text, Text) and (text.clipped or "\n" in text.text) and len(text.plain) < TORN_BELOW
        ],
        "on screen": whole.top >= 0 and whole.top + whole.height <= HEIGHT,
        "height": round(whole.height),
        "pad": round(boxes["pad"].width * boxes["pad"].height / (whole.width * whole.height), 3)
        if "pad" in boxes
        else None,
    }


def english(glass: Glass) -> Any:
    """English words are longer: the fullest keyboards, on a glass of their own."""
    Window.remove_widget(glass.stage)
    other = Glass(Words.load(Path(sys.argv[3]), "en"), PreviewSlot())
    found = {}
    for field, key in (("address", "key.pinyin"), ("contact", "key.handwriting"), ("contact", "key.find")):
        form(other, field).touch(key)
        found[f"{field} {key}"] = layout(other)["torn"]
    other.stage.clear()
    Window.remove_widget(other.stage)
    Window.add_widget(glass.stage)
    ENGINE.forget()
    return found


def story(glass: Glass) -> Any:
    """What the walking citizen of the demo types, with the keys that she touches."""
    filled = {}
    for name, keys in STORY.typed.items():
        if keys[0].startswith("choice."):
            continue
        glass.open("form")
        row = next(w for w in live_widgets(glass.stage) if getattr(w, "touch_key", "") == f"field.{name}")
        row.dispatch("on_tap")
        settle()
        choose(glass, *keys) if "since" in name else glass.touch(*keys)
        filled[name] = glass.posted[-1].value  # type: ignore[union-attr]
    ENGINE.forget()
    return filled


def writing(glass: Glass) -> Any:
    """Character after character with the finger, a stroke too much, and everything wiped."""
    form(glass, "contact")
    hint = candidates(glass)
    offered = []
    for stroke in ZHONG:
        write(glass, [stroke])
        offered.append(candidates(glass))
    write(glass, [((0.1, 0.1), (0.2, 0.2))])
    glass.touch("key.undo")
    write(glass, ())
    again = candidates(glass)
    glass.touch(f"candidate.{again.index('中')}")
    strokes_left, marks = panel(glass)._pad.strokes, candidates(glass)
    write(glass, ZHONG, tremble=6)
    settles = texts_of(glass, "key.done")
    trembled = candidates(glass)
    glass.touch("key.wipe")
    wiped = panel(glass)._pad.strokes
    glass.touch(f"candidate.{marks.index('·')}", "key.delete")
    return {
        "first keys": hint[:3],
        "candidates grow": [len(each) > 3 for each in offered],
        "same after undo": again == offered[-1],
        "pad is free": [strokes_left, wiped],
        "trembling": "中" in trembled,
        "done says": [settles, texts_of(glass, "key.done")],
        "posted": [event.value for event in glass.posted if event.value][-3:],  # type: ignore[union-attr]
    }


def texts_of(glass: Glass, key: str) -> str:
    return str(next(w.plain for w in touchables(glass.stage) if w.touch_key == key))


def palm(glass: Glass) -> Any:
    """A second finger beside the first writes nothing; ink that leaves the pad stops at its edge."""
    form(glass, "contact")
    box = glass.place("pad")
    first, second = Finger(box.left + 200, box.top + 200), Finger(box.left + 500, box.top + 400)
    for finger in (first, second):
        EventLoop.post_dispatch_input("begin", finger)
    second.move({"x": 0.6, "y": 0.4})
    EventLoop.post_dispatch_input("update", second)
    first.move({"x": 0.99, "y": 0.01})
    EventLoop.post_dispatch_input("update", first)
    for finger in (second, first):
        EventLoop.post_dispatch_input("end", finger)
    settle()
    pad = panel(glass)._pad
    points = pad._strokes[0][0]
    inside = all(pad.x <= x <= pad.right and pad.y <= y <= pad.top for x, y in points)
    glass.touch("key.wipe")
    return [pad.strokes == 0, len(points), inside]


def places_and_days(glass: Glass) -> Any:
    """From town to village to the house; back up; an address that begins elsewhere; a day of birth."""
    choose(form(glass, "address"), "region.岳口镇", "regions.next", "regions.previous", "region.陈家巷社区")
    kind = panel(glass).kind.value
    glass.touch("key.symbols", "key.8")
    here = panel(glass).text
    glass.touch("key.region")
    choose(glass, "regions.up", "region.多宝镇")
    moved = panel(glass).text
    choose(glass, "regions.up", "regions.up", "regions.up", "region.北京市", "region.东城区")
    far = panel(glass).text
    form(glass, "address", "人民大道 8 号")
    own = [panel(glass).kind.value, panel(glass).text]
    form(glass, "since").touch("date.decade.1950")
    trembled = glass.touch("date.year.1954").offered()
    choose(glass, "date.year.1954", "date.month.3", "date.day.12")
    born = panel(glass).text
    choose(glass, "date.part.0", "date.decade.1960", "date.year.1960", "key.done")
    return {
        "kind": kind,
        "here": here,
        "moved": moved,
        "far": far,
        "own": own,
        "second touch too early": "date.month.3" in trembled,
        "born": born,
        "last": glass.said()[-1],
    }


def rare(glass: Glass) -> Any:
    """Each is drawn as itself on the field, and chosen by its number."""
    box = drawn("\U0003fffd")
    same = [character for character in RARE if drawn(character) == box]
    form(glass, "contact", "王").touch("key.find", "key.code")
    for character in RARE:
        glass.touch(*(f"key.{digit}" for digit in f"{ord(character):X}"), "candidate.0")
    named = glass.posted[-1].value  # type: ignore[union-attr]
    glass.touch("key.find", "key.土", "key.口")
    return {"boxes": same, "named": named, "by parts": "𠮷" in candidates(glass)}


def drawn(character: str) -> bytes:
    text = Text(plain=character, kind="giant", wrap=False)
    text.settle()
    return bytes(text.texture.pixels)


def forgetting(glass: Glass) -> Any:
    """What she taught the keyboard is gone when the next one comes; no file, no thread, no habit."""
    form(glass, "contact").touch("key.pinyin", *(f"key.{letter}" for letter in "xiaomingli"))
    glass.touch(f"candidate.{candidates(glass).index('晓')}")
    glass.touch(f"candidate.{candidates(glass).index('名利')}")
    form(glass, "contact").touch(*(f"key.{letter}" for letter in "xiaomingli"))
    known = [candidates(glass)[0], panel(glass).kind.value]
    form(glass, "contact").touch("key.handwriting")
    write(glass, ZHONG)
    memory = Path("/dev/shm")
    files = len(list(memory.glob(f"pinyin-{os.getpid()}-*")))
    glass.open("goodbye")
    left = len(list(memory.glob(f"pinyin-{os.getpid()}-*")))
    threads = [thread.name for thread in threading.enumerate() if thread.name.startswith("handwriting")]
    form(glass, "contact")
    habit = panel(glass).kind.value
    strokes = panel(glass)._pad.strokes
    glass.touch("key.pinyin", *(f"key.{letter}" for letter in "xiaomingli"))
    next_one = candidates(glass)
    glass.open("goodbye")
    return {
        "within the visit": known,
        "files": [files, left],
        "threads": threads,
        "habit": habit,
        "strokes": strokes,
        "the next one": "晓名利" in next_one,
    }


def leaks(glass: Glass) -> list[str]:
    """A screen that goes while somebody writes leaves no clock event, no stroke and no widget behind."""
    wrong = []
    glass.stage.clear()
    settle()
    events = len(Clock.get_events())
    for field, keys in (("contact", ()), ("contact", ("key.find", "key.土")), ("address", ()), ("since", ())):
        form(glass, field).touch(*keys)
        if field == "contact" and not keys:
            box = glass.place("pad")
            glass.drag([(box.left + 100, box.top + 100), (box.left + 300, box.top + 100)])
        held = weakref.ref(panel(glass))
        glass.stage.clear()
        ENGINE.forget()
        settle()
        gc.collect()
        if len(Clock.get_events()) != events:
            wrong.append(f"{field} {keys}: {[str(event) for event in Clock.get_events()]}")
        if held() is not None:
            wrong.append(f"{field} {keys}: held by {[type(holder) for holder in gc.get_referrers(held())]}")
    return wrong


def keys(glass: Glass) -> Any:
    """By the keypad and a switch."""
    return drive_keys.played(glass, form)


SCENARIOS: Iterable[Callable[[Glass], Any]] = (
    every_keyboard,
    english,
    story,
    writing,
    palm,
    places_and_days,
    rare,
    forgetting,
    leaks,
    keys,
)


def main() -> None:
    """Run every scenario on one glass, or those that are named."""
    fonts.register(Path(sys.argv[2]))
    EventLoop.ensure_window()
    EventLoop.start()
    glass = Glass(Words.load(Path(sys.argv[3]), "zh-Hans"), PreviewSlot())
    wanted = [name for name in sys.argv[6:] if not name.startswith("--")]
    found = {each.__name__: each(glass) for each in SCENARIOS if not wanted or each.__name__ in wanted}
    Path(sys.argv[1]).write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
