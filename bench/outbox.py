"""What durability costs: the outbox against the bare disk and bare SQLite, in the same run on the same folder.

Every pair is measured in turns, A B A B …, and each round gives one ratio, of which the median counts: a disk that is
busy with something else, or slowed down by the host for a while, is so for both sides of a ratio.
"""

import importlib.util
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage

from bench.in_turns import MICRO, in_turns, paired
from bench.report import Ratio
from ground.clock import RealClock
from offline_cache.items import CaseToSeal, MessageJob, PartToSeal
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients, seal_to
from offline_cache.spool import Spool

PAGES = 10
PAGE_BYTES = 600 * 1024  # a 300 dpi A4 page as JPEG
RECORD_BYTES = 1024
ROUNDS = 15
RECORDS_A_ROUND = 20  # a row is quick, so more of them make one figure; 300 do not yet fill the log
SHORT_QUEUE, LONG_QUEUE = 100, 100_000
FULL_SIZE = 5  # rounds
SYNCED = 50  # messages of which the syncs are counted
AS_FAST = 1 / 0.9  # nine tenths of the peer's speed, as a ratio of times
THREE_TIMES = 1 / 3
OPEN_S = 0.1
LOG_PAGES = 1500  # above SQLite's 1,000 after which its log is overwritten from its beginning


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """All ratios of this file; takes some seconds and about 400 MB of the temporary folder, which it gives back.

    With fewer than `FULL_SIZE` rounds the long queue is short, too: then it only shows that all of it still runs.
    """
    long_queue = LONG_QUEUE if rounds >= FULL_SIZE else SHORT_QUEUE
    with tempfile.TemporaryDirectory(prefix="bench-outbox-") as name:
        folder = Path(name)
        recipients = Recipients.parse([str(pyrage.x25519.Identity.generate().to_public())])
        with _outbox(folder / "cases", recipients) as outbox:
            ratios = _hand_in(folder, outbox, recipients, rounds)
        many = RECORDS_A_ROUND * rounds
        with _outbox(folder / "records", recipients) as outbox:
            ratios += _small_record(folder, outbox, many)
        ratios += _syncs(folder)
        ratios += _finishing(folder, recipients, many, long_queue)
        return ratios


@contextmanager
def _outbox(folder: Path, recipients: Recipients) -> Iterator[Outbox]:
    spool = Spool(folder / "spool", reserve_bytes=0)
    outbox = Outbox(folder / "outbox.sqlite", spool, RealClock(), recipients=recipients)
    try:
        yield outbox
    finally:
        outbox.close()


def _hand_in(folder: Path, outbox: Outbox, recipients: Recipients, rounds: int) -> list[Ratio]:
    """A case of ten pages against the same bytes as ten bare files: sealed, written and synced, one after the other.

    The spool's files are new and stay, so the peer's do, too; and in a second line they are deleted at once, which lets
    the file system give the same blocks again and again. On a disk that has never held anything in its free blocks (a
    virtual one above all) that alone is several times as fast.
    """
    pages = [os.urandom(PAGE_BYTES) for _ in range(PAGES)]
    bare = folder / "bare"
    bare.mkdir()

    def ours() -> None:
        outbox.hand_in(_case(pages))

    def stay() -> None:
        for page in pages:
            _write_and_sync(bare / uuid.uuid4().hex, seal_to(page, recipients))

    def go() -> None:
        for page in pages:
            path = bare / uuid.uuid4().hex
            _write_and_sync(path, seal_to(page, recipients))
            path.unlink()

    def unsealed() -> None:
        for page in pages:
            _write_and_sync(bare / uuid.uuid4().hex, page)

    took = in_turns(rounds, ours, stay, go, unsealed)
    size = f"{PAGES} pages of {PAGE_BYTES // 1024} KiB: "
    name = "outbox: hand-in of a case / age + write + fsync of the same bytes"
    return [
        paired(f"{name}, new files", (took[0], took[1]), 1.5, size),
        paired(f"{name}, deleted again", (took[0], took[2]), 1.5, size),
        # No limit: on a fast disk nearly all of it is the sealing, which nobody wants to save.
        paired(
            "outbox: hand-in of a case / write + fsync of the same bytes, new files",
            (took[0], took[3]),
            None,
            size,
        ),
    ]


def _small_record(folder: Path, outbox: Outbox, rounds: int) -> list[Ratio]:
    """Enqueue of a message of 1 KiB against an insert of 1 KiB into bare SQLite, WAL, FULL.

    First with logs that still grow, then with logs that have grown and are overwritten, as in a terminal that was not
    started just now: a sync of a file that keeps its length costs the file system less, so what is ours weighs more.
    """
    db = _bare(folder / "bare.sqlite")
    record, body = os.urandom(RECORD_BYTES), _body()

    def ours() -> None:
        outbox.add_message("hardship", body)

    def bare() -> None:
        db.execute("INSERT INTO records (content) VALUES (?)", (record,))

    growing = in_turns(rounds, ours, bare)
    db.execute("PRAGMA synchronous = OFF")
    for at in range(LOG_PAGES):
        outbox.note("bench", str(at))
        bare()
    db.execute("PRAGMA synchronous = FULL")
    grown = in_turns(rounds, ours, bare)
    db.close()
    name = "outbox: enqueue of a 1 KiB message / bare SQLite insert"
    return [
        paired(f"{name}, logs that grow", growing, AS_FAST, "WAL, FULL: ", MICRO),
        paired(f"{name}, logs that have grown", grown, AS_FAST, "WAL, FULL: ", MICRO),
    ]


