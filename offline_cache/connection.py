"""One connection to the outbox's SQLite file, and what every file must pass before it is used."""

import contextlib
import fcntl
import os
import sqlite3
from pathlib import Path
from typing import Literal

from offline_cache.durable import translated
from offline_cache.errors import DatabaseCorrupt, NewerDatabase, NotDurable
from offline_cache.named_queries import migrations

BUSY_S = 10.0  # chosen: a commit on a worn-out eMMC takes up to 2 s, and the other process may have one too


def lock_of(path: Path) -> Path:
    """The file on which everybody who uses the database at `path` takes turns."""
    return path.with_name(path.name + ".lock")


def doubt_of(path: Path) -> Path:
    """The file that says: the database at `path` is to be checked in full."""
    return path.with_name(path.name + ".doubt")


class Connection:
    """One connection, for one transaction at a time, and its hold on the lock."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Raises `NotDurable` when there is no such file and none is to be made."""
        self._path = path
        self._durable: bool | None = None
        # Made by us so that only its owner may read it; SQLite gives the WAL file the same rights. Never opened
        # by us once it is there: closing it would drop the locks that SQLite holds on it for the whole process
        # (sqlite.org/howtocorrupt.html, 2.2).
        with translated(path):
            with contextlib.suppress(FileExistsError):
                if create:
                    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            self._lock = os.open(lock_of(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self.inode = path.stat().st_ino
        try:
            self.db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
            self.db.row_factory = sqlite3.Row
            self.db.execute("PRAGMA foreign_keys = ON")
            self.db.execute("PRAGMA secure_delete = ON")
        except BaseException:
            os.close(self._lock)
            raise

    def fresh(self) -> "Connection":
        """This connection, locked, or a new one when the file was made anew meanwhile. Closes what it replaces."""
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        if self.current():
            return self
        self.close()
        return Connection(self._path).fresh()

    def current(self) -> bool:
        """Whether its file still is the one that bears the name."""
        try:
            return os.stat(self._path).st_ino == self.inode  # noqa: PTH116 - a third of pathlib's time, each time
        except FileNotFoundError:
            return False

    def syncs(self, durable: bool) -> None:
        """Whether its commits are synced; SQLite keeps it until it is told otherwise."""
        if durable is not self._durable:
            self.db.execute("PRAGMA synchronous = FULL" if durable else "PRAGMA synchronous = NORMAL")
            self._durable = durable

    def unlock(self) -> None:
        """Let go of the lock; the connection can be used again."""
        fcntl.flock(self._lock, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of everything. May be called twice."""
        self.db.close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def check(db: sqlite3.Connection, how: Literal["quick_check", "integrity_check"] = "quick_check") -> None:
    """Raise `DatabaseCorrupt` at the first fault that SQLite finds. The quick one leaves indexes uncompared."""
    found = db.execute(f"PRAGMA {how}(1)").fetchone()
    if found is None or found[0] != "ok":
        raise DatabaseCorrupt(why=how)


def use_wal(db: sqlite3.Connection) -> None:
    mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise NotDurable(why="no write-ahead log on this disk", mode=mode)


def migrate(db: sqlite3.Connection) -> None:
    done = int(db.execute("PRAGMA user_version").fetchone()[0])
    steps = migrations()
    if done > steps[-1].version:
        raise NewerDatabase(version=done, known=steps[-1].version)
    if done == steps[-1].version:
        return
    db.execute("PRAGMA foreign_keys = OFF")  # a table that is made anew is dropped in between
    for step in steps:
        if step.version <= done:
            continue
        db.execute("BEGIN IMMEDIATE")
        for statement in step.statements:
            db.execute(statement)
        if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise DatabaseCorrupt(why="foreign keys", step=step.version)
        db.execute(f"PRAGMA user_version = {step.version}")
        db.execute("COMMIT")
    db.execute("PRAGMA foreign_keys = ON")
