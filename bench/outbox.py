"""What durability costs: the outbox against the bare disk and bare SQLite, in the same run on the same folder.

Every pair is measured in turns, A B A B …, and compared by medians, so that a disk that is busy with something else
is busy for both.
"""

import importlib.util
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage

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
RECORDS_A_ROUND = 8  # a row is quick, so more of them make one figure
SHORT_QUEUE, LONG_QUEUE = 100, 100_000
FULL_SIZE = 5  # rounds
SYNCED = 50  # messages of which the syncs are counted
AS_FAST = 1 / 0.9  # nine tenths of the peer's speed, as a ratio of times
THREE_TIMES = 1 / 3
OPEN_S = 0.1


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
            ratios.append(_small_record(folder, outbox, many))
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
    """A case of ten pages against the same bytes as ten bare files: only written and synced, and sealed before."""
    pages = [os.urandom(PAGE_BYTES) for _ in range(PAGES)]

    def ours() -> None:
        outbox.hand_in(_case(pages))

    def synced() -> None:
        for at, page in enumerate(pages):
            _write_and_sync(folder / f"bare-{at}", page)

    def sealed_and_synced() -> None:
        for at, page in enumerate(pages):
            _write_and_sync(folder / f"bare-{at}", seal_to(page, recipients))

    ours_s, synced_s, sealed_s = _in_turns(rounds, ours, synced, sealed_and_synced)
    size = f"{PAGES} pages of {PAGE_BYTES // 1024} KiB: {ours_s * 1e3:.1f} ms"
    return [
        Ratio(
            "outbox: hand-in of a case / age + write + fsync of the same bytes",
            ours_s / sealed_s,
            limit=1.5,
            detail=f"{size} / {sealed_s * 1e3:.1f} ms",
        ),
        Ratio(
            "outbox: hand-in of a case / write + fsync of the same bytes",
            ours_s / synced_s,
            limit=None,  # on a fast disk nearly all of it is the sealing, which nobody wants to save
            detail=f"{size} / {synced_s * 1e3:.1f} ms",
        ),
    ]


def _small_record(folder: Path, outbox: Outbox, rounds: int) -> Ratio:
    """Enqueue of a message of 1 KiB against an insert of 1 KiB into bare SQLite, WAL, FULL."""
    db = _bare(folder / "bare.sqlite")
    record, body = os.urandom(RECORD_BYTES), _body()

    def ours() -> None:
        outbox.add_message("hardship", body)

    def bare() -> None:
        db.execute("INSERT INTO records (content) VALUES (?)", (record,))

    ours_s, bare_s = _in_turns(rounds, ours, bare)
    db.close()
    detail = f"{ours_s * 1e6:.0f} µs / {bare_s * 1e6:.0f} µs, WAL, FULL"
    return Ratio("outbox: enqueue of a 1 KiB message / bare SQLite insert", ours_s / bare_s, AS_FAST, detail)


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
        _fill(place / "outbox.sqlite", count)
    began = RealClock().instant()
    with _outbox(long, recipients) as many:
        opened_s = RealClock().instant() - began
        with _outbox(short, recipients) as few:
            long_s, short_s = _in_turns(rounds, lambda: _take_one(many), lambda: _take_one(few))
        ratios = [
            Ratio(
                f"outbox: claim + finish with {long_queue:,} waiting / with {SHORT_QUEUE}",
                long_s / short_s,
                AS_FAST,
                f"{long_s * 1e6:.0f} µs / {short_s * 1e6:.0f} µs",
            ),
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
    ours_s, peer_s = _in_turns(rounds, lambda: _take_one(outbox), lambda: peer.ack(peer.get()))
    peer.close()
    return [Ratio(name, ours_s / peer_s, THREE_TIMES, f"{ours_s * 1e6:.0f} µs / {peer_s * 1e6:.0f} µs")]


def _against_two_syncs(folder: Path, outbox: Outbox, rounds: int) -> Ratio:
    """What that peer does at least: two synced updates, one to take and one to finish."""
    db = _bare(folder / "two-syncs.sqlite")
    db.execute("INSERT INTO records (content) VALUES (zeroblob(?))", (RECORD_BYTES,))

    def twice() -> None:
        for state in (b"taken", b"done"):
            db.execute("UPDATE records SET content = ?", (state,))

    ours_s, twice_s = _in_turns(rounds, lambda: _take_one(outbox), twice)
    db.close()
    detail = f"peer not installed: persist-queue; {ours_s * 1e6:.0f} µs / {twice_s * 1e6:.0f} µs"
    return Ratio("outbox: claim + finish / two synced updates of bare SQLite", ours_s / twice_s, None, detail)


def _take_one(outbox: Outbox) -> None:
    job = outbox.claim(60.0)
    assert isinstance(job, MessageJob)
    outbox.message_delivered(job)


def _fill(database: Path, count: int) -> None:
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
    path.unlink()  # the spool's files are new each time as well


def _in_turns(rounds: int, *works: Callable[[], None]) -> list[float]:
    """Median seconds of each work, done in turns."""
    clock = RealClock()
    took: list[list[float]] = [[] for _ in works]
    pairs = list(zip(works, took, strict=True))
    for _ in range(rounds):
        pairs.reverse()  # none is always the one that finds the disk and the caches as another left them
        for work, times in pairs:
            began = clock.instant()
            work()
            times.append(clock.instant() - began)
    return [statistics.median(times) for times in took]


def _enqueue(folder: Path, count: int) -> None:
    """What strace watches: so many messages into a new outbox."""
    recipients = Recipients.parse([str(pyrage.x25519.Identity.generate().to_public())])
    with _outbox(folder, recipients) as outbox:
        for _ in range(count):
            outbox.add_message("hardship", _body())


if __name__ == "__main__":
    _enqueue(Path(sys.argv[1]), int(sys.argv[2]))
