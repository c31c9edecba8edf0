"""The spool: a folder of sealed files, each durable before its name is known to anybody.

A file is written under a temporary name, fsynced, renamed, and then the folder is fsynced; a failed fsync
is an error and never tried again on the same file, because Linux drops the dirty pages and the second try
would lie. A file's name is the SHA-256 of its sealed bytes: it says nothing about what is inside, and it
proves it unharmed.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from offline_cache.errors import CacheError, Corrupt, DiskFull, NotDurable

RESERVE_BYTES = (
    64 * 1024 * 1024
)  # chosen: leaves the system and the log room to breathe when the spool is "full"

_NAME = re.compile(r"[0-9a-f]{64}\.age")
_TEMPORARY = ".new"
_LOCK = ".lock"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # EFBIG: a file-size limit set on the process
_BLOCK = 1024 * 1024
_WRITERS = (
    4  # chosen: the disk syncs some files while the next is being sealed; more gains nothing measurable
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One sealed file in the spool."""

    name: str
    sha256: str  #: hex, of the sealed bytes
    bytes: int


class Spool:
    """Sealed files in one folder. Safe for several threads and processes."""

    def __init__(self, folder: Path, *, reserve_bytes: int = RESERVE_BYTES) -> None:
        self.folder = folder
        self._reserve = reserve_bytes
        with translated(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            sync_folder(folder.parent)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold this from the first file of a case until its commit: no sweep takes the files for orphans."""
        with _locked(self.folder / _LOCK, fcntl.LOCK_SH):
            yield

    def keep(self, contents: Iterable[bytes]) -> list[Kept]:
        """Write sealed `contents` durably, one file each: all, or none and `DiskFull` or `NotDurable`."""
        batch: list[_Fresh] = []
        with translated(self.folder):
            try:
                with ThreadPoolExecutor(_WRITERS, "spool") as writers:
                    written = [writers.submit(self._fresh(batch, content).write) for content in contents]
                for each in written:
                    each.result()
                for fresh in batch:
                    fresh.name_it()
                sync_folder(self.folder)
            except BaseException:
                for fresh in batch:
                    fresh.discard()
                raise
            finally:
                for fresh in batch:
                    fresh.close()
        return [fresh.kept for fresh in batch]

    def _fresh(self, batch: list["_Fresh"], content: bytes) -> "_Fresh":
        self.require_room(len(content))
        batch.append(fresh := _Fresh(self.folder, content))
        return fresh

    def open(self, name: str) -> BinaryIO:
        """A sealed file, for reading. Raises `Corrupt` when it is gone."""
        try:
            return (self.folder / _checked(name)).open("rb")
        except FileNotFoundError as error:
            raise Corrupt(why="gone", file=name) from error

    def intact(self, name: str) -> bool:
        """Whether the file is there and still is what was written."""
        digest = hashlib.sha256()
        try:
            with self.open(name) as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
        except (Corrupt, OSError):
            return False
        return name == f"{digest.hexdigest()}.age"

    def remove(self, names: Iterable[str]) -> int:
        """Delete files that are delivered, make sure that they are gone, say how many there were.

        Raises `NotDurable` when one cannot be deleted; those that are left, a later `sweep` takes.
        """
        removed = 0
        for name in names:
            path = self.folder / _checked(name)
            with translated(path):
                removed += path.exists()
                path.unlink(missing_ok=True)
            if path.exists():
                raise NotDurable(why="not deleted", file=name)
        return removed

    def sweep(self, wanted: Iterable[str]) -> int | None:
        """Delete whatever is not `wanted`: left by a power cut before a commit, or after a delivery.

        None when somebody is writing just now, in which case nothing is touched. `wanted` is only read once
        nobody can be writing, so pass something lazy.
        """
        try:
            with _locked(self.folder / _LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB):
                keep = set(wanted)
                orphans = [
                    path for path in self.folder.iterdir() if _ours(path.name) and path.name not in keep
                ]
                with translated(self.folder):
                    for path in orphans:
                        path.unlink(missing_ok=True)
                return len(orphans)
        except BlockingIOError:
            return None

    def room_bytes(self) -> int:
        """Bytes that may still be written before the reserve is touched; never negative."""
        with translated(self.folder):
            disk = os.statvfs(self.folder)
        return max(0, disk.f_bavail * disk.f_frsize - self._reserve)

    def require_room(self, needed_bytes: int) -> None:
        """Raise `DiskFull` unless `needed_bytes` fit."""
        room = self.room_bytes()
        if needed_bytes > room:
            raise DiskFull(needed_bytes=needed_bytes, room_bytes=room)


class _Fresh:
    """One file on its way into the spool."""

    kept: Kept

    def __init__(self, folder: Path, content: bytes) -> None:
        self._folder = folder
        self._content = content
        self._path = folder / f"{secrets.token_hex(16)}{_TEMPORARY}"
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)

    def write(self) -> None:
        """Make the content durable, under a name that nobody looks at."""
        view = memoryview(self._content)
        while view:
            view = view[os.write(self._descriptor, view) :]
        os.fdatasync(self._descriptor)
        digest = hashlib.sha256(self._content).hexdigest()
        self.kept = Kept(f"{digest}.age", digest, len(self._content))
        self._content = b""

    def name_it(self) -> None:
        self._path = self._path.rename(self._folder / self.kept.name)

    def discard(self) -> None:
        with contextlib.suppress(OSError):  # the first error is the one to report; a sweep takes what stays
            self._path.unlink(missing_ok=True)

    def close(self) -> None:
        os.close(self._descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable. An I/O error here is as bad as one in a file, and is raised."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def translated(place: Path) -> Iterator[None]:
    """Turn the system's errors into `DiskFull` and `NotDurable`."""
    try:
        yield
    except CacheError:
        raise
    except OSError as error:
        kind = DiskFull if error.errno in _NO_ROOM else NotDurable
        raise kind(why=errno.errorcode.get(error.errno or 0, "?"), place=place.name) from error


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Be the only process (and thread) between here and the end, as long as all ask for the same `path`."""
    with _locked(path, fcntl.LOCK_EX):
        yield


@contextlib.contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    # flock dies with the process, so a kill leaves no stale lock behind.
    with translated(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _ours(name: str) -> bool:
    return name.endswith(_TEMPORARY) or _NAME.fullmatch(name) is not None


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Corrupt(why="no spool name", file=name)
    return name
