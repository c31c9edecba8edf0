"""Run by `test_b_screens.py` in a process of its own: touches the screens from situation to goodbye.

`drive_b.py OUT FONTS WORDS SCRATCH` writes OUT: {scenario: what came of it}. What was posted is written as repr.
"""

import gc
import json
import sys
import weakref
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

from screens import env

WIDTH, HEIGHT = 1080, 1920
env.prepare(Path(sys.argv[4]), width=WIDTH, height=HEIGHT, max_fps=0)
gc.disable()  # it is called where leaks are looked for; to sweep up between takes half of the time

from kivy.base import EventLoop  # noqa: E402
from kivy.clock import Clock  # noqa: E402
from kivy.core.window import Window  # noqa: E402
from kivy.input.motionevent import MotionEvent  # noqa: E402

from kiosk.journey.events import CitizenEvent  # noqa: E402
from kiosk.journey.views import Scene  # noqa: E402
from kiosk.preview import PreviewSlot  # noqa: E402
from kiosk.words import Words  # noqa: E402
from screens import samples_b  # noqa: E402
from screens.app import Stage  # noqa: E402
from screens.base import Desk  # noqa: E402
from screens.theme import fonts, tokens  # noqa: E402
from screens.widgets.text import Text  # noqa: E402
from screens.widgets.touch import Rectangle, live_widgets, rectangle, touchables  # noqa: E402

SCENES = dict(samples_b.scenes())
SETTLE_FRAMES = 8


class Finger(MotionEvent):  # type: ignore[misc]
    """A finger on the glass, x and y in pixels from the top left."""

    def __init__(self, x: float, y: float) -> None:
        super().__init__(
            "test", "finger", {"x": x / WIDTH, "y": 1 - y / HEIGHT}, is_touch=True, type_id="touch"
        )
        self.profile = ["pos"]

    def depack(self, args: Any) -> None:
        self.sx, self.sy = args["x"], args["y"]
        super().depack(args)


class Glass:
    """The stage in its window, a finger, and what was posted."""

    def __init__(self, words: Words, preview: PreviewSlot) -> None:
        self.posted: list[CitizenEvent] = []
        self.preview = preview
        self.stage = Stage(Desk(words=words, post=self.posted.append, preview=preview))
        Window.add_widget(self.stage)

    def show(self, scene: Scene) -> None:
        self.stage.show(scene)
        settle()

    def fresh(self, name: str) -> "Glass":
        """Show a sample scene on a fresh screen."""
        self.stage.clear()
        self.posted.clear()
        self.show(SCENES[name])
        return self

    def open(self, name: str) -> "Glass":
        """The same, and wait until touches count."""
        self.fresh(name)
        pause()
        return self

    def texts(self) -> list[str]:
        return [
            widget.plain for widget in live_widgets(self.stage) if isinstance(widget, Text) and widget.plain
        ]

    def offered(self) -> list[str]:
        return [widget.touch_key for widget in touchables(self.stage)]

    def place(self, key: str) -> Rectangle:
        found = [widget for widget in touchables(self.stage) if widget.touch_key == key]
        assert found, (key, self.offered())
        return rectangle(found[0], HEIGHT)

    def touch(self, *keys: str) -> "Glass":
        for key in keys:
            x, y = self.place(key).middle
            assert 0 <= x <= WIDTH and 0 <= y <= HEIGHT, (key, x, y)
            self.drag([(x, y)])
        return self

    def drag(self, path: list[tuple[float, float]]) -> None:
        finger = Finger(*path[0])
        EventLoop.post_dispatch_input("begin", finger)
        for x, y in path[1:]:
            finger.move({"x": x / WIDTH, "y": 1 - y / HEIGHT})
            EventLoop.post_dispatch_input("update", finger)
        EventLoop.post_dispatch_input("end", finger)
        settle()

    def said(self) -> list[str]:
        return [repr(event) for event in self.posted]


def settle() -> None:
    for _ in range(SETTLE_FRAMES):
        Clock.tick()
        Clock.tick_draw()


def pause() -> None:
    """Let the time pass in which a second tap would not count."""
    until = Clock.get_time() + tokens.DOUBLE_TAP
    while Clock.get_time() <= until:
        Clock.tick()


def slowly(glass: Glass, *keys: str) -> Glass:
    for key in keys:
        glass.touch(key)
        pause()
    return glass


# --- all screens ---


def updates(glass: Glass) -> list[str]:
    """Every scene shown over every other of its kind: the same widget, and the same words as when built fresh."""
    wrong = []
    fresh = {name: glass.fresh(name).texts() for name in SCENES}
    for one, other in permutations(SCENES, 2):
        if type(SCENES[one].view) is not type(SCENES[other].view) or _look(one) != _look(other):
            continue
        glass.fresh(one)
        screen = glass.stage.screen
        glass.show(SCENES[other])
        if glass.stage.screen is not screen or glass.texts() != fresh[other]:
            wrong.append(f"{one} -> {other}: {set(glass.texts()) ^ set(fresh[other])}")
    return wrong


def _look(name: str) -> Any:
    return SCENES[name].chrome.look  # another look builds another screen