def _syncs(folder: Path) -> list[Ratio]:
    """Syncs for each enqueue, as strace sees them, without those of opening and closing."""
    if shutil.which("strace") is None:
        return []
    none, some = (_count_syncs(folder / f"syncs-{count}", count) for count in (1, 1 + SYNCED))
    each, detail = (some - none) / SYNCED, f"{some - none} for {SYNCED}, by strace"
    return [Ratio("outbox: syncs of an enqueue", each, 1.0, detail)]


def _count_syncs(folder: Path, count: int) -> int:
    trace = folder.with_suffix(".strace")
    command = ["strace", "-f", "-e", "trace=fsync,fdatasync", "-o", str(trace)]
    command += [sys.executable, "-m", "bench.outbox", str(folder), str(count)]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[1])
    return sum("sync(" in line for line in trace.read_text(encoding="utf-8").splitlines())


def _finishing(folder: Path, recipients: Recipients, rounds: int, long_queue: int) -> list[Ratio]:
    """Claim and finish with few and with many waiting, against each other and against persist-queue's Ack queue."""
    short, long = folder / "short", folder / "long"
    for place, count in ((short, SHORT_QUEUE + 2 * rounds), (long, long_queue + 4 * rounds)):
        with _outbox(place, recipients):
            pass
        fill(place / "outbox.sqlite", count)
    began = RealClock().instant()
    with _outbox(long, recipients) as many:
        opened_s = RealClock().instant() - began
        with _outbox(short, recipients) as few:
            took = in_turns(rounds, lambda: _take_one(many), lambda: _take_one(few))
        name = f"outbox: claim + finish with {long_queue:,} waiting / with {SHORT_QUEUE}"
        ratios = [
            paired(name, took, AS_FAST, "", MICRO),
            Ratio(
                f"outbox: open with {long_queue:,} waiting / 100 ms",
                opened_s / OPEN_S,
                1.0,
                f"{opened_s * 1e3:.0f} ms",
            ),
        ]
        return ratios + _against_persist_queue(folder, many, rounds)


def _against_persist_queue(folder: Path, outbox: Outbox, rounds: int) -> list[Ratio]:
    """The peer is measured where it is installed (`pip install persist-queue`); it is no dependency of ours."""
    name = "outbox: claim + finish / persist-queue's Ack queue"
    if importlib.util.find_spec("persistqueue") is None:
        return [_against_two_syncs(folder, outbox, rounds)]
    peer = importlib.import_module("persistqueue").SQLiteAckQueue(str(folder / "peer"), auto_commit=True)
    record = os.urandom(RECORD_BYTES)
    for _ in range(rounds + 1):
        peer.put(record)
    took = in_turns(rounds, lambda: _take_one(outbox), lambda: peer.ack(peer.get()))
    peer.close()
    return [paired(name, took, THREE_TIMES, "", MICRO)]


def _against_two_syncs(folder: Path, outbox: Outbox, rounds: int) -> Ratio:
    """What that peer does at least: two synced updates, one to take and one to finish."""
    db = _bare(folder / "two-syncs.sqlite")
    db.execute("INSERT INTO records (content) VALUES (zeroblob(?))", (RECORD_BYTES,))

    def twice() -> None:
        for state in (b"taken", b"done"):
            db.execute("UPDATE records SET content = ?", (state,))

    took = in_turns(rounds, lambda: _take_one(outbox), twice)
    db.close()
    name = "outbox: claim + finish / two synced updates of bare SQLite"
    return paired(name, took, None, "peer not installed: persist-queue; ", MICRO)


def _take_one(outbox: Outbox) -> None:
    job = outbox.claim(60.0)
    assert isinstance(job, MessageJob)
    outbox.message_delivered(job)


def fill(database: Path, count: int) -> None:
    """Let `count` messages wait; in one transaction, since a hundred thousand commits take minutes."""
    db = sqlite3.connect(database)
    at, body = RealClock().now().isoformat(), '{"a": "' + "b" * (RECORD_BYTES - 9) + '"}'
    db.executemany(
        "INSERT INTO items (kind, came_at, came_era, came_instant) VALUES ('message', ?, 'bench', 0.0)",
        ((at,) for _ in range(count)),
    )
    places = [row[0] for row in db.execute("SELECT place FROM items")]
    db.executemany(
        "INSERT INTO messages (place, message_id, kind, body, at) VALUES (?, ?, 'hardship', ?, ?)",
        ((place, str(uuid.uuid4()), body, at) for place in places),
    )
    db.commit()
    db.close()


def _bare(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL").fetchone()
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE records (place INTEGER PRIMARY KEY, content BLOB)")
    return db


def _body() -> dict[str, str]:
    return {"text": "a" * (RECORD_BYTES - 12)}


def _case(pages: list[bytes]) -> CaseToSeal:
    names = [f"p{at:02d}" for at in range(1, len(pages) + 1)]
    return CaseToSeal(
        case_id=str(uuid.uuid4()),
        matter_code="N02",
        manifest={"materials": [{"part": name} for name in names]},
        parts=tuple(
            PartToSeal(name_in_manifest=name, content=page) for name, page in zip(names, pages, strict=True)
        ),
    )


def _write_and_sync(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(descriptor, content)
    os.fsync(descriptor)
    os.close(descriptor)


def enqueue_into(folder: Path, count: int) -> None:
    """What strace watches: so many messages into a new outbox."""
    recipients = Recipients.parse([str(pyrage.x25519.Identity.generate().to_public())])
    with _outbox(folder, recipients) as outbox:
        for _ in range(count):
            outbox.add_message("hardship", _body())


if __name__ == "__main__":
    enqueue_into(Path(sys.argv[1]), int(sys.argv[2]))
