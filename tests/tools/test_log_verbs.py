"""`log verify`, `log export` and `log show`, as a technician and an auditor type them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.load import load_config
from config.schema import TerminalConfig
from config.sentences import LANGUAGES, SHIPPED
from ground.clock import RealClock
from ground.log.flaws import Code, Notice
from ground.logbook import Event
from kiosk.words import Words
from offline_cache.keys import FILE, TerminalKey
from tests.tools.small_terminal import write_settings
from tools.cli import main
from tools.logs import open_logbook

Said = Callable[..., tuple[int, Any]]


@pytest.fixture
def config(tmp_path: Path) -> TerminalConfig:
    file = write_settings(tmp_path / "terminal.toml", tmp_path / "data")
    (tmp_path / "data").mkdir()
    TerminalKey.new().save(tmp_path / "data" / FILE)
    return load_config(file, None, {})


@pytest.fixture
def log(tmp_path: Path, config: TerminalConfig, capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs the verb; exit code and JSON."""

    def do(*arguments: object) -> tuple[int, Any]:
        code = main(["log", *map(str, arguments), "--config", str(tmp_path / "terminal.toml"), "--json"])
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return do


def _a_visit(config: TerminalConfig) -> None:
    logbook = open_logbook(config, RealClock(), "face")
    logbook.write(Event.VISIT_STARTED)
    logbook.write(Event.CARD_READ, kind="resident", doubts="")
    logbook.write(Event.DEVICE_FAILED, device="id_card", code="D101", state="offline")
    logbook.write(Event.VISIT_FINISHED, outcome="done", last="goodbye")
    logbook.close()


def _only_file(tmp_path: Path) -> Path:
    (file,) = (tmp_path / "data" / "log").glob("events-*.jsonl")
    return file


def test_a_sound_log_says_so_and_an_edited_one_says_where(
    tmp_path: Path, config: TerminalConfig, log: Said
) -> None:
    assert log("verify") == (0, log("verify")[1])  # nothing there yet is nothing wrong
    _a_visit(config)
    code, told = log("verify")
    assert (code, told["ok"], told["flaws"]) == (0, True, [])
    assert told["sealed"] == told["last"] == told["records"]
    file = _only_file(tmp_path)
    file.write_bytes(file.read_bytes().replace(b"resident", b"passport"))
    code, told = log("verify")
    assert (code, told["ok"]) == (2, False)
    (flaw,) = told["flaws"]
    assert (flaw["code"], flaw["file"], flaw["line"], flaw["seq"]) == ("L101", file.name, 3, 3)
    assert flaw["hint"]


