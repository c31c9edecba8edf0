"""Running our own verbs and modules as real processes, and finding those that were left behind."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tools
from ground.clock import RealClock

ROOT = Path(tools.__file__).resolve().parents[1]
DEADLINE_S = 300.0  # for a slow, busy machine; nothing waits that long when all is well
MARK = "KIOSK_TEST_RUN"  #: every process that a test starts carries it in its environment, and hands it on
_FADING_S = 30.0  # a process that was told to end may still be on its way out


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it said."""

    code: int
    stdout: str
    stderr: str

    def json(self) -> Any:
        """Standard output, which must be one JSON document and nothing else."""
        return json.loads(self.stdout)


def kiosk(
    *arguments: object, deadline_s: float = DEADLINE_S, env: dict[str, str] | None = None, cwd: Path = ROOT
) -> Said:
    """`python run_kiosk.py ARGUMENTS…`, to its end."""
    done = subprocess.run(
        [sys.executable, "run_kiosk.py", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | (env or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=deadline_s,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def start(*command: object) -> subprocess.Popen[str]:
    """`python COMMAND…` in the project's root, with a pipe to its standard output."""
    return subprocess.Popen(
        [sys.executable, *map(str, command)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def end(process: subprocess.Popen[str], how: int = signal.SIGTERM) -> int:
    """Send `how`, wait for the end, close the pipe; the exit code."""
    process.send_signal(how)
    try:
        code = process.wait(DEADLINE_S)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
    return code


def left_behind(mark: str) -> dict[int, str]:
    """Processes that carry `mark`, by id, once those that were told to end had their time."""
    clock = RealClock()
    give_up = clock.after(_FADING_S)
    while (found := _marked(mark)) and not clock.due(give_up):
        clock.wait(0.1)
    for number in found:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    return found


def _marked(mark: str) -> dict[int, str]:
    wanted, found = f"{MARK}={mark}".encode(), {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        with suppress(OSError):  # it has just ended, or is somebody else's
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                found[int(folder.name)] = command.decode("utf-8", "replace").strip()
    return found
