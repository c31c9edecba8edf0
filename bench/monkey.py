"""A monkey before the real face: random touches by a pointer, random keys, random troubles of the devices.

`python -m bench.monkey --touches 10000 --seed S [--zoom 0.4]` starts the demo (backend, emulated cabinet, uploader,
face) on a virtual screen of its own and plays. Touches go through the X server's test extension: taps, taps again at
once, holds, drags, half of them aimed at what can be touched. The keypad is pressed, cards come and go, sheets are
laid, paper runs out, the camera is unplugged, the line is cut. It shows, and fails (exit code 1) when not:

- no crash: the process lives, no Sorry, nothing was raised (the face runs with KIOSK_FAILSAFE=raise);
- no dead end: every so many touches it wants to leave, by touches or by letting her patience run out (45 s, the
  shortest that the settings take), and must come to the idle screen; so it does at the end;
- nothing of a citizen is seen in full that she neither types nor had shown (`bench.watched_face`).

One JSON line tells all of it. The renewal of the process after a visit (ADR 0035) is off: what one visit leaves
behind is to trouble the next.
"""

import argparse
import json
import random
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from bench.demo_face import DemoFace
from bench.monkey_world import MonkeyWorld
from ground.clock import RealClock
from tools.demo.demo import Demo
from tools.demo.xserver import VirtualScreen

LAUNCHER = "bench.watched_face"
_WIDTH, _HEIGHT = 1080, 1920
_PATIENCE_S = 45.0  # the least that config.schema takes
#: the shortest waits that the settings take; nothing is skipped
SETTINGS = {
    "KIOSK__FACE__RENEW_AFTER_S": "0",
    "KIOSK__JOURNEY__PATIENCE_S": str(_PATIENCE_S),
    "KIOSK__JOURNEY__WARNING_S": "10",
    "KIOSK__JOURNEY__AFTER_HAND_IN_S": "30",
    "KIOSK__JOURNEY__COUNTDOWN_S": "0.5",
    "KIOSK__JOURNEY__TO_EVALUATION_S": "3",
    "KIOSK__JOURNEY__GOODBYE_S": "3",
    "KIOSK__JOURNEY__CLEANING_S": "20",
    "KIOSK__JOURNEY__CLEAN_QUESTION_S": "5",
    "KIOSK__JOURNEY__ASK_WAIT_S": "5",
}
_ROUND = 300  # touches until it wants to leave
_LEAVE_TRIES = 30
_HOME = ("action.leave_now", "action.leave", "key.done")
#: … else one of these: in large print what leads away lies further down
_ELSE = ("scroll.down", "scroll.up", "action.stay", "action.back", "action.continue")
#: how a hand touches → how often
_WAYS = {"aim": 66, "beside": 12, "again": 6, "drag": 8, "hold": 2, "keys": 6}
_KEYS = ("up", "down", "left", "right", "enter", "back", "help", "louder", "softer", *"0123456789")


class DeadEnd(Exception):
    """The idle screen was not reached."""