def test_it_is_told_in_chinese_for_people(
    tmp_path: Path, config: TerminalConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    _a_visit(config)
    asked = ("--config", str(tmp_path / "terminal.toml"))
    assert main(["log", "verify", *asked]) == 0
    assert "日志完好" in capsys.readouterr().err
    assert main(["log", "show", *asked]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert any("有人开始办理" in line for line in shown)
    assert any("id_card 出错：D101" in line and "→" in line for line in shown)
    lines = _only_file(tmp_path).read_bytes().splitlines(keepends=True)
    _only_file(tmp_path).write_bytes(b"".join(lines[:2] + lines[3:]))
    assert main(["log", "verify", *asked]) == 2
    assert "第 3 行，序号 3  中间少了记录" in capsys.readouterr().out


def test_show_finds_by_event_process_visit_and_time(config: TerminalConfig, log: Said) -> None:
    _a_visit(config)
    _a_visit(config)
    drain = open_logbook(config, RealClock(), "drain")
    drain.write(Event.CASE_DELIVERED, case="12345678-1234-4321-8765-123456789012", tries=1, files_deleted=2)
    drain.close()
    shown = log("show", "--event", "card_read")[1]["records"]
    assert [record["event"] for record in shown] == ["card_read"] * 2
    last = log("show", "--visit", "last")[1]["records"]
    assert [record["event"] for record in last] == [
        "visit_started",
        "card_read",
        "device_failed",
        "visit_finished",
    ]
    assert {record["visit"] for record in last} == {last[0]["seq"]}
    assert log("show", "--visit", last[0]["seq"])[1]["records"] == last
    assert [r["event"] for r in log("show", "--by", "drain", "--event", "case_delivered")[1]["records"]]
    assert log("show", "--case", "12345678-1234-4321-8765-123456789012")[1]["records"][0]["tries"] == 1
    assert log("show", "--until", "2001-01-01")[1]["records"] == []
    assert len(log("show", "--since", "2001-01-01", "--last", "2")[1]["records"]) == 2
    assert log("show", "--since", "yesterday")[0] == 2


def test_exports_follow_one_another_and_are_signed(tmp_path: Path, config: TerminalConfig, log: Said) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    _a_visit(config)
    first = log("export", stick)[1]
    assert log("export", stick) == (0, None)  # nothing new
    _a_visit(config)
    second = log("export", stick)[1]
    assert second["first"] == first["last"] + 1 and second["before"] == first["hash"] and second["signed"]
    code, told = log("verify", first["file"], second["file"])
    assert (code, told["flaws"], told["last"]) == (0, [], second["last"])
    assert log("verify", "--against", first["file"])[0] == 0
    _a_visit(config)
    third = log("export", stick)[1]
    code, told = log("verify", first["file"], third["file"])
    assert (code, [flaw["code"] for flaw in told["flaws"]]) == (2, ["L104"])
    assert log("export", stick, "--since", "1")[1]["first"] == 1


def test_an_export_that_was_changed_or_signed_by_another_is_found(
    tmp_path: Path, config: TerminalConfig, log: Said
) -> None:
    _a_visit(config)
    told = log("export", tmp_path)[1]
    lines, statement = Path(told["file"]), Path(told["file"]).with_suffix(".sig")
    whole, said = lines.read_bytes(), statement.read_text("ascii")
    other = TerminalKey.new().public
    assert {flaw["code"] for flaw in log("verify", lines, "--key", other)[1]["flaws"]} == {"L109"}
    assert log("verify", lines, "--key", "no key")[0] == 2
    lines.write_bytes(whole.replace(b"resident", b"passport"))
    assert {"L101"} <= {flaw["code"] for flaw in log("verify", lines)[1]["flaws"]}
    lines.write_bytes(whole)
    statement.write_text(said.replace('"first": 1', '"first": 2'), "ascii")
    assert {"L108"} <= {flaw["code"] for flaw in log("verify", lines)[1]["flaws"]}
    for nonsense in ("[]", '{"first": {}}', "\x00", said.replace('"TM-9"', "7")):
        statement.write_text(nonsense, "ascii")
        assert {"L113"} <= {flaw["code"] for flaw in log("verify", lines)[1]["flaws"]}


def test_a_log_set_back_to_before_its_export_is_found(
    tmp_path: Path, config: TerminalConfig, log: Said
) -> None:
    _a_visit(config)
    file, head = _only_file(tmp_path), tmp_path / "data" / "log" / "head"
    earlier = (file.read_bytes(), head.read_bytes())
    _a_visit(config)
    log("export", tmp_path)
    file.write_bytes(earlier[0])
    head.write_bytes(earlier[1])
    code, told = log("verify")
    assert (code, {flaw["code"] for flaw in told["flaws"]}) == (2, {"L113"})


def test_the_key_is_the_terminals_own(tmp_path: Path, config: TerminalConfig, log: Said) -> None:
    _a_visit(config)
    TerminalKey.new().save(tmp_path / "data" / FILE)  # somebody laid another one there
    assert {flaw["code"] for flaw in log("verify")[1]["flaws"]} == {"L109"}
    _a_visit(config)  # and now the terminal signs with it: the new key vouches for what was before
    assert log("verify")[0] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_flaw_and_note_has_a_sentence(language: str) -> None:
    words = Words.load(SHIPPED, language)
    assert [event for event in Event if f"log.event.{event.value}" not in words] == []
    assert [code for code in Code if f"log.flaw.{code.value}" not in words] == []
    assert [notice for notice in Notice if f"log.note.{notice.value}" not in words] == []
