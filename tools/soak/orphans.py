"""Processes that outlived a soak which was killed: each is noted with its beginning, so that no other one is ended."""

import contextlib
import json
import os
import signal
from pathlib import Path


def note(path: Path, pid: int) -> None:
    """Process `pid` belongs to the soak whose notes are `path`."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps([pid, _began(pid)]) + "\n")


def end_all(path: Path) -> int:
    """End whatever of the noted ones still runs; how many that were. The notes are empty then."""
    ended = 0
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            pid, began = json.loads(line)
            if began and _began(pid) == began:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    ended += 1
        path.unlink()
    return ended


def _began(pid: int) -> str:
    """In clock ticks since the boot; "" when there is no such process."""
    try:
        told = (Path("/proc") / str(pid) / "stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return told.rpartition(")")[2].split()[19]
