"""Run by `test_failsafe.py`: a real face that fails in another place in each of its lives.

`failing_face.py CONFIG OUT`: each life adds a line to OUT that says how it found itself, serves somebody, and fails in
the next of `PLACES`; after the last of them the face closes.
"""

import ctypes
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.journey import events as ev
from tools.cli import parser
from tools.face import run_face

SECRET = "王小明 429006199003070019"  # what an error's text could hold
_LIFE_S = 0.4  # until the first touch: the first picture is there


def _blunder(*_: object) -> None:
    raise ZeroDivisionError(SECRET)


def _in_the_loop(_: Any) -> None:
    _blunder()


def _in_a_thread(_: Any) -> None:
    threading.Thread(target=_blunder).start()


def _in_a_worker(terminal: Any) -> None:
    terminal.workers.pages.ask(_blunder, lambda code: None, 5)


def _in_the_journey(terminal: Any) -> None:
    terminal.conductor.touch(
        ev.Sign(strokes=()), terminal.conductor.pump().number
    )  # nobody signs at the home screen


def _in_a_callback(_: Any) -> None:
    ctypes.CFUNCTYPE(None)(_blunder)()


def _killed(_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


PLACES: tuple[Callable[[Any], None], ...] = (
    _in_the_loop,
    _in_a_thread,
    _in_a_worker,
    _in_the_journey,
    _in_a_callback,
    _killed,
)


def main(config: str, out: str) -> int:
    told = Path(out)
    lives = len(told.read_text("utf-8").splitlines()) if told.exists() else 0

    def watch(app: Any) -> None:
        from kivy.clock import Clock

        def live(_: float) -> None:
            view = app.scene.view
            line = {
                "view": type(view).__name__,
                "reference": getattr(view, "reference", ""),
                "pid": os.getpid(),
                "devices": sorted(worker.name for worker in app._director.workers.all()),
            }
            if line["view"] == "Sorry":
                app._post(ev.Continue())
                app.pump()
            line["limits"] = list(app.scene.view.limits)
            with told.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
            if lives == len(PLACES):
                app.stop()
                return
            app._post(ev.Start())
            app.pump()
            app.pump()  # its end asks `over`, which notes that somebody is served
            assert type(app.scene.view).__name__ == "Home"
            PLACES[lives](app._director)

        Clock.schedule_once(live, _LIFE_S)

    return run_face(parser().parse_args(["run", "--config", config]), on_started=watch)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
