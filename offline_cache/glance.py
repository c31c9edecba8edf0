"""Looking at an outbox from outside, as whoever looks: nothing is made, moved, locked or brought up to date."""

import contextlib
import sqlite3
from pathlib import Path

from ground.clock import Clock
from offline_cache import survey
from offline_cache.connection import check
from offline_cache.errors import Corrupt, DatabaseCorrupt, NotAllowed, NotDurable
from offline_cache.items import OutboxStatus
from offline_cache.machine import LinuxMachine
from offline_cache.named_queries import migrations, named_queries
from offline_cache.store import CHECK_BYTES, Transaction, not_ours

_BUSY_S = 2.0


def glance(path: Path, clock: Clock) -> OutboxStatus | None:
    """The figures of the outbox at `path`; None while there is none. Raises `CacheError`.

    Root may look without leaving files that the terminal's own user could not use: SQLite gives what it makes beside a
    database to the database's owner.
    """
    if not path.is_file():
        return None
    if not_ours(path):
        raise NotAllowed(place=path.name)
    try:
        # not mode=ro: that cannot read a write-ahead log that nobody else has open
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", timeout=_BUSY_S, uri=True)) as db:
            return _status(db, path, clock)
    except sqlite3.DatabaseError as error:
        broken = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        name = getattr(error, "sqlite_errorname", None) or type(error).__name__
        primary = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        kind = DatabaseCorrupt if primary in broken else NotDurable
        raise kind(why=name) from error


def _status(db: sqlite3.Connection, path: Path, clock: Clock) -> OutboxStatus | None:
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA query_only = ON")
    version, newest = int(db.execute("PRAGMA user_version").fetchone()[0]), migrations()[-1].version
    if version == 0:  # another process is just making it
        return None
    if version > newest:
        raise Corrupt(why="written by a newer version", version=version)
    if path.stat().st_size <= CHECK_BYTES:
        check(db)
    if version < newest:  # the next start brings it up to date
        return None
    db.execute("BEGIN")
    return survey.status(Transaction(db, named_queries()), clock, LinuxMachine().era())
