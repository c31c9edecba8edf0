"""Puts one file onto the stick of whoever looks after the terminal: durable, read back, whole or not at all.

Citizens' sticks are mounted read-only and stay so. The system mounts a stick writable only when it bears the label of
a service stick (docs/how-to/usb-stick.md); every other one is refused here, and nothing is changed on it.
"""

import contextlib
import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from kiosk.intake.mounts import MOUNT_TABLE, Mount, stick_in
from kiosk.intake.stick import StickError, StickGone, StickUnsafe

_PIECE: Final = 256 * 1024  # bytes; a slow stick writes them in a tenth of a second
_DIRECTORY: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC

Progress = Callable[[int, int], None]  #: bytes so far, of how many


class StickReadOnly(StickError):
    """The stick is mounted read-only, as citizens' sticks are, or its switch is on."""

    code = "F134"


class StickFull(StickError):
    """There is no room left on the stick."""

    code = "F135"


class StickSpoilt(StickError):
    """What was written onto the stick reads otherwise."""

    code = "F136"


def writable(folder: Path, mount_table: Path = MOUNT_TABLE) -> Mount:
    """The stick that may be written to. Raises `StickGone`, `StickUnsafe`, `StickReadOnly`."""
    try:
        mount = stick_in(folder, mount_table)
    except OSError as error:
        raise StickGone from error
    if mount is None:
        raise StickGone
    if "ro" in mount.options:
        raise StickReadOnly
    if not mount.inert:
        raise StickUnsafe
    return mount


def put(folder: Path, name: str, content: bytes, progress: Progress, mount_table: Path = MOUNT_TABLE) -> None:
    """Write `content` as `name` into the stick's own folder; on the stick, and read back, on return.

    Raises `StickError`; whatever `progress` raises ends it, too. A file that was not finished is taken away again.
    """
    mount = writable(folder, mount_table)
    part = f".{name}.part"
    with _told(), _opened(mount.point, _DIRECTORY) as root:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(part, dir_fd=root)
        try:
            _write(root, part, content, progress)
            if _digest(root, part) != hashlib.sha256(content).digest():
                raise StickSpoilt
            os.replace(part, name, src_dir_fd=root, dst_dir_fd=root)
            os.fsync(root)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(part, dir_fd=root)
            raise


def _write(root: int, name: str, content: bytes, progress: Progress) -> None:
    with _opened(name, _NEW, root) as file:
        for begin in range(0, len(content), _PIECE):
            left = memoryview(content)[begin : begin + _PIECE]
            while left:
                left = left[os.write(file, left) :]
            os.fsync(file)  # else all of it waits in memory, and progress tells of nothing
            progress(min(begin + _PIECE, len(content)), len(content))


def _digest(root: int, name: str) -> bytes:
    """Of what the stick holds: the kernel forgets what it remembers of it first."""
    digest = hashlib.sha256()
    with _opened(name, _READ, root) as file:
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := os.read(file, _PIECE):
            digest.update(piece)
    return digest.digest()


@contextlib.contextmanager
def _opened(path: str, how: int, folder: int | None = None) -> Iterator[int]:
    descriptor = os.open(path, how, 0o600, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What the system says, as a `StickError`."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EROFS:
            raise StickReadOnly from error
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StickFull from error
        raise StickGone from error
