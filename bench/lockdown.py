"""A monkey with a keyboard before the real face: is there any way out of it, to another window, a file or an address?

`python -m bench.lockdown --events 10000 --seed S` starts the demo (backend, emulated cabinet, uploader, face) on a
virtual screen that is set up by the session's own pieces: started as the unit starts it, with the secret that
`deploy/session/cookie.sh` makes. The terminal itself hears no keyboard at all (deploy/x11); here it hears every key:

- every combination of the modifiers with every key code of the server, in an order drawn by the seed;
- swipes from each edge, drags, middle, right and wheel buttons, with and without modifiers, and taps that lead on.

After each burst is shown, and noted when not (exit code 1): the face is the only window, as large as the screen, and
whoever types types to it; it lives, and nothing but its own helper runs beneath it; its tree has no widget that it did
not begin with (no inspector, no panel, no dialogue); nobody took or read the clipboard; no picture and no file came to
be where none belongs; no browser was started. A stranger without the secret is turned away. At the end it serves on.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pyrage
from Xlib import XK, X, display, error
from Xlib.ext import xtest

from bench.demo_face import DemoFace
from bench.lockdown_watch import Watch
from bench.monkey import SETTINGS
from ground.clock import RealClock
from tools.cli import ROOT
from tools.demo.demo import Demo
from tools.demo.xserver import VirtualScreen

_ZOOM = 0.4
_SIZE = round(1080 * _ZOOM), round(1920 * _ZOOM)
_BURST = 50
_FIRST_KEY, _LAST_KEY = 8, 255  # key codes of X
_MODIFIERS = ("Control_L", "Alt_L", "Shift_L", "Super_L", "ISO_Level3_Shift")
_BUTTONS = (2, 3, 4, 5, 6, 7, 8, 9)  # paste, menu, wheels, back and on
_KEYS = 0.8  # of the events; the others are touches
_SETTLE_S = 0.25  # what an event begins is there by then; the server has answered before
_READY = ("action.continue", "start", "matter.N02", "field.phone", "action.help", "key.1")
_HOME = (
    "start",
    "action.leave_now",
    "key.done",
    "action.leave",
    "action.stay",
    "action.back",
)  #: in this order
#: the options of deploy/systemd/tiantianshun-x.service that a server without a console knows, too
SERVER = ("-nolisten", "tcp", "-noreset", "-s", "0", "-dpms")


class Keys:
    """A keyboard that is whole, and all fingers."""

    def __init__(self, screen: display.Display, choose: random.Random) -> None:
        self._screen, self._choose = screen, choose
        held = [screen.keysym_to_keycode(XK.string_to_keysym(name)) for name in _MODIFIERS]
        self.modifiers = tuple(code for code in held if code)
        self._rest: list[tuple[tuple[int, ...], int]] = []

    @property
    def combinations(self) -> int:
        """How many there are."""
        sets: int = 2 ** len(self.modifiers)
        return sets * (_LAST_KEY - _FIRST_KEY + 1)

    def press(self) -> None:
        """The next combination; when all were pressed, from the beginning, in another order."""
        if not self._rest:
            sets = [held for n in range(len(self.modifiers) + 1) for held in combinations(self.modifiers, n)]
            self._rest = [(held, key) for held in sets for key in range(_FIRST_KEY, _LAST_KEY + 1)]
            self._choose.shuffle(self._rest)
        held, key = self._rest.pop()
        for code in (*held, key):
            xtest.fake_input(self._screen, X.KeyPress, code)
        for code in (key, *reversed(held)):
            xtest.fake_input(self._screen, X.KeyRelease, code)
        self._screen.sync()


class Fingers:
    """A pointer with every button."""

    def __init__(self, screen: display.Display, choose: random.Random, keys: Keys) -> None:
        self._screen, self._choose, self._keys = screen, choose, keys
        self.done: Counter[str] = Counter()

    def touch(self, targets: dict[str, list[float]]) -> None:
        """One event: a swipe, a drag, another button, or a tap."""
        width, height = _SIZE
        choose = self._choose
        middle = choose.randint(1, width - 2), choose.randint(1, height - 2)
        match choose.choice(("edge", "drag", "button", "wheel", "tap", "tap")):
            case "edge":
                edge = choose.choice(
                    ((0, middle[1]), (width - 1, middle[1]), (middle[0], 0), (middle[0], height - 1))
                )
                self._draw("edge", 1, [edge, middle])
            case "drag":
                self._draw("drag", 1, [middle, (choose.randint(0, width - 1), choose.randint(0, height - 1))])
            case "button":
                self._draw("button", choose.choice(_BUTTONS), [middle])
            case "wheel":
                held = choose.choice(self._keys.modifiers)
                xtest.fake_input(self._screen, X.KeyPress, held)
                self._draw("wheel", choose.choice((4, 5)), [middle])
                xtest.fake_input(self._screen, X.KeyRelease, held)
            case _:
                known = [key for key in _READY if key in targets] or sorted(targets)
                if known:
                    left, top, wide, high = targets[choose.choice(known)]
                    middle = int(left + wide / 2), int(top + high / 2)
                self._draw("tap", 1, [middle])
        self._screen.sync()

    def _draw(self, name: str, button: int, points: list[tuple[int, int]]) -> None:
        self.done[name] += 1
        for at, (x, y) in enumerate(points):
            xtest.fake_input(self._screen, X.MotionNotify, x=x, y=y)
            if at == 0:
                xtest.fake_input(self._screen, X.ButtonPress, button)
        xtest.fake_input(self._screen, X.ButtonRelease, button)


class SecretScreen(VirtualScreen):
    """Only who has the secret may draw on it, or press its keys."""

    def __init__(self, folder: Path) -> None:
        made = folder / "made"
        subprocess.run(["sh", str(ROOT / "deploy/session/cookie.sh"), str(made)], check=True)
        super().__init__(*_SIZE, options=("-auth", str(made), *SERVER))
        self.authority = folder / "authority"
        self._made = made

    def __enter__(self) -> "SecretScreen":
        super().__enter__()
        listed = subprocess.run(
            ["xauth", "-f", str(self._made), "list"], capture_output=True, text=True, check=True
        )
        secret = listed.stdout.split()[-1]
        adding = ["xauth", "-q", "-f", str(self.authority), "add", self.name, ".", secret]
        subprocess.run(adding, check=True, stderr=subprocess.DEVNULL)
        os.environ["XAUTHORITY"] = str(self.authority)
        return self

    def turns_strangers_away(self) -> bool:
        """Whether a client without the secret is refused."""
        os.environ["XAUTHORITY"] = str(self.authority) + ".none"
        try:
            display.Display(self.name).close()
        except (error.DisplayError, OSError):
            return True
        finally:
            os.environ["XAUTHORITY"] = str(self.authority)
        return False


def play(face: DemoFace, screen: display.Display, watch: Watch, events: int, seed: int) -> dict[str, Any]:
    """So many events, looked at after each burst; then it must still serve."""
    choose = random.Random(seed)
    keys = Keys(screen, choose)
    fingers = Fingers(screen, choose, keys)
    pressed, done, found, views = 0, 0, list[str](), Counter[str]()
    while done < events and not found:
        targets = face.walk.look()["targets"]
        for _ in range(min(_BURST, events - done)):
            done += 1
            if choose.random() < _KEYS:
                keys.press()
                pressed += 1
            else:
                fingers.touch(targets)
        face.clock.wait(_SETTLE_S)
        try:
            seen = face.walk.look()
        except (OSError, ValueError):
            found = ["the face is gone"]
            break
        views[seen["view"]] += 1
        found = watch.look(seen)
        if done % (_BURST * 20) == 0:
            print(json.dumps({"events": done, "views": len(views)}), file=sys.stderr, flush=True)
    return {
        "seed": seed,
        "events": done,
        "keys": pressed,
        "combinations": keys.combinations,
        "touches": dict(fingers.done),
        "views": dict(views),
        "found": found,
        "serves": not found and _serves(face),
    }


def _serves(face: DemoFace) -> bool:
    """Whether she who comes next finds an idle screen that a touch wakes."""
    limit = face.clock.after(200.0)  # patience, and a cleaning that somebody asked for
    while not face.clock.due(limit):
        seen = face.walk.look()
        if seen["view"] == "home":
            return True
        way = next((key for key in _HOME if key in seen["targets"]), None)
        if way is not None and seen["settled"]:
            left, top, width, height = seen["targets"][way]
            face.pointer.tap(left + width / 2, top + height / 2)
        face.clock.wait(0.5)
    return False


def run(events: int, seed: int, folder: Path, *, alone: bool = False) -> dict[str, Any]:
    """Start everything, play, tell. `alone`: no platform, so no visit comes as far as a card."""
    demo = Demo(folder / "out", RealClock())
    demo.prepare()
    demo.zoom, demo.max_fps, demo.fullscreen = _ZOOM, 30, True
    watch = Watch(folder, demo)
    with demo.processes, SecretScreen(folder) as secret:
        more = dict(SETTINGS)
        if alone:
            more["KIOSK__PLATFORM__RECIPIENTS"] = json.dumps(
                [str(pyrage.x25519.Identity.generate().to_public())]
            )
        else:
            demo.start_backend()
            demo.enrol()
        demo.start_cabinet()
        if not alone:
            demo.start_uploader()
        turned_away = secret.turns_strangers_away()
        face = DemoFace(demo, secret, "face", "bench.lockdown_face", **more, **watch.environment)
        screen = display.Display(secret.name)
        watch.begin(screen, face.process.pid, face.walk.look())
        told = play(face, screen, watch, events, seed)
        told["alive"] = demo.processes.running("face")
        told["strangers_turned_away"] = turned_away
        face.sight.close()
        face.pointer.close()
        screen.close()
    words = (demo.out / "face.stderr").read_text(encoding="utf-8", errors="replace")
    told["raised"] = words[-1500:] if "Traceback" in words else ""
    return told


def sound(told: dict[str, Any]) -> bool:
    """Whether there is no way out."""
    well = told["alive"] and told["serves"] and told["strangers_turned_away"]
    return bool(well and not told["found"] and not told["raised"])


def main(arguments: list[str]) -> int:
    """One JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench.lockdown", description="looks for a way out")
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", action="store_true", help="face and devices only: for a quick look")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes are ended
    with tempfile.TemporaryDirectory() as folder:
        told = run(given.events, given.seed, Path(folder), alone=given.alone)
    print(json.dumps(told, ensure_ascii=False))
    return 0 if sound(told) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
