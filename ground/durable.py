"""Files that a power cut finds whole: the old text or the new one, and a name that is on the disk, too."""

import contextlib
import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable. An I/O error here is as bad as one in a file, and is raised."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, content: str | bytes, mode: int = 0o600) -> None:
    """Put `content` in place of what stood in `path`, at once; on the disk on return. Raises OSError.

    `mode` holds whatever the umask says. Two processes that write the same file must keep each other off.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)  # of a writer that was killed; perhaps another mode, perhaps a link
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(descriptor)
        fresh.replace(path)
    finally:
        with contextlib.suppress(OSError):  # what went wrong before it is what counts
            fresh.unlink(missing_ok=True)
    sync_folder(path.parent)
