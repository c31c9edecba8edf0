"""What a running face or uploader leaves for the guard of releases: which release it is of, and how it fares.

One small file per process in the data folder, replaced whole. It holds nothing of a visit.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from ground.clock import Clock
from ground.log.head import this_boot
from tools.cli import ROOT

_MOST_STARTS = 20
_LOOK_S = 10.0  # how often an idle face looks whether another release is to run


@dataclass(frozen=True, slots=True)
class Mark:
    """How one process fares."""

    release: str  #: the folder that it runs from
    pid: int
    boot: str
    at_work: bool = False  #: the face showed its home; the uploader spoke with the platform
    ended: bool = False  #: because it was asked to, or to renew itself
    unplanned: list[float] = field(
        default_factory=list
    )  #: starts in this boot after it had just died; monotonic s

    @property
    def alive(self) -> bool:
        """Whether that process is there and runs from that release."""
        with suppress(OSError):
            return str(Path(f"/proc/{self.pid}/cwd").readlink()) == self.release
        return False


class Marker:
    """Leaves the mark of this process."""

    def __init__(self, data_folder: Path, who: str, clock: Clock, release: Path = ROOT) -> None:
        """`who`: face or uploader."""
        self._path = data_folder / f"{who}.mark"
        old, boot = read_mark(self._path), this_boot()
        starts: list[float] = []
        if old is not None and (old.release, old.boot) == (str(release), boot):
            starts = old.unplanned if old.ended else [*old.unplanned, clock.instant()]
        self._mark = Mark(str(release), os.getpid(), boot, unplanned=starts[-_MOST_STARTS:])
        self._write()

    def at_work(self) -> None:
        """It does what it is for."""
        if not self._mark.at_work:
            self._mark = replace(self._mark, at_work=True)
            self._write()

    def ended(self) -> None:
        """It ends, and that is no failure."""
        self._mark = replace(self._mark, ended=True)
        self._write()

    def _write(self) -> None:
        # not synced: after a power cut there is another boot, and it says nothing any more
        fresh = self._path.with_name(self._path.name + ".new")
        with suppress(OSError):
            fresh.write_text(json.dumps(asdict(self._mark)), encoding="utf-8")
            fresh.replace(self._path)


def read_mark(path: Path) -> Mark | None:
    """What was left there; None when there is nothing or nothing readable."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Mark(**told)
    except (OSError, ValueError, TypeError):
        return None


def moved(clock: Clock, folder: Path, release: Path = ROOT, every_s: float = _LOOK_S) -> Callable[[], bool]:
    """Asks, seldom, whether `folder`/current is another release than the one that runs here."""
    if not release.is_relative_to(folder / "releases"):
        return lambda: False  # a developer's tree
    due, found = clock.instant(), False

    def look() -> bool:
        nonlocal due, found
        if clock.due(due):
            due = clock.after(every_s)
            found = (folder / "current").resolve() != release
        return found

    return look
