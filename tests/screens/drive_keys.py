"""What `drive_input.py` plays by keys: into fields, among candidates, with one switch, and what a finger takes away."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from drive_b import SCENES, Glass, settle
from kivy.clock import Clock

from devices.keypad import Key, KeyPress
from ground.clock import RealClock
from kiosk.focused import Focused
from kiosk.journey.look import Look, Theme
from kiosk.pressed_keys import PressedKeys
from screens import samples_a
from screens.keying import Keying
from screens.theme import tokens
from screens.widgets.focus import Focus

PACE_S = 0.3
FORM = Callable[..., Glass]


class Pad:
    """A keypad and a switch on the glass."""

    def __init__(self, glass: Glass) -> None:
        stage = glass.stage
        self.told: list[Focused] = []
        self.noted = 0
        self.volume: list[int] = []
        self.focus = Focus(
            stage, lambda key, **facts: stage.words(key, **facts), self.told.append, lambda: stage.settled
        )
        self._keys = PressedKeys()
        self.keying = Keying(self.focus, self._keys, self._note, self.volume.append, PACE_S)

    def _note(self) -> None:
        self.noted += 1

    def press(self, *keys: Key | str) -> "Pad":
        """Press these, and let the screen settle after each."""
        for key in keys:
            self._keys.put(KeyPress(key) if isinstance(key, Key) else KeyPress(Key.CHARACTER, key))
            self.look()
        return self

    def look(self, looks: int = 6) -> None:
        for _ in range(looks):
            self.keying.look()
            settle()

    def at(self) -> str | None:
        """Where the focus is."""
        return self.focus.focused.touch_key if self.focus.focused else None

    def to(self, key: str) -> "Pad":
        """Lead it there by single steps."""
        for _ in range(120):
            if self.at() == key:
                return self
            self.press(Key.RIGHT)
        raise AssertionError((key, self.at()))

    def wait(self, seconds: float) -> None:
        """Let time pass; the screen is looked at meanwhile."""
        clock = RealClock()
        until = clock.after(seconds)
        while not clock.due(until):
            clock.wait(0.02)
            Clock.tick()
            self.keying.look()


def played(glass: Glass, form: FORM) -> dict[str, Any]:
    """Every story, one after the other, on one glass."""
    return {
        story.__name__: story(glass, form) for story in (number, spelling, no_arrows, one_switch, away, kept)
    }


def number(glass: Glass, form: FORM) -> Any:
    """Digits go into the field; 更正 takes one away, 确认 ends it."""
    form(glass, "since")
    glass.stage.screen._done()  # type: ignore[union-attr]  # no keyboard is open
    settle()
    RealClock().wait(tokens.DOUBLE_TAP)
    pad = Pad(glass)
    first = [pad.press(Key.ENTER).at(), list(glass.posted)]
    pad.to("field.phone").press("1", "3", "8")
    typed = [glass.posted[-1].value, pad.at()]  # type: ignore[union-attr]
    pad.press(Key.CORRECT)
    corrected = glass.posted[-1].value  # type: ignore[union-attr]
    pad.press(Key.ENTER)
    return {
        "first": first,
        "typed": typed,
        "corrected": corrected,
        "back at": pad.at(),
        "keyboard": "key.done" in glass.offered(),
        "noted": pad.noted > 5,
        "louder": pad.press(Key.LOUDER, Key.SOFTER).volume,
        "told": [each.label for each in pad.told if each.role == "field"][:1],
    }


def spelling(glass: Glass, form: FORM) -> Any:
    """A name is written by hand first: keys begin at 拼音; while letters wait, a digit chooses."""
    form(glass, "phone")
    glass.stage.screen._done()  # type: ignore[union-attr]
    settle()
    RealClock().wait(tokens.DOUBLE_TAP)
    pad = Pad(glass)
    pad.press(Key.ENTER)
    pad.to("field.contact").press(Key.ENTER)
    opened = pad.at()
    pad.press(Key.ENTER)
    for letter in "wang":
        pad.focus.press(f"key.{letter}")
    pad.look()
    pad.press("1")
    chosen = glass.posted[-1].value  # type: ignore[union-attr]
    pad.press("8")
    after = glass.posted[-1].value  # type: ignore[union-attr]
    pad.press(Key.BACK)
    return {"opened": opened, "chosen": chosen, "then": after[len(chosen) :], "closed": pad.at()}


def no_arrows(glass: Glass, form: FORM) -> Any:
    """A pad of digits alone: where no number is written, 6 leads on and 5 to the main action."""
    form(glass, "phone")
    glass.stage.screen._done()  # type: ignore[union-attr]
    settle()
    RealClock().wait(tokens.DOUBLE_TAP)
    pad = Pad(glass)
    places = []
    for key in (Key.RIGHT, Key.RIGHT, Key.DOWN, Key.MAIN):
        pad._keys.put(KeyPress(Key.CHARACTER, "6", key))
        pad.look()
        places.append(pad.at())
    return places


def one_switch(glass: Glass, form: FORM) -> Any:
    """Rows, then things, at the pace; a press takes what is offered, and after some rounds it rests."""
    glass.open("situation")
    pad = Pad(glass)
    begun = [pad.press(Key.SWITCH).at(), list(glass.posted)]
    pad.wait(PACE_S * 1.3)
    moved = pad.at()
    pad.press(Key.SWITCH)
    posted = repr(glass.posted[-1]) if glass.posted else ""
    glass.open("evaluate-chosen")
    pad.keying.touched()
    pad.press(Key.SWITCH)
    rows = []
    while len(pad.focus.row) < 2:
        pad.wait(PACE_S / 3)
        rows.append(pad.at())
    row = [each.touch_key for each in pad.focus.row]
    pad.press(Key.SWITCH)
    inside = [pad.at(), len(pad.focus.row)]
    pad.keying._scan._offered = 1000
    pad.wait(PACE_S * 2.5)
    return {"begun": begun, "moved": moved, "posted": posted, "row": len(row), "inside": inside[0] == row[0]}


def away(glass: Glass, form: FORM) -> Any:
    """A finger takes the ring away; 取消 stays where a question is asked, 退出 asks, help helps."""
    glass.open("review")
    pad = Pad(glass)
    pad.press(Key.DOWN, Key.HOME, Key.HELP, Key.BACK)
    posted = [type(each).__name__ for each in glass.posted]
    ring = pad.focus._ring.shown is not None
    pad.keying.touched()
    return {"posted": posted, "ring": [ring, pad.focus._ring.shown is not None], "focus": pad.at()}


def kept(glass: Glass, form: FORM) -> Any:
    """Another look builds the screen anew: the focus stays where it was."""
    scenes = dict(samples_a.scenes())
    glass.stage.clear()
    glass.show(scenes["look"])
    RealClock().wait(tokens.DOUBLE_TAP)
    pad = Pad(glass)
    pad.press(Key.ENTER)
    pad.to("look.theme.night")
    scene = scenes["look"]
    look = Look(theme=Theme.NIGHT)
    glass.show(replace(scene, number=scene.number + 1, chrome=replace(scene.chrome, look=look)))
    pad.focus.changed()
    pad.look()
    stayed = pad.at()
    glass.show(SCENES["review"])
    pad.focus.changed()
    pad.look()
    return [stayed, pad.at()]
