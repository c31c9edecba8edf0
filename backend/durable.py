"""Small files that must survive a power cut: written whole, flushed, and their folder flushed too."""

import os
from pathlib import Path

PRIVATE = 0o600
PRIVATE_FOLDER = 0o700


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def private_folder(folder: Path) -> Path:
    """`folder`, made if need be, open to this user alone."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)
    return folder


def write_once(file: Path, content: str) -> None:
    """Write `content` into the new private `file`, durably and all or nothing."""
    write_anew(file, content)


def write_anew(file: Path, content: str | bytes) -> None:
    """Write `content` into the private `file`, in place of what stood there, durably and all or nothing.

    The text goes to a neighbour first and is renamed: a power cut leaves no half key under the final name.
    """
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content.encode("utf-8") if isinstance(content, str) else content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(file)
    sync_folder(file.parent)
