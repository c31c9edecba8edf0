"""scanimage as a child: read with deadlines, ended with everything that it started, its pages kept in memory.

Backends hang (a USB bus that stalls, a network scanner that was switched off) and some fork helpers, so a scan is
a process group of its own that can be ended from outside.
"""

import os
import re
import selectors
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from devices.errors import NotInstalled, TimedOut
from ground.clock import Clock

_LOOK_S = 0.1  # how often a waiting reader looks at the clock and at its orders
_GRACE_S = 3.0  # for SIGTERM: scanimage then cancels at the scanner, which lets go of the sheet
_CHUNK = 1 << 16
_KEPT = 1 << 20  # bytes of output and of complaints; a list of options has some 10 KB
_FOLDER = "kiosk-scan-"
_MEMORY = Path("/dev/shm")  # a tmpfs on every Debian; never a disk


class ScanProcess:
    """One run of scanimage. `end` must be called, from the thread that reads."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], clock: Clock) -> None:
        """Raises NotInstalled when there is no such program."""
        self._clock = clock
        self._end_by: float | None = None  #: once it was asked to end
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(environment),
                start_new_session=True,
            )
        except OSError as error:
            raise NotInstalled(program=command[0]) from error
        self._out, self._complaints = bytearray(), bytearray()
        self._pipes = selectors.DefaultSelector()
        for pipe, into in ((self._process.stdout, self._out), (self._process.stderr, self._complaints)):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
                self._pipes.register(pipe, selectors.EVENT_READ, into)

    def line(self, deadline: float) -> str | None:
        """The next line of its output; None when it has no more to say, or was asked to end and does not.

        Raises TimedOut.
        """
        while (end := self._out.find(b"\n")) < 0:
            if not self._listen(deadline):
                return None
        said = bytes(self._out[:end])
        del self._out[: end + 1]
        return said.decode(errors="replace")

    def everything(self, deadline: float) -> str:
        """All of its output. Raises TimedOut."""
        while self._listen(deadline):
            pass
        return self._out.decode(errors="replace")

    def exit_code(self, deadline: float) -> int:
        """How it ended; reads what is left of its complaints. Raises TimedOut."""
        self.everything(deadline)
        while not self._over():
            self._late(deadline)
            self._clock.wait(_LOOK_S / 10)
        return self._process.wait()

    def complaints(self) -> list[str]:
        """What it wrote to stderr until now."""
        return self._complaints.decode(errors="replace").splitlines()

    def ask_to_end(self) -> float:
        """Have it cancel at the scanner; the instant until which it may. May be called from any thread, repeatedly."""
        if self._end_by is None:
            self._end_by = self._clock.after(_GRACE_S)
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM)
        return self._end_by

    def end(self) -> None:
        """End it and all that it started, kindly first; nothing of it is left afterwards."""
        if self._process.returncode is None:
            self._end_kindly()
            with suppress(ProcessLookupError):  # its number is ours until it is waited for
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._pipes.close()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def _end_kindly(self) -> None:
        if self._over():
            return
        end_by = self.ask_to_end()
        while not (self._over() or self._clock.due(end_by)):
            with suppress(TimedOut):  # a child that cannot get rid of its words does not end
                self._listen(self._clock.after(_LOOK_S))
            self._clock.wait(_LOOK_S / 10)

    def _over(self) -> bool:
        """Whether it has ended; leaves the body unburied, so that its process group keeps its number."""
        if self._process.returncode is not None:
            return True
        left = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._process.pid, left) is not None

    def _listen(self, deadline: float) -> bool:
        """Take in what it says next; False when both pipes are closed, or it had to end. Raises TimedOut."""
        while self._pipes.get_map() and not (self._end_by is not None and self._clock.due(self._end_by)):
            self._late(deadline)
            for key, _ in self._pipes.select(min(_LOOK_S, max(0.001, self._clock.left(deadline)))):
                said = os.read(key.fd, _CHUNK)
                if not said:
                    self._pipes.unregister(key.fileobj)
                key.data.extend(said[: max(0, _KEPT - len(key.data))])
                return True
        return False

    def _late(self, deadline: float) -> None:
        if self._clock.due(deadline):
            raise TimedOut(program="scanimage")


@contextmanager
def page_folder() -> Iterator[Path]:
    """A folder of ours alone, in memory where there is such a place, wiped at the end however that comes."""
    base = _MEMORY if os.access(_MEMORY, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
    _wipe_orphans(base)
    folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-", dir=base))
    try:
        yield folder
    finally:
        _wipe(folder)


def taken(page: Path) -> bytes:
    """The bytes of a page file, which is gone afterwards. Raises OSError."""
    try:
        return page.read_bytes()
    finally:
        _overwrite(page)


def _wipe(folder: Path) -> None:
    for page in folder.iterdir():
        _overwrite(page)
    shutil.rmtree(folder, ignore_errors=True)


def _overwrite(page: Path) -> None:
    """Zeros first: where the folder had to lie on a disk, an undeleted file shall not be a citizen's paper."""
    with suppress(OSError):
        with page.open("r+b") as file:
            size = os.fstat(file.fileno()).st_size
            for _ in range(-(-size // (1 << 20))):
                file.write(bytes(1 << 20))
            file.truncate(0)
        page.unlink()


def _wipe_orphans(base: Path) -> None:
    """Folders of a kiosk that was killed in mid-scan."""
    for folder in base.glob(f"{_FOLDER}*"):
        owner = re.match(rf"{_FOLDER}(\d+)-", folder.name)
        with suppress(OSError):
            if owner and folder.stat().st_uid == os.getuid() and not Path("/proc", owner[1]).exists():
                _wipe(folder)