def leaks(glass: Glass) -> list[str]:
    """What a screen leaves behind when it goes: clock events, or itself."""
    wrong = []
    glass.stage.clear()
    settle()
    events = len(Clock.get_events())
    for name in SCENES:
        glass.show(SCENES[name])
        if "form" in name:
            pause()
            glass.touch("field.phone", "key.1")
        screen = weakref.ref(glass.stage.screen)
        glass.stage.clear()
        settle()
        gc.collect()
        if len(Clock.get_events()) != events:
            wrong.append(f"{name}: {[str(event) for event in Clock.get_events()]}")
        if screen() is not None:
            wrong.append(f"{name}: still held by {[type(holder) for holder in gc.get_referrers(screen())]}")
    return wrong


# --- one after the other ---


def situation(glass: Glass) -> Any:
    fresh = "action.continue" in glass.open("situation").offered()
    answered = glass.touch("choice.owned").said()
    return [fresh, answered, glass.open("situation-chosen").touch("action.continue").said()]


def form_numbers(glass: Glass) -> Any:
    glass.open("form").touch("field.phone", *(f"key.{digit}" for digit in "1380"), "key.delete")
    open_keys = glass.offered()
    row = glass.place("field.phone")
    above = row.top + row.height <= glass.place("key.1").top
    slowly(glass, "key.done")
    return {
        "posted": glass.said(),
        "row stays above the keys": above,
        "main action while writing": "action.continue" in open_keys,
        "leaving while writing": "action.leave" in open_keys,
        "keyboard gone": "key.1" not in glass.offered(),
        "main action back": "action.continue" in glass.offered(),
    }


def form_pinyin(glass: Glass) -> Any:
    glass.open("form").touch(
        "field.residence_address", "key.pinyin", *(f"key.{letter}" for letter in "tianmen")
    )
    candidate = next(w for w in touchables(glass.stage) if w.touch_key == "candidate.0").plain
    glass.touch("candidate.0")
    suggestion = next(w for w in touchables(glass.stage) if w.touch_key == "candidate.0").plain
    glass.touch("candidate.0", "key.8")
    return [candidate, suggestion, glass.said()[-3:]]


def form_half_spelled(glass: Glass) -> Any:
    """Letters that were not settled are when another field is touched; 完成 settles first, then ends."""
    glass.open("form").touch(
        "field.residence_address", "key.pinyin", *(f"key.{letter}" for letter in "tianmen")
    )
    glass.touch("key.done")
    still_open = "key.done" in glass.offered()
    settled = glass.said()[-1]
    glass.open("form").touch(
        "field.residence_address", "key.pinyin", *(f"key.{letter}" for letter in "tianmen")
    )
    row = next(w for w in live_widgets(glass.stage) if getattr(w, "touch_key", "") == "field.phone")
    row.dispatch("on_tap")
    settle()
    return [still_open, settled, glass.said()[-1]]


def form_date(glass: Glass) -> Any:
    """The row of a field further down is scrolled into sight above the keyboard."""
    slowly(glass.open("form"), "field.residence_since", "date.year.2026", "date.month.9", "date.day.5")
    viewport = rectangle(glass.stage.screen.ids.scroll.viewport, HEIGHT)  # type: ignore[union-attr]
    return [glass.said()[-1], glass.place("field.residence_since").within(viewport)]


def form_choice_and_continue(glass: Glass) -> Any:
    glass.open("form")
    glass.touch("choice.family")
    return glass.touch("action.continue").said()


def form_known(glass: Glass) -> Any:
    folded = glass.open("form").texts()
    unfolded = slowly(glass, "form.known").texts()
    again = slowly(glass, "form.known").texts()
    return [
        sorted(set(unfolded) - set(folded)),
        any("王小明" in text or "429006199001010021" in text for text in unfolded),
        again == folded,
    ]


def form_keeps_the_keyboard_over_updates(glass: Glass) -> Any:
    glass.open("form").touch("field.phone", "key.1")
    scene = SCENES["form"]
    glass.show(replace(scene, chrome=replace(scene.chrome, patience_left_s=87)))
    return [glass.touch("key.3").said()[-1], any("87" in text for text in glass.texts())]


def capture(glass: Glass) -> Any:
    glass.open("capture-steady")
    asked = "page.delete.01.0" in glass.offered()
    slowly(glass, "page.01.0")
    asking = "page.delete.01.0" in glass.offered()
    slowly(glass, "page.keep")
    kept = "page.delete.01.0" in glass.offered()
    slowly(glass, "page.01.0", "page.delete.01.0")
    deleted = glass.said()
    return {
        "question": [asked, asking, kept],
        "deleted": deleted,
        "take": glass.open("capture-none").touch("action.take").said(),
        "more": glass.open("capture-enough").touch("action.take").said(),
        "done": glass.open("capture-enough").touch("action.continue").said(),
        "broken": glass.open("capture-broken").touch("action.try_again").said(),
        "take when broken": "action.take" in glass.open("capture-broken").offered(),
    }


