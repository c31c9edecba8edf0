"""How long each class of data stays on a terminal, who deletes it, and what lies here now.

The table is the rule: docs/retention.md is made of it, `run_kiosk.py retention` reports by it. Deleting itself is done
where the data is (drafts, spool, journal, log); only what nobody else looks after is deleted here.
"""

import enum
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ground.durable import sync_folder
from ground.log.files import Rules, beyond
from ground.log.head import log_files
from ground.logbook import Event, Logbook

PRINTS_DAYS = 366  #: see kiosk.print_journal
DAMAGED_DAYS = 90  #: chosen: by then a technician was here; what could be read was taken over at once


class Personal(enum.StrEnum):
    """What it says about citizens."""

    SEALED = "sealed"  #: everything; readable by the platform alone
    PSEUDONYM = "pseudonym"  #: numbers of cases, which the platform can trace to a person
    NONE = "none"


class Deleter(enum.StrEnum):
    """Who deletes it."""

    DELIVERY = "delivery"  #: the platform's receipt: the files go at once, each seen to be gone
    CLOCK = "clock"  #: a process of the terminal, by the rule
    NEXT = "next"  #: the next one takes its place
    PERSON = "person"  #: a technician; the terminal only says that it is time
    LIFE = "life"  #: it stays as long as the terminal serves


@dataclass(frozen=True, slots=True)
class Kept:
    """How long the classes with a setting are kept, in days."""

    drafts: int
    log: int


@dataclass(frozen=True, slots=True)
class Lying:
    """One thing of a class that lies here."""

    path: Path
    bytes: int
    at: datetime  #: since when, by the clock of then


@dataclass(frozen=True, slots=True)
class DataClass:
    """One row of the table. Its sentences are `retention.class.NAME`."""

    name: str
    personal: Personal
    deleter: Deleter
    days: Callable[[Kept], int | None]  #: None: no number of days
    find: Callable[[Path], Iterator[Lying]]  #: in the data folder. Raises OSError
    events: tuple[Event, ...] = ()  #: by which the event log tells of deletions
    count: str = ""  #: the fact of these events that says how many


@dataclass(frozen=True, slots=True)
class Standing:
    """What lies here of one class."""

    of: DataClass
    days: int | None
    items: int
    bytes: int
    oldest: datetime | None
    overdue: tuple[Path, ...]  #: what should be gone by the rule
    undated: int  #: from a moment that has not come: dated by a wrong clock, left for a person


def files(*patterns: str) -> Callable[[Path], Iterator[Lying]]:
    """Files of the data folder, dated by when they were written."""

    def find(folder: Path) -> Iterator[Lying]:
        for pattern in patterns:
            for path in sorted(folder.glob(pattern)):
                if path.is_file() and not path.is_symlink():
                    known = path.stat()
                    yield Lying(path, known.st_size, datetime.fromtimestamp(known.st_mtime, UTC))

    return find


def rows(file: str, oldest: str) -> Callable[[Path], Iterator[Lying]]:
    """Rows of a database: `oldest` selects their moments. None where it is missing, or cannot be read now."""

    def find(folder: Path) -> Iterator[Lying]:
        path = folder / file
        if not path.is_file():
            return
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as db:
                db.execute("PRAGMA query_only = ON")  # mode=ro cannot read a WAL that nobody else has open
                found = [str(row[0]) for row in db.execute(oldest)]
        except (
            sqlite3.Error
        ):  # in the middle of its first start; `outbox status` is the place for what is wrong
            return
        yield from (Lying(path, 0, _moment(text)) for text in found)

    return find


def _log(folder: Path) -> Iterator[Lying]:
    yield from files("log/events-*.jsonl")(folder)


def _unchained(folder: Path) -> Iterator[Lying]:
    yield from files("log/face.jsonl", "log/uploader.jsonl")(folder)


