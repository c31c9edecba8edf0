"""Several processes write to one log, are killed, and find the disk full: the log stays whole and says what it lost."""

import hashlib
import json
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ground.clock import ManualClock, RealClock
from ground.log.head import Head, decode_head, encode_head, log_files, read_head, this_boot
from ground.log.reading import records, standing
from tests.ground.kept_log import KEY, chain, checked, write

ROOT = Path(__file__).resolve().parents[2]
_ROUNDS = 4
_SEED = 20261122

_WRITER = """
import sys
from pathlib import Path
from ground.clock import RealClock
from ground.log.book import ChainedLogbook
from ground.log.files import Rules
from ground.logbook import Event
from tests.ground.kept_log import KEY, TERMINAL

log = ChainedLogbook(
    Path(sys.argv[1]), RealClock(), sys.argv[2], TERMINAL, lambda: KEY, Rules(file_bytes=60_000), seal_after_s=0.05
)
print("writing", flush=True)
number = 0
while True:
    number += 1
    log.write(Event.STEP_ENTERED, state="home", number=number)
    if number % 7 == 0:
        log.flush()
"""


def _writer(folder: Path, by: str) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(folder), by], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None and process.stdout.readline() == b"writing\n"
    return process


def test_killed_at_any_moment_two_writers_leave_one_sound_chain(tmp_path: Path) -> None:
    rng, clock = random.Random(_SEED), RealClock()
    for _ in range(_ROUNDS):
        writers = [_writer(tmp_path, by) for by in ("face", "uploader")]
        clock.wait(rng.uniform(0.02, 0.25))
        for process in writers:
            process.send_signal(signal.SIGKILL)
            process.communicate()
    files, _ = standing(tmp_path)
    last: dict[str, int] = {}
    for _, _, record in records(files):
        if record.event == "step_entered":
            by, number = str(record.fields["by"]), int(record.facts["number"])
            assert number in (1, last.get(by, 0) + 1)  # 1: a new process; nothing is left out, nothing twice
            last[by] = number
    assert last.keys() == {"face", "uploader"}
    report = checked(tmp_path, boot=this_boot())
    assert report.flaws == []
    assert {note.notice.value for note in report.notes} <= {"power_cut", "index_rebuilt", "not_healed"}


@contextmanager
def _full_at(size: int) -> Iterator[None]:
    """No file of this process grows beyond `size` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("left", [0, 1, 150, 399])
def test_on_a_full_disk_records_are_counted_and_told_of_once_there_is_room(tmp_path: Path, left: int) -> None:
    log = chain(tmp_path, ManualClock())
    write(log, 2)
    (file,) = log_files(tmp_path)
    with _full_at(file.stat().st_size + left):
        for _ in range(5):
            with pytest.raises(OSError):
                write(log, 1, state="x" * 100)
    assert checked(tmp_path).ok  # no half record stands there
    write(chain(tmp_path, ManualClock(), "uploader"), 1)  # another process tells of it
    report = checked(tmp_path)
    assert report.ok
    assert [(note.notice.value, note.count) for note in report.notes] == [("lost", 5)]


def test_an_index_that_is_gone_is_made_anew_and_told_of(tmp_path: Path) -> None:
    log = chain(tmp_path, ManualClock())
    write(log, 3)
    (tmp_path / "head").unlink()
    write(log, 1)
    report = checked(tmp_path)
    assert {flaw.code.value for flaw in report.flaws} == {"L111"}
    assert report.last == report.records and report.keys == []
    log.seal()
    assert checked(tmp_path).keys == [KEY.key_id]


def test_an_index_of_another_version_is_read_as_far_as_it_is_known() -> None:
    content = encode_head(Head(seq=7, hash="a" * 64))
    body = json.loads(content.decode("ascii").rstrip().rpartition(" ")[0])
    del body["sealed_hash"]
    older = json.dumps(body | {"of_a_later_version": 1})
    checked_older = f"{older} {hashlib.sha256(older.encode()).hexdigest()}".ljust(511).encode() + b"\n"
    assert decode_head(checked_older) == decode_head(content) == Head(seq=7, hash="a" * 64)
    assert decode_head(checked_older.replace(b'"seq": 7', b'"seq": 8')) is None


def test_the_last_seal_stands_in_the_index_once_it_is_on_the_disk(tmp_path: Path) -> None:
    log = chain(tmp_path, ManualClock())
    write(log, 3)
    log.seal()
    head = read_head(tmp_path)
    write(log, 2)
    later = read_head(tmp_path)
    assert head is not None and later is not None
    assert (head.sealed, head.sealed_hash) == (head.seq, head.hash) == (later.sealed, later.sealed_hash)


def test_a_writer_that_was_cut_short_before_the_index_knew_is_caught_up_with(tmp_path: Path) -> None:
    log = chain(tmp_path, ManualClock())
    write(log, 3)
    behind = (tmp_path / "head").read_bytes()
    write(log, 1)
    (tmp_path / "head").write_bytes(behind)
    write(chain(tmp_path, ManualClock(), "uploader"), 1)
    report = checked(tmp_path)
    assert report.ok and [note.notice.value for note in report.notes] == ["index_rebuilt"]