def live_picture(glass: Glass) -> Any:
    glass.open("capture-none")
    preview = glass.stage.screen.preview  # type: ignore[union-attr]
    textures = set()
    for frame in range(5):
        glass.preview.put(samples_b.live_picture(frame / 5))
        settle()
        textures.add(id(preview._texture))
    steady, outline = preview.steady, len(preview._outline.points)
    glass.preview.put(replace(samples_b.live_picture(0.0), corners=None))
    settle()
    hidden = len(preview._outline.points)
    glass.preview.put(samples_b.live_picture(0.0))
    glass.stage.clear()
    return {
        "textures": len(textures),
        "steady": steady,
        "outline": [outline, hidden],
        "frame": [round(part) for part in (*preview._frame.pos, *preview._frame.size)],
        "preview": [round(part) for part in (preview.x, preview.y, preview.width, preview.height)],
        "left in the slot": glass.preview.take() is not None,
    }


def check_page(glass: Glass) -> Any:
    good, doubtful = glass.open("check-page"), "check-page-blurred"
    said = good.touch("action.retake").said() + good.open("check-page").touch("action.continue").said()
    widths = {}
    for name in ("check-page", doubtful):
        glass.open(name)
        widths[name] = glass.place("action.continue").width > glass.place("action.retake").width
    return [said, widths]


def review(glass: Glass) -> Any:
    said = (
        glass.open("review").touch("part.situation").said() + glass.open("review").touch("part.form").said()
    )
    glass.open("review")
    slowly(glass, "scroll.down", "scroll.down")
    said += glass.touch("part.material:02").said()
    return said + glass.open("review").touch("action.continue").said()


def sign(glass: Glass) -> Any:
    glass.open("sign")
    pad = next(w for w in touchables(glass.stage) if w.touch_key == "sign.pad")
    box = rectangle(pad, HEIGHT)
    offered = [{"action.continue", "action.clear"} & set(glass.offered())]
    glass.drag([(box.left + 100, box.top + 100), (box.left + 110, box.top + 100)])
    offered.append({"action.continue", "action.clear"} & set(glass.offered()))
    slowly(glass, "action.clear")
    offered.append({"action.continue", "action.clear"} & set(glass.offered()))
    glass.drag([(box.left + 100 + step * 20, box.top + 200 + step * 5) for step in range(20)])
    glass.drag([(box.left + 300, box.top + 100), (box.left + 300, box.top - 500)])
    glass.touch("action.continue")
    (signed,) = glass.posted
    strokes = signed.strokes  # type: ignore[union-attr]
    return {
        "offered": [sorted(keys) for keys in offered],
        "points": [len(stroke) for stroke in strokes],
        "first": [round(part * box.width) for part in strokes[0][0]],
        "last": [round(part * box.width) for part in strokes[0][-1]],
        "clamped": [round(part * box.width) for part in strokes[1][-1]],
        "again empty": pad.strokes() != () and (glass.stage.clear(), pad.strokes())[1] == (),
    }


def done(glass: Glass) -> Any:
    sides = {}
    for name in ("done", "done-no-paper"):
        glass.open(name)
        code = next(w for w in live_widgets(glass.stage) if type(w).__name__ == "QrCode")
        sides[name] = code._shape.size[0]
    said = glass.open("done").touch("action.continue").said() + glass.open("done").touch("action.skip").said()
    return {"said": said, "qr": sides}


def evaluate(glass: Glass) -> Any:
    none = {"action.continue", "action.skip"} & set(glass.open("evaluate").offered())
    sizes = {glass.place(f"rate.{level}")[2:] for level in range(1, 6)}
    said = glass.touch("rate.1").said() + glass.open("evaluate").touch("action.skip").said()
    slowly(glass.open("evaluate-chosen"), "rate.4", "reason.clear", "action.continue")
    return [sorted(none), len(sizes), said + glass.said()]


def goodbye(glass: Glass) -> Any:
    slip = [any("凭条" in text for text in glass.open(name).texts()) for name in ("goodbye", "goodbye-left")]
    return [slip, glass.touch("action.continue").said()]


def double_tap(glass: Glass) -> Any:
    glass.open("evaluate").touch("action.skip")
    glass.touch("action.skip")
    return glass.said()


SCENARIOS: Iterable[Callable[[Glass], Any]] = (
    updates,
    leaks,
    situation,
    form_numbers,
    form_pinyin,
    form_half_spelled,
    form_date,
    form_choice_and_continue,
    form_known,
    form_keeps_the_keyboard_over_updates,
    capture,
    live_picture,
    check_page,
    review,
    sign,
    done,
    evaluate,
    goodbye,
    double_tap,
)


def main() -> None:
    """Run every scenario on one glass."""
    fonts.register(Path(sys.argv[2]))
    EventLoop.ensure_window()
    EventLoop.start()
    glass = Glass(Words.load(Path(sys.argv[3]), "zh-Hans"), PreviewSlot())
    wanted = sys.argv[5:]
    found = {
        scenario.__name__: scenario(glass)
        for scenario in SCENARIOS
        if not wanted or scenario.__name__ in wanted
    }
    Path(sys.argv[1]).write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
