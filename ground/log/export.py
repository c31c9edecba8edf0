"""A part of the log for an auditor: the very lines, and beside them a signed statement of what they are.

Two files, `TERMINAL-log-FIRST-LAST.jsonl` and the same with `.sig`. One export begins where the one before ended, so
that all of them together are the log; any of them alone can be checked, and is an anchor that the log must hold.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ground.log.chain import Signer
from ground.log.files import LogFile
from ground.log.record import GENESIS, Record, decode

#: Before what is signed; see `ground.log.record.SEAL_DOMAIN`.
EXPORT_DOMAIN = b"tiantianshun-log-export-1\n"
STATE = "exported"  #: file in the log's folder: up to where it was exported

_LONGEST_STATEMENT = 64 * 1024


class ExportFailed(Exception):
    """The export could not be written, or gives back other bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What an export is. `signature` "" where the terminal has no key."""

    terminal: str
    first: int
    last: int
    before: str  #: hash of the record before `first`
    hash: str  #: hash of the record `last`
    sha256: str  #: of the file of lines
    made_at: str
    key: str = ""
    signature: str = ""  #: base64

    def content(self) -> bytes:
        """What is signed."""
        told = asdict(replace(self, signature=""))
        return EXPORT_DOMAIN + json.dumps(told, sort_keys=True).encode("ascii")

    @property
    def name(self) -> str:
        """Of the file of lines."""
        return f"{self.terminal or 'terminal'}-log-{self.first:012d}-{self.last:012d}.jsonl"


def export(
    files: list[LogFile],
    span: tuple[int, int],
    folder: Path,
    terminal: str,
    made_at: str,
    signer: Signer | None,
) -> tuple[Path, Statement]:
    """Copy the records of `span` (first and last, both taken) to `folder`, durably; read back before it counts.

    Raises `ExportFailed`, and OSError.
    """
    fresh = folder / f".{terminal or 'terminal'}-log.part"
    digest = hashlib.sha256()
    before, last = GENESIS, ""
    with fresh.open("wb") as target:
        for line, record in _lines(files, *span):
            if record is not None:
                before = record.prev if not last else before
                last = record.hash
            digest.update(line)
            target.write(line)
        target.flush()
        os.fsync(target.fileno())
        os.posix_fadvise(
            target.fileno(), 0, 0, os.POSIX_FADV_DONTNEED
        )  # what is read back comes from the stick
    if _sha256(fresh) != digest.hexdigest():
        fresh.unlink(missing_ok=True)
        raise ExportFailed("other bytes")
    statement = Statement(
        terminal=terminal,
        first=span[0],
        last=span[1],
        before=before,
        hash=last,
        sha256=digest.hexdigest(),
        made_at=made_at,
        key=signer.key_id if signer else "",
    )
    if signer is not None:
        signature = base64.b64encode(signer.sign(statement.content())).decode("ascii")
        statement = replace(statement, signature=signature)
    path = folder / statement.name
    _write(path.with_suffix(".sig"), json.dumps(asdict(statement), sort_keys=True).encode("ascii"))
    fresh.replace(path)
    return path, statement


def _lines(files: list[LogFile], first: int, last: int) -> Iterator[tuple[bytes, Record | None]]:
    """The lines from record `first` to record `last`, with whatever stands between them."""
    begun = False
    for file in files:
        for _, line, _ in file.lines():
            record = decode(line)
            begun = begun or (record is not None and record.seq >= first)
            if begun:
                yield line + b"\n", record
            if begun and record is not None and record.seq >= last:
                return


def read_statement(path: Path) -> Statement:
    """The statement beside the export `path`. Raises OSError and ValueError."""
    with path.with_suffix(".sig").open("rb") as file:
        told = json.loads(file.read(_LONGEST_STATEMENT))
    if not isinstance(told, dict):
        raise ValueError("no statement")
    try:
        statement = Statement(**told)
    except TypeError as error:
        raise ValueError("no statement") from error
    whole = all(isinstance(value, int if name in ("first", "last") else str) for name, value in told.items())
    if not whole:
        raise ValueError("no statement")
    return statement


def is_its_file(statement: Statement, path: Path) -> bool:
    """Whether the lines in `path` are those of the statement. Raises OSError."""
    return _sha256(path) == statement.sha256


def exported_until(folder: Path) -> tuple[int, str]:
    """Number and hash of the last record that was exported from the log in `folder`; (0, "") when none was."""
    try:
        told = json.loads((folder / STATE).read_bytes())
        return int(told["last"]), str(told["hash"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""


def keep_exported(folder: Path, statement: Statement) -> None:
    """Remember it for the next export. Raises OSError."""
    _write(folder / STATE, json.dumps({"last": statement.last, "hash": statement.hash}).encode("ascii"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
