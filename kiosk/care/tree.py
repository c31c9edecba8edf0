"""The machine as the kernel lays it out below one folder: `/` on a terminal, a laid-out tree in a test."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MOST = 65_536  # bytes; the kernel's files of one value are far shorter


@dataclass(frozen=True, slots=True)
class Tree:
    """Reads small files of proc and sys. What is not there, or cannot be read, is None: the caller says so."""

    root: Path = Path("/")

    def path(self, below: str) -> Path:
        """Where `below` ("sys/class/…") lies."""
        return self.root / below

    def text(self, below: str) -> str | None:
        """A file's text, stripped; None when it is missing, may not be read, or its driver fails."""
        try:
            with self.path(below).open("rb") as file:
                return file.read(_MOST).decode("utf-8", "replace").strip()
        except OSError:  # a sensor that is asleep answers EAGAIN, EIO or ENODATA
            return None

    def number(self, below: str) -> int | None:
        """A file's whole number, decimal or 0x…; None as `text`, and when it holds none."""
        try:
            return int(self.text(below) or "", 0)
        except ValueError:
            return None

    def glob(self, pattern: str) -> Iterator[str]:
        """Paths below the root that match, in order of their names."""
        for path in sorted(self.root.glob(pattern)):
            yield path.relative_to(self.root).as_posix()

    def program(self, name: str) -> str | None:
        """Where the system's program `name` lies; None when it is not installed."""
        places = (self.path(folder) for folder in ("usr/sbin", "usr/bin", "sbin", "bin"))
        return shutil.which(name, path=":".join(map(str, places)))


MACHINE = Tree()  #: the one that this program runs on
