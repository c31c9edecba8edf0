"""The files of a log: how much of it is kept, and how one is read line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ground.log.record import decode

_LONGEST_LINE = 64 * 1024  # bytes; ours are under 8 kB, and what somebody brings on a stick may be anything


@dataclass(frozen=True, slots=True)
class Rules:
    """How much is kept."""

    file_bytes: int = 16 * 1024 * 1024  #: a file that has grown so large is closed
    keep_days: int = 200  #: days on which something happened; older files are deleted
    most_bytes: int = 2048 * 1024 * 1024  #: of all files; then the oldest goes, however young
    hashes: str = "sha256"  #: or sm3; may change within a log


DEFAULT_RULES = Rules()


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file of a log as far as it is to be checked."""

    name: str
    path: Path
    size: int

    def lines(self) -> Iterator[tuple[int, bytes, bool]]:
        """Number from 1, the line without its newline, and whether it had one. Raises OSError."""
        left = self.size
        with self.path.open("rb") as file:
            number = 0
            while left > 0 and (line := file.readline(min(left, _LONGEST_LINE))):
                left -= len(line)
                number += 1
                yield number, line.removesuffix(b"\n"), line.endswith(b"\n")


def begun_on(path: Path) -> str:
    """The day (UTC) of a file's first record; "" when that cannot be read."""
    with path.open("rb") as file:
        first = decode(file.readline(4096).rstrip(b"\n"))
    return str(first.fields.get("at"))[:10] if first else ""


def beyond(files: Sequence[Path], rules: Rules) -> list[Path]:
    """Which of the closed files (oldest first) are no longer kept. Raises OSError.

    Days are counted by what lies here, not by a clock that may have woken in 2099.
    """
    days: set[str] = set()
    total = 0
    for back, path in enumerate(reversed(files)):
        total += path.stat().st_size
        if len(days) >= rules.keep_days or total > rules.most_bytes:
            return list(files[: len(files) - back])
        days.add(begun_on(path) or path.name)
    return []


def end_of_file(path: Path) -> tuple[int, str]:
    """Number and hash of the last record of a closed file; (0, "") when it holds none. Raises OSError."""
    with path.open("rb") as file:
        lines = [decode(line.rstrip(b"\n")) for line in file]
    found = [record for record in lines if record is not None]
    return (found[-1].seq, found[-1].hash) if found else (0, "")
