"""The disk fills or fails in the middle of a hand-in: nothing is thanked for, nothing half is kept."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import offline_cache
from ground.clock import RealClock
from offline_cache.outbox import Outbox
from offline_cache.spool import Spool
from tests.offline_cache.bench_terminal import BenchTerminal, a_case


def _in_a_failing_process(folder: Path, recipient: str, how: str) -> dict[str, object]:
    """What a process reports that tries a hand-in (and an evaluation) while the system fails it."""
    root = Path(offline_cache.__file__).parents[1]
    command = [sys.executable, "-m", "tests.offline_cache.failing_process", str(folder), recipient, how]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=True)
    reported: dict[str, object] = json.loads(done.stdout)
    return reported


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("file size limit", "S101"),
        ("fdatasync fails", "S102"),
        ("fsync fails", "S102"),
        ("the folder is gone", "S102"),
    ],
)
def test_a_failed_hand_in_leaves_nothing(terminal: BenchTerminal, how: str, code: str) -> None:
    good = terminal.hand_in()
    before = sorted(terminal.spool.folder.iterdir())
    reported = _in_a_failing_process(terminal.folder, terminal.recipients.keys[0], how)
    assert reported["hand_in"] == code
    assert reported["file"] == ("done" if how == "the folder is gone" else code)
    assert len(list((terminal.folder / "bare-spool").iterdir())) == (how == "the folder is gone")
    assert sorted(terminal.spool.folder.iterdir()) == before
    assert [case.case_id for case in terminal.outbox.list_cases()] == [good.case_id]
    assert terminal.outbox.verify() == []
    assert terminal.hand_in().local_number > good.local_number


def test_files_whose_commit_failed_are_taken_back(terminal: BenchTerminal) -> None:
    first = terminal.hand_in()
    before = sorted(terminal.spool.folder.iterdir())
    reported = _in_a_failing_process(terminal.folder, terminal.recipients.keys[0], "database full")
    assert reported["hand_in"] == "S102"
    assert sorted(terminal.spool.folder.iterdir()) == before
    assert terminal.outbox.status().waiting == 1
    assert terminal.outbox.verify() == []
    assert terminal.hand_in().local_number > first.local_number


def test_a_commit_that_is_not_confirmed_is_not_claimed_to_be(terminal: BenchTerminal) -> None:
    case = terminal.hand_in()
    reported = _in_a_failing_process(
        terminal.folder, terminal.recipients.keys[0], f"fdatasync fails {case.case_id}"
    )
    assert reported["evaluation"] == "S102"
    assert terminal.outbox.case(case.case_id).evaluation is None
    terminal.outbox.add_evaluation(case.case_id, 5, [], "screen", terminal.clock.now(), "1")


def test_a_disk_without_room_for_the_database(tmp_path: Path, terminal: BenchTerminal) -> None:
    """/dev/full answers every write with ENOSPC."""
    (tmp_path / "full.sqlite").symlink_to("/dev/full")
    from offline_cache.errors import CacheError

    with pytest.raises(CacheError):
        Outbox(tmp_path / "full.sqlite", Spool(tmp_path / "spool"), RealClock())


def test_after_a_failure_the_next_case_goes_through(terminal: BenchTerminal) -> None:
    _in_a_failing_process(terminal.folder, terminal.recipients.keys[0], "fsync fails")
    assert terminal.outbox.hand_in(a_case()).parts == 4
