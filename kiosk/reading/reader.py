"""The terminal's side of reading: one child process, asked for one page at a time, killed at its deadline.

The page goes over a pipe and never over the disk. The child starts with the first page (about a second) or with `open`;
one that died or was killed is replaced at the next page. Not for several threads at once: one worker owns it.
"""

import os
import select
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta, timezone
from pathlib import Path
from typing import Any

from ground.clock import Clock
from kiosk.reading.frames import PREFIX, BadFrame, head_of, lengths, packed
from kiosk.reading.values import CODES, Field, Kind, Reading, ReadingFailed, Warning

ROOT = Path(__file__).resolve().parents[2]
CHILD = (sys.executable, "-m", "kiosk.reading.child")

#: Bytes of private memory (RLIMIT_DATA). Measured: docs/adr/0025; `python -m bench reading` says the peak.
MEMORY_CAP = 768 << 20
START_DEADLINE_S = 60.0  # a second on a quiet machine; measured: 24 s where 18 others want two cores
READ_DEADLINE_S = 40.0  # a page of A4 takes 2 s on a quiet machine
NICENESS = 10  # of 19; the face and the camera come first
_CHUNK = 1 << 16  # bytes; what a Linux pipe holds
_CHINA = timezone(timedelta(hours=8))  # where documents expire
# The child needs no more of its surroundings than this; numpy's and OpenMP's threads each cost memory.
_SURROUNDINGS = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT")
_THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


class Reader:
    """Reads documents in a process of its own."""

    def __init__(
        self,
        clock: Clock,
        *,
        memory_cap: int = MEMORY_CAP,
        threads: int = 1,
        niceness: int = NICENESS,
        start_deadline_s: float = START_DEADLINE_S,
        read_deadline_s: float = READ_DEADLINE_S,
        child: Sequence[str] = CHILD,
    ) -> None:
        """Starts nothing yet. `memory_cap` is in bytes; `child` is the command to run, without its arguments."""
        self._clock = clock
        self._command = (*child, str(memory_cap), str(threads), str(niceness))
        self._start_deadline_s, self._read_deadline_s = start_deadline_s, read_deadline_s
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The child's process, while there is one."""
        return None if self._child is None else self._child.pid

    def open(self) -> None:
        """Start the child, if none runs. Blocks until it is ready; raises `ReadingFailed` (R101)."""
        if self._child is not None and self._child.poll() is None:
            return
        self.close()
        try:
            self._child = self._started()
            answer = self._answer(self._clock.after(self._start_deadline_s))
        except (OSError, ReadingFailed) as error:
            self.close()
            raise ReadingFailed("R101", why=type(error).__name__) from error
        if answer.get("ready") is not True:
            self.close()
            raise ReadingFailed("R101", why=str(answer.get("failed", ""))[:60])

    def close(self) -> None:
        """End the child; a page that it was reading is lost. Can be called at any time and again."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):  # what it had not taken yet cannot be flushed any more
                    pipe.close()

    def read(self, page_jpeg: bytes, kind: Kind) -> Reading:
        """What the page says. Blocks no longer than start and read deadline together; raises `ReadingFailed`.

        `page_jpeg` is a flattened page (`take_page`): any size, any of four orientations.
        """
        self.open()
        until = self._clock.after(self._read_deadline_s)
        try:
            asked = packed({"kind": kind.value, "today": self._today().isoformat()}, page_jpeg)
        except BadFrame as error:
            raise ReadingFailed("R104") from error
        try:
            self._send(asked, until)
            answer = self._answer(until)
        except ReadingFailed:
            self.close()
            raise
        return _reading(kind, answer)

    def _today(self) -> date:
        return self._clock.now().astimezone(_CHINA).date()

    def _started(self) -> subprocess.Popen[bytes]:
        kept = {name: os.environ[name] for name in _SURROUNDINGS if name in os.environ}
        child = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=kept | _THREADS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's complaint could quote a page
            bufsize=0,
        )
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
        return child

    def _send(self, frame: bytes, until: float) -> None:
        assert self._child is not None and self._child.stdin is not None
        pipe, rest = self._child.stdin.fileno(), memoryview(frame)
        while rest:
            self._wait(pipe, select.POLLOUT, until)
            try:
                rest = rest[os.write(pipe, rest[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise ReadingFailed("R103") from error

    def _answer(self, until: float) -> dict[str, Any]:
        try:
            head, body = lengths(self._bytes(PREFIX, until))
            return head_of(self._bytes(head + body, until)[:head])
        except BadFrame as error:
            raise ReadingFailed("R103", why="no frame") from error

    def _bytes(self, count: int, until: float) -> bytes:
        assert self._child is not None and self._child.stdout is not None
        pipe, told = self._child.stdout.fileno(), bytearray()
        while len(told) < count:
            self._wait(pipe, select.POLLIN, until)
            try:
                more = os.read(pipe, min(_CHUNK, count - len(told)))
            except BlockingIOError:
                continue
            if not more:
                raise ReadingFailed("R103")
            told += more
        return bytes(told)

    def _wait(self, pipe: int, event: int, until: float) -> None:
        """Until the pipe is ready or gone; at the deadline the child is given up."""
        line = select.poll()
        line.register(pipe, event)
        if not line.poll(self._clock.left(until) * 1000):
            raise ReadingFailed("R102")


def _reading(kind: Kind, answer: dict[str, Any]) -> Reading:
    failed = answer.get("failed")
    if failed is not None:
        raise ReadingFailed(failed if failed in CODES else "R100")
    try:
        return Reading(
            kind,
            {name: Field(str(value), float(likely)) for name, (value, likely) in answer["fields"].items()},
            bool(answer["kind_matches"]),
            tuple(Warning(name) for name in answer["warnings"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReadingFailed("R103", why="no reading") from error
