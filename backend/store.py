"""The sealed files on disk: names drawn by the platform, sizes that are true after a power cut."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.durable import PRIVATE, private_folder, sync_folder

_MOST_PIECES = 512  # chosen: below IOV_MAX, 1024 on Linux
_NAME = re.compile(r"[0-9a-f]{32}")


def new_name() -> str:
    """A name for a new file: 128 random bits, hex."""
    return secrets.token_hex(16)


class Appending:
    """A file that is being continued."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def size(self) -> int:
        """Bytes that are there."""
        return os.fstat(self._descriptor).st_size

    def write(self, *pieces: bytes) -> None:
        """Append all `pieces`. Raises OSError (a full disk may leave a part of them: the size tells)."""
        rest = [memoryview(piece) for piece in pieces if piece]
        while rest:
            written = os.writev(self._descriptor, rest[:_MOST_PIECES])
            while rest and written >= len(rest[0]):
                written -= len(rest.pop(0))
            if written:
                rest[0] = rest[0][written:]

    def sync(self) -> None:
        """Make what was appended durable."""
        os.fsync(self._descriptor)


class Store:
    """A folder of files named by `new_name`. Every method but `names` raises KeyError for a name of another form."""

    def __init__(self, folder: Path) -> None:
        self._folder = private_folder(folder)

    def _file(self, name: str) -> Path:
        if not _NAME.fullmatch(name):  # whatever a request holds, it never becomes a path
            raise KeyError(name)
        return self._folder / name

    def create(self, name: str) -> None:
        """Make the empty file `name`, its name durable."""
        descriptor = os.open(self._file(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        os.close(descriptor)
        sync_folder(self._folder)

    @contextmanager
    def appending(self, name: str) -> Iterator[Appending]:
        """The file `name`, to be continued at its end. Raises FileNotFoundError."""
        descriptor = os.open(self._file(name), os.O_WRONLY | os.O_APPEND)
        try:
            yield Appending(descriptor)
        finally:
            os.close(descriptor)

    def durable_size(self, name: str) -> int:
        """How many bytes of `name` are on the disk itself. Raises FileNotFoundError.

        What the kernel still held is flushed first, so a size that was told is never taken back.
        """
        with self.appending(name) as file:
            file.sync()
            return file.size()

    def read(self, name: str) -> bytes:
        """All of `name`. Raises FileNotFoundError."""
        return self._file(name).read_bytes()

    def sha256(self, name: str) -> str:
        """Hex SHA-256 of `name`. Raises FileNotFoundError."""
        with self._file(name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def remove(self, name: str) -> None:
        """Remove `name` if it is there."""
        self._file(name).unlink(missing_ok=True)

    def names(self) -> set[str]:
        """The names of all files."""
        return {file.name for file in self._folder.iterdir() if _NAME.fullmatch(file.name)}
