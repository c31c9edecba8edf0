"""The processes of a demo: started in order, watched, ended in the other order."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

from ground.clock import Clock
from tools.cli import ROOT

_LIMIT_S = 120.0  # for a slow, busy machine


class Processes:
    """Runs our own verbs and modules as real processes."""

    def __init__(self, folder: Path, clock: Clock, environment: Mapping[str, str] = os.environ) -> None:
        """`environment`: of every process, besides what each is given."""
        self._environment = environment
        self._folder = folder
        self._clock = clock
        self._running: dict[str, subprocess.Popen[str]] = {}

    def __enter__(self) -> "Processes":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in reversed(list(self._running)):
            self.end(name)

    def start(self, name: str, *command: str, **environment: str) -> subprocess.Popen[str]:
        """Start `python COMMAND…`; what it says of its troubles goes to NAME.stderr in the folder."""
        log = (self._folder / f"{name}.stderr").open("a", encoding="utf-8")
        with log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**self._environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._running[name] = process
        return process

    def told(self, name: str) -> dict[str, Any]:
        """The one JSON line that a process says when it is ready."""
        stdout = self._running[name].stdout
        line = stdout.readline() if stdout else ""
        if not line:
            raise RuntimeError(f"{name} ended: see {self._folder / f'{name}.stderr'}")
        told: dict[str, Any] = json.loads(line)
        return told

    def running(self, name: str) -> bool:
        """Whether it still runs."""
        return name in self._running and self._running[name].poll() is None

    def wait(self, name: str) -> int:
        """Until it ends by itself."""
        return self._running[name].wait()

    def end(self, name: str) -> None:
        """Ask it to end; insist after a while."""
        process = self._running.pop(name)
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout:
            process.stdout.close()

    def until_healthy(self, url: str) -> None:
        """Wait until the backend at `url` answers."""
        give_up = self._clock.after(_LIMIT_S)
        while True:
            try:
                if requests.get(f"{url}/health", timeout=5).json().get("status") == "ok":
                    return
            except (requests.RequestException, ValueError):
                if self._clock.due(give_up):
                    raise
            self._clock.wait(0.1)

    def until_there(self, path: Path, name: str) -> None:
        """Wait until `name` has made `path`."""
        give_up = self._clock.after(_LIMIT_S)
        while not path.exists():
            if not self.running(name) or self._clock.due(give_up):
                raise RuntimeError(f"{name} did not start: see {self._folder / f'{name}.stderr'}")
            self._clock.wait(0.1)
