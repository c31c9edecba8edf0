"""A log that nobody touched is sound; one that anybody touched is not, and the check says where."""

import hashlib
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ground.clock import ManualClock
from ground.log.chain import SEAL_EVERY
from ground.log.files import Rules
from ground.log.head import HEAD, log_files
from tests.ground.kept_log import (
    A_DAY_S,
    DAYS,
    KEY,
    LATER,
    SampleKey,
    chain,
    checked,
    codes,
    laid_out,
    several_days,
    write,
)


def test_an_untouched_log_of_two_processes_over_three_days_is_sound(tmp_path: Path) -> None:
    several_days(tmp_path)
    report = checked(tmp_path)
    assert (report.flaws, report.notes, report.files) == ([], [], DAYS)
    assert report.last == report.records and report.sealed == report.last - 2
    assert report.keys == [KEY.key_id]


@settings(max_examples=80)
@given(data=st.data())
def test_any_changed_byte_is_found_in_its_line(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        file = data.draw(st.sampled_from(laid_out(Path(name))))
        content = bytearray(file.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= data.draw(st.integers(1, 255))
        line = content[:place].count(b"\n") + 1
        file.write_bytes(content)
        flaws = checked(Path(name)).flaws
        assert flaws
        found = [flaw.line for flaw in flaws if flaw.file == file.name]
        assert not found or min(found) in (line - 1, line, line + 1)


@settings(max_examples=60)
@given(data=st.data())
def test_a_removed_repeated_or_moved_line_is_found(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        file = data.draw(st.sampled_from(laid_out(Path(name))))
        lines = file.read_bytes().splitlines(keepends=True)
        one = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["remove", "repeat", "swap", "blank"])):
            case "remove":
                del lines[one]
            case "repeat":
                lines.insert(data.draw(st.integers(0, len(lines))), lines[one])
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1).filter(lambda which: which != one))
                lines[one], lines[other] = lines[other], lines[one]
            case _:
                lines.insert(one, b"\n")
        file.write_bytes(b"".join(lines))
        assert checked(Path(name)).flaws


