"""Releases side by side on a terminal: `releases/VERSION`, and the links `current` and `previous` (ADR 0072, 0079)."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from ground.durable import sync_folder, write_whole
from tools.release.errors import Busy, NothingThere

UNFINISHED = ".unfinished"  #: lies in a release until all of it is on the disk
_READY = Path(".venv/.ready")  #: install.sh's last word


@dataclass(frozen=True, slots=True)
class Trial:
    """A release that has to prove itself."""

    version: str
    came_from: str  #: what it returns to
    at: str  #: when the link was turned; wall clock, for people
    before: list[str] = field(default_factory=list)  #: checks that failed under the old one already
    healthy_s: float = 0.0  #: watched and well, all in all
    sick_s: float = 0.0  #: watched and not well, since it was last well
    seen: float = -1.0  #: monotonic seconds of the last look
    boot: str = ""
    boots: int = 0  #: starts of the machine since it was last well
    well: bool = False  #: it was seen well once
    uploader_told: bool = False  #: the uploader was started anew, after the face


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the guard must not forget."""

    good: str = ""  #: the last release that proved itself
    trial: Trial | None = None
    wanted: str = ""  #: installed, to be switched to
    back: dict[str, str] = field(default_factory=dict)  #: version, left, why, code of a return that has begun
    refused: dict[str, str] = field(default_factory=dict)  #: version → code: never tried again by itself
    last: dict[str, str] = field(default_factory=dict)  #: at, what, version, code of the last thing done


class Tree:
    """The folder with the releases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def release(self, version: str) -> Path:
        """Where a version lies."""
        return self.folder / "releases" / version

    def versions(self) -> list[str]:
        """Every complete release, the oldest first."""
        found = [path.name for path in (self.folder / "releases").glob("*") if self.complete(path.name)]
        return sorted(found, key=as_version)

    def complete(self, version: str) -> bool:
        """Whether all of it is there."""
        place = self.release(version)
        return (place / _READY).exists() and not (place / UNFINISHED).exists()

    def link(self, name: str) -> str:
        """The version that `current`, `previous` or `good` points to; "" for none that is complete."""
        with suppress(OSError):
            version = (self.folder / name).readlink().name
            if self.complete(version):
                return version
        return ""

    def turn(self, version: str) -> None:
        """Let `current` be this version, and `previous` what was. Either the old or the new after a power cut."""
        if not self.complete(version):
            raise NothingThere(version=version)
        now = self.link("current")
        if now == version:
            return
        if now:
            self.point("previous", now)
        self.point("current", version)

    def point(self, name: str, version: str) -> None:
        """Let a link point to a version, by one rename."""
        fresh = self.folder / f"{name}.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path("releases") / version)
        fresh.replace(self.folder / name)
        sync_folder(self.folder)

    def prune(self, keep: set[str]) -> list[str]:
        """Remove every release but `keep`, those of the links, and those that a process runs from; which."""
        kept = {*keep, self.link("current"), self.link("previous"), self.link("good")}
        gone = []
        for place in sorted((self.folder / "releases").glob("*")):
            if place.name in kept or _runs_from(place):
                continue
            (place / UNFINISHED).touch()  # half a release must not look like one
            shutil.rmtree(place, ignore_errors=True)
            gone.append(place.name)
        return gone

    def ledger(self) -> Ledger:
        """What the guard wrote last; empty when there is nothing, or nothing readable."""
        try:
            told: dict[str, Any] = json.loads((self.folder / "state.json").read_bytes())
            trial = told.pop("trial")
            return Ledger(**told, trial=None if trial is None else Trial(**trial))
        except (OSError, ValueError, TypeError, KeyError):
            return Ledger()

    def keep(self, ledger: Ledger) -> None:
        """On the disk before anything follows from it."""
        write_whole(self.folder / "state.json", json.dumps(asdict(ledger), indent=1), 0o644)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else changes releases meanwhile. Raises `Busy`."""
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
            yield
        except BlockingIOError as error:
            raise Busy() from error
        finally:
            os.close(descriptor)


def as_version(text: str) -> Version:
    """For order; what is no version counts as the oldest."""
    try:
        return Version(text)
    except InvalidVersion:
        return Version("0")


def _runs_from(place: Path) -> bool:
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink().is_relative_to(place):
                return True
    return False
