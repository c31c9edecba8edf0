"""Many whole visits in one process of the face: does it grow?

`python -m bench.soak_face --visits 300 [--zoom 0.4]` walks the demo's visit (card, situation, form with keyboards,
camera with live picture, signature, receipt, evaluation) by a pointer of the X server, again and again, and notes on
each idle screen what the process holds. Waits are the shortest that the settings take; nothing is skipped. The renewal
after a visit (ADR 0035) is off: it would hide what grows. One JSON line at the end: slopes by least squares over what
came after the first third, at most 20 visits, which fill the caches; each visit's counts go to standard error.
`--minutes M` ends after the visit in which so many are over.
"""

import argparse
import json
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.demo_face import DemoFace
from bench.monkey import LAUNCHER, SETTINGS
from ground.clock import RealClock
from tools.demo.demo import Demo
from tools.demo.story import STORY
from tools.demo.walk import Visit
from tools.demo.xserver import VirtualScreen
from tools.soak.brisk import Brisk

_WARM_UP = 20  # visits, chosen: fonts, words and models are there
_WIDTH, _HEIGHT = 1080, 1920


def slope(values: list[float]) -> float:
    """Growth per visit, by least squares; 0 for fewer than two."""
    count = len(values)
    if count < 2:
        return 0.0
    middle, mean = (count - 1) / 2, sum(values) / count
    return sum((at - middle) * (value - mean) for at, value in enumerate(values)) / sum(
        (at - middle) ** 2 for at in range(count)
    )


def told(counts: list[dict[str, int]], took_s: float) -> dict[str, Any]:
    """What the counts on the idle screens say."""
    steady = counts[min(_WARM_UP, len(counts) // 3) :]
    slopes = {name: round(slope([float(one[name]) for one in steady]), 3) for name in steady[0]}
    return {
        "visits": len(counts),
        "seconds_per_visit": round(took_s / len(counts), 1),
        "rss_slope_kb_per_visit": slopes["rss_kb"],
        "fd_slope": slopes["descriptors"],
        "thread_slope": slopes["threads"],
        "textures_slope": slopes["textures"],
        "widgets_slope": slopes["widgets"],
        "objects_slope": slopes["objects"],
        "first": steady[0],
        "last": steady[-1],
    }


def run(visits: int, minutes: float, zoom: float, folder: Path) -> dict[str, Any]:
    """Walk, count, tell. Raises `Lost` when a visit loses its way."""
    demo = Demo(folder / "out", RealClock())
    demo.prepare()
    demo.zoom, demo.max_fps = zoom, 60
    with demo.processes, VirtualScreen(round(_WIDTH * zoom), round(_HEIGHT * zoom)) as screen:
        demo.start_backend()
        demo.enrol()
        demo.start_cabinet()
        demo.start_uploader()
        face = DemoFace(demo, screen, "face", LAUNCHER, **SETTINGS)
        walker = Brisk(face.sight, face.pointer, demo.clock, demo.out / "screens")
        counts: list[dict[str, int]] = []
        begun = demo.clock.instant()
        for number in range(visits):
            visit = Visit(walker, demo.device, demo.clock, situations=STORY.situations, typed=STORY.typed)
            demo.device("printer", paper_mm=50_000.0)
            demo.device("camera", sheet="")
            visit.until_receipt()
            visit.after_receipt()
            counts.append(walker.until(lambda look: "holds" in look, "a count")["holds"])
            line = {"visit": number + 1, "s": round(demo.clock.instant() - begun, 1), **counts[-1]}
            print(json.dumps(line), file=sys.stderr, flush=True)
            if demo.clock.instant() - begun > minutes * 60:
                break
        return told(counts, demo.clock.instant() - begun)


def main(arguments: list[str]) -> int:
    """One JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak_face", description="many visits, one process")
    parser.add_argument("--visits", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=24 * 60.0)
    parser.add_argument("--zoom", type=float, default=0.4, help="of the window: fewer pixels, the same face")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes are ended
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(run(given.visits, given.minutes, given.zoom, Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