@settings(max_examples=60)
@given(data=st.data())
def test_a_shortened_file_is_found(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        file = data.draw(st.sampled_from(laid_out(Path(name))))
        file.write_bytes(file.read_bytes()[: data.draw(st.integers(0, file.stat().st_size - 1))])
        assert checked(Path(name)).flaws


@pytest.mark.parametrize("which", range(DAYS))
def test_a_missing_file_is_found(tmp_path: Path, which: int) -> None:
    laid_out(tmp_path)[which].unlink()
    assert codes(checked(tmp_path)) & {"L106", "L107"}


def test_a_renamed_file_and_a_file_of_another_terminal_are_found(tmp_path: Path) -> None:
    first, *_ = laid_out(tmp_path)
    first.rename(tmp_path / "events-000000000000.jsonl")
    assert "L106" in codes(checked(tmp_path))
    content = (tmp_path / "events-000000000000.jsonl").read_bytes().replace(b'"TM-1"', b'"TM-2"')
    first.write_bytes(content)
    (tmp_path / "events-000000000000.jsonl").unlink()
    assert "L101" in codes(checked(tmp_path))


@settings(max_examples=30)
@given(place=st.integers(0, 511), flip=st.integers(1, 255))
def test_a_harmed_index_is_found(place: int, flip: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        laid_out(Path(name))
        content = bytearray((Path(name) / HEAD).read_bytes())
        content[place] ^= flip
        (Path(name) / HEAD).write_bytes(content)
        assert codes(checked(Path(name))) == {"L111"}


def test_a_whole_log_written_anew_with_another_key_is_found(tmp_path: Path) -> None:
    clock, foreign = ManualClock(), SampleKey(2)
    forger = chain(tmp_path, clock, key=foreign)
    write(forger, 3)
    forger.seal()
    assert codes(checked(tmp_path)) == {"L109"}
    assert checked(tmp_path, key=foreign).ok


def test_a_seal_of_nobody_and_a_log_without_seals_are_found(tmp_path: Path) -> None:
    unsigned = chain(tmp_path, ManualClock(), key=None)
    write(unsigned, 3 * SEAL_EVERY)
    assert codes(checked(tmp_path)) == {"L110"}
    assert checked(tmp_path, key=None).ok  # a terminal that is not enrolled yet has no key


def test_a_new_key_takes_over_and_vouches_for_what_was_before(tmp_path: Path) -> None:
    clock, new = ManualClock(), SampleKey(2)
    old = chain(tmp_path, clock)
    write(old, 3)
    old.seal()
    later = chain(tmp_path, clock, key=new)
    write(later, 3)
    later.seal()
    report = checked(tmp_path, key=new)
    assert report.ok and report.keys == [KEY.key_id, new.key_id]
    assert codes(checked(tmp_path, key=KEY)) == {"L109"}


def test_records_are_sealed_in_blocks(tmp_path: Path) -> None:
    log = chain(tmp_path, ManualClock())
    write(log, 2 * SEAL_EVERY)
    report = checked(tmp_path)
    assert report.ok and report.last - report.sealed < SEAL_EVERY


def test_a_log_that_was_set_back_to_an_earlier_state_differs_from_an_export(tmp_path: Path) -> None:
    log = chain(tmp_path / "log", ManualClock())
    write(log, 3)
    log.seal()
    shutil.copytree(tmp_path / "log", tmp_path / "earlier")
    write(log, 3)
    log.seal()
    exported = checked(tmp_path / "log")
    anchors = {exported.last: exported.hash}
    assert checked(tmp_path / "log", anchors=anchors).ok
    assert checked(tmp_path / "earlier").ok
    assert codes(checked(tmp_path / "earlier", anchors=anchors)) == {"L113"}


def test_a_clock_that_jumps_disturbs_neither_order_nor_retention(tmp_path: Path) -> None:
    clock = ManualClock()
    log = chain(tmp_path, clock, rules=Rules(keep_days=5))
    for year in (2026, 1970, 2099, 2026):
        clock.set_wall(datetime(year, 11, 22, tzinfo=UTC))
        write(log, 2)
    report = checked(tmp_path)
    assert report.ok and report.notes == [] and report.files == 4


def test_old_files_go_by_days_and_by_size_and_the_rest_still_checks(tmp_path: Path) -> None:
    clock = ManualClock()
    log = chain(tmp_path, clock, rules=Rules(keep_days=3))
    for _ in range(7):
        write(log, 2)
        clock.turn(A_DAY_S)
    report = checked(tmp_path)
    assert report.ok and report.files == 4 and report.first > 1
    assert {note.notice.value for note in report.notes} == {"deleted"}
    small = chain(tmp_path, clock, rules=Rules(file_bytes=2000, most_bytes=6000))
    write(small, 60)
    assert checked(tmp_path).ok
    assert sum(path.stat().st_size for path in log_files(tmp_path)) < 6000 + 2 * 4000


def test_a_deletion_that_was_cut_short_is_no_flaw(tmp_path: Path) -> None:
    clock = ManualClock()
    log = chain(tmp_path, clock)
    for _ in range(6):
        write(log, 2)
        clock.turn(A_DAY_S)
    kept = {path.name: path.read_bytes() for path in log_files(tmp_path)}
    write(chain(tmp_path, clock, rules=Rules(keep_days=2)), 1)
    gone = [name for name in kept if not (tmp_path / name).exists()]
    assert len(gone) >= 3
    for name in gone[1:]:  # told of, and only the first of them was deleted
        (tmp_path / name).write_bytes(kept[name])
    assert checked(tmp_path).ok
    (tmp_path / gone[2]).unlink()
    assert not checked(tmp_path).ok


def test_chained_with_sm3_it_is_as_sound_and_as_strict(tmp_path: Path) -> None:
    vector = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert hashlib.new("sm3", b"abc").hexdigest() == vector  # GM/T 0004-2012, appendix A, example 1
    clock = ManualClock()
    write(chain(tmp_path, clock), 3)
    write(chain(tmp_path, clock, rules=Rules(hashes="sm3")), 3)  # a site may change its mind
    chain(tmp_path, clock, rules=Rules(hashes="sm3")).seal()
    (file,) = log_files(tmp_path)
    lines = file.read_bytes().splitlines()
    assert b'"hash": ' in lines[3] and b'"sm3": ' in lines[4]
    report = checked(tmp_path)
    assert report.ok and report.sealed == report.last
    file.write_bytes(file.read_bytes().replace(b'"sm3": ', b'"hash": ', 1))
    assert "L101" in codes(checked(tmp_path))


def test_deleting_the_oldest_file_by_hand_is_not_taken_for_the_rule(tmp_path: Path) -> None:
    clock = ManualClock()
    log = chain(tmp_path, clock, rules=Rules(keep_days=3))
    for _ in range(7):
        write(log, 2)
        clock.turn(A_DAY_S)
    log_files(tmp_path)[0].unlink()
    assert codes(checked(tmp_path)) == {"L106"}


def test_after_a_power_cut_a_lost_end_is_no_flaw_within_a_block(tmp_path: Path) -> None:
    clock = ManualClock()
    log = chain(tmp_path, clock)
    write(log, 3)
    log.seal()
    write(log, 4)
    (file,) = log_files(tmp_path)
    kept = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(kept[:-2]) + kept[-2][:70])
    assert codes(checked(tmp_path)) >= {"L107"}  # nobody switched it off
    assert checked(tmp_path, boot=LATER).ok
    again = chain(tmp_path, clock, boot=LATER)
    write(again, 1)
    report = checked(tmp_path, boot=LATER)
    assert report.ok and {note.notice.value for note in report.notes} == {"power_cut"}


def test_cutting_what_was_on_the_disk_is_no_power_cut(tmp_path: Path) -> None:
    clock = ManualClock()
    log = chain(tmp_path, clock)
    write(log, 5)
    log.seal()
    (file,) = log_files(tmp_path)
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-3]))
    assert "L107" in codes(checked(tmp_path, boot=LATER))
    again = chain(tmp_path, clock, boot=LATER)
    write(again, 1)
    assert "L107" in codes(checked(tmp_path, boot=LATER))


def test_a_line_torn_by_a_kill_is_healed_by_the_next_writer(tmp_path: Path) -> None:
    clock = ManualClock()
    log = chain(tmp_path, clock)
    write(log, 3)
    (file,) = log_files(tmp_path)
    with file.open("ab") as torn:
        torn.write(b'{"seq": 5, "at": "20')
    assert checked(tmp_path).ok  # torn after the last whole record: nothing is missing
    write(chain(tmp_path, clock, "uploader"), 1)
    report = checked(tmp_path)
    assert report.ok and [note.notice.value for note in report.notes] == ["power_cut"]
    assert b'{"seq": 5, "at": "20\n' in file.read_bytes()  # nothing is taken away


def test_an_edit_is_not_healed_away(tmp_path: Path) -> None:
    clock = ManualClock()
    log = chain(tmp_path, clock)
    write(log, 3)
    (file,) = log_files(tmp_path)
    file.write_bytes(file.read_bytes()[:-20] + b"x" * 19 + b"\n")
    write(chain(tmp_path, clock), 2)
    assert not checked(tmp_path).ok
