"""The SQLite file under the outbox: connections, transactions, durability, and its errors in our words.

Two SQLite traps are met here: `journal_mode=WAL` fails silently unless its row is read, and SQLite ignores
an I/O error when it fsyncs the folder in which it made a file. So the row is read, and the folder is
fsynced by us while an anchor connection keeps the WAL file from ever being deleted and made anew.

A damaged file is moved aside and made anew (rebuild.py) while another process still has it open. So every
transaction holds a shared lock, and looks whether its file is still the one that bears the name.
"""

import contextlib
import queue
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ground.clock import Clock
from offline_cache.connection import Connection, doubt_of, lock_of, migrate, quick_check, use_wal
from offline_cache.durable import exclusive, sync_folder, translated
from offline_cache.errors import (
    CacheError,
    DatabaseCorrupt,
    DiskFull,
    NotDurable,
    ReadOnlyDisk,
)
from offline_cache.named_queries import named_queries

CHECK_S = (
    0.04  # chosen: a terminal with 100,000 waiting must be usable in 0.1 s; a small file is checked whole
)
_STEPS = 1000  # SQLite's virtual instructions between two looks at the clock; some 20 µs

_CODES: Mapping[int, type[CacheError]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: ReadOnlyDisk,
    sqlite3.SQLITE_CORRUPT: DatabaseCorrupt,
    sqlite3.SQLITE_NOTADB: DatabaseCorrupt,
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

    def __init__(self, path: Path, clock: Clock) -> None:
        """Open or make the file. Raises `DatabaseCorrupt` when it is damaged, and other `CacheError`s.

        It is checked at the start, for `CHECK_S`; in full when it gave reason for doubt the last time.
        """
        self._path = path
        self._queries = named_queries()
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue()
        self._closed = False
        self._anchor_lock = threading.Lock()
        with translated(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with exclusive(lock_of(path)), self._translated():
            self._anchor = Connection(path, create=True)
            try:
                use_wal(self._anchor.db)
                migrate(self._anchor.db)
                self._check(clock)
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
        with self._translated(), self._connection() as connection:
            connection.syncs(durable)
            db = connection.db
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
        with self._translated(), self._connection() as connection:
            connection.db.execute("BEGIN")
            try:
                yield Transaction(connection.db, self._queries)
            finally:
                connection.db.execute("ROLLBACK")

    def version(self) -> int:
        """A number that is another one after anybody, in any process, has committed something."""
        with self._anchor_lock, self._translated():
            if not self._anchor.current():
                self._anchor.close()
                self._anchor = Connection(self._path)
            version: int = self._anchor.db.execute("PRAGMA data_version").fetchone()[0]
            return version + (self._anchor.inode << 32)

    def faults(self) -> list[str]:
        """What SQLite's own integrity check finds; empty when all is well. Reads the whole file."""
        with self._translated(), self._connection() as connection:
            found = [str(row[0]) for row in connection.db.execute("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    def require_sound(self) -> None:
        """Raise `DatabaseCorrupt` when SQLite's quick check finds a fault. Reads the whole file."""
        with self._translated(), self._connection() as connection:
            quick_check(connection.db)

    def close(self) -> None:
        """Let go of the file. No transaction may be open. May be called twice."""
        self._closed = True
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()
        with self._anchor_lock:
            self._anchor.close()

    def _check(self, clock: Clock) -> None:
        doubt = doubt_of(self._path)
        if doubt.exists():
            quick_check(self._anchor.db)
            doubt.unlink(missing_ok=True)
            return
        end = clock.after(CHECK_S)
        self._anchor.db.set_progress_handler(lambda: int(clock.due(end)), _STEPS)
        try:
            quick_check(self._anchor.db)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
        finally:
            self._anchor.db.set_progress_handler(None, 0)

    @contextlib.contextmanager
    def _connection(self) -> Iterator["Connection"]:
        if self._closed:
            raise NotDurable(why="closed")
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = Connection(self._path)
        try:
            connection = connection.fresh()
            yield connection
        except BaseException:
            connection.close()  # whatever went wrong with this one, the next starts clean
            raise
        connection.unlock()
        self._idle.put(connection)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn SQLite's errors into ours; a broken constraint is a bug of ours and stays as it is.

        Damage leaves a note, so that whoever opens the file next checks all of it.
        """
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except DatabaseCorrupt:
            self._note_doubt()
            raise
        except sqlite3.DatabaseError as error:
            primary = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
            name = getattr(error, "sqlite_errorname", None) or type(error).__name__
            kind = _CODES.get(primary, NotDurable)
            if kind is DatabaseCorrupt:
                self._note_doubt()
            raise kind(why=name) from error

    def _note_doubt(self) -> None:
        with contextlib.suppress(OSError):
            doubt_of(self._path).touch(mode=0o600)
