"""From a fault to the right sentence on the glass: unplug, paper, cover, link; the goal of the figure is two seconds.

The terminal's own workers and drivers run on emulated devices, pumped as often as the face pumps; the scene goes to a
real face on a virtual screen, and counted is until the sentence of the table (tests/faults/table.toml) stands in its
widgets. What the face needs from the widget to the glass is the figure of `face`: one frame. A link that is cut is
known when the uploader's next request fails; here it is counted from its note, and the request from `progress`.
"""

import base64
import json
import os
import pickle
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median

from bench.report import Ratio
from ground.clock import RealClock
from kiosk.catalogue.load import Catalogue, load_catalogue
from kiosk.words import Spoken
from tests.faults.broken_cabinet import BrokenCabinet, Fault
from tools.assemble import CATALOGUE, WORDS
from tools.cli import ROOT
from tools.demo.xserver import VirtualScreen
from tools.fonts import prepare

ROUNDS = 5
GOAL_S = 2.0  # issue 8, figures
_TABLE = ROOT / "tests/faults/table.toml"
#: what is measured, by the table's names
_MEASURED = {
    "unplug": "reader unplugged, she holds her card",
    "paper": "receipt paper out, nobody here",
    "cover": "receipt printer's cover open, nobody here",
    "link, nobody here": "link cut, nobody here",
    "link, when she asks": "nobody answers at the platform's address",
    "link cut, when she asks": "the line is cut before she asks: nothing comes back",
    "link cut, in mid-answer": "the line is cut in mid-answer",
}


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """Some seconds a round."""
    missing = prepare(ROOT / "build" / "fonts")
    if missing:
        raise RuntimeError("; ".join(missing))
    faults = {line["name"]: Fault(**line) for line in tomllib.loads(_TABLE.read_text("utf-8"))["fault"]}
    catalogue, words = load_catalogue(CATALOGUE, date(2026, 11, 21)), Spoken.load(WORDS, "zh-Hans")
    found = []
    with _face() as face:
        for name, called in _MEASURED.items():
            taken = [_noticed_s(faults[called], catalogue, words, face) for _ in range(rounds + 1)][1:]
            detail = f"{median(taken):.2f} s, slowest {max(taken):.2f}, load average {os.getloadavg()[0]:.1f}"
            found.append(
                Ratio(f"fault_notice: {name} to the sentence / 2 s", max(taken) / GOAL_S, 1.0, detail)
            )
    return found


def _noticed_s(fault: Fault, catalogue: Catalogue, words: Spoken, face: "subprocess.Popen[str]") -> float:
    """Seconds of one round. Raises `RuntimeError` when the sentence is not there."""
    clock = RealClock()
    with tempfile.TemporaryDirectory(prefix="bench-faults-") as name:
        cabinet = BrokenCabinet(fault, Path(name), catalogue, words)
        try:
            scene = cabinet.met()
            if face.stdin is None or face.stdout is None:
                raise RuntimeError("the face has no ears")
            face.stdin.write(base64.b64encode(pickle.dumps(scene)).decode("ascii") + "\n")
            face.stdin.flush()
            texts = json.loads(face.stdout.readline())
            took = clock.instant() - cabinet.broken_at
        finally:
            cabinet.end()
    if not any(fault.sentence in text for text in texts):
        raise RuntimeError(f"{fault.name}: the sentence is not on the glass")
    return took


@contextmanager
def _face() -> Iterator["subprocess.Popen[str]"]:
    with tempfile.TemporaryDirectory(prefix="bench-faults-") as name, VirtualScreen() as screen:
        folders = [name, str(ROOT / "build/fonts"), str(WORDS)]
        asked = [sys.executable, "-m", "tests.faults.shown_sentences", *folders]
        env = {**os.environ, "DISPLAY": screen.name, "LIBGL_ALWAYS_SOFTWARE": "1"}
        with subprocess.Popen(
            asked, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as face:
            yield face
