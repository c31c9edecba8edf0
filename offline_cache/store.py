"""The SQLite file under the outbox: connections, transactions, durability, and its errors in our words.

Two SQLite traps are met here: `journal_mode=WAL` fails silently unless its row is read, and SQLite ignores
an I/O error when it fsyncs the folder in which it made a file. So the row is read, and the folder is
fsynced by us while an anchor connection keeps the WAL file from ever being deleted and made anew.

A damaged file is moved aside and made anew (rebuild.py) while another process still has it open. So every
transaction holds a shared lock, and looks whether its file is still the one that bears the name.
"""

import contextlib
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from ground.durable import sync_folder
from offline_cache.connection import Connection, check, doubt_of, lock_of, migrate, use_wal
from offline_cache.durable import exclusive, explained, translated
from offline_cache.errors import (
    CacheError,
    DatabaseCorrupt,
    DiskFull,
    NotAllowed,
    NotDurable,
    ReadOnlyDisk,
)
from offline_cache.named_queries import named_queries

CHECK_BYTES = (
    8 * 1024 * 1024
)  # chosen: some 5,000 items, checked in 20 ms; SQLite's check cannot be broken off in between

_CODES: Mapping[int, type[CacheError]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: ReadOnlyDisk,
    sqlite3.SQLITE_CORRUPT: DatabaseCorrupt,
    sqlite3.SQLITE_NOTADB: DatabaseCorrupt,
}
#: what SQLite says alike of a disk that is read-only and of files that root has made
_PERHAPS_NOT_ALLOWED = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM)


def not_ours(path: Path) -> bool:
    """Whether the database at `path`, or what SQLite keeps beside it, is there and this user may not write to it."""
    beside = [path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))]
    with contextlib.suppress(OSError):
        if os.statvfs(path.parent).f_flag & os.ST_RDONLY:
            return False
        return any(each.exists() and not os.access(each, os.R_OK | os.W_OK) for each in beside)
    return False


class Transaction:
    """One open transaction; statements are asked for by their name in `queries.sql`."""

    __slots__ = ("_queries", "db")

    def __init__(self, db: sqlite3.Connection, queries: Mapping[str, str]) -> None:
        self.db = db
        self._queries = queries

    def rows(self, name: str, **values: Any) -> list[sqlite3.Row]:
        """All rows of the named statement."""
        return self.db.execute(self._queries[name], values).fetchall()

    def row(self, name: str, **values: Any) -> sqlite3.Row | None:
        """The first row, if there is one."""
        return next(iter(self.rows(name, **values)), None)

    def value(self, name: str, **values: Any) -> Any:
        """The single value of a statement that always has one."""
        return self.rows(name, **values)[0][0]

    def added(self, name: str, **values: Any) -> int:
        """The place of the row that the named statement adds; half the time of RETURNING."""
        place = self.db.execute(self._queries[name], values).lastrowid
        assert place is not None  # an INSERT has one
        return place

    def change(self, name: str, **values: Any) -> int:
        """How many rows the named statement changed."""
        return self.db.execute(self._queries[name], values).rowcount


