"""What durability costs: the outbox against the bare disk and bare SQLite, in the same run on the same folder.

Every pair is measured in turns, A B A B …, and compared by medians, so that a disk that is busy with something else
is busy for both.
"""

import os
import sqlite3
import statistics
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

import pyrage

from bench.report import Ratio
from ground.clock import RealClock
from offline_cache.items import CaseToSeal, PartToSeal
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients, seal_to
from offline_cache.spool import Spool

PAGES = 10
PAGE_BYTES = 600 * 1024  # a 300 dpi A4 page as JPEG
RECORD_BYTES = 1024
ROUNDS = 15
RECORDS_A_ROUND = 4  # a row is quick, so more of them make one figure
CLAIMS_A_ROUND = 12
LONG_QUEUE = 2000


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """All ratios of this file; takes some seconds and about 200 MB of the temporary folder, which it gives back."""
    with tempfile.TemporaryDirectory(prefix="bench-outbox-") as name:
        folder = Path(name)
        recipients = Recipients.parse([str(pyrage.x25519.Identity.generate().to_public())])
        outbox = Outbox(
            folder / "outbox.sqlite",
            Spool(folder / "spool", reserve_bytes=0),
            RealClock(),
            recipients=recipients,
        )
        try:
            return [
                *_hand_in(folder, outbox, recipients, rounds),
                _small_record(folder, outbox, RECORDS_A_ROUND * rounds),
                _claim_flatness(outbox, CLAIMS_A_ROUND * rounds),
            ]
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
    """Enqueue of an item that is a row only (an evaluation) against an insert of 1 KiB into SQLite, WAL, FULL."""
    db = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL").fetchone()
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE records (content BLOB)")
    waiting = [outbox.hand_in(_case([])).case_id for _ in range(rounds)]
    at, record = RealClock().now(), os.urandom(RECORD_BYTES)

    def ours() -> None:
        outbox.add_evaluation(waiting.pop(), 5, ["a" * (RECORD_BYTES - 8)], "screen", at, "1")

    def bare() -> None:
        db.execute("INSERT INTO records VALUES (?)", (record,))

    ours_s, bare_s = _in_turns(rounds, ours, bare)
    db.close()
    detail = f"{ours_s * 1e6:.0f} µs / {bare_s * 1e6:.0f} µs, WAL, FULL"
    return Ratio("outbox: enqueue of a 1 KiB record / bare SQLite insert", ours_s / bare_s, None, detail)


def _claim_flatness(outbox: Outbox, rounds: int) -> Ratio:
    """Claim and give back with few cases waiting against the same with 2,000 more: the length must not matter."""
    few_s = _claims(outbox, rounds)
    for _ in range(LONG_QUEUE):
        outbox.hand_in(_case([]))
    many_s = _claims(outbox, rounds)
    detail = f"{many_s * 1e6:.0f} µs with {LONG_QUEUE:,} more waiting / {few_s * 1e6:.0f} µs"
    return Ratio("outbox: claim with a long queue / with a short one", many_s / few_s, 1.5, detail)


def _claims(outbox: Outbox, rounds: int) -> float:
    def claim() -> None:
        job = outbox.claim(60.0)
        assert job is not None
        outbox.release(job)

    return _in_turns(2 * rounds, claim)[0]


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
    for _ in range(rounds):
        for work, times in zip(works, took, strict=True):
            began = clock.instant()
            work()
            times.append(clock.instant() - began)
    return [statistics.median(times) for times in took]
