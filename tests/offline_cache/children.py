"""The processes that the crash tests start and kill: a face that only hands in, an uploader.

`python -m tests.offline_cache.children face|uploader FOLDER RECIPIENT URL SEED`
"""

import random
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from ground.clock import RealClock
from ground.logbook import MemoryLogbook
from offline_cache.link import Timeouts
from offline_cache.outbox import Outbox
from offline_cache.platform import Platform
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from offline_cache.uploader import Uploader
from tests.offline_cache.bench_terminal import a_case
from tests.offline_cache.loopback_platform import TOKEN


def open_outbox(folder: Path, recipient: str) -> Outbox:
    """The terminal's outbox, as its processes open it."""
    spool = Spool(folder / "spool", reserve_bytes=0)
    return Outbox(folder / "outbox.sqlite", spool, RealClock(), recipients=Recipients.parse([recipient]))


def face(folder: Path, recipient: str, seed: int) -> None:
    """Hand in one case after the other; a line on stdout is the citizen's receipt."""
    outbox = open_outbox(folder, recipient)
    _say("ready")
    for each in range(1_000_000):
        case_seed = seed * 1_000_000 + each
        rng = random.Random(case_seed)
        case = a_case(rng, pages=rng.randint(1, 3), size=rng.choice([10, 5_000, 200_000]))
        taken = outbox.hand_in(case)
        if rng.random() < 0.5:
            outbox.add_evaluation(case.case_id, 5, [], "screen", taken.handed_in_at, "1")
        _say(case_seed, taken.local_number, taken.handed_in_at.isoformat())
        if not sys.stdin.readline():  # the next citizen comes when the test says so
            return


def uploader(folder: Path, recipient: str, url: str, seed: int) -> None:
    """Deliver until SIGTERM."""
    clock, stop = RealClock(), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    outbox = open_outbox(folder, recipient)
    platform = Platform(url, TOKEN, clock, timeouts=Timeouts(5.0, 20.0), chunk_bytes=32 * 1024)
    _say("ready")
    Uploader(outbox, platform, clock, MemoryLogbook(), random.Random(seed)).run(stop)
    platform.close()
    outbox.close()


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> Any:
    role, folder, recipient, url, seed = arguments
    if role == "face":
        return face(Path(folder), recipient, int(seed))
    return uploader(Path(folder), recipient, url, int(seed))


if __name__ == "__main__":
    main(sys.argv[1:])
