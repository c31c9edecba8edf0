"""Which boot this is and which workers still live: what a lease can stand on when the wall clock cannot be
trusted.

Instants (`Clock.instant`) are comparable only within one boot, on Linux across all processes of that boot.
So a lease or a pause is written as (era, instant): an *era* is one boot of the machine. In another era it
is void, and so is a lease whose process is gone, at once, without waiting for its end.
"""

import os
from pathlib import Path
from typing import Protocol

from offline_cache.durable import translated


class Machine(Protocol):
    """What the outbox asks of the machine."""

    def era(self) -> str:
        """The span of time within which instants can be compared: one boot."""
        ...

    def worker(self) -> str:
        """A name for the calling process that no other process of any boot will bear."""
        ...

    def lives(self, worker: str) -> bool:
        """Whether the process that bore this name still runs."""
        ...


class LinuxMachine:
    """The machine as /proc tells it."""

    def __init__(self, proc: Path = Path("/proc")) -> None:
        self._proc = proc
        self._me = (0, "")  #: process, and the name that it bears
        boot = proc / "sys/kernel/random/boot_id"
        with translated(boot):
            self._era = boot.read_text(encoding="ascii").strip()

    def era(self) -> str:
        return self._era

    def worker(self) -> str:
        pid = os.getpid()
        if self._me[0] != pid:  # asked for at each claim; another process after a fork
            self._me = (pid, f"{self._era}/{pid}/{self._started(pid)}")
        return self._me[1]

    def lives(self, worker: str) -> bool:
        era, _, process = worker.partition("/")
        pid, _, started = process.partition("/")
        if era != self._era or not pid.isdecimal():
            return False
        return self._started(int(pid)) == started != ""

    def _started(self, pid: int) -> str:
        """When a process started, in clock ticks; "" when it is gone. Pids come again, such pairs do not."""
        told = self._proc / str(pid) / "stat"
        with translated(told):
            try:
                stat = told.read_text(encoding="utf-8", errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                return ""
        # proc(5): field 2 is the name in brackets and may hold spaces, so count from behind it; 3 is the
        # state, 22 the start time. A zombie holds nothing any more.
        state, *rest = stat.rpartition(")")[2].split()
        return "" if state in "ZX" else rest[18]