CLASSES: tuple[DataClass, ...] = (
    DataClass(
        "sealed_queue",
        Personal.SEALED,
        Deleter.DELIVERY,
        lambda _: None,
        files("spool/*.age", "spool/*.case"),
        (Event.CASE_DELIVERED, Event.MESSAGE_DELIVERED, Event.FILES_SWEPT),
        "files_deleted",
    ),
    DataClass(
        "drafts",
        Personal.SEALED,
        Deleter.CLOCK,
        lambda kept: kept.drafts,
        files("drafts/*.age"),
        (Event.DRAFTS_DELETED,),
        "pages",
    ),
    DataClass(
        "delivered_rows",
        Personal.PSEUDONYM,
        Deleter.LIFE,
        lambda _: None,
        rows("outbox.sqlite", "SELECT delivered_at FROM items WHERE state = 'delivered'"),
    ),
    DataClass(
        "damaged_databases",
        Personal.PSEUDONYM,
        Deleter.PERSON,
        lambda _: DAMAGED_DAYS,
        files("outbox.sqlite.damaged-*"),
        (Event.DATA_DELETED,),
        "items",
    ),
    DataClass(
        "print_journal",
        Personal.PSEUDONYM,
        Deleter.CLOCK,
        lambda _: PRINTS_DAYS,
        rows("prints.sqlite", "SELECT asked_at FROM print_job"),
    ),
    DataClass(
        "event_log",
        Personal.PSEUDONYM,
        Deleter.CLOCK,
        lambda kept: kept.log,
        _log,
        (Event.LOG_FILES_DELETED,),
        "files",
    ),
    DataClass(
        "unchained_logs",
        Personal.PSEUDONYM,
        Deleter.CLOCK,
        lambda kept: kept.log,
        _unchained,
        (Event.DATA_DELETED,),
        "items",
    ),
    DataClass("care", Personal.NONE, Deleter.NEXT, lambda _: None, files("care/*")),
    DataClass(
        "releases",
        Personal.NONE,
        Deleter.NEXT,
        lambda _: None,
        files("*.mark", "releases/*/*", "releases/*/*/*", "releases/*/*/*/*"),
    ),
    DataClass("tending", Personal.NONE, Deleter.LIFE, lambda _: None, files("tending/*.json")),
    DataClass("device_tests", Personal.NONE, Deleter.LIFE, lambda _: None, files("device_tests.jsonl")),
    DataClass(
        "settings_and_downloads",
        Personal.NONE,
        Deleter.NEXT,
        lambda _: None,
        files("*.mark", "downloads/**/*", "catalogue.json", "calibration.json", "kivy/**/*"),
    ),
    DataClass(
        "keys",
        Personal.NONE,
        Deleter.LIFE,
        lambda _: None,
        files("credentials.json", "terminal.key", "own.key", "health-*.pem"),
    ),
)


def standing(folder: Path, kept: Kept, now: datetime) -> list[Standing]:
    """What lies in the data folder, class by class. Raises OSError."""
    return [standing_of(of, folder, kept, now) for of in CLASSES]


def standing_of(of: DataClass, folder: Path, kept: Kept, now: datetime) -> Standing:
    """The same of one class."""
    days, found = of.days(kept), list(of.find(folder))
    past = [each for each in found if each.at <= now]
    late: Iterable[Lying] = ()
    if days is not None and of.name not in ("event_log", "unchained_logs"):
        # one day of grace: whoever deletes comes by once an hour, or at a start
        late = [each for each in past if now - each.at > timedelta(days=days + 1)]
    elif days is not None:
        late = _beyond(found, folder, days) if of.name == "event_log" else _unneeded(folder, days)
    return Standing(
        of,
        days,
        len(found),
        sum(each.bytes for each in found),
        min((each.at for each in past), default=None),
        tuple(dict.fromkeys(each.path for each in late)),
        len(found) - len(past),
    )


def _beyond(found: Sequence[Lying], folder: Path, days: int) -> list[Lying]:
    """Files of the log beyond the rule's number of days with events; the one that is written to does not count."""
    late = beyond(log_files(folder / "log")[:-1], Rules(keep_days=days))
    return [each for each in found if each.path in late]


def _unneeded(folder: Path, days: int) -> list[Lying]:
    """Logs from before there was a chain, once the chain itself goes back far enough. No clock is asked."""
    return list(_unchained(folder)) if len(log_files(folder / "log")) > days else []


def delete(found: Standing, logbook: Logbook) -> int:
    """Delete what is overdue of a class that nobody else deletes; how many files, each seen to be gone.

    Raises OSError.
    """
    gone = 0
    for path in found.overdue:
        path.unlink(missing_ok=True)
        gone += not path.exists()
    if gone:
        sync_folder(found.overdue[0].parent)
        logbook.write(Event.DATA_DELETED, of=found.of.name, items=gone, days=found.days)
    return gone


def _moment(text: str) -> datetime:
    """A moment as a database has it; what is none counts as just now by no clock: the year one."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
