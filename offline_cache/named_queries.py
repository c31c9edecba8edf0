"""SQL lives in files: reads `queries.sql` (named statements) and `schema/NNNN_*.sql` (migrations)."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from offline_cache.durable import translated

_HERE = Path(__file__).parent
_STEP = re.compile(r"[0-9]{4}_\w+\.sql")
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema."""

    version: int  #: what `PRAGMA user_version` says once it is done
    statements: tuple[str, ...]


def named_queries(path: Path = _HERE / "queries.sql") -> Mapping[str, str]:
    """The statements of a file, by name. Raises `CacheError` when it cannot be read."""
    with translated(path):
        pieces = _NAME.split(path.read_text(encoding="utf-8"))
    return dict(zip(pieces[1::2], (text.strip() for text in pieces[2::2]), strict=True))


def migrations(folder: Path = _HERE / "schema") -> tuple[Migration, ...]:
    """All steps of the schema, in order. Raises `CacheError` when they cannot be read."""
    with translated(folder):
        paths = sorted(path for path in folder.iterdir() if _STEP.fullmatch(path.name))
        return tuple(
            Migration(int(path.name[:4]), tuple(_statements(path.read_text(encoding="utf-8"))))
            for path in paths
        )


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
