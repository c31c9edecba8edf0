"""Run by `test_failsafe.py`: a real face that fails in the middle of its work, once, and tells what came after.

`failing_face.py CONFIG OUT`: the first life raises six seconds after its start; the second writes OUT and closes.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from tools.cli import parser
from tools.face import run_face

SECRET = "王小明 429006199003070019"  # what an error's text could hold
AFTER_S = 6.0  # older than the face that would be left to its supervisor


def main(config: str, out: str) -> int:
    second_life = "KIOSK_SORRY" in os.environ

    def watch(app: Any) -> None:
        from kivy.clock import Clock

        def fail(_: float) -> None:
            raise ZeroDivisionError(SECRET)

        def tell(_: float) -> None:
            view = app.scene.view
            told = {
                "view": type(view).__name__,
                "reference": getattr(view, "reference", ""),
                "pid": os.getpid(),
            }
            Path(out).write_text(json.dumps(told), encoding="utf-8")
            app.stop()

        Clock.schedule_once(tell if second_life else fail, 1.0 if second_life else AFTER_S)

    return run_face(parser().parse_args(["run", "--config", config]), on_started=watch)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
