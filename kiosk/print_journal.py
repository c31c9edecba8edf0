"""What really came out of the receipt printer, on disk: there is one original of a document, and copies say so.

A job is `asked`, then `begun` (durable before the printer gets its first byte), then it ends. A document has an
original only if nothing of it was ever begun, or every job that was begun is known to have printed nothing; each
later print carries its number. A job that is found `begun` at start-up was cut off by a crash: its end is `unknown`.

No personal data: documents are named by case ids, slips are kept as hashes only.
"""

import enum
import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from devices.errors import Condition, DeviceError, Refused
from devices.receipt_printer import CameOut, ReceiptPrinter, Slip, came_out, note_came_out
from ground.clock import Clock

_BUSY_S = 10.0  # as the outbox: a commit on a worn-out eMMC takes up to 2 s
_KEPT = timedelta(days=366)  # chosen: nobody asks for a slip again after a year; "" and test pages as long
_VERSION = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS print_job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL,     -- what it is a print of; '' is a document of its own each time
    what TEXT NOT NULL,         -- receipt, notice or test
    case_id TEXT NOT NULL,      -- '' where there is no case
    copy INTEGER NOT NULL,      -- 0 is the original
    slip_sha256 TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    begun_at TEXT,
    ended_at TEXT,
    outcome TEXT NOT NULL CHECK (outcome IN ('asked', 'begun', 'printed', 'torn', 'refused', 'unknown')),
    condition TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS print_job_document ON print_job (document);
"""
_COUNT = """
SELECT count(*) FROM print_job
WHERE document = :document AND document != '' AND id != :id
AND outcome IN ('begun', 'printed', 'torn', 'unknown')
"""
_ASK = """
INSERT INTO print_job (document, what, case_id, copy, slip_sha256, asked_at, outcome)
VALUES (:document, :what, :case_id, :copy, :sha256, :at, 'asked')
"""
_BEGIN = "UPDATE print_job SET outcome = 'begun', begun_at = :at WHERE id = :id AND outcome = 'asked'"
_END = """
UPDATE print_job SET outcome = :outcome, condition = :condition, ended_at = :at
WHERE id = :id AND outcome IN ('asked', 'begun', 'unknown')
"""
_CUT_OFF = "UPDATE print_job SET outcome = 'unknown', ended_at = :at WHERE outcome = 'begun'"
_FORGET = "DELETE FROM print_job WHERE asked_at < :before"
_LAST_BEGUN = """
SELECT outcome FROM print_job WHERE begun_at IS NOT NULL AND outcome != 'refused' ORDER BY id DESC LIMIT 1
"""
_HISTORY = "SELECT * FROM print_job ORDER BY id"


class Outcome(enum.StrEnum):
    """How far a job got."""

    ASKED = "asked"  #: nothing was sent; after a crash it never will be
    BEGUN = "begun"  #: on its way
    PRINTED = "printed"  #: it came out whole
    TORN = "torn"  #: the printer stopped in mid-slip; `condition` says why
    REFUSED = "refused"  #: the printer refused, and certainly nothing came out
    UNKNOWN = "unknown"  #: the printer or this program went away in mid-slip


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One try to print one document."""

    id: int
    document: str
    what: str  #: "receipt", "notice" or "test"
    case_id: str
    copy: int  #: 0 is the original, 1 the first copy
    slip_sha256: str
    asked_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome
    condition: str  #: why it was torn or refused: a condition or an error's code


@dataclass(frozen=True, slots=True)
class Asked:
    """A job that may now be printed."""

    id: int
    document: str
    copy: int  #: 0 is the original, 1 the first copy


class JournalFailed(Exception):
    """The journal cannot be written, so nothing may be printed."""


