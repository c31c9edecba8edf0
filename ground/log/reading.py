"""Where a log lies, for whoever checks, shows or copies it: files, their lines, and a stable end."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from ground.log.files import LogFile
from ground.log.head import Head, locked, log_files, read_head
from ground.log.record import Record, decode


def standing(folder: Path) -> tuple[list[LogFile], Head | None]:
    """The files of the log as they stand now, with the index of the same moment. Raises OSError."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(
            OSError
        ):  # a copy on a stick that cannot be written to: nobody else writes either
            stack.enter_context(locked(folder, fcntl.LOCK_SH))
        head = read_head(folder)
        return [LogFile(path.name, path, path.stat().st_size) for path in log_files(folder)], head


def records(files: list[LogFile]) -> Iterator[tuple[str, int, Record]]:
    """File, line and record of everything that is a record. Raises OSError."""
    for file in files:
        for number, line, _ in file.lines():
            record = decode(line)
            if record is not None:
                yield file.name, number, record
