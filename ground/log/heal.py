"""What a writer finds at the end of the log when it begins, or after another was cut short; and what it says of it.

Nothing is repaired in silence and nothing is taken away: torn bytes stay where they are, and a record tells of them.
Whether that was a power cut or somebody's hand is for the check to say (`ground.log.check`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ground.log.head import Head, first_of, log_files
from ground.log.record import Record, decode
from ground.logbook import Fact

_WINDOW = 256 * 1024  # bytes; a record is under 2 kB, and a power cut loses some dozen at most


@dataclass(frozen=True, slots=True)
class End:
    """The end of the newest file. `torn`: the bytes after the last sound record, without the newline at their end."""

    path: Path | None
    size: int
    last: Record | None
    torn: bytes
    newline: bool  #: whether the file ends with one
    holds: bool = True  #: whether `last` lies in this very file, and not in the one before

    def reached(self, head: Head) -> int:
        """The highest number that was given out, as far as is known: a file's name tells of its first record."""
        named = 0 if self.holds or self.path is None else first_of(self.path.name)
        return max(head.seq, self.last.seq if self.last else 0, named)


def end_of(folder: Path) -> End:
    """Read the end of the newest file; of the one before, when the newest holds no record. Raises OSError."""
    files = log_files(folder)
    if not files:
        return End(None, 0, None, b"", True, False)
    newest = _end(files[-1])
    if newest.last is None and len(files) > 1:
        before = _end(files[-2])
        return End(newest.path, newest.size, before.last, newest.torn, newest.newline, False)
    return replace(newest, holds=newest.last is not None)


def _end(path: Path) -> End:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _WINDOW))
        content = file.read()
    newline = not content or content.endswith(b"\n")
    lines = content.removesuffix(b"\n").split(b"\n") if content else []
    for back in range(len(lines) - 1, -1, -1):
        record = decode(lines[back])
        if record is not None and record.sound:
            return End(path, size, record, b"\n".join(lines[back + 1 :]), newline)
    return End(path, size, None, b"\n".join(lines), newline)


def as_expected(head: Head, end: End) -> bool:
    """Whether the log ends as the head says."""
    last = end.last
    return (
        last is not None
        and (last.seq, last.hash) == (head.seq, head.hash)
        and not end.torn
        and end.newline
        and end.path is not None
        and (end.path.name, end.size) == (head.file, head.size)
    )


def findings(head: Head | None, end: End) -> dict[str, Fact]:
    """The facts of `log_healed`. `cause`: torn, lost, ahead (a writer was cut short before it said so), index."""
    causes = []
    known = head or Head()
    last_seq = end.last.seq if end.last else 0
    if end.torn or not end.newline:
        causes.append("torn")
    reached = end.reached(known)
    if last_seq < reached:
        causes.append("lost")
    if last_seq > known.seq and head is not None:
        causes.append("ahead")
    if head is None:
        causes.append("index")
    facts: dict[str, Fact] = {"cause": ",".join(causes) or "other", "boot_then": known.boot}
    if end.torn:
        facts |= {"torn_bytes": len(end.torn), "torn_sha256": hashlib.sha256(end.torn).hexdigest()}
    if last_seq < reached:
        facts |= {"lost_from": last_seq + 1, "lost_to": reached, "synced": known.synced}
    return facts


def power_cut(healed: Mapping[str, Any], due: int, most: int) -> bool:
    """Whether the machine was started anew in between, and no more went than it ever leaves unsynced."""
    many = count_of(healed.get("lost_to")) - due
    anew = healed.get("boot_then") != healed.get("boot")
    return anew and count_of(healed.get("synced")) < due and many < most


def count_of(value: object) -> int:
    """A number of a record, which somebody may have made who does not keep to types."""
    return value if isinstance(value, int) else 0
