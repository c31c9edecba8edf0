"""The spool: a folder of sealed files, each durable before its name is known to anybody.

A file is written under a temporary name, fsynced, renamed, and then the folder is fsynced; a failed fsync
is an error and never tried again on the same file, because Linux drops the dirty pages and the second try
would lie. A file's name is the SHA-256 of its sealed bytes: it says nothing about what is inside, and it
proves it unharmed. Files of one unit (a case, a message) bear a clear header and share a marker: header.py,
marker.py.
"""

import contextlib
import fcntl
import hashlib
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ground.durable import sync_folder
from offline_cache.batch import TEMPORARY, Batch, Kept
from offline_cache.durable import locked, translated
from offline_cache.errors import CacheError, Corrupt, DiskFull, NotDurable
from offline_cache.header import Header, SealedFile
from offline_cache.marker import Mark, MarkedPart, Marker, parse_marker

RESERVE_BYTES = (
    64 * 1024 * 1024
)  # chosen: leaves the system and the log room to breathe when the spool is "full"

_NAME = re.compile(r"[0-9a-f]{64}\.(?:age|case)")
_LOCK = ".lock"
_MARKER_MAX = 256 * 1024  # chosen: a hundred parts take 12 KB; the rest is the body of a message
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeptUnit:
    """The sealed files of one unit, and the marker that belongs to them."""

    parts: tuple[Kept, ...]
    marker: Kept

    @property
    def bytes(self) -> int:
        """Sealed bytes of all its files, without their headers."""
        return sum(part.bytes for part in self.parts)


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
        with locked(self.folder / _LOCK, fcntl.LOCK_SH):
            yield

    def keep(self, contents: Iterable[bytes], header: Header | None = None) -> list[Kept]:
        """Write sealed `contents` durably, one file each: all, or none and `DiskFull` or `NotDurable`."""
        with self._batch() as batch:
            batch.write(contents, lambda at: header)
            batch.name_them()
        return batch.kept

    def keep_unit(self, contents: Iterable[bytes], mark: Mark) -> KeptUnit:
        """As `keep`, each file with its header, and with the unit's marker, durable like them and named last."""

        def header(at: int) -> Header:
            told = mark.marker
            return Header(
                unit=told.id,
                part=mark.names[at],
                of=len(mark.names),
                sha256="",
                bytes=0,
                local_number=told.local_number or "",
                order=told.order,
                matter_code=told.matter_code or "",
                at=told.at,
            )

        def marker(parts: list[Kept]) -> bytes:
            named = zip(mark.names, parts, strict=True)
            marked = tuple(
                MarkedPart(part=name, sha256=kept.sha256, bytes=kept.bytes) for name, kept in named
            )
            return mark.marker.model_copy(update={"parts": marked}).content()

        with self._batch() as batch:
            batch.write(contents, header, marker)
            batch.name_them()
        *parts, last = batch.kept
        return KeptUnit(tuple(parts), last)

    @contextlib.contextmanager
    def _batch(self) -> Iterator[Batch]:
        batch = Batch(self.folder, self.require_room)
        with translated(self.folder):
            try:
                yield batch
            except BaseException:
                batch.discard()
                raise
            finally:
                batch.close()

    def open(self, name: str) -> BinaryIO:
        """A sealed file, for reading: its age bytes, without the header. Raises `Corrupt` when it is gone."""
        return io.BufferedReader(self.sealed_file(name))

    def sealed_file(self, name: str) -> SealedFile:
        """A sealed file with the header that stands before it. Raises `Corrupt` when it is gone."""
        with translated(self.folder):
            try:
                return SealedFile(self.folder / _checked(name))
            except FileNotFoundError as error:
                raise Corrupt(why="gone", file=name) from error

    def marker(self, name: str) -> Marker:
        """What the marker of this name says. Raises `Corrupt` when it is gone or not as it was written."""
        if not self.intact(name):
            raise Corrupt(why="marker", file=name)
        with translated(self.folder), self.open(name) as file:
            return parse_marker(file.read(_MARKER_MAX))

    def names(self, suffix: str) -> list[str]:
        """The files of this kind (`.age`, `.case`) that lie here, in no order."""
        with translated(self.folder):
            found = [path.name for path in self.folder.iterdir()]
        return [name for name in found if _NAME.fullmatch(name) and name.endswith(suffix)]

    def intact(self, name: str) -> bool:
        """Whether the file is there and still is what was written."""
        digest = hashlib.sha256()
        try:
            with self.open(name) as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
        except (CacheError, OSError):
            return False
        return name.partition(".")[0] == digest.hexdigest()

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
                left = path.exists()
            if left:
                raise NotDurable(why="not deleted", file=name)
        return removed

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold this while nobody may be writing a unit; waits until the last one has committed."""
        with locked(self.folder / _LOCK, fcntl.LOCK_EX):
            yield

    def sweep(self, wanted: Callable[[], Iterable[str]]) -> int | None:
        """Delete whatever is not `wanted`: left by a power cut before a commit, or after a delivery.

        None when somebody is writing just now, in which case nothing is touched. `wanted` is called once
        nobody can be writing.
        """
        try:
            with locked(self.folder / _LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB):
                keep = set(wanted())
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


def _ours(name: str) -> bool:
    return name.endswith(TEMPORARY) or _NAME.fullmatch(name) is not None


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Corrupt(why="no spool name", file=name)
    return name
