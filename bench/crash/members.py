"""Starting and killing the processes under test."""

import contextlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from multiprocessing.forkserver import set_forkserver_preload
from pathlib import Path
from typing import Any

from bench.crash import roles
from bench.crash.roles import Place

#: Kills, of which so many hit each: the face and its citizens begin anew, the other two mostly lose what is under way.
SHARES = {"face": 0.25, "uploader": 0.4, "backend": 0.35}
#: Visits of one life of a face begin at a multiple of this.
VISITS_A_LIFE = 100_000
_ROOT = Path(__file__).resolve().parents[2]
_EXEC_EVERY = (
    20  # so many starts are forks of a warmed process; one is the command itself, which takes seconds
)
_FAILING = 0.1  # of the starts: its syncs fail now and then
_GONE_S = 60.0  # chosen: a killed process is gone at once, on a busy machine a little later

_context = multiprocessing.get_context("forkserver")
set_forkserver_preload(["bench.crash.roles"])


@dataclass
class Member:
    """One process that runs now, and what makes its disk fail."""

    process: "ForkServerProcess | subprocess.Popen[bytes]"
    strace: "subprocess.Popen[bytes] | None" = None

    @property
    def pid(self) -> int:
        """Its number."""
        assert self.process.pid is not None
        return self.process.pid

    def ended(self) -> bool:
        """Whether it is gone, by itself or not."""
        if isinstance(self.process, subprocess.Popen):
            return self.process.poll() is not None
        return not self.process.is_alive()

    def end(self, how: int) -> None:
        """Send a signal, and return when it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, how)
        if isinstance(self.process, subprocess.Popen):
            self.process.wait(_GONE_S)
        else:
            self.process.join(_GONE_S)
            if self.process.exitcode is None:
                raise RuntimeError(f"{self.pid} does not end")
            self.process.close()
        if self.strace is not None:
            self.strace.wait(_GONE_S)


@dataclass
class Members:
    """Face, uploader and backend of one place."""

    place: Place
    rng: random.Random
    failing: bool  #: whether strace is there to let syncs fail
    running: dict[str, Member] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)  #: by themselves: the supervisor starts them again
    executed: int = 0
    failed_syncs: int = 0  #: processes whose syncs failed
    lives: int = 0  #: of faces; each has visits and a pocket of its own

    def start(self, name: str, *, calm: bool = False) -> None:
        """Start one; `calm`: by a fork, on a disk that does not fail."""
        if not calm and name != "face" and self.rng.randrange(_EXEC_EVERY) == 0:
            self.executed += 1
            self.running[name] = Member(self._execute(name))
            return
        member = Member(self._fork(name))
        if not calm and self.failing and self.rng.random() < _FAILING:
            self.failed_syncs += 1
            member.strace = self._let_syncs_fail(member.pid)
        self.running[name] = member

    def start_all(self) -> None:
        """All that do not run, as systemd would."""
        for name in SHARES:
            if name in self.running and self.running[name].ended():
                self.running.pop(name).end(signal.SIGKILL)
                self.ended[name] += 1
            if name not in self.running:
                self.start(name)

    def runs(self, name: str) -> bool:
        """Whether it is there just now."""
        return name in self.running and not self.running[name].ended()

    def kill(self, name: str) -> None:
        """`kill -9` it, unless it ended by itself."""
        member = self.running.pop(name, None)
        if member is not None:
            counter = self.ended if member.ended() else self.kills
            member.end(signal.SIGKILL)
            counter[name] += 1

    def end_all(self) -> None:
        """However the run ended, none of them outlives it."""
        for name in list(self.running):
            self.running.pop(name).end(signal.SIGKILL)

    def _fork(self, name: str) -> ForkServerProcess:
        target: Callable[..., None] = getattr(roles, name)
        more: dict[str, Any] = {}
        if name == "face":
            self.lives += 1
            more = {
                "life": self.lives,
                "first": self.lives * VISITS_A_LIFE,
                "tight": self.rng.random() < 1 / 3,
            }
        process = _context.Process(target=target, args=(self.place,), kwargs=more, name=name)
        process.start()
        return process

    def _execute(self, name: str) -> "subprocess.Popen[bytes]":
        verbs = {
            "uploader": ("uploader", "--config", self.place.config),
            "backend": ("backend", "serve", "--port", self.place.port, "--data", self.place.platform),
        }
        with (self.place.logs / f"{name}.log").open("ab") as log:
            command = [sys.executable, "run_kiosk.py", *map(str, verbs[name])]
            return subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _let_syncs_fail(self, pid: int) -> "subprocess.Popen[bytes]":
        first, step = self.rng.randint(1, 6), self.rng.randint(2, 9)
        inject = f"inject=fsync,fdatasync:error=EIO:when={first}+{step}"
        command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", inject]
        return subprocess.Popen(
            [*command, "-p", str(pid)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
