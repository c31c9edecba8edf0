"""What is kept has a class, an age and somebody who deletes it; a clock that is wrong deletes nothing."""

import json
import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest

from config.load import load_config
from config.schema import TerminalConfig
from config.sentences import LANGUAGES, SHIPPED
from ground.clock import ManualClock, RealClock
from ground.log.head import file_name
from ground.logbook import Event, MemoryLogbook
from kiosk.case_desk import CaseDesk
from kiosk.health import Health
from kiosk.print_journal import PrintJournal
from kiosk.retention import CLASSES, DAMAGED_DAYS, Deleter, Kept, standing
from kiosk.words import Words
from offline_cache.items import ClockState
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from tests.tools.small_terminal import write_settings
from tools.cli import main
from tools.logs import open_logbook
from tools.tidy import tidy

KEPT = Kept(drafts=3, log=200)
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> TerminalConfig:
    (tmp_path / "data").mkdir()
    return load_config(write_settings(tmp_path / "terminal.toml", tmp_path / "data"), None, {})


def lay(path: Path, days: float, now: datetime = NOW) -> Path:
    """A file that was written so many days ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * 10)
    at = (now - timedelta(days=days)).timestamp()
    os.utime(path, (at, at))
    return path


def report(tmp_path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = main(["retention", "--config", str(tmp_path / "terminal.toml"), *more, "--json"])
    out = capsys.readouterr().out
    return code, {each["name"]: each for each in json.loads(out)["classes"]} if out else {}


def test_each_class_has_an_end_or_says_why_not() -> None:
    for of in CLASSES:
        assert (of.days(KEPT) is not None) == (of.deleter in (Deleter.CLOCK, Deleter.PERSON))
        assert of.deleter is not Deleter.CLOCK or of.events or of.name == "print_journal"
    for language in LANGUAGES:
        words = Words.load(SHIPPED, language)
        assert all(words(f"retention.class.{of.name}") for of in CLASSES)


def test_what_is_overdue_is_found_and_what_is_not_is_let_be(tmp_path: Path) -> None:
    lay(tmp_path / "drafts" / ("a" * 64 + ".age"), 2)
    late = lay(tmp_path / "drafts" / ("b" * 64 + ".age"), 5)
    lay(tmp_path / "drafts" / ("c" * 64 + ".age"), -400)
    lay(tmp_path / "spool" / ("d" * 64 + ".age"), 9000)  # not delivered: never overdue
    aside = lay(tmp_path / "outbox.sqlite.damaged-20260101T000000-1", DAMAGED_DAYS + 2)
    found = {each.of.name: each for each in standing(tmp_path, KEPT, NOW)}
    assert found["drafts"].overdue == (late,) and found["drafts"].undated == 1
    assert found["sealed_queue"].overdue == () and found["sealed_queue"].items == 1
    assert found["damaged_databases"].overdue == (aside,)
    assert sum(len(each.overdue) for each in found.values()) == 2


def test_the_log_goes_by_its_own_days_and_takes_the_old_logs_with_it(
    tmp_path: Path, config: TerminalConfig
) -> None:
    data, logbook = tmp_path / "data", MemoryLogbook()
    old = [lay(data / "log" / name, 9000) for name in ("face.jsonl", "uploader.jsonl")]
    for day in range(200):
        lay(data / "log" / file_name(day + 1), 200 - day)
    tidy(config, ManualClock(datetime(2099, 1, 1, tzinfo=UTC)), logbook)
    assert all(path.exists() for path in old)  # a clock from 2099 is no reason
    lay(data / "log" / file_name(201), 0)
    tidy(config, ManualClock(NOW), logbook)
    assert not any(path.exists() for path in old)
    assert logbook.lines == [(Event.DATA_DELETED, {"of": "unchained_logs", "items": 2, "days": 200})]


def test_a_technician_deletes_what_is_his_and_the_report_tells_of_it(
    tmp_path: Path, config: TerminalConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    now = RealClock().now()
    aside = lay(tmp_path / "data" / "outbox.sqlite.damaged-20260101T000000-1", DAMAGED_DAYS + 2, now)
    young = lay(tmp_path / "data" / "outbox.sqlite.damaged-20260901T000000-2", 1, now)
    logbook = open_logbook(config, RealClock(), "uploader")
    logbook.write(Event.CASE_DELIVERED, case=None, tries=1, files_deleted=3)
    logbook.write(Event.DRAFTS_DELETED, pages=2, days=3)
    logbook.close()
    code, classes = report(tmp_path, capsys)
    assert code == 1 and classes["damaged_databases"]["overdue"] == 1
    assert classes["sealed_queue"]["deleted"]["items"] == 3 and classes["drafts"]["deleted"]["items"] == 2
    assert report(tmp_path, capsys, "--clear", "drafts")[0] == 2  # not a person's to delete
    assert report(tmp_path, capsys, "--clear", "damaged_databases")[0] == 0
    assert not aside.exists() and young.exists()
    code, classes = report(tmp_path, capsys)
    assert code == 0 and classes["damaged_databases"]["verified"]
    assert classes["damaged_databases"]["deleted"]["items"] == 1


def test_delivered_rows_and_prints_are_counted_with_their_age(tmp_path: Path) -> None:
    clock = ManualClock(NOW - timedelta(days=30))
    PrintJournal(tmp_path / "prints.sqlite", clock).ask("receipt/x", "0" * 64)
    found = {each.of.name: each for each in standing(tmp_path, KEPT, NOW)}
    assert found["print_journal"].items == 1 and found["print_journal"].oldest == NOW - timedelta(days=30)
    assert found["delivered_rows"].items == 0
    (tmp_path / "outbox.sqlite").write_bytes(b"no database at all, and not to be touched")
    assert {each.of.name: each.items for each in standing(tmp_path, KEPT, NOW)}["delivered_rows"] == 0


@pytest.mark.parametrize(("state", "left"), [(ClockState.RIGHT, 0), (ClockState.JUMPED, 1)])
def test_drafts_are_not_deleted_by_a_clock_that_is_known_to_be_wrong(
    tmp_path: Path, state: ClockState, left: int
) -> None:
    clock = ManualClock(NOW)
    recipients = Recipients.parse([str(pyrage.x25519.Identity.generate().to_public())])
    outbox = Outbox(tmp_path / "outbox.sqlite", Spool(tmp_path / "spool"), clock, recipients=recipients)
    outbox.keep_draft("12345678-1234-4321-8765-123456789012", 0, random.Random(1).randbytes(100))
    outbox.note_clock(state, 0.0)
    clock.set_wall(datetime(2099, 1, 1, tzinfo=UTC))
    CaseDesk(outbox, Health(clock), "sample", clock).look()
    assert len(outbox.drafts()) == left
    outbox.close()
