"""The database is lost, damaged or behind: what was handed in is found again in the spool, and nothing else is."""

import sqlite3
from pathlib import Path

import pyrage
import pytest

from offline_cache.errors import AlreadyThere, Corrupt, DatabaseCorrupt
from offline_cache.header import SealedFile
from offline_cache.items import CaseJob, CaseState, HandedIn, PartToSeal
from offline_cache.marker import parse_marker
from offline_cache.named_queries import migrations
from offline_cache.outbox import Outbox, open_or_rebuild
from tests.offline_cache.bench_terminal import NAME, BenchTerminal, a_case, assert_arrived
from tests.offline_cache.loopback_platform import LoopbackPlatform


def _database_files(terminal: BenchTerminal) -> list[Path]:
    return sorted(terminal.folder.glob("outbox.sqlite*"))


def _lose_the_database(terminal: BenchTerminal) -> None:
    terminal.outbox.close()
    for file in _database_files(terminal):
        file.unlink()
    _reopen(terminal)


def _reopen(terminal: BenchTerminal) -> None:
    terminal.outbox = open_or_rebuild(
        terminal.folder / "outbox.sqlite",
        terminal.spool,
        terminal.clock,
        recipients=terminal.recipients,
        machine=terminal.machine,
    )
    terminal.uploader = terminal.new_uploader()


def _scribble(file: Path) -> None:
    """Damage the middle of every page but the first two: the file opens, and its tables are nonsense."""
    content = bytearray(file.read_bytes())
    for at in range(2 * 4096, len(content), 4096):
        content[at : at + 64] = b"\xa5" * 64
    file.write_bytes(content)


def test_a_sealed_file_explains_itself(terminal: BenchTerminal) -> None:
    case = a_case(pages=1)
    handed_in = terminal.hand_in(case)
    job = terminal.outbox.claim(60)
    assert isinstance(job, CaseJob)
    for part in job.parts:
        with SealedFile(terminal.spool.folder / part.file) as file:
            header = file.header
            assert file.read() == (terminal.spool.folder / part.file).read_bytes()[-part.bytes :]
        assert header is not None
        assert (header.unit, header.part, header.of) == (case.case_id, part.part, 3)
        assert (header.sha256, header.bytes) == (part.sha256, part.bytes)
        assert header.local_number == handed_in.local_number
    (marker,) = terminal.spool.folder.glob("*.case")
    told = parse_marker(marker.read_bytes())
    assert (told.id, told.local_number, told.matter_code) == (case.case_id, handed_in.local_number, "N02")
    assert [part.file for part in told.parts] == [part.file for part in job.parts]


def test_the_lines_after_the_header_are_a_plain_age_file(terminal: BenchTerminal) -> None:
    holder = pyrage.x25519.Identity.generate()
    terminal.recipients = terminal.recipients.parse([str(holder.to_public())])
    terminal.outbox.close()
    terminal.outbox = terminal.open_outbox()
    terminal.hand_in(a_case(pages=0))
    for file in terminal.spool.folder.glob("*.age"):
        head, _, sealed = file.read_bytes().partition(b"\n")
        assert head.startswith(b"TTSEALED/1 {")
        assert pyrage.decrypt(sealed, [holder])


@pytest.mark.parametrize("how", ["missing", "no database", "scribbled"])
def test_a_lost_database_is_made_anew(terminal: BenchTerminal, platform: LoopbackPlatform, how: str) -> None:
    cases = [a_case(), a_case(pages=0), a_case(pages=1)]
    receipts = [terminal.hand_in(case) for case in cases]
    if how == "missing":
        _lose_the_database(terminal)
    else:
        terminal.outbox.close()
        database = terminal.folder / "outbox.sqlite"
        if how == "scribbled":
            _scribble(database)
        else:
            database.write_bytes(b"no database at all, whatever it is called" * 300)
        _reopen(terminal)
        assert len(list(terminal.folder.glob("outbox.sqlite.damaged-*[0-9]"))) == 1
    assert terminal.outbox.rebuilt is not None and terminal.outbox.rebuilt.units == 3
    records = terminal.outbox.list_cases()
    assert [record.local_number for record in reversed(records)] == [each.local_number for each in receipts]
    assert terminal.outbox.verify() == []
    assert terminal.hand_in().local_number > receipts[-1].local_number
    terminal.drain()
    for case, receipt in zip(cases, receipts, strict=True):
        assert_arrived(platform, case, receipt)


def test_a_number_is_never_given_twice_though_its_case_is_long_delivered(terminal: BenchTerminal) -> None:
    numbers = [terminal.hand_in().local_number for _ in range(3)]
    terminal.drain()
    terminal.outbox.sweep()
    assert list(terminal.spool.folder.glob("*.*e*")) == []
    _lose_the_database(terminal)
    assert terminal.outbox.list_cases() == []
    assert terminal.hand_in().local_number > max(numbers)


