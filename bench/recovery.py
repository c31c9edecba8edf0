"""After a kill: how soon the face is back, and how soon the queue can be used, with many cases waiting.

A real face (`run_kiosk.py run`) on a virtual screen gets `kill -9` and is started again, as its unit does. Counted is
from the start to the first picture on the glass; beside it the processor time that it took until then, since on a
machine that others use a start mostly waits. The queue: a process of its own opens the outbox of the one that was
killed and enqueues a message. The processor draws in place of a graphics chip (Mesa's llvmpipe).
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyrage
from Xlib import X, display

from bench.outbox import LONG_QUEUE, SHORT_QUEUE, enqueue_into, fill
from bench.report import Ratio
from ground.clock import RealClock
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from tools.cli import ROOT
from tools.demo.xserver import VirtualScreen
from tools.fonts import prepare

ROUNDS = 5
FULL_SIZE = 3  # rounds
GOAL_S = 2.0  # given by the customer: face back and queue usable
_LOOK_EVERY_S = 0.02
_PATIENCE_S = 120.0  # a busy machine may take its time
_MIDDLE = (300, 400, 480, 300)  # left, top, width, height of what is watched


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """Some ten seconds a round. With fewer than `FULL_SIZE` rounds the queue is short."""
    missing = prepare(ROOT / "build" / "fonts")
    if missing:
        raise RuntimeError("; ".join(missing))
    waiting = LONG_QUEUE if rounds >= FULL_SIZE else SHORT_QUEUE
    with tempfile.TemporaryDirectory(prefix="bench-recovery-") as name, VirtualScreen() as screen:
        data = Path(name)
        _queue(data, waiting)
        starts = [face_back(data, screen.name) for _ in range(rounds + 1)][
            1:
        ]  # the first compiles, and finds caches cold
        opened = [_usable(data) for _ in range(rounds)]
    face_s, used_s = (statistics.median(each) for each in zip(*starts, strict=True))
    queue_s, load = statistics.median(opened), os.getloadavg()[0]
    return [
        Ratio(
            f"recovery: face back after kill -9 with {waiting:,} waiting / 2 s",
            face_s / GOAL_S,
            1.0,
            f"{face_s:.2f} s at load average {load:.1f}",
        ),
        Ratio("recovery: processor time of that start / 2 s", used_s / GOAL_S, None, f"{used_s:.2f} s"),
        Ratio(
            "recovery: queue opened and a message durable, in the next process / 2 s",
            queue_s / GOAL_S,
            1.0,
            f"{queue_s * 1e3:.0f} ms, imports not counted",
        ),
    ]


def _queue(data: Path, waiting: int) -> None:
    recipients = Recipients.parse([str(pyrage.x25519.Identity.generate().to_public())])
    Outbox(data / "outbox.sqlite", Spool(data / "spool"), RealClock(), recipients=recipients).close()
    fill(data / "outbox.sqlite", waiting)


def face_back(data: Path, screen: str) -> tuple[float, float]:
    """Seconds, and seconds of processor time, until a face shows something; then it is killed.

    `data`: its data folder, where its modules are compiled, too, by the first of its starts.
    """
    clock = RealClock()
    began = clock.instant()
    face = subprocess.Popen(
        [sys.executable, "run_kiosk.py", "run"],
        cwd=ROOT,
        env=_as_installed(data) | {"DISPLAY": screen, "LIBGL_ALWAYS_SOFTWARE": "1"},
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(lambda: _shows_something(screen), face, clock)
        return clock.instant() - began, processor_s(face.pid)
    finally:
        face.kill()
        face.wait()
        _until(lambda: not _shows_something(screen), None, clock)


def _as_installed(data: Path) -> dict[str, str]:
    """The environment of a face whose modules were compiled when it was installed; here by the first start."""
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return given | {
        "PYTHONPYCACHEPREFIX": str(data / "compiled"),
        "KIOSK__STORAGE__DATA_FOLDER": str(data),
        "KIOSK__FAILSAFE__CRASHES": "20",  # killed again and again, it would soon run in safe mode
    }


def _until(there: Callable[[], bool], face: "subprocess.Popen[bytes] | None", clock: RealClock) -> None:
    limit = clock.after(_PATIENCE_S)
    while not there():
        if face is not None and face.poll() is not None:
            raise RuntimeError(f"the face ended with {face.returncode}")
        if clock.due(limit):
            raise TimeoutError("the face does not come")
        clock.wait(_LOOK_EVERY_S)


def _shows_something(screen: str) -> bool:
    """Whether the middle of the glass is of more than one colour."""
    shown = display.Display(screen)
    try:
        raw: bytes = shown.screen().root.get_image(*_MIDDLE, X.ZPixmap, 0xFFFFFFFF).data
    finally:
        shown.close()
    return raw != raw[:4] * (len(raw) // 4)


def processor_s(process: int) -> float:
    """User and system time (proc(5): fields 14 and 15 of stat; the name in brackets may hold spaces)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _usable(data: Path) -> float:
    """Seconds from opening to the first durable message, in a process that has imported what it needs."""
    asked = [sys.executable, "-m", "bench.recovery", str(data)]
    return float(subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    _clock = RealClock()
    _began = _clock.instant()
    enqueue_into(Path(sys.argv[1]), 1)
    print(_clock.instant() - _began)
