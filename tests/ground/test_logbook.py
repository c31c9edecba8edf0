"""What the logbook writes, and what it never does."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ground.clock import ManualClock, RealClock
from ground.log.book import ChainedLogbook
from ground.log.head import read_head
from ground.logbook import Event, redacted
from tests.ground.kept_log import KEY


@pytest.mark.parametrize(
    "personal",
    ["王小明", "429006199003070019", "11010519491231002X", "19900000001", "天门市岳口镇", "㐂", "𠮷永年"],
)
def test_names_numbers_and_places_are_cut_out(personal: str) -> None:
    said = redacted(f"cannot read {personal}, really")
    assert isinstance(said, str)
    assert personal not in said
    assert said.startswith("cannot read [") and said.endswith("], really")


@pytest.mark.parametrize(
    "harmless",
    [
        "D101",
        "12345678-1234-4321-8765-123456789012",
        "/dev/serial/by-id/x",
        "T-000123-4",
        12345678901,
        None,
        True,
        1.5,
    ],
)
def test_codes_ids_and_figures_stay(harmless: str | int | float | None) -> None:
    assert redacted(harmless) == harmless


def _lines(folder: Path) -> list[dict[str, object]]:
    (file,) = folder.glob("events-*.jsonl")
    return [json.loads(line) for line in file.read_text(encoding="ascii").splitlines()]


def test_a_line_is_one_json_object_with_its_times_and_its_place(tmp_path: Path) -> None:
    clock = ManualClock(datetime(2026, 11, 21, 1, 41, tzinfo=UTC))
    logbook = ChainedLogbook(tmp_path, clock, "face", "TM-1")
    clock.turn(2.5)
    logbook.write(Event.CARD_READ, kind="resident", doubts="", seq=7)
    logbook.close()
    begun, read = _lines(tmp_path)
    assert begun["event"] == "log_file_begun" and begun["terminal"] == "TM-1"
    assert read["prev"] == begun["hash"]
    told = {name: read[name] for name in ("seq", "at", "mono", "by", "event", "kind", "doubts", "fact_seq")}
    assert told == {
        "seq": 2,
        "at": "2026-11-21T01:41:02.500+00:00",
        "mono": 2.5,
        "by": "face",
        "event": "card_read",
        "kind": "resident",
        "doubts": "",
        "fact_seq": 7,
    }


def test_nothing_personal_gets_from_a_fact_to_the_disk(tmp_path: Path) -> None:
    logbook = ChainedLogbook(tmp_path, RealClock(), "face")
    logbook.write(Event.FAILSAFE, error="ValueError: 王小明", place="429006199003070019")
    logbook.close()
    failed = _lines(tmp_path)[-1]
    assert (failed["error"], failed["place"]) == ("ValueError: [text]", "[number]")


def test_what_was_noted_is_written_when_the_flush_returns(tmp_path: Path) -> None:
    logbook = ChainedLogbook(tmp_path, RealClock(), "face")
    for _ in range(200):
        logbook.write(Event.STEP_ENTERED, state="home")
    assert logbook.flush()
    assert sum(line["event"] == "step_entered" for line in _lines(tmp_path)) == 200
    logbook.close()


def test_a_record_is_sealed_by_itself_after_its_time(tmp_path: Path) -> None:
    clock = RealClock()
    logbook = ChainedLogbook(tmp_path, clock, "face", signer=lambda: KEY, seal_after_s=0.05)
    logbook.write(Event.VISIT_STARTED)
    give_up = clock.after(20)
    while not ((head := read_head(tmp_path)) and head.sealed):
        assert not clock.due(give_up)
        clock.wait(0.01)
    logbook.close()
    assert [line["event"] for line in _lines(tmp_path)][-1] == "log_sealed"


def test_a_folder_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"a file where the folder should be")
    with pytest.raises(OSError):
        ChainedLogbook(tmp_path / "log", RealClock(), "face")


def test_a_closed_logbook_ends_no_visit(tmp_path: Path) -> None:
    logbook = ChainedLogbook(tmp_path, ManualClock(), "face")
    logbook.close()
    logbook.write(Event.VISIT_STARTED)


def test_a_folder_that_cannot_be_written_ends_no_visit_and_is_told_of_later(tmp_path: Path) -> None:
    logbook = ChainedLogbook(tmp_path / "log", RealClock(), "face")
    (tmp_path / "log").rename(tmp_path / "away")
    logbook.write(Event.VISIT_STARTED)
    assert not logbook.flush()
    (tmp_path / "away").rename(tmp_path / "log")
    logbook.write(Event.VISIT_STARTED)
    logbook.close()
    lines = _lines(tmp_path / "log")
    assert [line["event"] for line in lines][-2:] == ["log_lost", "visit_started"]
    assert lines[-2]["records"] == 1


def test_a_long_fact_is_cut() -> None:
    assert len(str(redacted("x" * 5000))) == 200
