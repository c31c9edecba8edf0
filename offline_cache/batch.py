"""Files on their way into the spool: written and synced side by side, named when all of them are safe."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ground.durable import sync_folder
from offline_cache.header import Header, header_line
from offline_cache.marker import SUFFIX
from offline_cache.writers import Writers

TEMPORARY = ".new"

_WRITERS = (
    4  # chosen: the disk syncs some files while the next is being sealed; more gains nothing measurable
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One sealed file in the spool."""

    name: str
    sha256: str  #: hex, of the sealed bytes
    bytes: int  #: sealed, without the header before them


class Batch:
    """Files that become durable together, or not at all."""

    def __init__(self, folder: Path, require_room: Callable[[int], None]) -> None:
        self._folder = folder
        self._require_room = require_room
        self._fresh: list[_Fresh] = []

    @property
    def kept(self) -> list[Kept]:
        """What was written, in order."""
        return [fresh.kept for fresh in self._fresh]

    def write(
        self,
        contents: Iterable[bytes],
        header: Callable[[int], Header | None],
        marker: Callable[[list[Kept]], bytes] | None = None,
    ) -> None:
        """Make the contents durable under names that nobody looks at; some sync while the next is made.

        The marker that names them all is written with the last of them: what it says is known before they are durable,
        and it gets its name after them.
        """
        with Writers(_WRITERS) as writers:
            for at, content in enumerate(contents):
                writers.begin(self._one(content, ".age", header(at)).write)
            if marker is not None:
                writers.begin(self._one(marker(self.kept), SUFFIX, None).write)

    def name_them(self) -> None:
        """Give all their names, in the order in which they came, and make the names durable."""
        for fresh in self._fresh:
            fresh.name_it()
        sync_folder(self._folder)

    def discard(self) -> None:
        """Take everything back that was written."""
        for fresh in reversed(self._fresh):  # the marker first: without it the rest is nothing
            fresh.discard()

    def close(self) -> None:
        """Let go of every file."""
        for fresh in self._fresh:
            fresh.close()

    def _one(self, content: bytes, suffix: str, header: Header | None) -> "_Fresh":
        self._require_room(len(content))
        self._fresh.append(fresh := _Fresh(self._folder, content, suffix, header))
        return fresh


class _Fresh:
    """One file on its way into the spool."""

    def __init__(self, folder: Path, content: bytes, suffix: str, header: Header | None) -> None:
        # Hashed here and not by the writer: each step outside of Python makes it queue for Python behind the sealing.
        digest, size = hashlib.sha256(content).hexdigest(), len(content)
        line = b"" if header is None else header_line(replace(header, sha256=digest, bytes=size))
        self.kept = Kept(digest + suffix, digest, size)
        self._folder = folder
        self._pieces = [line, content]
        self._path = folder / f"{secrets.token_hex(16)}{TEMPORARY}"
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)

    def write(self) -> None:
        """Make the content durable, under a name that nobody looks at. Raises OSError; a sync is never tried twice."""
        pieces = [memoryview(piece) for piece in self._pieces if piece]
        self._pieces = []
        while pieces:
            written = os.writev(self._descriptor, pieces)
            while pieces and written >= len(pieces[0]):
                written -= len(pieces.pop(0))
            if pieces:
                pieces[0] = pieces[0][written:]
        del pieces
        os.fdatasync(self._descriptor)

    def name_it(self) -> None:
        self._path = self._path.rename(self._folder / self.kept.name)

    def discard(self) -> None:
        with contextlib.suppress(OSError):  # the first error is the one to report; a sweep takes what stays
            self._path.unlink(missing_ok=True)

    def close(self) -> None:
        os.close(self._descriptor)
