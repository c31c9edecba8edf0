"""What the face costs while it stands there: starts, memory, the processor's time, the camera's picture.

Beside each figure stands Kivy's own, of a window with one button (`bench.touched_face … minimal`), in the same run. The
screen is virtual and the processor draws: see `bench.face`.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.demo_face import DemoFace
from bench.recovery import face_back, processor_s
from bench.report import Ratio
from config.schema import Face
from ground.clock import Clock, RealClock
from tools.cli import ROOT
from tools.demo.demo import Demo
from tools.demo.story import STORY
from tools.demo.walk import Visit
from tools.demo.xserver import VirtualScreen
from tools.fonts import prepare

ROUNDS = 3
# the goals of issue 7
COLD_S, WARM_S = 2.0, 1.2
IDLE_SHARE = 0.02
HOME_MB, WORKING_MB = 200.0, 260.0
PREVIEW_FPS, PREVIEW_SHARE = 29.5, 0.45
_PREVIEW_S = 10.0
_IDLE_S = 15.0
_SETTLED_S = 5.0
_MAX_FPS = Face().max_fps


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """Against the goals. Three minutes, one of them a visit; one round is a quick look without it and a cold start."""
    missing = prepare(ROOT / "build" / "fonts")
    if missing:
        raise RuntimeError("; ".join(missing))
    clock = RealClock()
    with VirtualScreen() as screen:
        return [
            *_preview(screen.name, rounds),
            *_starts(screen.name, rounds),
            *_standing(screen, clock, visit=rounds > 1),
        ]


def _preview(screen: str, rounds: int) -> list[Ratio]:
    fps, share = zip(*(_shown(screen) for _ in range(rounds)), strict=True)
    rate, used = statistics.median(fps), statistics.median(share)
    return [
        Ratio(
            "face: camera preview, 29.5 / pictures a second", PREVIEW_FPS / rate, 1.0, f"{rate:.1f} a second"
        ),
        Ratio("face: camera preview, processor / 45 %", used / PREVIEW_SHARE, 1.0, f"{used:.0%} of one core"),
    ]


def _shown(screen: str) -> tuple[float, float]:
    """Pictures a second that were drawn, and the share of one core that they took."""
    with tempfile.TemporaryDirectory(prefix="bench-face-") as folder:
        command = [sys.executable, "-m", "bench.shown_preview", folder, str(_MAX_FPS), str(_PREVIEW_S)]
        environment = os.environ | {"DISPLAY": screen, "LIBGL_ALWAYS_SOFTWARE": "1"}
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return min(told["shown"], told["given"]) / told["s"], told["processor_s"] / told["s"]


def _starts(screen: str, rounds: int) -> list[Ratio]:
    """From the process to the first picture; cold: nothing of its files is in memory, where the system lets us."""
    with tempfile.TemporaryDirectory(prefix="bench-face-") as folder:
        data = Path(folder)
        face_back(data, screen)  # compiles
        cold = [face_back(data, screen) for _ in range(rounds) if rounds > 1 and _drop_caches()]
        warm = [face_back(data, screen) for _ in range(rounds)]
    ratios = []
    for name, times, goal in (("cold", cold, COLD_S), ("warm", warm, WARM_S)):
        if times:
            wall = statistics.median(time for time, _ in times)
            used = statistics.median(time for _, time in times)
            detail = f"{wall:.2f} s, {used:.2f} s of a processor"
            ratios.append(
                Ratio(f"face: process to its first picture, {name} / {goal} s", wall / goal, 1.0, detail)
            )
    return ratios


def _drop_caches() -> bool:
    """Whether the system forgot what it read from the disk; only root may ask it to."""
    os.sync()
    with suppress(OSError):
        Path("/proc/sys/vm/drop_caches").write_text("3", encoding="ascii")
        return True
    return False


def _standing(screen: VirtualScreen, clock: Clock, *, visit: bool) -> list[Ratio]:
    """A real face: the idle screen, home, and a visit as far as the camera with two keyboards behind it."""
    with _minimal(screen.name, clock) as peer:
        peer_mb, peer_share = pss_mb(peer), share(peer, clock)
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(Path(folder) / "out", clock)
        demo.prepare()
        with demo.processes:
            demo.start_backend()
            demo.enrol()
            demo.start_cabinet()
            demo.start_uploader()
            face = DemoFace(demo, screen, "face")
            clock.wait(_SETTLED_S)
            idle = share(face.process.pid, clock)
            face.walk.tap_until("start", "idle")
            face.walk.see("home")
            home = pss_mb(face.process.pid)
            working = _after_a_visit(face, demo) if visit else None
    ratios = [
        Ratio(
            "face: processor while it stands idle / 2 %",
            idle / IDLE_SHARE,
            1.0,
            f"{idle:.1%}; Kivy alone {peer_share:.1%}",
        ),
        Ratio(
            "face: memory (PSS) at the home screen / 200 MB",
            home / HOME_MB,
            1.0,
            f"{home:.0f} MB; Kivy alone {peer_mb:.0f}",
        ),
    ]
    if working is not None:
        detail = f"{working:.0f} MB when the receipt is out; Kivy alone {peer_mb:.0f}"
        name = "face: memory (PSS) with camera and keyboards / 260 MB"
        ratios.append(Ratio(name, working / WORKING_MB, 1.0, detail))
    return ratios


def _after_a_visit(face: DemoFace, demo: Demo) -> float:
    """MB when the receipt of a whole visit is out."""
    face.walk.tap_until("action.leave", "home")
    face.walk.tap_until("action.leave_now", "leave_question")
    face.walk.until(lambda look: look["view"] == "idle", "idle")
    visit = Visit(face.walk, demo.device, demo.clock, situations=STORY.situations, typed=STORY.typed)
    visit.until_receipt()
    return pss_mb(face.process.pid)


@contextmanager
def _minimal(screen: str, clock: Clock) -> Iterator[int]:
    with tempfile.TemporaryDirectory(prefix="bench-face-") as folder:
        peer = subprocess.Popen(
            [sys.executable, "-m", "bench.touched_face", folder, "60", "minimal"],
            cwd=ROOT,
            env=os.environ | {"DISPLAY": screen, "LIBGL_ALWAYS_SOFTWARE": "1"},
            stdout=subprocess.PIPE,
        )
        try:
            assert peer.stdout is not None
            peer.stdout.readline()
            clock.wait(_SETTLED_S)
            yield peer.pid
        finally:
            peer.terminate()
            peer.communicate()


def pss_mb(process: int) -> float:
    """Its share of the memory, MB (proc(5): smaps_rollup)."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def share(process: int, clock: Clock) -> float:
    """Of one core, over some seconds in which nothing happens."""
    began, used = clock.instant(), processor_s(process)
    clock.wait(_IDLE_S)
    return (processor_s(process) - used) / (clock.instant() - began)