def test_delivered_again_after_a_rebuild_it_is_the_same_case(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    case = a_case()
    receipt = terminal.hand_in(case)
    kept = {file: file.read_bytes() for file in terminal.spool.folder.iterdir() if file.is_file()}
    terminal.drain()
    number = terminal.outbox.acceptance_number(case.case_id)
    for file, content in kept.items():  # a power cut took the deletions back
        file.write_bytes(content)
    _lose_the_database(terminal)
    terminal.drain()
    assert terminal.outbox.acceptance_number(case.case_id) == number
    assert list(platform.cases) == [case.case_id]
    assert_arrived(platform, case, receipt)


def test_a_marker_without_its_commit_is_entered_and_a_file_without_marker_is_not(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    """Power was cut between the marker and the commit, or the commit was lost: complete, so it counts."""
    complete, torn = a_case(), a_case()
    _hand_in_and_lose_the_row(terminal, complete)
    _hand_in_and_lose_the_row(terminal, torn)
    for marker in terminal.spool.folder.glob("*.case"):
        if parse_marker(marker.read_bytes()).id == torn.case_id:
            marker.unlink()
    assert terminal.outbox.sweep() == 4
    assert [record.case_id for record in terminal.outbox.list_cases()] == [complete.case_id]
    terminal.drain()
    assert list(platform.cases) == [complete.case_id]


def _hand_in_and_lose_the_row(terminal: BenchTerminal, case: object) -> None:
    """The state in which a cut between marker and commit leaves the disk: all files, no row."""
    before = sqlite3.connect(terminal.folder / "outbox.sqlite")
    terminal.hand_in(case)  # type: ignore[arg-type]
    for table in ("parts", "cases", "items"):
        before.execute(f"DELETE FROM {table} WHERE place = (SELECT max(place) FROM items)")
    before.commit()
    before.close()


def test_without_any_marker_the_headers_do(terminal: BenchTerminal, platform: LoopbackPlatform) -> None:
    whole, half = a_case(), a_case()
    receipt = terminal.hand_in(whole)
    terminal.hand_in(half)
    markers = {parse_marker(file.read_bytes()).id: file for file in terminal.spool.folder.glob("*.case")}
    (terminal.spool.folder / parse_marker(markers[half.case_id].read_bytes()).parts[1].file).unlink()
    for file in markers.values():
        file.unlink()
    _lose_the_database(terminal)
    assert [record.case_id for record in terminal.outbox.list_cases()] == [whole.case_id]
    terminal.drain()
    assert_arrived(platform, whole, receipt)


def test_a_unit_with_a_file_gone_is_shown_and_never_forgotten(terminal: BenchTerminal) -> None:
    case = terminal.hand_in()
    next(terminal.spool.folder.glob("*.age")).unlink()
    _lose_the_database(terminal)
    record = terminal.outbox.case(case.case_id)
    assert (record.state, record.error_code) == (CaseState.STUCK, "S103")
    terminal.outbox.sweep()
    assert len(list(terminal.spool.folder.glob("*.age"))) == 3


def test_another_process_goes_on_with_the_new_database(terminal: BenchTerminal) -> None:
    """The uploader has the old file open when the face makes a new one."""
    case = terminal.hand_in()
    uploader = terminal.open_outbox()
    seen = uploader.changes()
    _lose_the_database(terminal)
    later = terminal.hand_in()
    assert uploader.changes() != seen
    assert {record.case_id for record in uploader.list_cases()} == {case.case_id, later.case_id}
    job = uploader.claim(60)
    assert job is not None and job.case_id == case.case_id
    assert terminal.outbox.status().sending == 1
    uploader.close()


def test_what_only_the_database_knew_is_salvaged(terminal: BenchTerminal, platform: LoopbackPlatform) -> None:
    done, waiting = terminal.hand_in(), None
    terminal.drain()
    number = terminal.outbox.acceptance_number(done.case_id)
    waiting = terminal.hand_in()
    at = terminal.clock.now()
    terminal.outbox.add_evaluation(done.case_id, 2, ["slow"], "screen", at, "1")
    terminal.outbox.add_evaluation(waiting.case_id, 4, [], "screen", at, "1")
    message = terminal.outbox.add_message("hardship", {"kind": "stairs"}, about=waiting.case_id)
    terminal.outbox.close()
    (terminal.folder / "outbox.sqlite.doubt").touch()
    _break_an_index(terminal.folder / "outbox.sqlite")
    _reopen(terminal)
    assert terminal.outbox.rebuilt is not None
    assert (terminal.outbox.rebuilt.units, terminal.outbox.rebuilt.small) == (1, 3)
    assert terminal.outbox.acceptance_number(done.case_id) == number
    assert terminal.outbox.message(message).about == waiting.case_id
    assert terminal.outbox.status().evaluations_waiting == 2


def _break_an_index(database: Path) -> None:
    """Damage that SQLite's check finds, while the tables can still be read."""
    db = sqlite3.connect(database)
    page = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'items_waiting'").fetchone()[0]
    size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    content = bytearray(database.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    database.write_bytes(content)


def test_damage_met_in_use_is_mended_at_the_next_start(terminal: BenchTerminal) -> None:
    case = terminal.hand_in()
    terminal.outbox.close()
    _break_an_index(terminal.folder / "outbox.sqlite")
    with pytest.raises(DatabaseCorrupt):
        terminal.open_outbox().sweep()
    _reopen(terminal)
    assert terminal.outbox.case_state(case.case_id) is CaseState.WAITING
    assert terminal.outbox.verify() == []


def test_a_newer_database_is_not_moved_aside(terminal: BenchTerminal) -> None:
    terminal.outbox.close()
    db = sqlite3.connect(terminal.folder / "outbox.sqlite")
    db.execute("PRAGMA user_version = 9999")
    db.close()
    with pytest.raises(Corrupt):
        _reopen(terminal)
    assert list(terminal.folder.glob("outbox.sqlite.damaged-*")) == []


def test_a_second_hand_in_of_an_id_leaves_the_first_and_nothing_else(terminal: BenchTerminal) -> None:
    case = a_case()
    terminal.hand_in(case)
    before = sorted(terminal.spool.folder.iterdir())
    with pytest.raises(AlreadyThere):
        terminal.hand_in(case)
    assert sorted(terminal.spool.folder.iterdir()) == before


def test_an_outbox_of_the_first_version_goes_on(terminal: BenchTerminal, platform: LoopbackPlatform) -> None:
    """A terminal in the field: files without headers, no markers, the schema as it was."""
    case = a_case()
    at = terminal.clock.now()
    sealed = [("p00", case.stamped("T-000041-6", at))]
    sealed += [(part.name_in_manifest, part.content) for part in case.parts]
    from offline_cache.seal import seal_to

    kept = terminal.spool.keep(seal_to(content, terminal.recipients) for _, content in sealed)
    terminal.outbox.close()
    for file in _database_files(terminal):
        file.unlink()
    _first_version(terminal.folder / "outbox.sqlite", case.case_id, [name for name, _ in sealed], kept)
    _reopen(terminal)
    assert terminal.outbox.case(case.case_id).local_number == "T-000041-6"
    assert terminal.outbox.status().waiting == 1
    assert terminal.outbox.sweep() == 0
    assert terminal.hand_in().local_number.startswith("T-000042-")
    terminal.drain()
    receipt = HandedIn(case_id=case.case_id, local_number="T-000041-6", parts=4, bytes=1, handed_in_at=at)
    assert_arrived(platform, case, receipt)
    assert terminal.outbox.case(case.case_id).evaluation == "delivered"


def _first_version(path: Path, case_id: str, names: list[str], kept: list[object]) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL").fetchone()
    for statement in migrations()[0].statements:
        db.execute(statement)
    db.execute("PRAGMA user_version = 1")
    db.execute(
        "UPDATE terminal SET last_number = 41, link = 'down', link_code = 'U101', link_since = '2026-11-20T01:41Z'"
    )
    columns = "(kind, after, state, bytes, came_at, came_era, came_instant)"
    at = "2026-11-20T01:41:00.000+00:00"
    db.execute(f"INSERT INTO items {columns} VALUES ('case', NULL, 'waiting', 1, ?, 'boot-0', 5.0)", (at,))
    db.execute(f"INSERT INTO items {columns} VALUES ('evaluation', 1, 'later', 0, ?, 'boot-0', 6.0)", (at,))
    db.execute("INSERT INTO cases VALUES (1, ?, 'T-000041-6', 'N02', 4, NULL)", (case_id,))
    for name, file in zip(names, kept, strict=True):
        row = (name, file.name, file.sha256, file.bytes)  # type: ignore[attr-defined]
        db.execute("INSERT INTO parts VALUES (1, ?, ?, ?, ?, NULL)", row)
    db.execute("INSERT INTO evaluations VALUES (2, 1, 5, '[]', 'screen', ?, '1')", (at,))
    db.close()


def test_a_marker_says_nothing_of_a_person(terminal: BenchTerminal) -> None:
    case = terminal.hand_in()
    parts = [PartToSeal(name_in_manifest="p01", content=NAME.encode())]
    terminal.outbox.add_message("correction", {"slots": ["lease"]}, about=case.case_id, sealed=parts)
    for file in terminal.spool.folder.iterdir():
        assert NAME.encode() not in file.read_bytes()


def test_an_outbox_without_a_spool_full_of_others_takes_nothing_in(
    tmp_path: Path, terminal: BenchTerminal
) -> None:
    assert terminal.outbox.rebuilt is None
    other = Outbox(tmp_path / "second.sqlite", terminal.spool, terminal.clock)
    assert other.rebuilt is None
    other.close()
