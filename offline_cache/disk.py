"""Whether the disk still does what it is for: found out by writing, not by asking."""

import os
import secrets
from pathlib import Path

from offline_cache.durable import translated
from offline_cache.errors import Corrupt

PROBE_BYTES = 4096  # one block: what a disk writes at least
_NAME = ".probe"


def probe(folder: Path) -> None:
    """Write a block into `folder`, sync it, and read it back from the disk.

    Raises `DiskFull`, `ReadOnlyDisk`, `NotDurable` (an I/O error; the fact `why` names it) and `Corrupt`.
    """
    content, path = secrets.token_bytes(PROBE_BYTES), folder / f"{_NAME}-{os.getpid()}"
    with translated(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, content)
            os.fsync(descriptor)
            # The page cache would give back what was written whatever the disk did with it.
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            found = os.pread(descriptor, PROBE_BYTES, 0)
        finally:
            os.close(descriptor)
            path.unlink(missing_ok=True)
    if found != content:
        raise Corrupt(why="read back", place=folder.name)
