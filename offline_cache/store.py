"""The SQLite file under the outbox: connections, transactions, durability, and its errors in our words.

Two SQLite traps are met here: `journal_mode=WAL` fails silently unless its row is read, and SQLite ignores
an I/O error when it fsyncs the folder in which it made a file. So the row is read, and the folder is
fsynced by us while an anchor connection keeps the WAL file from ever being deleted and made anew.
"""

import contextlib
import os
import queue
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from offline_cache.errors import CacheError, Corrupt, DiskFull, NotDurable
from offline_cache.named_queries import migrations, named_queries
from offline_cache.spool import exclusive, sync_folder, translated

BUSY_S = 10.0  # chosen: a commit on a worn-out eMMC takes up to 2 s, and the other process may have one too

_CODES: Mapping[int, type[CacheError]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_CORRUPT: Corrupt,
    sqlite3.SQLITE_NOTADB: Corrupt,
}


class Transaction:
    """One open transaction; statements are asked for by their name in `queries.sql`."""

    def __init__(self, db: sqlite3.Connection, queries: Mapping[str, str]) -> None:
        self._db = db
        self._queries = queries

    def rows(self, name: str, **values: Any) -> list[sqlite3.Row]:
        """All rows of the named statement."""
        return self._db.execute(self._queries[name], values).fetchall()

    def row(self, name: str, **values: Any) -> sqlite3.Row | None:
        """The first row, if there is one."""
        return next(iter(self.rows(name, **values)), None)

    def value(self, name: str, **values: Any) -> Any:
        """The single value of a statement that always has one."""
        return self.rows(name, **values)[0][0]

    def change(self, name: str, **values: Any) -> int:
        """How many rows the named statement changed."""
        return self._db.execute(self._queries[name], values).rowcount


class Store:
    """The database file, safe for several processes and threads: a connection for each transaction."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queries = named_queries()
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._closed = False
        with translated(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with exclusive(path.with_name(path.name + ".lock")), _translated():
            self._anchor = self._connect()
            self._anchor_lock = threading.Lock()
            try:
                _use_wal(self._anchor)
                _migrate(self._anchor)
                with translated(path.parent):
                    sync_folder(path.parent)
                    sync_folder(path.parent.parent)
            except BaseException:
                self._anchor.close()
                raise

    @contextlib.contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[Transaction]:
        """Everything inside happens, or nothing.

        `durable=False` skips the sync: right after a kill it is still there, after a power cut it may not
        be. For what may be forgotten, such as leases; a later durable commit carries it along.
        """
        with _translated(), self._connection() as db:
            db.execute("PRAGMA synchronous = FULL" if durable else "PRAGMA synchronous = NORMAL")
            db.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(db, self._queries)
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A view of one moment; never blocks a writer nor waits for one."""
        with _translated(), self._connection() as db:
            db.execute("BEGIN")
            try:
                yield Transaction(db, self._queries)
            finally:
                db.execute("ROLLBACK")

    def version(self) -> int:
        """A number that is another one after anybody, in any process, has committed something."""
        with self._anchor_lock, _translated():
            return int(self._anchor.execute("PRAGMA data_version").fetchone()[0])

    def faults(self) -> list[str]:
        """What SQLite's own integrity check finds; empty when all is well. Reads the whole file."""
        with _translated(), self._connection() as db:
            found = [str(row[0]) for row in db.execute("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        """Let go of the file. No transaction may be open. May be called twice."""
        self._closed = True
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()
        with self._anchor_lock:
            self._anchor.close()

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        if self._closed:
            raise NotDurable(why="closed")
        try:
            db = self._idle.get_nowait()
        except queue.Empty:
            db = self._connect()
        try:
            yield db
        except BaseException:
            db.close()  # whatever went wrong with this connection, the next one starts clean
            raise
        self._idle.put(db)

    def _connect(self) -> sqlite3.Connection:
        # Made by us so that only its owner may read it; SQLite gives the WAL file the same rights.
        with translated(self._path):
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        db = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA synchronous = FULL")
        return db


def _use_wal(db: sqlite3.Connection) -> None:
    mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise NotDurable(why="no write-ahead log on this disk", mode=mode)


def _migrate(db: sqlite3.Connection) -> None:
    done = int(db.execute("PRAGMA user_version").fetchone()[0])
    steps = migrations()
    if done > steps[-1].version:
        raise Corrupt(why="written by a newer version", version=done)
    for step in steps:
        if step.version <= done:
            continue
        db.execute("BEGIN IMMEDIATE")
        for statement in step.statements:
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {step.version}")
        db.execute("COMMIT")


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn SQLite's errors into ours; a broken constraint is a bug of ours and stays as it is."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.DatabaseError as error:
        primary = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        name = getattr(error, "sqlite_errorname", None) or type(error).__name__
        raise _CODES.get(primary, NotDurable)(why=name) from error
