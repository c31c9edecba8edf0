"""The platform's SQLite: write-ahead log, every commit on the disk before it is answered."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, delete, event, insert, inspect, literal, select
from sqlalchemy.orm import Session

from backend.durable import PRIVATE
from backend.migrations import migrate
from backend.schema import SCHEMA_VERSION, Base, Fact

#: How long a writer waits for another; chosen far above any of our transactions, which take milliseconds.
BUSY_S = 30


class WrongFolder(Exception):
    """The data folder belongs to another key or another version of the platform."""


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's event below begins transactions, not Python's driver
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: two that read before they write would otherwise fail each other."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Database:
    """The database of one data folder."""

    def __init__(self, file: Path) -> None:
        file.touch(mode=PRIVATE)
        self._engine = create_engine(
            f"sqlite:///{file}", connect_args={"timeout": BUSY_S}, hide_parameters=True
        )
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(writes=True)

    def prepare(self, recipients: Sequence[str]) -> None:
        """Make the tables, or bring those of an older version along. The folder's recipient must be among `recipients`.

        A folder whose key was lost and made anew could open none of its cases; better found at the start.
        """
        with self._writer.begin() as connection:
            known = self._facts(connection)
            recipient = known.get("recipient", recipients[0])
            version = int(known.get("schema", SCHEMA_VERSION))
            if recipient not in recipients:
                raise WrongFolder("the data folder has another recipient than this platform")
            if version > SCHEMA_VERSION:
                raise WrongFolder(
                    "the data folder has another schema than this platform: it is of a newer one"
                )
            migrate(connection, version, SCHEMA_VERSION)
            Base.metadata.create_all(connection)
            facts = {"schema": str(SCHEMA_VERSION), "recipient": recipient}
            connection.execute(delete(Fact).where(Fact.name.in_(facts)))
            connection.execute(insert(Fact), [{"name": name, "value": told} for name, told in facts.items()])

    @staticmethod
    def _facts(connection: Connection) -> dict[str, str]:
        """What this data folder says of itself; nothing when it is new."""
        if not inspect(connection).has_table(Fact.__tablename__):
            return {}
        return {row.name: row.value for row in connection.execute(select(Fact.name, Fact.value))}

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database and changes nothing."""
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are all durable when the block ends, or none of them."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def answers(self) -> bool:
        """Whether the database can be read."""
        with self.reading() as session:
            return session.scalar(select(literal(1))) == 1

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()