class PrintJournal:
    """The jobs of one terminal in the database file `path`, made when it is first needed.

    One process owns it; its methods may be called from any thread. All raise `JournalFailed`.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._starting = threading.Lock()
        self._started = False

    def ask(self, document: str, slip_sha256: str) -> Asked:
        """A new job. `document` is `what/case id`, or "" for a page that is nobody's original."""
        what, _, case_id = document.partition("/")
        facts = {"document": document, "what": what or "test", "case_id": case_id, "sha256": slip_sha256}
        with self._transaction() as tx:
            copy = _begun_before(tx, document)
            row = tx.execute(_ASK, {**facts, "copy": copy, "at": self._now()})
            return Asked(int(row.lastrowid or 0), document, copy)

    def begin(self, job: Asked) -> None:
        """Durably note that paper may come out from now on; the printer must not have had a byte of it before.

        Raises `Refused` (BUSY) when another job of the document was begun since this one was asked: what this
        job's slip says of itself, original or which copy, is no longer true.
        """
        with self._transaction() as tx:
            if _begun_before(tx, job.document, job.id) == job.copy:
                changed = tx.execute(_BEGIN, {"id": job.id, "at": self._now()}).rowcount
                if changed == 1:
                    return
        raise Refused(Condition.BUSY, printed="nothing")

    def finished(self, job: Asked, outcome: Outcome, condition: str = "") -> None:
        """Note how the job ended."""
        facts = {"id": job.id, "outcome": outcome.value, "condition": condition, "at": self._now()}
        with self._transaction() as tx:
            tx.execute(_END, facts)

    def left_behind(self) -> bool:
        """Whether the last slip that was begun may still stand in the printer: it did not come out whole."""
        with self._transaction() as tx:
            last = tx.execute(_LAST_BEGUN).fetchone()
        return last is not None and last["outcome"] != Outcome.PRINTED.value

    def history(self) -> tuple[PrintJob, ...]:
        """Every job, oldest first."""
        with self._transaction() as tx:
            return tuple(_job(row) for row in tx.execute(_HISTORY))

    def _now(self) -> str:
        return self._clock.now().isoformat()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection each time: none is left open when a thread hangs or the program ends."""
        try:
            with self._starting:
                if not self._started:
                    self._start()
                    self._started = True
            with closing(self._connected()) as db, _immediate(db):
                yield db
        except (sqlite3.Error, OSError) as error:
            raise JournalFailed(str(error)) from error

    def _start(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with closing(self._connected()) as db:
            if db.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
                raise OSError("the file system has no shared memory for SQLite's WAL")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > _VERSION:
                raise OSError(f"the journal is of a later program (version {version})")
            db.executescript(_SCHEMA)
            db.execute(f"PRAGMA user_version = {_VERSION}")
            now = self._clock.now()
            with _immediate(db):
                db.execute(_CUT_OFF, {"at": now.isoformat()})
                db.execute(_FORGET, {"before": (now - _KEPT).isoformat()})

    def _connected(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=_BUSY_S, isolation_level=None)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA synchronous = FULL")
        return db


class JournalledPrinting:
    """Puts slips out and keeps the journal of it. Called as (printer, slip) on the printer's own thread."""

    def __init__(self, journal: PrintJournal, as_copy: Callable[[Slip, int], Slip]) -> None:
        """`as_copy` makes the n-th copy of a slip, marked as such."""
        self._journal, self._as_copy = journal, as_copy

    def __call__(self, printer: ReceiptPrinter, slip: Slip) -> None:
        """Print `slip`: the original if it can be the only one, else a copy. Raises `DeviceError`.

        Returns also when the slip came out whole and something happened after it.
        """
        try:
            self._put_out(printer, slip)
        except JournalFailed as error:
            raise Refused(Condition.UNRECOVERABLE, journal=str(error), printed="nothing") from error

    def _put_out(self, printer: ReceiptPrinter, slip: Slip) -> None:
        left_behind = self._journal.left_behind()
        job = self._journal.ask(slip.document, _sha256(slip))
        came: CameOut = "unknown"  # also after what no driver should raise
        condition = ""
        try:
            if left_behind:
                _clear(printer)
            shown = self._as_copy(slip, job.copy) if job.copy else slip
            printer.print(shown, lambda: self._journal.begin(job))
            came = "all"
        except JournalFailed:
            came = "nothing"
            raise
        except DeviceError as error:
            came, condition = came_out(error), _condition(error)
            if came != "all":
                raise
        finally:
            self._note(job, _OUTCOMES[came], condition)

    def _note(self, job: Asked, outcome: Outcome, condition: str) -> None:
        try:
            self._journal.finished(job, outcome, condition)
        except JournalFailed:
            return  # the job stays begun: the next print of the document will be a copy, which errs on the safe side


_OUTCOMES: dict[CameOut, Outcome] = {
    "nothing": Outcome.REFUSED,
    "part": Outcome.TORN,
    "all": Outcome.PRINTED,
    "unknown": Outcome.UNKNOWN,
}


def print_plainly(printer: ReceiptPrinter, slip: Slip) -> None:
    """Print without a journal: every print is an original."""
    printer.print(slip)


def _clear(printer: ReceiptPrinter) -> None:
    try:
        printer.clear()
    except DeviceError as error:
        note_came_out(error, "nothing")
        raise


def _condition(error: DeviceError) -> str:
    return error.condition.value if isinstance(error, Refused) else error.code


def _sha256(slip: Slip) -> str:
    return hashlib.sha256(repr(slip.elements).encode("utf-8", "surrogatepass")).hexdigest()


def _begun_before(tx: sqlite3.Connection, document: str, job_id: int = 0) -> int:
    return int(tx.execute(_COUNT, {"document": document, "id": job_id}).fetchone()[0])


def _job(row: sqlite3.Row) -> PrintJob:
    def when(column: str) -> datetime | None:
        return datetime.fromisoformat(row[column]) if row[column] else None

    return PrintJob(
        id=row["id"],
        document=row["document"],
        what=row["what"],
        case_id=row["case_id"],
        copy=row["copy"],
        slip_sha256=row["slip_sha256"],
        asked_at=datetime.fromisoformat(row["asked_at"]),
        begun_at=when("begun_at"),
        ended_at=when("ended_at"),
        outcome=Outcome(row["outcome"]),
        condition=row["condition"],
    )


@contextmanager
def _immediate(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
