"""The newest file of a log, checked alone and quickly: what is wrong in it is found, what lies before is not missed."""

from pathlib import Path

from ground.log.check import Check
from ground.log.flaws import Report
from ground.log.head import HEAD
from ground.log.reading import standing
from tests.ground.kept_log import BOOT, KEY, TERMINAL, SampleKey, codes, laid_out, signed_by

OTHER = SampleKey(7)


def tail(folder: Path, key: SampleKey = KEY) -> Report:
    files, head = standing(folder)
    check = Check(files[-1:], head, {key.key_id: key.raw}, signed_by, terminal=TERMINAL, boot=BOOT, tail=True)
    return check.run()


def test_files_before_it_are_not_missed(tmp_path: Path) -> None:
    laid_out(tmp_path)
    report = tail(tmp_path)
    assert report.ok
    assert report.first > 1
    assert report.sealed


def test_an_edited_record_is_found(tmp_path: Path) -> None:
    newest = laid_out(tmp_path)[-1]
    newest.write_bytes(newest.read_bytes().replace(b'"home"', b'"card"', 1))
    assert codes(tail(tmp_path)) >= {"L101"}


def test_a_cut_end_and_a_missing_index_are_found(tmp_path: Path) -> None:
    newest = laid_out(tmp_path)[-1]
    whole = newest.read_bytes()
    newest.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    assert "L107" in codes(tail(tmp_path))
    newest.write_bytes(whole)
    (tmp_path / HEAD).unlink()
    assert codes(tail(tmp_path)) == {"L111"}


def test_a_record_that_is_gone_from_the_middle_is_found(tmp_path: Path) -> None:
    newest = laid_out(tmp_path)[-1]
    lines = newest.read_bytes().splitlines(keepends=True)
    newest.write_bytes(b"".join(lines[:2] + lines[3:]))
    assert codes(tail(tmp_path)) & {"L104", "L106"}


def test_a_key_of_which_it_does_not_know_is_left_to_the_whole_check(tmp_path: Path) -> None:
    laid_out(tmp_path)
    assert tail(tmp_path, OTHER).ok
    assert tail(tmp_path, OTHER).sealed == 0
