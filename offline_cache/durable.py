"""Making the disk keep its word: synced folders, locks that die with their process, errors in our words."""

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from ground.durable import write_whole
from offline_cache.errors import CacheError, DiskFull, NotAllowed, NotDurable, ReadOnlyDisk

_KINDS: Mapping[int, type[CacheError]] = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EFBIG: DiskFull,  # a file-size limit set on the process
    errno.EROFS: ReadOnlyDisk,
    errno.EACCES: NotAllowed,
    errno.EPERM: NotAllowed,
}


@contextlib.contextmanager
def translated(place: Path) -> Iterator[None]:
    """Turn the system's errors into `DiskFull` and `NotDurable`."""
    try:
        yield
    except CacheError:
        raise
    except OSError as error:
        raise explained(error, place) from error


def explained(error: OSError, place: Path) -> CacheError:
    """The system's error in our words."""
    number = error.errno or 0
    return _KINDS.get(number, NotDurable)(why=errno.errorcode.get(number, "?"), place=place.name)


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Be the only process (and thread) between here and the end, as long as all ask for the same `path`."""
    with locked(path, fcntl.LOCK_EX):
        yield


@contextlib.contextmanager
def locked(path: Path, how: int) -> Iterator[None]:
    """Hold an flock (`fcntl.LOCK_SH`, `LOCK_EX`, `| LOCK_NB`) on a file made for it. Raises BlockingIOError."""
    # flock dies with the process, so a kill leaves no stale lock behind.
    with translated(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, how)
        except BlockingIOError:
            raise
        except OSError as error:
            raise NotDurable(why="no lock", place=path.name) from error
        yield
    finally:
        with contextlib.suppress(OSError):  # nothing was written to it, and the lock is gone whatever it says
            os.close(descriptor)


def write_secret(file: Path, content: bytes) -> None:
    """Write `file` durably, readable by this user alone; what stood there is replaced at once. Raises `CacheError`."""
    with translated(file):
        write_whole(file, content)
