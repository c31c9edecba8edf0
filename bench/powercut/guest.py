"""What runs in the machine: takes stock of the outbox after the power came back, then serves citizens until it goes.

Talks in lines with `bench.powercut.cuts`, which remembers what was promised. Imports nothing but the outbox.
"""

import contextlib
import fcntl
import hashlib
import os
import random
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pyrage

from ground.clock import RealClock
from offline_cache.drafts import OwnKey
from offline_cache.items import CaseJob, CaseToSeal, PartToSeal
from offline_cache.machine import LinuxMachine
from offline_cache.outbox import Outbox, open_or_rebuild
from offline_cache.seal import Recipients
from offline_cache.spool import Spool

KEY = "AGE-SECRET-KEY-15Y27WUGQMUAQ2NY3DKYGYSPM0RG2P6289WWWYE7J0L4N975JU9GQCDL6PG"  # made for this test alone
_AT = datetime(2026, 11, 21, 1, 41, tzinfo=UTC)
_RESEED = 0x5207  # RNDRESEEDCRNG, linux/random.h: each start of the same snapshot must draw other numbers
_SIZES = (300, 5_000, 40_000)


def case_of(number: int) -> CaseToSeal:
    """The case of this number: two documents of random bytes."""
    rng = random.Random(number)
    case_id = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    contents = {f"p{at:02d}": rng.randbytes(rng.choice(_SIZES)) for at in (1, 2)}
    materials = [
        {"part": part, "sha256": hashlib.sha256(content).hexdigest()} for part, content in contents.items()
    ]
    return CaseToSeal(
        case_id=case_id,
        matter_code="N02",
        manifest={"visit": number, "materials": materials},
        parts=tuple(PartToSeal(name_in_manifest=part, content=content) for part, content in contents.items()),
    )


def page_of(number: int) -> bytes:
    """The page that she confirmed before she handed in."""
    return random.Random(-number).randbytes(2_000)


def open_outbox(folder: Path, era: str, proc: Path) -> Outbox:
    """The outbox as the product opens it; each start of the snapshot is a boot of its own."""
    boot = proc / "sys/kernel/random/boot_id"
    boot.parent.mkdir(parents=True, exist_ok=True)
    boot.write_text(era, encoding="ascii")
    identity = pyrage.x25519.Identity.from_str(KEY)
    return open_or_rebuild(
        folder / "outbox.sqlite",
        Spool(folder / "spool", reserve_bytes=0),
        RealClock(),
        recipients=Recipients.parse([str(identity.to_public())]),
        own_key=OwnKey(KEY),
        machine=LinuxMachine(proc),
    )


def take_stock(outbox: Outbox) -> None:
    """Tell of every case whether it is whole, and of every draft; then deliver what is whole, as the uploader would."""
    outbox.sweep()
    _say("rebuilt" if outbox.rebuilt else "sound", len(outbox.verify()))
    numbers = {record.case_id: record for record in outbox.list_cases(most=1_000_000)}
    for draft in outbox.drafts():
        with contextlib.suppress(ValueError):
            number = int(draft.visit)
            _say("page" if outbox.open_draft(draft) == page_of(number) else "harmed", number)
    for record in numbers.values():
        if record.acceptance_number is not None:
            _say("delivered", record.local_number, record.acceptance_number, record.evaluation)
    whole = [job for job in outbox.open_jobs() if isinstance(job, CaseJob)]
    for job in whole:
        told = numbers[job.case_id]
        _say(_state(outbox, job), told.local_number, _visit(outbox, job), told.evaluation)
    _say("taken")
    for draft in outbox.drafts():
        outbox.drop_drafts(draft.visit)
    for job in whole:
        number = _visit(outbox, job)
        outbox.claim(120.0)
        outbox.delivered(job.case_id, f"A-{number}")
        _say("sent", number)


def serve(outbox: Outbox, first: int) -> None:
    """Citizens one after the other until the power goes."""
    for number in range(first, first + 1000):
        case = case_of(number)
        outbox.keep_draft(str(number), 0, page_of(number))
        _say("confirmed", number)
        _say("kept", number, outbox.hand_in(case).local_number)
        outbox.drop_drafts(str(number))
        if number % 2:
            outbox.add_evaluation(case.case_id, 5, [], "screen", _AT, "1")
            _say("rated", number)


def _state(outbox: Outbox, job: CaseJob) -> str:
    case = case_of(_visit(outbox, job))
    opened = {part.part: _opened(outbox, job, part.part) for part in job.parts if part.part != "p00"}
    same = opened == {part.name_in_manifest: part.content for part in case.parts}
    return "whole" if same and job.case_id == case.case_id else "broken"


def _visit(outbox: Outbox, job: CaseJob) -> int:
    """The number that her manifest bears."""
    text = _opened(outbox, job, "p00").decode("ascii")
    return int(text.rpartition('"visit": ')[2].partition("}")[0].partition(",")[0])


def _opened(outbox: Outbox, job: CaseJob, part: str) -> bytes:
    (sealed,) = [each for each in job.parts if each.part == part]
    with outbox.open_part(sealed) as file:
        opened: bytes = pyrage.decrypt(file.read(), [pyrage.x25519.Identity.from_str(KEY)])
    return opened


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def _busybox(*words: str) -> None:
    if os.spawnv(os.P_WAIT, "/bin/busybox", list(words)) != 0:
        _say("trouble", *words)
        raise SystemExit(1)


def main(module: str) -> None:
    """Wait, with everything imported, for `go FIRST ENTROPY`; then mount the disk and begin."""
    take_stock_of_nothing = open_outbox(
        Path("/tmp/warm"), "warm", Path("/tmp/proc0")
    )  # so that all is imported
    take_stock_of_nothing.hand_in(case_of(0))
    take_stock(take_stock_of_nothing)
    take_stock_of_nothing.close()
    _say("warm")
    _, first, entropy = sys.stdin.readline().split()
    with Path("/dev/urandom").open("wb", buffering=0) as pool:
        pool.write(bytes.fromhex(entropy))
        fcntl.ioctl(pool, _RESEED)
    _busybox("insmod", module)
    _busybox("mount", "-t", "ext4", "/dev/vda", "/queue")
    proc = Path("/tmp/proc")
    proc.mkdir()
    (proc / str(os.getpid())).symlink_to(f"/proc/{os.getpid()}")
    _say("mounted")
    outbox = open_outbox(Path("/queue/terminal"), entropy[:32], proc)
    take_stock(outbox)
    serve(outbox, int(first))


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except BaseException as error:
        _say("trouble", type(error).__name__, error)
        raise
