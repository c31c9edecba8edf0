"""Run by `test_touch.py` in a process of its own: a face touched by a real pointer (XTEST), step by step.

`touch_probe.py OUT FONTS WORDS STORY` plays one of STORIES and writes OUT: what the director was told, as JSON.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from kiosk.journey.events import Touched
from kiosk.tending.events import Knock
from screens import env

WIDTH, HEIGHT = 1080, 1920
#: after which a story that does not go on gives up
PATIENCE_S = 60.0

Step = Callable[[], bool]  #: called each frame until it is True


class ScriptedDirector:
    """Shows one scene after another: each touch that counts leads to the next. Keeps what it was told."""

    def __init__(self, scenes: list[Any]) -> None:
        self._scenes = scenes
        self._at = 0
        self.told: list[tuple[str, int]] = []
        self.signs_of_life = 0

    def pump(self) -> Any:
        return self._scenes[self._at]

    def go_on(self) -> None:
        """The next scene comes by itself, as when a card was read."""
        self._at += 1

    def touch(self, event: Any, scene: int) -> None:
        if isinstance(event, Touched | Knock):
            self.signs_of_life += 1
            return
        self.told.append((repr(event), scene))
        self._at = min(self._at + 1, len(self._scenes) - 1)


class Finger:
    """A real pointer on the X server."""

    def __init__(self) -> None:
        from Xlib import display

        self._display = display.Display()

    def move(self, at: tuple[float, float]) -> None:
        from Xlib import X
        from Xlib.ext import xtest

        xtest.fake_input(self._display, X.MotionNotify, x=int(at[0]), y=int(at[1]))
        self._display.sync()

    def press(self) -> None:
        self._button(4)

    def release(self) -> None:
        self._button(5)

    def type(self, *codes: int) -> None:
        """Keys of a keyboard that somebody plugged in."""
        from Xlib import X
        from Xlib.ext import xtest

        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
            xtest.fake_input(self._display, X.KeyRelease, code)
            self._display.sync()

    def _button(self, kind: int) -> None:
        from Xlib.ext import xtest

        xtest.fake_input(self._display, kind, 1)
        self._display.sync()


class Play:
    """Runs the generator of a story, one step each frame."""

    def __init__(self, app: Any, director: ScriptedDirector, story: Callable[..., Iterator[Any]]) -> None:
        from kivy.clock import Clock

        self._app, self._until = app, Clock.get_time() + PATIENCE_S
        self.notes: dict[str, Any] = {}
        self._steps = story(app, director, Finger(), self.notes)
        self._event = Clock.schedule_interval(self._frame, 0)

    def _frame(self, *_: object) -> None:
        from kivy.clock import Clock

        if Clock.get_time() > self._until:
            raise TimeoutError("the story does not go on")
        if next(self._steps, "end") == "end":
            self._event.cancel()
            self._app.stop()


def wait_for(condition: Callable[[], Any]) -> Iterator[None]:
    """Frames until the condition holds."""
    while not condition():
        yield


def ready(app: Any, key: str) -> Iterator[None]:
    """Frames until `key` can be touched: there, laid out, and past the guard against double taps."""
    from kivy.clock import Clock

    from screens.theme import tokens

    yield from wait_for(lambda: app.find(key) is not None and app.find(key).width > 1)
    until = Clock.get_time() + tokens.DOUBLE_TAP + 0.1
    yield from wait_for(lambda: Clock.get_time() > until)


def frames(count: int) -> Iterator[None]:
    for _ in range(count):
        yield


def tap(finger: Finger, at: tuple[float, float]) -> Iterator[None]:
    finger.move(at)
    yield from frames(3)
    finger.press()
    yield from frames(3)
    finger.release()
    yield from frames(3)


def through_the_notice(app: Any, director: Any, finger: Finger, notes: dict[str, Any]) -> Iterator[None]:
    """Idle, home, notice: one touch each, by what the screen says is there."""
    for key in ("start", "matter.N02", "action.continue"):
        yield from ready(app, key)
        told = len(director.told)
        yield from tap(finger, app.find(key).middle)
        yield from wait_for(lambda told=told: len(director.told) > told)


def type_on_a_keyboard(app: Any, director: Any, finger: Finger, notes: dict[str, Any]) -> Iterator[None]:
    """Escape, F1, F11, F12, Enter, Space, Tab: nothing happens; then a touch counts."""
    yield from ready(app, "start")
    before = len(app.root.children), app.focus.visible
    finger.move(app.find("start").middle)
    finger.type(9, 67, 95, 96, 36, 65, 23)
    yield from frames(20)
    notes["nothing"] = (len(app.root.children), app.focus.visible) == before and not director.told
    yield from tap(finger, app.find("start").middle)
    yield from wait_for(lambda: director.told)


def slip_off(app: Any, director: Any, finger: Finger, notes: dict[str, Any]) -> Iterator[None]:
    """Pressed inside, released outside: nothing; then a tap that counts."""
    yield from ready(app, "matter.N02")
    box = app.find("matter.N02")
    finger.move(box.middle)
    yield from frames(3)
    finger.press()
    yield from frames(3)
    notes["pressed"] = [widget.touch_key for widget in app.touchables() if widget.pressed]
    finger.move((box.left + box.width / 2, box.top + box.height + 500))
    yield from frames(3)
    finger.release()
    yield from frames(5)
    notes["after_slip"] = len(director.told)
    yield from tap(finger, box.middle)
    yield from wait_for(lambda: director.told)


def double_tap(app: Any, director: Any, finger: Finger, notes: dict[str, Any]) -> Iterator[None]:
    """A trembling finger taps twice where the next screen has a button, too: one touch counts."""
    yield from ready(app, "action.continue")
    at = app.find("action.continue").middle
    finger.move(at)
    yield from frames(3)
    for _ in range(2):
        finger.press()
        yield
        finger.release()
        yield
    yield from frames(10)


def lift_on_the_next(app: Any, director: Any, finger: Finger, notes: dict[str, Any]) -> Iterator[None]:
    """The next screen comes while the finger is down: lifted there, it is meant for neither."""
    yield from ready(app, "start")
    finger.move(app.find("start").middle)
    yield from frames(3)
    finger.press()
    yield from frames(3)
    notes["pressed"] = [widget.touch_key for widget in app.touchables() if widget.pressed]
    director.go_on()
    yield from ready(app, "matter.N02")
    finger.release()
    yield from frames(5)


def turn_the_list(app: Any, director: Any, finger: Finger, notes: dict[str, Any]) -> Iterator[None]:
    """往下翻 turns the list, a dragging finger scrolls it without choosing, and then a row can be chosen."""
    yield from ready(app, "scroll.down")
    rows = app.stage.screen.ids.rows
    yield from tap(finger, app.find("scroll.down").middle)
    yield from wait_for(lambda: rows.viewport.offset > 0)
    notes["turned"] = rows.viewport.offset
    place = rows.viewport.to_window(*rows.viewport.pos)
    x, y = 400, HEIGHT - place[1] - rows.viewport.height / 2
    finger.move((x, y))
    yield from frames(3)
    finger.press()
    for step in range(12):
        finger.move((x, y + 20 * step))
        yield from frames(2)
    finger.release()
    yield from frames(5)
    notes["dragged"], notes["after_drag"] = rows.viewport.offset, len(director.told)
    rows.to_top()
    yield from ready(app, "matter.C02")
    yield from tap(finger, app.find("matter.C02").middle)
    yield from wait_for(lambda: director.told)


def write_a_search(app: Any, director: Any, finger: Finger, notes: dict[str, Any]) -> Iterator[None]:
    """The search card of the home screen opens the keyboard; each key searches."""
    yield from ready(app, "search")
    yield from tap(finger, app.find("search").middle)
    yield from ready(app, "key.j")
    yield from tap(finger, app.find("key.j").middle)
    yield from wait_for(lambda: len(director.told) > 1)


def write_by_hand(app: Any, director: Any, finger: Finger, notes: dict[str, Any]) -> Iterator[None]:
    """中 with a pointer that really moves over the glass, stroke by stroke; then the key that says 中."""
    yield from ready(app, "search")
    yield from tap(finger, app.find("search").middle)
    yield from ready(app, "key.handwriting")
    yield from tap(finger, app.find("key.handwriting").middle)
    yield from ready(app, "pad")
    pad = app.find("pad")
    for stroke in (
        ((32, 30), (32, 60)),
        ((32, 30), (68, 30), (68, 60)),
        ((32, 60), (68, 60)),
        ((50, 8), (50, 92)),
    ):
        corners = [(pad.left + x * pad.width / 100, pad.top + y * pad.height / 100) for x, y in stroke]
        yield from draw(finger, corners)
    yield from wait_for(lambda: labelled(app, "中"))
    yield from frames(10)
    (key, *_) = labelled(app, "中")
    yield from tap(finger, app.find(key.touch_key).middle)
    yield from wait_for(lambda: director.told[-1][0] == "Search(text='中')")


def labelled(app: Any, text: str) -> list[Any]:
    """The keys that say this."""
    return [widget for widget in app.touchables() if getattr(widget, "plain", "") == text]


def draw(finger: Finger, corners: list[tuple[float, float]]) -> Iterator[None]:
    """Press at the first corner, move over the others in twelve steps each, let go."""
    finger.move(corners[0])
    yield from frames(3)
    finger.press()
    yield from frames(2)
    for (x0, y0), (x1, y1) in pairwise(corners):
        for step in range(1, 13):
            finger.move((x0 + (x1 - x0) * step / 12, y0 + (y1 - y0) * step / 12))
            yield from frames(1)
    yield from frames(2)
    finger.release()
    yield from frames(4)


def hold_and_wait(app: Any, director: Any, finger: Finger, notes: dict[str, Any]) -> Iterator[None]:
    """A corner that is touched begins, one that is held asks; a wait tells itself, and again when it is long."""
    from kivy.clock import Clock

    from screens.widgets import hold_corner, waiting

    notes["paces"] = [hold_corner.HOLD_S, waiting.SHOWN_AFTER_S, waiting.SLOW_AFTER_S]
    # paces alone are shortened
    hold_corner.HOLD_S, waiting.SHOWN_AFTER_S, waiting.SLOW_AFTER_S = 1.0, 1.0, 2.0
    corner = (WIDTH - 60, 60)
    yield from ready(app, "start")
    yield from tap(finger, corner)
    yield from wait_for(lambda: hasattr(app.stage.screen, "heading"))
    heading = app.stage.screen.heading
    began = Clock.get_time()
    notes["before"] = heading.waiting.height
    yield from ready(app, "action.back")
    yield from wait_for(lambda: heading.waiting.height)
    notes["shown_s"] = Clock.get_time() - began
    room = heading.waiting.height
    yield from wait_for(lambda: heading.waiting.height > room)
    yield from tap(finger, app.find("action.back").middle)
    yield from ready(app, "start")
    began = Clock.get_time()
    finger.move(corner)
    yield from frames(3)
    finger.press()
    yield from wait_for(lambda: len(director.told) > 2)
    notes["held_s"] = Clock.get_time() - began
    finger.release()
    yield from frames(20)
    notes["at_the_end"] = len(director.told)


def broken_director(app: Any, director: Any, finger: Finger, notes: dict[str, Any]) -> Iterator[None]:
    """An error in the middle of a visit must come out of run()."""
    yield from ready(app, "start")
    raise ZeroDivisionError("on purpose")


def scenes_for(story: str) -> list[Any]:
    """The scenes that a story walks through; numbers as in a visit."""
    from screens import samples

    by_name = dict(samples.scenes())
    names = {
        "through_the_notice": ("idle", "home", "notice", "readiness"),
        "type_on_a_keyboard": ("idle", "home"),
        "slip_off": ("home", "notice"),
        "double_tap": ("notice", "readiness", "consent"),
        "lift_on_the_next": ("idle", "home", "notice"),
        "turn_the_list": ("matters", "notice"),
        "write_a_search": ("home", "matters"),
        "write_by_hand": ("home", "matters"),
        "hold_and_wait": ("idle", "cases-asking", "idle", "clean-question"),
        "broken_director": ("idle",),
    }[story]
    return [replace(by_name[name], number=number) for number, name in enumerate(names, start=1)]


def main() -> None:
    out, fonts, words, story = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    env.prepare(out.parent / "kivy", width=WIDTH, height=HEIGHT, corner=(0, 0))
    from kiosk.preview import PreviewSlot
    from kiosk.words import Words
    from screens.app import FaceSettings, run

    director = ScriptedDirector(scenes_for(story))
    plays: list[Play] = []
    run(
        director,
        PreviewSlot(),
        Words.load(words, "zh-Hans"),
        FaceSettings(fonts=fonts, width=WIDTH, height=HEIGHT),
        on_started=lambda app: plays.append(Play(app, director, globals()[story])),
    )
    told = {"told": director.told, "signs_of_life": director.signs_of_life}
    out.write_text(json.dumps({**told, **plays[0].notes}), encoding="utf-8")


if __name__ == "__main__":
    main()
