"""A view change: from the scene that shows another view to the first full picture, over all sample scenes."""

import json
import os
import statistics
import subprocess
import sys
import tempfile

from bench.report import Ratio
from tools.cli import ROOT
from tools.demo.xserver import VirtualScreen
from tools.fonts import prepare

MEDIAN_S = 0.050  # the goals of issue 7, for a processor that draws
WORST_S = 0.120


def measure(rounds: int = 1) -> list[Ratio]:
    """Against the goals: the median, and the slowest view."""
    missing = prepare(ROOT / "build" / "fonts")
    if missing:
        raise RuntimeError("; ".join(missing))
    took: dict[str, list[tuple[float, float]]] = {}
    for _ in range(rounds):
        for name, (built, drawn) in _walked().items():
            took.setdefault(name, []).append((built, drawn))
    full = {name: statistics.median(pair[1] for pair in pairs) for name, pairs in took.items()}
    shown = statistics.median(pair[0] for pairs in took.values() for pair in pairs)
    slowest = max(full, key=full.__getitem__)
    median = statistics.median(full.values())
    return [
        Ratio(
            "face: view change to the first full picture, median of all scenes / 50 ms",
            median / MEDIAN_S,
            limit=1.0,
            detail=f"{median * 1e3:.1f} ms, {shown * 1e3:.1f} of them to build the screen; {len(full)} scenes",
        ),
        Ratio(
            "face: view change to the first full picture, slowest scene / 120 ms",
            full[slowest] / WORST_S,
            limit=1.0,
            detail=f"{slowest}: {full[slowest] * 1e3:.1f} ms",
        ),
    ]


def _walked() -> dict[str, list[float]]:
    with VirtualScreen() as screen, tempfile.TemporaryDirectory(prefix="bench-face-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "bench.shown_views", folder],
            cwd=ROOT,
            env=os.environ | {"DISPLAY": screen.name, "LIBGL_ALWAYS_SOFTWARE": "1"},
            check=True,
            capture_output=True,
            text=True,
        )
    return dict(json.loads(done.stdout.splitlines()[-1]))
