"""The outbox by itself: what it promises to the face and to the uploader."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from offline_cache.errors import AlreadyThere, BadRecipient, Corrupt, DiskFull, UnknownCase
from offline_cache.items import CaseJob, CaseState, CaseToSeal, EvaluationJob, PartToSeal
from offline_cache.local_number import is_local_number
from offline_cache.outbox import Outbox
from offline_cache.spool import Spool
from tests.offline_cache.bench_terminal import NAME, NUMBER, BenchTerminal, a_case
from tests.offline_cache.loopback_platform import LoopbackPlatform


def _evaluate(terminal: BenchTerminal, case_id: str) -> None:
    terminal.outbox.add_evaluation(case_id, 5, ["fast"], "device", terminal.clock.now(), "2023.1")


def test_hand_in_says_what_was_taken(terminal: BenchTerminal) -> None:
    handed_in = terminal.hand_in(a_case(pages=3))
    assert handed_in.local_number == "T-000001-3"
    assert is_local_number(handed_in.local_number)
    assert handed_in.parts == 5
    sealed = []
    for file in terminal.spool.folder.glob("*.age"):
        with terminal.spool.open(file.name) as opened:
            sealed.append(opened.read())
    assert sum(map(len, sealed)) == handed_in.bytes
    assert terminal.outbox.case_state(handed_in.case_id) is CaseState.WAITING
    assert terminal.outbox.verify() == []


def test_local_numbers_go_on_after_a_restart(terminal: BenchTerminal) -> None:
    first = terminal.hand_in().local_number
    terminal.outbox.close()
    terminal.outbox = terminal.open_outbox()
    assert first < terminal.hand_in().local_number


def test_the_same_id_is_not_taken_twice(terminal: BenchTerminal) -> None:
    case = a_case()
    terminal.hand_in(case)
    with pytest.raises(AlreadyThere):
        terminal.hand_in(case)
    assert terminal.outbox.status().waiting == 1
    assert len(list(terminal.spool.folder.glob("*.age"))) == 4


def test_without_a_recipient_nothing_is_taken(tmp_path: Path, terminal: BenchTerminal) -> None:
    outbox = Outbox(tmp_path / "other.sqlite", terminal.spool, terminal.clock)
    with pytest.raises(BadRecipient):
        outbox.hand_in(a_case())
    outbox.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"case_id": "not-a-uuid"},
        {"case_id": "00000000-0000-1000-8000-000000000000"},
        {"matter_code": ""},
        {"matter_code": "N" * 65},
        {"parts": ()},
        {"parts": (PartToSeal(name_in_manifest="p00", content=b"x"),)},
        {"parts": (PartToSeal(name_in_manifest="p01", content=b"x"),) * 2},
        {"manifest": {"materials": [{"part": "p01", "sha256": "00"}]}},
        {"manifest": {"materials": [{"part": "p01"}, {"part": "p02"}]}},
    ],
)
def test_a_case_that_contradicts_itself_is_found_at_once(
    terminal: BenchTerminal, wrong: dict[str, object]
) -> None:
    right = {
        "case_id": a_case().case_id,
        "matter_code": "N02",
        "manifest": {"materials": [{"part": "p01"}]},
        "parts": (PartToSeal(name_in_manifest="p01", content=b"x"),),
    }
    terminal.hand_in(CaseToSeal(**right))  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        terminal.hand_in(CaseToSeal(**(right | {"case_id": a_case().case_id} | wrong)))  # type: ignore[arg-type]
    assert terminal.outbox.status().waiting == 1


def test_a_name_with_half_a_surrogate_pair_is_taken(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    case = CaseToSeal(case_id=a_case().case_id, matter_code="N02", manifest={"name": "王\ud842"}, parts=())
    terminal.hand_in(case)
    terminal.drain()
    assert b"\\ud842" in platform.cases[case.case_id].opened["p00"]


def test_nothing_personal_lies_on_the_disk(terminal: BenchTerminal) -> None:
    contents = f"{NAME} {NUMBER}".encode()
    case = CaseToSeal(
        case_id=a_case().case_id,
        matter_code="N02",
        manifest={"applicant": {"name": NAME, "number": NUMBER}, "materials": [{"part": "p01"}]},
        parts=(PartToSeal(name_in_manifest="p01", content=contents),),
    )
    terminal.hand_in(case)
    _evaluate(terminal, case.case_id)
    needles = [NUMBER.encode(), NUMBER.encode("utf-16-le"), NAME.encode(), NAME.encode("utf-16-le")]
    needles += [NAME.encode("gb18030"), NAME.encode("unicode_escape"), b"applicant"]
    files = [file for file in terminal.folder.rglob("*") if file.is_file()]
    assert len(files) >= 5
    for file in files:
        content = file.read_bytes()
        assert not [needle for needle in needles if needle in content], file.name
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_what_was_said_in_an_evaluation_is_wiped_with_its_delivery(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    case = terminal.hand_in()
    terminal.outbox.add_evaluation(case.case_id, 1, ["UNKINDLY"], "screen", terminal.clock.now(), "1")
    terminal.drain()
    assert platform.evaluations[case.case_id]["reasons"] == ["UNKINDLY"]
    terminal.outbox.close()
    terminal.machine.boot = "boot-2"
    assert b"UNKINDLY" not in (terminal.folder / "outbox.sqlite").read_bytes()
    terminal.outbox = terminal.open_outbox()


def test_an_evaluation_is_taken_once_and_only_for_a_known_case(terminal: BenchTerminal) -> None:
    case = terminal.hand_in()
    with pytest.raises(UnknownCase):
        _evaluate(terminal, a_case().case_id)
    _evaluate(terminal, case.case_id)
    with pytest.raises(AlreadyThere):
        _evaluate(terminal, case.case_id)
    with pytest.raises(ValueError):
        terminal.outbox.add_evaluation(case.case_id, 6, [], "screen", terminal.clock.now(), "1")


def test_an_evaluation_is_offered_only_after_its_case(terminal: BenchTerminal) -> None:
    case = terminal.hand_in()
    _evaluate(terminal, case.case_id)
    job = terminal.outbox.claim(60)
    assert isinstance(job, CaseJob)
    assert terminal.outbox.claim(60) is None
    terminal.outbox.delivered(case.case_id, "N-1")
    assert isinstance(terminal.outbox.claim(60), EvaluationJob)


def test_a_lease_ends_with_its_time(terminal: BenchTerminal) -> None:
    terminal.hand_in()
    job = terminal.outbox.claim(60, "worker-a")
    assert job is not None
    terminal.clock.turn(50)
    assert terminal.outbox.keep_lease(job, 60)
    terminal.clock.turn(50)
    assert terminal.outbox.claim(60, "worker-b") is None
    assert terminal.outbox.status().sending == 1
    terminal.clock.turn(11)
    assert terminal.outbox.claim(60, "worker-b") is not None
    assert not terminal.outbox.keep_lease(job, 60)
    assert terminal.outbox.failed(job, "U101", 1.0) is None


@pytest.mark.parametrize("end", ["killed", "rebooted"])
def test_a_lease_ends_at_once_with_its_worker(terminal: BenchTerminal, end: str) -> None:
    terminal.hand_in()
    assert terminal.outbox.claim(3600, "worker-a") is not None
    if end == "killed":
        terminal.machine.dead.add("worker-a")
    else:
        terminal.machine.boot = "boot-2"
    assert terminal.outbox.claim(60, "worker-b") is not None


@pytest.mark.parametrize("wall", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2027, 11, 21, tzinfo=UTC)])
def test_a_wall_clock_that_jumps_changes_nothing(
    terminal: BenchTerminal, platform: LoopbackPlatform, wall: datetime
) -> None:
    first, second = terminal.hand_in(), terminal.hand_in()
    job = terminal.outbox.claim(60, "worker-a")
    assert job is not None
    terminal.clock.turn(10)
    terminal.clock.set_wall(wall)
    status = terminal.outbox.status()
    assert (status.sending, status.waiting, status.oldest_s) == (1, 2, 10.0)
    other = terminal.outbox.claim(60, "worker-b")
    assert other is not None and other.case_id == second.case_id
    third = terminal.hand_in()
    assert first.local_number < second.local_number < third.local_number
    terminal.machine.dead |= {"worker-a", "worker-b"}
    terminal.drain()
    assert list(platform.cases) == [first.case_id, second.case_id, third.case_id]


def test_a_pause_from_a_clock_that_was_not_this_one_is_void(terminal: BenchTerminal) -> None:
    terminal.hand_in()
    terminal.clock.turn(1e6)
    job = terminal.outbox.claim(60)
    assert job is not None
    terminal.outbox.failed(job, "U103", 600)
    assert terminal.outbox.claim(60) is None
    fresh = BenchTerminal(
        terminal.folder, "http://127.0.0.1:9", terminal.recipients.keys[0]
    )  # its instants begin at 0
    assert fresh.outbox.claim(60) is not None
    fresh.close()


def test_delivered_may_be_said_again_but_not_otherwise(terminal: BenchTerminal) -> None:
    one, two = terminal.hand_in(), terminal.hand_in()
    assert terminal.outbox.delivered(one.case_id, "N-1") == 4
    assert terminal.outbox.delivered(one.case_id, "N-1") == 0
    with pytest.raises(AlreadyThere):
        terminal.outbox.delivered(one.case_id, "N-2")
    with pytest.raises(AlreadyThere):
        terminal.outbox.delivered(two.case_id, "N-1")
    assert terminal.outbox.acceptance_number(one.case_id) == "N-1"
    assert terminal.outbox.acceptance_number(two.case_id) is None
    assert len(list(terminal.spool.folder.glob("*.age"))) == 4


def test_the_face_and_the_uploader_notice_each_other(terminal: BenchTerminal) -> None:
    other = terminal.open_outbox()
    seen, newest = other.changes(), other.newest()
    assert other.changes() == seen
    terminal.hand_in()
    assert other.changes() != seen
    assert other.newest() > newest
    other.close()


def test_many_threads_hand_in_and_claim_at_once(terminal: BenchTerminal) -> None:
    other = terminal.open_outbox()
    start = threading.Barrier(6)

    def hand_in(outbox: Outbox) -> list[str]:
        start.wait()
        return [outbox.hand_in(a_case(pages=1, size=10)).case_id for _ in range(8)]

    def claim(outbox: Outbox, worker: str) -> list[str]:
        start.wait()
        claimed: list[str] = []
        for _ in range(2000):
            job = outbox.claim(3600, worker)
            if job is not None:
                claimed.append(job.case_id)
                outbox.delivered(job.case_id, f"N-{job.case_id}")
        return claimed

    with ThreadPoolExecutor(6) as pool:
        handed = [pool.submit(hand_in, outbox) for outbox in (terminal.outbox, terminal.outbox, other, other)]
        claims = [pool.submit(claim, terminal.outbox, "a"), pool.submit(claim, other, "b")]
        taken = [case for each in handed for case in each.result()]
        delivered = [case for each in claims for case in each.result()]
    while (job := other.claim(3600, "c")) is not None:
        delivered.append(job.case_id)
        other.delivered(job.case_id, f"N-{job.case_id}")
    assert sorted(taken) == sorted(delivered)
    assert terminal.outbox.status().delivered == 32
    assert len({case.local_number for case in other.list_cases()}) == 32
    assert list(terminal.spool.folder.glob("*.age")) == []
    other.close()


def test_orphans_are_swept_and_nothing_else(terminal: BenchTerminal) -> None:
    terminal.hand_in()
    terminal.spool.keep([b"of a hand-in that never committed"])
    (terminal.spool.folder / "0123.new").write_bytes(b"half a file")
    (terminal.spool.folder / "README").write_bytes(b"not ours")
    assert terminal.outbox.sweep() == 2
    assert len(list(terminal.spool.folder.glob("*.age"))) == 4
    assert terminal.outbox.verify() == []


def test_a_sweep_keeps_out_of_a_hand_in(terminal: BenchTerminal) -> None:
    with terminal.spool.writing():
        terminal.spool.keep([b"not yet committed"])
        assert terminal.outbox.sweep() is None
    assert terminal.outbox.sweep() == 1


def test_no_room_is_said_before_anything_is_written(tmp_path: Path, terminal: BenchTerminal) -> None:
    spool = Spool(tmp_path / "spool", reserve_bytes=1 << 60)
    outbox = Outbox(tmp_path / "outbox.sqlite", spool, terminal.clock, recipients=terminal.recipients)
    with pytest.raises(DiskFull):
        outbox.hand_in(a_case())
    assert spool.room_bytes() == 0
    assert outbox.status().waiting == 0
    outbox.close()


def test_damage_is_found(terminal: BenchTerminal) -> None:
    terminal.hand_in()
    file = next(terminal.spool.folder.glob("*.age"))
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert [flaw.file for flaw in terminal.outbox.verify()] == [file.name]


def test_a_damaged_file_sets_its_case_aside(terminal: BenchTerminal, platform: LoopbackPlatform) -> None:
    broken = terminal.hand_in()
    good = terminal.hand_in()
    job = terminal.outbox.claim(1)
    assert isinstance(job, CaseJob)
    file = terminal.spool.folder / job.parts[2].file
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    terminal.drain()
    assert list(platform.cases) == [good.case_id]
    assert terminal.outbox.case(broken.case_id).error_code == "S103"
    file.unlink()
    terminal.outbox.retry(broken.case_id)
    terminal.drain()
    assert terminal.outbox.case_state(broken.case_id) is CaseState.STUCK


def test_a_file_that_is_no_database_is_said_to_be_corrupt(tmp_path: Path, terminal: BenchTerminal) -> None:
    path = tmp_path / "broken.sqlite"
    path.write_bytes(b"this is not a database, whatever its name says" * 100)
    with pytest.raises(Corrupt):
        Outbox(path, terminal.spool, terminal.clock)


def test_a_database_of_a_newer_version_is_left_alone(terminal: BenchTerminal) -> None:
    terminal.outbox.close()
    db = sqlite3.connect(terminal.folder / "outbox.sqlite")
    db.execute("PRAGMA user_version = 9999")
    db.close()
    with pytest.raises(Corrupt):
        terminal.open_outbox()


def test_the_outbox_is_in_wal_mode(terminal: BenchTerminal) -> None:
    terminal.hand_in()
    db = sqlite3.connect(terminal.folder / "outbox.sqlite")
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()
