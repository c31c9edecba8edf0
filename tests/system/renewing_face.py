"""Run by `test_failsafe.py`: a real face that serves a short visit, is left alone, and tells what it is then.

`renewing_face.py CONFIG OUT`: the first life walks to the card and leaves; the second writes OUT and closes.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from kiosk.journey import events as ev
from tools.cli import parser
from tools.face import run_face

_LIVES = "KIOSK_TEST_LIVES"
_WALK = (ev.Start(), ev.ChooseMatter("N02"), *[ev.Continue()] * 3, ev.AskLeave(), ev.Leave(), ev.Continue())


def main(config: str, out: str) -> int:
    lives = int(os.environ.get(_LIVES, "0")) + 1
    os.environ[_LIVES] = str(lives)

    def watch(app: Any) -> None:
        from kivy.clock import Clock

        walk = list(_WALK)

        def step(_: float) -> bool:
            app._post(walk.pop(0))
            return bool(walk)

        def tell(_: float) -> None:
            told = {"view": type(app.scene.view).__name__, "lives": lives, "pid": os.getpid()}
            Path(out).write_text(json.dumps(told), encoding="utf-8")
            app.stop()

        if lives == 1:
            Clock.schedule_interval(step, 0.5)
        else:
            Clock.schedule_once(tell, 1.0)

    return run_face(parser().parse_args(["run", "--config", config]), on_started=watch)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