class Store:
    """The database file, safe for several processes and threads: a connection for each transaction."""

    def __init__(self, path: Path) -> None:
        """Open or make the file. Raises `DatabaseCorrupt` when it is damaged, and other `CacheError`s.

        It is checked at the start when it has at most `CHECK_BYTES`, or when it gave reason for doubt the last
        time; a bigger one by the first sweep.
        """
        self._path = path
        self._queries = named_queries()
        self._idle: deque[Connection] = deque()
        self._closed = False
        self._anchor_lock = threading.Lock()
        with translated(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with exclusive(lock_of(path)), self._translated(), translated(path):
            self._anchor = Connection(path, create=True)
            try:
                use_wal(self._anchor.db)
                migrate(self._anchor.db)
                self._check()
                with translated(path.parent):
                    sync_folder(path.parent)
                    sync_folder(path.parent.parent)
            except BaseException:
                self._anchor.close()
                raise

    def transaction(self, *, durable: bool = True) -> "_Turn":
        """Everything inside happens, or nothing.

        `durable=False` skips the sync: right after a kill it is still there, after a power cut it may not
        be. For what may be forgotten, such as leases; a later durable commit carries it along.
        """
        return _Turn(self, "BEGIN IMMEDIATE", "COMMIT", durable)

    def reading(self) -> "_Turn":
        """A view of one moment; never blocks a writer nor waits for one."""
        return _Turn(self, "BEGIN", "ROLLBACK", None)

    def version(self) -> int:
        """A number that is another one after anybody, in any process, has committed something."""
        with self._anchor_lock, self._translated(), translated(self._path):
            if not self._anchor.current():
                self._anchor.close()
                self._anchor = Connection(self._path)
            version: int = self._anchor.db.execute("PRAGMA data_version").fetchone()[0]
            return version + (self._anchor.inode << 32)

    def faults(self) -> list[str]:
        """What SQLite's own integrity check finds; empty when all is well. Reads the whole file."""
        with self.reading() as tx:
            found = [str(row[0]) for row in tx.db.execute("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    def require_sound(self) -> None:
        """Raise `DatabaseCorrupt` when SQLite's quick check finds a fault. Reads the whole file."""
        with self.reading() as tx:
            check(tx.db)

    def close(self) -> None:
        """Let go of the file. No transaction may be open. May be called twice."""
        self._closed = True
        with contextlib.suppress(IndexError):
            while True:
                self._idle.pop().close()
        with self._anchor_lock:
            self._anchor.close()

    def take(self) -> Connection:
        """A connection for one transaction, locked. Raises what SQLite raises, and `NotDurable`."""
        if self._closed:
            raise NotDurable(why="closed")
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = Connection(self._path)
        try:
            return connection.fresh()
        except OSError as error:
            connection.close()
            raise explained(error, self._path) from error
        except BaseException:
            connection.close()
            raise

    def give_back(self, connection: Connection) -> None:
        """The transaction is over and all went well."""
        try:
            connection.unlock()
        except OSError:  # what was committed stays committed; closing lets go of the lock
            connection.close()
        else:
            self._idle.append(connection)

    def statements(self) -> Mapping[str, str]:
        """The named statements."""
        return self._queries

    def explained(self, error: sqlite3.DatabaseError) -> CacheError | None:
        """SQLite's error as ours; None for a broken constraint, which is a bug of ours and stays as it is.

        Damage leaves a note, so that whoever opens the file next checks all of it.
        """
        if isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError)):
            return None
        primary = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        name = getattr(error, "sqlite_errorname", None) or type(error).__name__
        kind = _CODES.get(primary, NotDurable)
        if primary in _PERHAPS_NOT_ALLOWED and not_ours(self._path):
            kind = NotAllowed
        if kind is DatabaseCorrupt:
            self.note_doubt()
        return kind(why=name)

    def note_doubt(self) -> None:
        """Let whoever opens the file next check all of it."""
        with contextlib.suppress(OSError):
            doubt_of(self._path).touch(mode=0o600)

    def _check(self) -> None:
        doubt = doubt_of(self._path)
        if doubt.exists():
            check(self._anchor.db, "integrity_check")
            doubt.unlink(missing_ok=True)
        elif self._path.stat().st_size <= CHECK_BYTES:
            check(self._anchor.db)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DatabaseCorrupt:
            self.note_doubt()
            raise
        except sqlite3.DatabaseError as error:
            ours = self.explained(error)
            if ours is None:
                raise
            raise ours from error


class _Turn:
    """One transaction as a `with`; written out because it is on every path, and generators cost as much as SQLite."""

    __slots__ = ("_begin", "_connection", "_durable", "_end", "_store")

    def __init__(self, store: Store, begin: str, end: str, durable: bool | None) -> None:
        self._store = store
        self._begin = begin
        self._end = end
        self._durable = durable

    def __enter__(self) -> Transaction:
        try:
            self._connection = connection = self._store.take()
            try:
                if self._durable is not None:
                    connection.syncs(self._durable)
                connection.db.execute(self._begin)
            except BaseException:
                connection.close()
                raise
        except sqlite3.DatabaseError as error:
            self._raise(error)
        return Transaction(connection.db, self._store.statements())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection = self._connection
        if error is None:
            try:
                connection.db.execute(self._end)
            except sqlite3.DatabaseError as late:
                connection.close()
                self._raise(late)
            self._store.give_back(connection)
            return
        # Whatever went wrong with this connection, the next one starts clean; closing it rolls back.
        connection.close()
        if isinstance(error, DatabaseCorrupt):
            self._store.note_doubt()
        if isinstance(error, sqlite3.DatabaseError):
            self._raise(error)

    def _raise(self, error: sqlite3.DatabaseError) -> NoReturn:
        ours = self._store.explained(error)
        if ours is None:
            raise error
        raise ours from error
