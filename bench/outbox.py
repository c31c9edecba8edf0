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
CLAIM_ROUNDS = 60


def measure() -> list[Ratio]:
    """All ratios of this file; takes some seconds and about 200 MB of the temporary folder, which it gives back."""
    with tempfile.TemporaryDirectory(prefix="bench-queue-") as name:
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
                _hand_in(folder, outbox, recipients),
                _small_record(folder, outbox),
                _claim_flatness(outbox),
            ]
        finally:
            outbox.close()


def _hand_in(folder: Path, outbox: Outbox, recipients: Recipients) -> Ratio:
    """A case of ten pages against sealing, writing and syncing the same bytes as ten bare files."""
    pages = [os.urandom(PAGE_BYTES) for _ in range(PAGES)]

    def ours() -> None:
        outbox.hand_in(_case(pages))

    def bare() -> None:
        for at, page in enumerate(pages):
            _write_and_sync(folder / f"bare-{at}", seal_to(page, recipients))

    ours_s, bare_s = _in_turns(ours, bare, ROUNDS)
    detail = f"{PAGES} pages of {PAGE_BYTES // 1024} KiB: {ours_s * 1e3:.1f} ms; bare {bare_s * 1e3:.1f} ms"
    return Ratio("hand-in of a case / age + write + fsync of the same bytes", ours_s / bare_s, 1.5, detail)


def _small_record(folder: Path, outbox: Outbox) -> Ratio:
    """Enqueue of an item that is a row only (an evaluation) against an insert of 1 KiB into SQLite, WAL, FULL."""
    db = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL").fetchone()
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE records (content BLOB)")
    waiting = [outbox.hand_in(_case([])).case_id for _ in range(CLAIM_ROUNDS)]
    at, record = RealClock().now(), os.urandom(RECORD_BYTES)

    def ours() -> None:
        outbox.add_evaluation(waiting.pop(), 5, ["a" * (RECORD_BYTES - 8)], "screen", at, "1")

    def bare() -> None:
        db.execute("INSERT INTO records VALUES (?)", (record,))

    ours_s, bare_s = _in_turns(ours, bare, CLAIM_ROUNDS)
    db.close()
    detail = f"{1 / ours_s:,.0f}/s; bare SQLite WAL FULL {1 / bare_s:,.0f}/s"
    return Ratio("enqueue of a 1 KiB record / bare SQLite insert", ours_s / bare_s, None, detail)


def _claim_flatness(outbox: Outbox) -> Ratio:
    """Claim and give back with 60 cases waiting against the same with 2,000: the queue's length must not matter."""
    few_s = _claims(outbox)
    for _ in range(2000):
        outbox.hand_in(_case([]))
    many_s = _claims(outbox)
    detail = f"{many_s * 1e6:.0f} µs with 2,000 more waiting; {few_s * 1e6:.0f} µs before"
    return Ratio("claim with a long queue / with a short one", many_s / few_s, 1.5, detail)


def _claims(outbox: Outbox) -> float:
    def claim() -> None:
        job = outbox.claim(60.0)
        assert job is not None
        outbox.release(job)

    return _in_turns(claim, claim, 200)[0]


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


def _in_turns(one: Callable[[], None], other: Callable[[], None], rounds: int) -> tuple[float, float]:
    """Median seconds of each."""
    clock, took = RealClock(), ([], [])  # type: tuple[RealClock, tuple[list[float], list[float]]]
    for _ in range(rounds):
        for work, times in zip((one, other), took, strict=True):
            began = clock.instant()
            work()
            times.append(clock.instant() - began)
    return statistics.median(took[0]), statistics.median(took[1])