class Monkey:
    """Hands, eyes and no plan."""

    def __init__(self, face: DemoFace, world: MonkeyWorld, seed: int, size: tuple[int, int]) -> None:
        self._face, self._world, self._size = face, world, size
        self._random = random.Random(seed)
        self._clock = face.clock
        self.touches = 0
        self.views: Counter[str] = Counter()
        self.exposed: Counter[tuple[str, ...]] = Counter()
        self.left: Counter[str] = Counter()
        self.detours: list[list[str]] = []  #: what was tried where touches led nowhere and only patience did

    def play(self, touches: int) -> None:
        """So many touches, then the idle screen. Raises `DeadEnd`, OSError when the face is gone."""
        rounds = 0
        while self.touches < touches:
            until = min(touches, self.touches + _ROUND)
            while self.touches < until:
                self._world.happen(self._random, self.look())
                self._touch()
            rounds += 1
            self.leave(by_patience=rounds % 8 == 0)
            so_far = {"touches": self.touches, "left_by": dict(self.left), "exposed": len(self.exposed)}
            so_far |= {"views": len(self.views), "detours": self.detours[-1:]}
            print(json.dumps(so_far), file=sys.stderr, flush=True)

    def look(self) -> dict[str, Any]:
        """What is shown, noted."""
        seen = self._face.walk.look()
        self.views[seen["view"]] += 1
        self.exposed.update(tuple(one) for one in seen["exposed"])
        return seen

    def leave(self, *, by_patience: bool) -> None:
        """To the idle screen: by what is offered, else by doing nothing. Raises `DeadEnd`."""
        self._world.mend()
        trail: list[str] = []
        if not by_patience:
            for _ in range(_LEAVE_TRIES):
                seen = self.look()
                if seen["view"] in ("idle", "goodbye"):
                    break
                onward = [key for key in _ELSE if key in seen["targets"]]
                other = self._random.choice(onward) if onward else None
                key = next((key for key in _HOME if key in seen["targets"]), other)
                trail.append(f"{seen['view']}: {key or sorted(seen['targets'])}")
                if key is not None and seen["settled"]:
                    self._tap(seen["targets"][key])
                self._clock.wait(0.3)
        limit = self._clock.after(_PATIENCE_S * 2 + 30)
        way = "patience" if by_patience or self.look()["view"] not in ("idle", "goodbye") else "touches"
        while (seen := self.look())["view"] != "idle":
            if self._clock.due(limit):
                raise DeadEnd(f"still {seen['view']} with {sorted(seen['targets'])}")
            self._clock.wait(0.3)
        self.left[way] += 1
        if len(trail) == _LEAVE_TRIES:
            self.detours.append(trail)

    def _touch(self) -> None:
        """One touch, whichever."""
        self.touches += 1
        pointer, choose = self._face.pointer, self._random
        (way,) = choose.choices(list(_WAYS), list(_WAYS.values()))
        if way == "keys":
            self._world.press(" ".join(choose.choices(_KEYS, k=choose.randint(1, 4))))
        elif way == "drag":
            pointer.draw([self._anywhere() for _ in range(choose.randint(2, 6))], hold_s=0.02)
        elif way == "hold":
            pointer.draw([self._anywhere()], hold_s=choose.uniform(0.5, 1.5))
        else:
            targets = self.look()["targets"]
            aimed = way != "beside" and targets
            place = self._aim(targets) if aimed else self._anywhere()
            for _ in range(2 if way == "again" else 1):
                pointer.draw([place], hold_s=0.02)

    def _aim(self, targets: dict[str, list[float]]) -> tuple[float, float]:
        """What leads onward is tempting: else hardly anybody would come as far as a form."""
        keys = sorted(targets)
        weights = [4 if key in ("action.continue", "start") else 0.3 if "leave" in key else 1 for key in keys]
        left, top, width, height = targets[self._random.choices(keys, weights)[0]]
        return left + width * self._random.uniform(0.1, 0.9), top + height * self._random.uniform(0.1, 0.9)

    def _tap(self, place: list[float]) -> None:
        left, top, width, height = place
        self._face.pointer.draw([(left + width / 2, top + height / 2)], hold_s=0.02)

    def _anywhere(self) -> tuple[float, float]:
        return self._random.uniform(1, self._size[0] - 2), self._random.uniform(1, self._size[1] - 2)


def run(touches: int, seed: int, zoom: float, folder: Path) -> dict[str, Any]:
    """Start everything, play, tell."""
    demo = Demo(folder / "out", RealClock())
    demo.prepare()
    demo.zoom, demo.max_fps = zoom, 30
    size = (round(_WIDTH * zoom), round(_HEIGHT * zoom))
    with demo.processes, VirtualScreen(*size) as screen:
        demo.start_backend()
        demo.enrol()
        demo.start_cabinet()
        demo.start_uploader()
        face = DemoFace(demo, screen, "face", LAUNCHER, **SETTINGS)
        world = MonkeyWorld(demo.device)
        monkey, failed, begun = Monkey(face, world, seed, size), "", demo.clock.instant()
        try:
            monkey.play(touches)
        except (DeadEnd, OSError, ValueError) as error:
            failed = f"{type(error).__name__}: {error}"
        alive = demo.processes.running("face")
        took = demo.clock.instant() - begun
    return {
        "seed": seed,
        "touches": monkey.touches,
        "seconds": round(took, 1),
        "failed": failed,
        "alive": alive,
        "sorry": monkey.views["sorry"],
        "raised": _last_words(demo.out / "face.stderr"),
        "exposed": [[*what, count] for what, count in monkey.exposed.items()],
        "left_by": dict(monkey.left),
        "detours": monkey.detours,
        "happened": dict(world.happened),
        "views": dict(monkey.views),
    }


def sound(told: dict[str, Any]) -> bool:
    """Whether nothing went wrong."""
    return bool(told["alive"] and not (told["failed"] or told["sorry"] or told["raised"] or told["exposed"]))


def _last_words(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace")
    return text[-1500:] if "Traceback" in text else ""


def main(arguments: list[str]) -> int:
    """0: nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m bench.monkey", description="random touches")
    parser.add_argument("--touches", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--zoom", type=float, default=0.4, help="of the window: fewer pixels, the same face")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes are ended
    with tempfile.TemporaryDirectory() as folder:
        told = run(given.touches, given.seed, given.zoom, Path(folder))
    print(json.dumps(told, ensure_ascii=False))
    return 0 if sound(told) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
